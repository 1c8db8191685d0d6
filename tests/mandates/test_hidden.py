"""What is for matches alone is seen by those with a fitting title; what is hidden is told by no page, count, or query."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories import (
    CompanyFactory,
    EditionFactory,
    MandateFactory,
    MeetingRequestFactory,
    ParticipantFactory,
    TitleFactory,
    UserFactory,
)
from visits import client_of, get

from madang.catalogue.models import Profile
from madang.mandates.actions import change_mandate
from madang.mandates.fitting import fitting_titles
from madang.mandates.models import Mandate
from madang.mandates.rules import visible_mandates
from madang.mandates.versions import keep_versions
from madang.meetings.models import MeetingRequest
from madang.people.models import Participant

pytestmark = pytest.mark.django_db

TITLE = {"format": "series", "genre": "crime", "minutes": 50}
PROFILE = {"tones": "dark, violent", "themes": "black and white", "is_first_work": True}


@pytest.fixture
def seller():
    """Of a company with one title on offer."""
    person = ParticipantFactory(edition=EditionFactory(), code="S", is_seller=True)
    title = TitleFactory(edition=person.edition, company=person.company, code="W1", **TITLE)
    Profile.objects.create(title=title, **PROFILE)
    return person


GATES = [
    ({}, True),
    ({"format": "series", "genre": "crime", "minutes_from": 50, "minutes_to": 50}, True),
    ({"format": "film"}, False),
    ({"genre": "drama"}, False),
    ({"minutes_from": 51}, False),
    ({"minutes_to": 49}, False),
    ({"first_time": "sought"}, True),
    ({"first_time": "not"}, False),
    ({"must_nots": "horror, war"}, True),
    ({"must_nots": "horror, violent"}, False),
    ({"must_nots": "violent"}, False),
    ({"must_nots": "white, dar"}, True),
    ({"must_nots": "crime"}, False),
    ({"must_nots": "series, war"}, False),
]


@pytest.mark.parametrize(("asks", "passes"), GATES)
def test_the_gates_of_the_catalogue(seller, asks, passes):
    mandate = MandateFactory(edition=seller.edition, visibility="matches", **asks)
    assert visible_mandates(seller.user, seller.edition).filter(pk=mandate.pk).exists() is passes
    assert fitting_titles(mandate).exists() is passes


@pytest.mark.parametrize(
    ("facts", "seen"),
    [
        ({}, True),
        ({"is_withdrawn": True}, False),
        ({"company": None}, False),
        ({"minutes": None}, True),
        ({"format": "film"}, False),
    ],
)
def test_the_title_must_be_on_offer(seller, facts, seen):
    seller.company.titles.update(**facts)
    MandateFactory(edition=seller.edition, visibility="matches", code="FIT", format="series", minutes_to=60)
    assert [one.code for one in visible_mandates(seller.user, seller.edition)] == (["FIT"] if seen else [])


def test_one_title_must_pass_all_gates_at_once(seller):
    TitleFactory(edition=seller.edition, company=seller.company, format="film", genre="drama", minutes=90)
    MandateFactory(edition=seller.edition, visibility="matches", format="film", genre="crime")
    assert list(visible_mandates(seller.user, seller.edition)) == []


def test_a_title_of_another_edition_or_a_part_opens_nothing(seller):
    TitleFactory(edition=EditionFactory(), company=CompanyFactory(), format="short")
    whole = seller.company.titles.get()
    TitleFactory(edition=seller.edition, company=seller.company, part_of=whole, level="season", format="short")
    MandateFactory(edition=seller.edition, visibility="matches", format="short")
    assert list(visible_mandates(seller.user, seller.edition)) == []


@pytest.fixture
def yard():
    """The owner of three mandates, a seller and a creator whose title fits, and everybody else."""
    edition = EditionFactory()
    owner = ParticipantFactory(edition=edition, code="OWN", is_buyer=True)
    fits = CompanyFactory(edition=edition)
    TitleFactory(edition=edition, company=fits, format="series", genre="crime", code="W1")
    users = {"visitor": None, "stranger": UserFactory(), "owner": owner.user}
    for role in ("buyer", "seller", "creator", "juror", "press", "guest"):
        users[role] = ParticipantFactory(edition=edition, code=role, **{f"is_{role}": True}).user
    for role in ("seller", "creator", "buyer", "juror"):
        users[f"fitting {role}"] = ParticipantFactory(edition=edition, company=fits, **{f"is_{role}": True}).user
    users["organiser"], users["administrator"] = UserFactory(), UserFactory(is_superuser=True)
    edition.market.organisers.add(users["organiser"])
    for code, seen_by in (("OPEN1", "public"), ("MATCH1", "matches"), ("HIDE1", "hidden")):
        MandateFactory(
            edition=edition, buyer=owner, code=code, text=f"xylophone {code}", format="series", genre="crime", visibility=seen_by
        )
    return edition, users


ALL = {"OPEN1", "MATCH1", "HIDE1"}
SEEN = {
    "visitor": set(), "stranger": set(), "juror": set(), "press": set(), "guest": set(), "fitting juror": set(),
    "buyer": {"OPEN1"}, "seller": {"OPEN1"}, "creator": {"OPEN1"}, "fitting buyer": {"OPEN1"},
    "fitting seller": {"OPEN1", "MATCH1"}, "fitting creator": {"OPEN1", "MATCH1"},
    "owner": ALL, "organiser": ALL, "administrator": ALL,
}  # fmt: skip
PAGES = [
    ("mandates:mandates", [], {}),
    ("mandates:mandates", [], {"q": "xylophone"}),
    ("mandates:mandates", [], {"format": "series", "genre": "crime"}),
    ("mandates:mandates", [], {"q": "HIDE1"}),
    ("mandates:mandates", [], {"page": "2"}),
    ("people:participant", ["OWN"], {}),
    ("meetings:ask", ["OWN"], {"mandate": "HIDE1"}),
    ("deals:free", [], {"mandate": "HIDE1"}),
    ("catalogue:title", ["W1"], {"mandate": "HIDE1"}),
    ("site:edition", [], {}),
]


def codes_in(page) -> set[str]:
    text = page.content.decode()
    return {code for code in ALL if re.search(rf"xylophone {code}|mandates/{code}/", text)}


@pytest.mark.parametrize("role", SEEN)
def test_roles_by_addresses(yard, role):
    edition, users = yard
    user = users[role]
    assert {one.code for one in visible_mandates(user or UserFactory(), edition)} == SEEN[role]
    assert {code for code in ALL if get(user, "mandates:mandate", edition, code).status_code == 200} == SEEN[role]
    seen = {(name, str(query)): codes_in(get(user, name, edition, *parts, **query)) for name, parts, query in PAGES}
    assert {where: codes for where, codes in seen.items() if codes - SEEN[role]} == {}


@pytest.mark.parametrize(
    ("role", "counted"), [("seller", 1), ("fitting seller", 2), ("buyer", 1), ("owner", 3), ("organiser", 3)]
)
def test_counts_tell_of_no_more(yard, role, counted):
    edition, users = yard
    found = get(users[role], "mandates:mandates", edition).context["found"]
    assert {key: [choice.count for choice in facet.choices] for key, facet in found.facets.items()} == {
        "format": [counted], "genre": [counted], "country": [counted],
    }  # fmt: skip


ADDRESSES = [
    ("mandates:mandate", ["{code}"], {}),
    ("mandates:edit", ["{code}"], {}),
    ("mandates:versions", ["{code}"], {}),
    ("mandates:mandates", [], {"q": "{code}"}),
    ("meetings:ask", ["OWN"], {"mandate": "{code}"}),
    ("deals:free", [], {"mandate": "{code}"}),
    ("deals:free_title", ["W1"], {"mandate": "{code}"}),
    ("deals:ask", ["W1"], {"mandate": "{code}"}),
]


def answer_to(client, edition, name, parts, query, code) -> tuple[int, str, list[str]]:
    """Status, text and statements, with the code that was asked taken out."""
    url = reverse(name, args=[edition.slug, *(part.format(code=code) for part in parts)])
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url, {key: text.format(code=code) for key, text in query.items()})
    text = re.sub(r'csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"', "", answer.content.decode())
    said = [re.sub(r"\d\d:\d\d:\d\d[.\d]*|_django_curs_\w+", "", one["sql"]) for one in captured]
    plain = re.compile(re.escape(code), re.IGNORECASE)
    return answer.status_code, plain.sub("?", text), [plain.sub("?", one) for one in said]


@pytest.mark.parametrize(("name", "parts", "query"), ADDRESSES)
@pytest.mark.parametrize("role", ["seller", "buyer", "fitting seller"])
def test_a_hidden_code_is_answered_as_one_that_does_not_exist(yard, role, name, parts, query):
    edition, users = yard
    client = client_of(users[role])
    client.get(reverse("mandates:mandates", args=[edition.slug]))  # what is cached at a first visit is cached for both
    hidden, none = (answer_to(client, edition, name, parts, query, code) for code in ("HIDE1", "NONE1"))
    assert hidden == none


@pytest.mark.parametrize("sent", [{"mandate": "{code}", "reason": "Let us meet", "wish": "2"}])
def test_a_request_cannot_name_a_hidden_mandate(yard, sent):
    edition, users = yard
    client = client_of(users["fitting seller"])
    url = reverse("meetings:ask", args=[edition.slug, "OWN"])
    errors = []
    for code in ("HIDE1", "NONE1"):
        form = client.post(url, {key: text.format(code=code) for key, text in sent.items()} | {"act": "send"}).context["form"]
        errors.append(form.errors.get("mandate"))
    assert errors[0] == errors[1] is not None


def test_what_was_hidden_later_is_not_told_by_earlier_requests(yard):
    """The seller asked about an open mandate. It is rewritten and hidden: she reads what it said when she asked, no more."""
    edition, users = yard
    mandate = Mandate.objects.get(code="OPEN1")
    keep_versions([mandate], None, edition.now() - dt.timedelta(days=2))
    facts = {"sender": Participant.objects.get(code="seller"), "receiver": mandate.buyer, "created_at": edition.now()}
    MeetingRequestFactory(edition=edition, code="R1", mandate=mandate, **facts)
    change_mandate(users["owner"], mandate, text="zither", visibility="hidden")
    MeetingRequest.objects.update(created_at=edition.now() - dt.timedelta(days=1))
    pages = [("meetings:request", ["R1"], {}), ("meetings:meeting", ["R1"], {}), ("meetings:requests", [], {"side": "sent"})]
    texts = [get(users["seller"], name, edition, *parts, **query).content.decode() for name, parts, query in pages]
    assert [("xylophone" in text, "zither" in text) for text in texts] == [(True, False), (True, False), (False, False)]


def test_a_hidden_mandate_is_not_chosen_for_her_in_a_question_to_a_seller(yard):
    edition, users = yard
    Mandate.objects.exclude(code="HIDE1").delete()
    form = get(users["owner"], "deals:ask", edition, "W1", mandate="HIDE1").context["form"]
    assert form["mandate"].value() == ""
