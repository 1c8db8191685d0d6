"""Who finds whom: hidden buyers, blocks and people who dropped out, by role and place, as tables."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from asking import refusal_of, url
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

from madang.accounts.models import User
from madang.meetings.actions.finding import block_company, choose_seen_by, leave_edition
from madang.meetings.actions.requests import answer_request, request_meeting
from madang.meetings.models import MeetingRequest
from madang.meetings.queries.colleagues import invitable_guests, new_colleagues
from madang.people.models import Participant

pytestmark = pytest.mark.django_db

NAME = "Verborgen"
ROLES = ["visitor", "stranger", "juror", "outsider", "matching", "asked", "colleague", "blocked", "own", "herself", "organiser"]


@dataclass
class House:
    """A buyer called NAME, with a mandate and a request that she sent; around her one user of each role.

    `matching` sells a title that fits her mandate, as does `blocked`, whose company she blocks; `asked` was asked by her, and
    `colleague` works with `asked`; `own` works with her.
    """

    edition: object = field(default_factory=EditionFactory)
    users: dict[str, User | None] = field(default_factory=lambda: {"visitor": None, "stranger": UserFactory()})
    people: dict[str, Participant] = field(default_factory=dict)

    def __post_init__(self) -> None:
        edition = self.edition
        home = CompanyFactory(edition=edition, code="HOME", country="IS")
        facts = {"family_name": NAME, "given_name": "", "job_title": "Secret buying", "is_seller": True}
        self.add("herself", company=home, is_buyer=True, **facts)
        self.add("own", company=home, is_buyer=True)
        for role in ("outsider", "matching", "asked", "blocked"):
            self.add(role, is_seller=True)
        self.add("colleague", is_creator=True, company=self.people["asked"].company)
        self.add("juror", is_juror=True)
        organiser = self.users["organiser"] = UserFactory()
        edition.market.organisers.add(organiser)
        MandateFactory(edition=edition, code="M-HID", buyer=self.her, text=f"{NAME}s wish", format="series", genre="crime")
        for role, genre in (("matching", "crime"), ("blocked", "crime"), ("outsider", "comedy")):
            TitleFactory(edition=edition, company=self.people[role].company, format="series", genre=genre)
        self.title = TitleFactory(edition=edition, code="W-HOME", company=home, genre="music")
        block_company(self.her.user, edition, self.people["blocked"].company)
        request_meeting(self.her.user, edition, self.people["asked"], reason="Your slate fits.")

    def add(self, role: str, **facts) -> None:
        self.people[role] = ParticipantFactory(edition=self.edition, code=f"P-{role}", **facts)
        self.users[role] = self.people[role].user

    @property
    def her(self) -> Participant:
        return self.people["herself"]

    def roles_where(self, finds) -> list[str]:
        return [role for role in ROLES if finds(self, self.users[role])]


def context_of(house, user, name, *args, **query):
    """What a page shows; None where there is none."""
    answer = get(user, name, house.edition, *args, **query)
    return answer.context if answer.status_code == 200 else None


def in_directory(house, user) -> bool:
    shown = context_of(house, user, "people:participants", q=NAME)
    return shown is not None and [person.code for person, _roles in shown["rows"]] == ["P-herself"]


def in_numbers(house, user) -> bool:
    """The number of people found, by role, and the countries on offer."""
    shown = context_of(house, user, "people:participants", q=NAME)
    if shown is None:
        return False
    countries = [choice.value for choice in shown["found"].facets["country"].choices]
    told = {shown["total"] > 0, shown["page"].paginator.count > 0, bool(shown["roles"]), "IS" in countries}
    assert len(told) == 1, "one number tells what another hides"
    return told.pop()


def by_position(house, user) -> bool:
    shown = context_of(house, user, "people:participants", q="secret buying")
    return shown is not None and bool(shown["rows"])


def on_company_page(house, user) -> bool:
    shown = context_of(house, user, "people:company", "HOME")
    return shown is not None and "P-herself" in [person.code for person, _roles, _ask in shown["people"]]


def in_company_numbers(house, user) -> bool:
    """Her company's people as the list of companies counts them; a colleague of hers is there too."""
    shown = context_of(house, user, "people:companies", country="IS")
    return shown is not None and [number for _company, number in shown["rows"]] == [2]


def on_title_page(house, user) -> bool:
    shown = context_of(house, user, "catalogue:title", "W-HOME")
    return shown is not None and "P-herself" in [person.code for person, _roles, _ask in shown["sellers"]]


def by_code(house, user) -> bool:
    return context_of(house, user, "people:participant", "P-herself") is not None


