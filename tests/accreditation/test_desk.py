"""The organiser's pages: types and questions, the list, bulk decisions, invitations; and who may come in."""

import pytest
from badges import badge_type, submitted
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import CompanyFactory, UserFactory

from madang.accreditation.actions.types import copy_standard_types
from madang.accreditation.models import Application, BadgeType, Invitation, Question
from madang.accreditation.sets import STANDARD
from madang.people.models import Company, Letter


@pytest.fixture
def desk(client, organiser):
    client.force_login(organiser)
    return client


def at(edition, rest):
    return f"/e/{edition.slug}/desk/{rest}"


def test_standard_types_of_the_seven_roles(desk, edition):
    desk.post(at(edition, "badge-types/standard/"), {"role": list(STANDARD)})
    again = desk.post(at(edition, "badge-types/standard/"), {"role": ["buyer"]})
    rows = {row.code: row.questions.count() for row in BadgeType.objects.all()}
    assert again.status_code == 302
    assert rows == {role: len(facts["questions"]) for role, facts in STANDARD.items()}
    missing = [q.label for q in Question.objects.all() if not (q.label_ko and q.label_fr)]
    assert missing == []
    assert desk.get(at(edition, "badge-types/")).status_code == 200


def test_a_type_of_ones_own_in_the_editions_time(desk, edition):
    page = desk.get(at(edition, "badge-types/add/"))
    facts = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    facts |= {"code": "Early Buyer", "role": "buyer", "name": "Early", "opens_at": "2025-03-01T09:00", "quota": "5"}
    saved = desk.post(at(edition, "badge-types/add/"), facts)
    row = BadgeType.objects.get()
    assert (saved["Location"], row.quota) == (at(edition, "badge-types/of/early-buyer/"), 5)
    assert row.opens_at.isoformat() == "2025-03-01T00:00:00+00:00"  # nine in Busan
    page = desk.get(saved["Location"])
    assert 'value="2025-03-01T09:00"' in page.content.decode()
    for _one in range(2):
        Application.objects.filter(pk=submitted(row).pk).update(state="waiting", waiting_since=edition.now())
    assert (
        "2 applications of the waiting list" in desk.post(saved["Location"], facts | {"quota": "6"}, follow=True).content.decode()
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [("code", "마당"), ("quota", "9" * 25), ("price", "9" * 25), ("colour", "red"), ("currency", "€"), ("name", "x" * 400),
     ("closes_at", "2024-01-01T00:00"), ("early_price", "5")],
)  # fmt: skip
def test_faults_of_a_type_stand_at_the_field(desk, edition, field, value):
    facts = {"code": "buyer", "role": "buyer", "name": "Buyer", "colour": "#1a1a1a", "opens_at": "2025-01-01T00:00"}
    answer = desk.post(at(edition, "badge-types/add/"), facts | {field: value})
    fault = "early_until" if field == "early_price" else field
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [fault])


def test_questions_are_added_moved_and_taken_away(desk, edition, organiser):
    (kind,) = copy_standard_types(organiser, edition, ["guest"])
    base = at(edition, f"badge-types/of/{kind.code}/questions/")
    desk.post(base + "add/", {"kind": "choice", "label": "Diet", "choices_text": "None | 없음 | Aucun\nVegan"})
    row = kind.questions.get(label="Diet")
    assert row.options == [
        {"value": "none", "en": "None", "ko": "없음", "fr": "Aucun"}, {"value": "vegan", "en": "Vegan", "ko": "", "fr": ""},
    ]  # fmt: skip
    desk.post(base + f"{row.code}/edit/", {"kind": "choice", "label": "Diet", "choices_text": "None | 무관\nVegan\nHalal"})
    row.refresh_from_db()
    assert [option["value"] for option in row.options] == ["none", "vegan", "halal"]
    desk.post(base + f"{row.code}/change/", {"do": "up"})
    assert list(kind.questions.values_list("label", flat=True))[1] == "Diet"
    desk.post(base + "arrival/change/", {"do": "remove"})
    assert set(kind.questions.values_list("code", flat=True)) == {"access", row.code}
    assert desk.post(base + "add/", {"kind": "choices", "label": "Empty"}).status_code == 422


def test_ticked_applications_are_decided_with_words(desk, edition):
    rows = [submitted(badge_type(edition, role)) for role in ("buyer", "seller", "press")]
    nothing = desk.post(at(edition, "applications/decide/"), {"decision": "accept"})
    wordless = desk.post(at(edition, "applications/decide/"), {"decision": "decline", "pk": rows[0].pk})
    assert (nothing.status_code, wordless.status_code) == (422, 422)
    assert f'value="{rows[0].pk}" checked' in wordless.content.decode()
    desk.post(at(edition, "applications/decide/"), {"decision": "decline", "reason": "Full.", "pk": [rows[0].pk, "x", "9" * 30]})
    desk.post(at(edition, "applications/decide/") + "?type=press", {"decision": "accept", "all": "1"})
    assert [Application.objects.get(pk=row.pk).state for row in rows] == ["declined", "submitted", "accepted"]


