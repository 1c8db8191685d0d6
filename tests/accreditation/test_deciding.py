"""What decisions make of applications: people, companies, badges, waiting lists and letters."""

import datetime as dt

import pytest
from badges import badge_type, submitted
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import CompanyFactory, ParticipantFactory, UserFactory

from madang.accounts.models import User
from madang.accreditation.actions.applying import withdraw_application
from madang.accreditation.actions.badges import issue_missing
from madang.accreditation.actions.deciding import Decision, Outcome, ask_applicant, choose_company, decide, revoke_application
from madang.accreditation.actions.inviting import Colleague
from madang.accreditation.actions.refusals import Refused
from madang.accreditation.actions.transferring import transfer_application
from madang.accreditation.actions.types import save_badge_type
from madang.accreditation.models import Application, Badge
from madang.markets.models import LogEntry
from madang.people.models import Company, Letter, Participant


def accept(organiser, *rows):
    return decide(organiser, rows[0].edition, [row.pk for row in rows], Decision.ACCEPT)


def states(kind):
    return dict(Application.objects.filter(badge_type=kind).values_list("email", "state"))


def letters(edition):
    """(address, first word of `once` after "badge"), in order."""
    rows = Letter.objects.filter(edition=edition).order_by("pk").values_list("address", "once")
    return [(address, once.split()[1]) for address, once in rows]


def test_accepting_makes_company_participant_and_badge(edition, organiser):
    row = submitted(
        badge_type(edition), "camille@example.org", family_name="Lefèvre", given_name="Camille", company_name="Images Sud",
        job_title="Head of acquisitions", country="FR",
    )  # fmt: skip
    assert accept(organiser, row) == Outcome([row.code], [], [], [])
    company = Company.objects.get(edition=edition)
    person = Participant.objects.get(edition=edition)
    badge = Badge.objects.get()
    row.refresh_from_db()
    assert (company.name, company.country, company.code) == ("Images Sud", "FR", f"A-{row.code}")
    facts = (person.user, person.email, person.latin_name, person.job_title, person.company, person.is_buyer, person.code)
    assert facts == (row.user, "camille@example.org", "Camille Lefèvre", "Head of acquisitions", company, True, row.code)
    assert (badge.participant, badge.number, badge.key, badge.application) == (person, 1, person.badge_key, row)
    assert (row.state, row.participant, row.company, row.decided_by) == ("accepted", person, company, organiser)
    assert letters(edition) == [("camille@example.org", "received"), ("camille@example.org", "accepted")]
    assert "00001" in Letter.objects.last().body
    verbs = list(LogEntry.objects.order_by("pk").values_list("verb", "subject", "actor"))
    assert verbs == [("submit_application", row.code, row.user.pk), ("accept_application", row.code, organiser.pk)]


def test_the_first_who_says_the_size_of_a_company_is_believed(edition, organiser):
    kind = badge_type(edition)
    for name, size in (("Sud", ""), ("sud", "small"), ("SUD", "large"), ("Nord", ""), ("", "micro")):
        accept(organiser, submitted(kind, company_name=name, company_size=size))
    assert sorted(Company.objects.values_list("name", "size")) == [("Nord", ""), ("Sud", "small")]


def test_accepting_twice_is_once(edition, organiser):
    row = submitted(badge_type(edition))
    accept(organiser, row)
    assert accept(organiser, row) == Outcome([], [], [], [row.code])
    assert (Badge.objects.count(), Letter.objects.count()) == (1, 2)


def test_who_is_there_already_keeps_her_name_and_gets_the_role(edition, organiser):
    known = ParticipantFactory(edition=edition, is_seller=True, family_name="Seo", job_title="", email="haneul@example.org",
                               user__email="haneul@example.org")  # fmt: skip
    row = submitted(badge_type(edition), user=known.user, family_name="Other", job_title="Sales", company_name="Elsewhere")
    accept(organiser, row)
    known.refresh_from_db()
    assert Participant.objects.count() == 1
    facts = (known.family_name, known.job_title, known.company.name, known.is_buyer, known.is_seller)
    assert facts == ("Seo", "Sales", known.company.name, True, True)


def test_company_is_found_by_its_folded_name_or_chosen(edition, organiser):
    kind = badge_type(edition)
    sud = CompanyFactory(edition=edition, name="Éditions du Sud", name_ko="한바다 픽처스")
    CompanyFactory(name="Foreign Yard")  # of another edition
    rows = [
        submitted(kind, company_name=name) for name in ("editions DU sud", "한바다픽처스", "Foreign Yard", "foreign yard", "")
    ]
    chosen = submitted(kind, company_name="Somebody")
    choose_company(organiser, chosen, sud)
    accept(organiser, *rows, chosen)
    names = [Application.objects.get(pk=row.pk).company for row in [*rows, chosen]]
    new = Company.objects.get(edition=edition, name="Foreign Yard")
    assert names == [sud, sud, new, new, None, sud]