def in_mandates(house, user) -> bool:
    shown = context_of(house, user, "mandates:mandates", q=NAME)
    found = shown is not None and [mandate.code for mandate in shown["page"]] == ["M-HID"]
    listed = context_of(house, user, "mandates:mandates")
    countries = [choice.value for choice in listed["found"].facets["country"].choices] if listed else []
    assert ("IS" in countries) is found, "the filter tells what the list hides"
    return found


def by_mandate(house, user) -> bool:
    return context_of(house, user, "mandates:mandate", "M-HID") is not None


PLACES = [
    in_directory,
    in_numbers,
    by_position,
    on_company_page,
    in_company_numbers,
    on_title_page,
    by_code,
    in_mandates,
    by_mandate,
]
BUSINESS = ["outsider", "matching", "asked", "colleague", "own", "herself", "organiser"]
FOUND = {
    "everyone": BUSINESS,
    "matches": ["matching", "asked", "herself", "organiser"],
    "nobody": ["asked", "herself", "organiser"],
    "left": ["herself", "organiser"],
}


def hide(house: House, how: str) -> None:
    if how == "left":
        leave_edition(house.her.user, house.her)
    else:
        choose_seen_by(house.her.user, house.edition, how)


@pytest.mark.parametrize("how", FOUND)
def test_who_finds_her_where(how):
    house = House()
    hide(house, how)
    found = {place.__name__: house.roles_where(place) for place in PLACES}
    assert found == dict.fromkeys(found, FOUND[how])


@pytest.mark.parametrize("how", FOUND)
def test_who_comes_to_the_page_of_asking_her(how):
    house = House()
    hide(house, how)
    finds = house.roles_where(lambda house, user: get(user, "meetings:ask", house.edition, "P-herself").status_code in (200, 302))
    expected = {role for role in FOUND[how] if role not in ("organiser",)} - ({"herself"} if how == "left" else set())
    assert set(finds) - {"visitor"} == expected


@pytest.mark.parametrize("how", FOUND)
def test_who_can_ask_her_by_hand(how):
    """The action itself, as somebody would call it who guessed her code."""
    house = House()
    hide(house, how)
    MeetingRequest.objects.all().delete()  # what she asked before is open, and would be named
    answers = {}
    for role in ("outsider", "matching", "asked", "colleague", "blocked"):
        user = house.users[role]
        form = client_of(user).post(url("ask", house.edition, "P-herself"), {"reason": "Hello", "wish": 2})
        answers[role] = form.status_code
    assert answers == {role: 302 if role in FOUND[how] else 404 for role in answers}
    asked = set(MeetingRequest.objects.values_list("sender__code", flat=True))
    assert asked == {f"P-{role}" for role in answers if role in FOUND[how]}


@pytest.mark.parametrize("role", ["outsider", "blocked"])
def test_one_sentence_for_the_hidden_the_blocked_and_those_who_are_not_there(role):
    house = House()
    person = house.people[role]
    hide(house, "nobody")
    sentences = {refusal_of(request_meeting, person.user, house.edition, house.her, reason="Hello")}
    gone = ParticipantFactory(edition=house.edition, is_buyer=True)
    leave_edition(gone.user, gone)
    sentences.add(refusal_of(request_meeting, person.user, house.edition, gone, reason="Hello"))
    assert sentences == {"not_visible"}


@pytest.mark.parametrize("how", FOUND)
def test_who_is_offered_her_as_a_colleague_or_guest(how):
    """Colleague lists and invitations go by the same rule."""
    house = House()
    hide(house, how)
    people = {"sender": house.people["own"], "receiver": house.people["outsider"]}
    request = MeetingRequestFactory(edition=house.edition, code="R-OWN", **people)
    offered = {
        "own": house.her in new_colleagues(house.users["own"], request, "sender"),
        "outsider": house.her in invitable_guests(house.users["outsider"], request),
        "matching": house.her in invitable_guests(house.users["matching"], request),
        "blocked": house.her in invitable_guests(house.users["blocked"], request),
    }
    assert offered == {role: role in FOUND[how] for role in offered}


def test_the_agenda_and_the_meeting_of_a_hidden_buyer_are_hers():
    house = House()
    hide(house, "nobody")
    request = MeetingRequest.objects.get()
    answer_request(house.users["asked"], request, accept=True)
    pages = {}
    for role in ("outsider", "asked", "colleague", "blocked", "own", "herself", "organiser"):
        user = house.users[role]
        names = [("meetings:agenda_of", "P-herself"), ("meetings:request", request.code), ("meetings:meeting", request.code)]
        pages[role] = [get(user, name, house.edition, code).status_code != 404 for name, code in names]
    nothing = [False, False, False]
    assert pages == dict.fromkeys(("outsider", "colleague", "blocked", "own"), nothing) | {
        "asked": [False, True, True],
        "herself": [True, True, True],
        "organiser": [True, True, True],
    }