def test_the_list_is_searched_filtered_and_counted(desk, edition):
    buyer, press = badge_type(edition), badge_type(edition, "press")
    submitted(buyer, "a@example.org", family_name="Lefèvre", country="FR")
    submitted(buyer, "beatrice@example.org", family_name="Seo")
    submitted(press, "c@example.org", family_name="Kim")

    def found(query):
        return sorted(row.email[0] for row in desk.get(at(edition, "applications/") + query).context["page"])

    queries = ("", "?q=lefevre", "?q=beatrice@example", "?type=press", "?country=FR", "?role=buyer&state=accepted")
    answers = [found(query) for query in queries]
    assert answers == [["a", "b", "c"], ["a"], ["b"], ["c"], ["a"], []]
    counts = {c.value: c.count for c in desk.get(at(edition, "applications/")).context["found"].facets["type"].choices}
    assert counts == {"buyer": 2, "press": 1}


@pytest.mark.parametrize("rest", ["applications/", "badge-types/", "invitations/"])
def test_lists_make_the_same_queries_for_one_and_for_three(desk, edition, rest):
    def add(role):
        kind = badge_type(edition, role)
        submitted(kind, company_name="Yard")
        Invitation.objects.create(
            edition=edition, badge_type=kind, email="x@example.org", created_by=edition.market.organisers.get()
        )

    def count():
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(at(edition, rest)).status_code == 200
        return len(seen)

    add("buyer")
    one = count()
    add("seller")
    add("press")
    assert count() == one


def test_one_application_is_asked_given_a_company_accepted_and_revoked(desk, edition):
    sud = CompanyFactory(edition=edition, code="C-SUD", name="Éditions du Sud")
    row = submitted(badge_type(edition), company_name="Sud")
    base = at(edition, f"applications/{row.code}/")
    desk.post(base + "ask/", {"text": "Which works?"})
    wrong = desk.post(base + "company/", {"company": "Nowhere"})
    desk.post(base + "company/", {"company": "editions du sud"})
    desk.post(base + "decide/", {"decision": "accept"})
    desk.post(base + "revoke/", {"reason": "Sold on."})
    page = desk.get(base)
    row.refresh_from_db()
    assert (wrong.status_code, row.company, row.state, Company.objects.count()) == (422, sud, "revoked", 1)
    assert [str(words) for _entry, words in page.context["log"]] == [
        "Submitted", "Asked to tell more", "Company chosen", "Accepted", "Revoked",
    ]  # fmt: skip


def test_invitations_by_pasted_lines(desk, edition):
    kind = badge_type(edition, "guest", by_invitation=True)
    facts = {"badge_type": kind.pk, "language": "fr", "payer": "company"}
    wrong = desk.post(at(edition, "invitations/new/"), facts | {"lines": "a@example.org\nnobody\nb@example.org;Sud;9999"})
    assert [error.split(":")[0] for error in wrong.context["form"].errors["lines"]] == ["Line 2", "Line 3"]
    desk.post(at(edition, "invitations/new/"), facts | {"lines": "a@example.org\n\nB@example.org; Sud, SARL; 4"})
    rows = list(Invitation.objects.order_by("pk").values_list("email", "company_name", "places", "payer", "language"))
    assert rows == [("a@example.org", "", 1, "company", "fr"), ("b@example.org", "Sud, SARL", 4, "company", "fr")]
    letters = {letter.address: letter for letter in Letter.objects.all()}
    told = [(row.key in letters[row.email].body, letters[row.email].language) for row in Invitation.objects.all()]
    assert told == [(True, "fr")] * 2


def test_others_find_no_desk(client, edition):
    row = submitted(badge_type(edition))
    places = [
        "applications/",
        f"applications/{row.code}/",
        "badge-types/",
        "badge-types/of/buyer/",
        "invitations/",
        "invitations/new/",
    ]
    client.force_login(row.user)
    assert {client.get(at(edition, place)).status_code for place in places} == {404}
    posts = [
        "applications/decide/",
        f"applications/{row.code}/decide/",
        f"applications/{row.code}/revoke/",
        "badge-types/standard/",
    ]
    assert {client.post(at(edition, place), {"decision": "accept", "pk": row.pk}).status_code for place in posts} == {404}
    client.force_login(UserFactory(is_superuser=True))
    assert {client.get(at(edition, place)).status_code for place in places} == {200}
