"""An invitation's link: for one, or for a company's people in one table; its places and the quota hold."""

import pytest
from badges import badge_type
from factories import CompanyFactory, UserFactory

from madang.accreditation.actions.inviting import Colleague, Invitee, apply_for_colleagues, invite, revoke_invitation
from madang.accreditation.actions.refusals import Refused
from madang.accreditation.models import Application, Badge, Invitation
from madang.people.models import Letter

PEOPLE = [Colleague("Seo", "Haneul", "Haneul@example.org", "Sales"), Colleague("Park", "Bom", "bom@example.org")]


def invited(organiser, kind, places=3, *, at_once=False):
    return invite(organiser, kind, [Invitee("boss@example.org", "Hanbada", places)], payer="company", at_once=at_once)[0]


def lines(*rows):
    data = {"people-TOTAL_FORMS": str(len(rows)), "people-INITIAL_FORMS": "0"}
    return data | {f"people-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}


def test_one_person_applies_for_several(client, edition, organiser):
    row = invited(organiser, badge_type(edition, "seller", by_invitation=True))
    address = f"/e/{edition.slug}/badges/invitations/{row.key}/"
    assert "welcome=" in client.get(address)["Location"]  # an address alone is enough here too
    boss = UserFactory(email="boss@example.org")
    client.force_login(boss)
    assert client.get(address).context["left"] == 3
    twice = lines({"family_name": "Seo", "email": "a@example.org"}, {"family_name": "Park", "email": "A@example.org"})
    assert client.post(address, twice).status_code == 422
    assert client.post(address, lines({}, {})).status_code == 422
    done = client.post(
        address,
        lines({"family_name": "Seo", "email": "Haneul@example.org"}, {"family_name": "Park", "email": "bom@example.org"}, {}),
    )
    assert done.status_code == 302
    rows = Application.objects.order_by("email").values_list("email", "state", "user", "company_name", "invitation")
    assert list(rows) == [(f"{name}@example.org", "submitted", boss.pk, "Hanbada", row.pk) for name in ("bom", "haneul")]
    assert client.get(address).context["left"] == 1
    assert [letter.address for letter in Letter.objects.filter(once__contains="received")] == ["boss@example.org"] * 2


def test_places_of_the_invitation_hold(edition, organiser):
    row = invited(organiser, badge_type(edition, "seller"), places=2)
    apply_for_colleagues(UserFactory(), row, PEOPLE, language="en")
    with pytest.raises(Refused):
        apply_for_colleagues(UserFactory(), row, [Colleague("Kim", "", "kim@example.org")], language="en")
    assert Application.objects.count() == 2


def test_accepted_at_once_within_the_quota_the_rest_waits(edition, organiser):
    row = invited(organiser, badge_type(edition, "seller", quota=1), at_once=True)
    apply_for_colleagues(UserFactory(email="boss@example.org"), row, PEOPLE, language="ko")
    assert list(Application.objects.order_by("pk").values_list("email", "state")) == [
        ("haneul@example.org", "accepted"), ("bom@example.org", "waiting"),
    ]  # fmt: skip
    assert Badge.objects.get().participant.company.name == "Hanbada"


def test_who_is_invited_alone_applies_herself(client, edition, organiser):
    row = invited(organiser, badge_type(edition, "juror", by_invitation=True), places=1, at_once=True)
    user = UserFactory()
    client.force_login(user)
    led = client.get(f"/e/{edition.slug}/badges/invitations/{row.key}/")["Location"]
    assert led == f"/e/{edition.slug}/badges/juror/apply/?invitation={row.key}"
    assert client.get(led.split("?")[0]).status_code == 404
    client.post(led, {"family_name": "Sukarno", "country": "ID", "submit": "1"})
    assert Application.objects.values_list("email", "state", "invitation").get() == (user.email, "accepted", row.pk)


def test_nobody_is_invited_twice_for_the_same(client, edition, organiser):
    kind = badge_type(edition)
    client.force_login(organiser)
    address = f"/e/{edition.slug}/desk/invitations/new/"
    facts = {"badge_type": kind.pk, "language": "en", "payer": "nobody"}
    over = client.post(address, facts | {"lines": "a@example.org", "expires_at": "2001-01-01T00:00"})
    assert (over.status_code, list(over.context["form"].errors)) == (422, ["expires_at"])
    for pasted in ("a@example.org\nA@example.org\nb@example.org; Sud", "b@example.org; Sud; 3\na@example.org; Sud"):
        client.post(address, facts | {"lines": pasted})
    told = [("a@example.org", ""), ("a@example.org", "Sud"), ("b@example.org", "Sud")]
    assert sorted(Invitation.objects.values_list("email", "company_name")) == told
    assert sorted(Letter.objects.values_list("address", flat=True)) == ["a@example.org", "a@example.org", "b@example.org"]
    revoke_invitation(organiser, Invitation.objects.get(company_name=""))
    client.post(address, facts | {"lines": "a@example.org"})
    assert Invitation.objects.count() == 4


def test_what_is_taken_back_works_no_more(client, edition, organiser):
    row = invited(organiser, badge_type(edition, "seller"))
    revoke_invitation(organiser, revoke_invitation(organiser, row))
    client.force_login(UserFactory())
    assert client.get(f"/e/{edition.slug}/badges/invitations/{row.key}/").status_code == 410
    with pytest.raises(Refused):
        apply_for_colleagues(UserFactory(), row, PEOPLE, language="en")
    assert Invitation.objects.get().revoked_at is not None


def test_the_company_of_the_invitation_is_theirs(edition, organiser):
    company = CompanyFactory(edition=edition, country="FR")
    row = invited(organiser, badge_type(edition, "seller"), at_once=True)
    Invitation.objects.update(company=company)
    row.refresh_from_db()
    apply_for_colleagues(UserFactory(), row, PEOPLE[:1], language="fr")
    assert Badge.objects.get().participant.company == company