def test_quota_is_kept_and_the_rest_waits_in_order(edition, organiser):
    kind = badge_type(edition, quota=2)
    rows = [submitted(kind, f"p{n}@example.org") for n in range(4)]
    assert accept(organiser, *reversed(rows)) == Outcome([r.code for r in rows[:2]], [r.code for r in rows[2:]], [], [])
    assert states(kind) == {
        "p0@example.org": "accepted", "p1@example.org": "accepted", "p2@example.org": "waiting", "p3@example.org": "waiting",
    }  # fmt: skip


def test_without_a_waiting_list_the_rest_is_left(edition, organiser):
    kind = badge_type(edition, quota=1, has_waiting_list=False)
    rows = [submitted(kind) for _n in range(2)]
    assert accept(organiser, *rows) == Outcome([rows[0].code], [], [], [rows[1].code])
    with pytest.raises(Refused):
        submitted(kind)


def by_withdrawal(organiser, row, _kind):
    withdraw_application(row.user, row)


def by_revocation(organiser, row, _kind):
    revoke_application(organiser, row, reason="No show")


def by_quota(organiser, _row, kind):
    save_badge_type(organiser, kind.edition, kind, {"quota": 2})


@pytest.mark.parametrize("way", [by_withdrawal, by_revocation, by_quota])
def test_the_next_in_line_gets_the_place_that_came_free_and_is_told_once(edition, organiser, way):
    kind = badge_type(edition, quota=1)
    rows = [submitted(kind, f"p{n}@example.org") for n in range(3)]
    accept(organiser, *rows)
    way(organiser, rows[0], kind)
    found = states(kind)
    assert (found["p1@example.org"], found["p2@example.org"]) == ("accepted", "waiting")
    assert [row for row in letters(edition) if row[1] == "promoted"] == [("p1@example.org", "promoted")]
    assert Badge.objects.filter(participant__email="p1@example.org", state="valid").count() == 1


def test_revoking_voids_the_badge_and_takes_the_role(edition, organiser):
    row = submitted(badge_type(edition))
    accept(organiser, row)
    revoke_application(organiser, row, reason="Sold the badge on.")
    again = revoke_application(organiser, row, reason="Twice")
    badge, person = Badge.objects.get(), Participant.objects.get()
    assert (again.state, again.reason) == ("revoked", "Sold the badge on.")
    assert (badge.state, badge.void_reason, person.is_buyer) == ("revoked", "Sold the badge on.", False)
    assert [kind for _to, kind in letters(edition)] == ["received", "accepted", "revoked"]


@pytest.mark.parametrize(("other_role", "state"), [("", "revoked"), ("seller", "valid")])
def test_who_has_no_role_left_has_no_badge_either(edition, organiser, other_role, state):
    kind, user = badge_type(edition), UserFactory()
    roles = {f"is_{other_role}": True} if other_role else {}
    ParticipantFactory(edition=edition, user=user, is_buyer=True, **roles)
    issue_missing(organiser, edition)
    row = submitted(kind, user=user)
    accept(organiser, row)
    revoke_application(organiser, row, reason="No show")
    assert [(badge.application, badge.state) for badge in Badge.objects.all()] == [(None, state)]


def test_a_badge_of_the_public_gives_way_to_one_of_a_role(edition, organiser):
    user = UserFactory()
    public, buyer = submitted(badge_type(edition, "public"), user=user), submitted(badge_type(edition), user=user)
    accept(organiser, public)
    accept(organiser, buyer)
    old, new = Badge.objects.order_by("number")
    assert [(badge.badge_type.code, badge.state) for badge in (old, new)] == [("public", "replaced"), ("buyer", "valid")]
    assert (new.replaces, new.key, new.key != old.key) == (old, Participant.objects.get().badge_key, True)
    revoke_application(organiser, buyer, reason="No show")
    assert list(Badge.objects.values_list("badge_type__code", "state").order_by("number"))[2:] == [("public", "valid")]


def test_a_second_badge_type_adds_its_role_and_takes_over_when_the_first_goes(edition, organiser):
    user = UserFactory()
    first, second = submitted(badge_type(edition), user=user), submitted(badge_type(edition, "seller"), user=user)
    accept(organiser, first, second)
    assert list(Badge.objects.values_list("number", "badge_type__code", "state")) == [(1, "buyer", "valid")]
    revoke_application(organiser, first, reason="")
    found = list(Badge.objects.values_list("number", "badge_type__code", "state"))
    person = Participant.objects.get()
    assert found == [(1, "buyer", "revoked"), (2, "seller", "valid")]
    assert (person.is_buyer, person.is_seller) == (False, True)
    assert Badge.objects.get(number=2).key == person.badge_key


def test_transfer_keeps_the_place_and_tells_both(edition, organiser):
    kind = badge_type(edition, quota=1)
    row, waits = submitted(kind, "old@example.org"), submitted(kind, "waits@example.org")
    accept(organiser, row, waits)
    new = transfer_application(row.user, row, Colleague("Park", "Bom", "Bom@example.org", "Buyer"))
    assert states(kind) == {"old@example.org": "transferred", "waits@example.org": "waiting", "bom@example.org": "accepted"}
    row.refresh_from_db()
    assert (row.transferred_to, new.user) == (new, User.objects.get(email="bom@example.org"))
    assert list(Badge.objects.values_list("participant__email", "state")) == [
        ("old@example.org", "revoked"),
        ("bom@example.org", "valid"),
    ]
    assert letters(edition)[-2:] == [("old@example.org", "transferred"), ("bom@example.org", "accepted")]


def test_what_may_not_be_transferred(edition, organiser):
    fixed = submitted(badge_type(edition, "juror", is_transferable=False))
    waiting = submitted(badge_type(edition))
    accept(organiser, fixed)
    for row in (fixed, waiting):
        with pytest.raises(PermissionDenied):
            transfer_application(row.user, row, Colleague("Park", "Bom", "bom@example.org"))
    assert transfer_application(organiser, fixed, Colleague("Park", "Bom", "bom@example.org")).state == "accepted"
    decided = submitted(badge_type(edition, "press"), "bom2@example.org")
    accept(organiser, decided)
    submitted(decided.badge_type, "taken@example.org")
    with pytest.raises(Refused):
        transfer_application(organiser, decided, Colleague("T", "T", "taken@example.org"))


def test_declining_with_words_and_changing_ones_mind(edition, organiser):
    row = submitted(badge_type(edition))
    decide(organiser, edition, [row.pk], Decision.DECLINE, reason="Buyers alone this year.")
    assert "Buyers alone this year." in Letter.objects.last().body
    assert accept(organiser, row) == Outcome([row.code], [], [], [])


def test_a_declined_application_stays_so_where_she_applied_again(edition, organiser):
    kind, user = badge_type(edition), UserFactory()
    first = submitted(kind, user=user)
    decide(organiser, edition, [first.pk], Decision.DECLINE, reason="")
    second = submitted(kind, user=user)
    assert accept(organiser, first, second) == Outcome([second.code], [], [], [first.code])


def test_letters_are_in_the_applicants_language(edition, organiser):
    row = submitted(badge_type(edition, name_fr="Acheteur"), user=UserFactory(language="fr"))
    accept(organiser, row)
    assert [(letter.language, "Acheteur" in letter.body) for letter in Letter.objects.order_by("pk")] == [("fr", True)] * 2


def test_asking_waits_for_an_answer(edition, organiser):
    row = submitted(badge_type(edition), "camille@example.org")
    ask_applicant(organiser, row, "Which works did you buy?")
    row.refresh_from_db()
    assert row.state == "asked"
    assert letters(edition)[-1] == ("camille@example.org", "asked")
    assert "Which works did you buy?" in Letter.objects.last().body
    accept(organiser, row)
    with pytest.raises(Refused):
        ask_applicant(organiser, row, "Too late")


def test_three_hundred_are_decided_at_once_with_few_queries(edition, organiser):
    kind = badge_type(edition)
    users = User.objects.bulk_create(User(email=f"p{n}@example.org", password="!") for n in range(300))  # no password
    rows = Application.objects.bulk_create(
        Application(
            edition=edition, badge_type=kind, code=f"B{user.pk}", user=user, email=user.email, family_name="F",
            company_name=f"House {user.pk}", state="submitted", submitted_at=edition.now(),
        )
        for user in users
    )  # fmt: skip
    with CaptureQueriesContext(connection) as seen:
        outcome = decide(organiser, edition, [row.pk for row in rows], Decision.ACCEPT)
    assert len(outcome.accepted) == 300
    assert len(seen) < 60
    assert list(Badge.objects.values_list("number", flat=True)) == list(range(1, 301))


def test_who_handed_in_first_is_promoted_first_whoever_began_her_draft_before(edition, organiser):
    kind = badge_type(edition, quota=1)
    rows = [submitted(kind, f"{name}@example.org") for name in ("has", "late", "early")]
    Application.objects.filter(pk=rows[2].pk).update(submitted_at=rows[1].submitted_at - dt.timedelta(hours=1))
    accept(organiser, rows[0])
    accept(organiser, *rows)
    withdraw_application(rows[0].user, rows[0])
    assert states(kind) == {"has@example.org": "withdrawn", "late@example.org": "waiting", "early@example.org": "accepted"}
