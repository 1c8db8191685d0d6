"""A small edition in which every kind of row exists, one account for each role, and every address of the site filled in.

The crawl (tests/house) and the journeys (tests/journeys) walk through it, so that a new page is looked at without being asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from factories import (
    CompanyFactory,
    EditionFactory,
    HallFactory,
    MandateFactory,
    MarketFactory,
    ParticipantFactory,
    SlotFactory,
    TableFactory,
    TitleFactory,
    UserFactory,
)
from yard_accreditation import PARTS as ACCREDITATION_PARTS
from yard_accreditation import SPECIAL as ACCREDITATION_SPECIAL
from yard_accreditation import add_accreditation
from yard_across import PARTS as ACROSS_PARTS
from yard_across import add_across
from yard_badges import SPECIAL as BADGE_SPECIAL
from yard_badges import add_badges
from yard_deals import PARTS as DEAL_PARTS
from yard_deals import SPECIAL as DEAL_SPECIAL
from yard_deals import add_deal, add_rights, add_values
from yard_doors import DOOR_PARTS, add_door
from yard_entries import PARTS as ENTRY_PARTS
from yard_entries import add_entries
from yard_exposure import PARTS as EXPOSURE_PARTS
from yard_exposure import add_exposure
from yard_goals import PARTS as GOAL_PARTS
from yard_goals import SPECIAL as GOAL_SPECIAL
from yard_goals import add_goals
from yard_jury import SPECIAL as JURY_SPECIAL
from yard_mandates import add_wishes
from yard_matches import PARTS as MATCH_PARTS
from yard_matches import SPECIAL as MATCH_SPECIAL
from yard_matches import add_matches
from yard_meetings import PARTS as MEETING_PARTS
from yard_meetings import SPECIAL as MEETING_SPECIAL
from yard_meetings import add_meetings, add_requests, add_runs
from yard_money import PARTS as MONEY_PARTS
from yard_money import add_money
from yard_programming import PARTS as PROGRAMMING_PARTS
from yard_programming import SPECIAL as PROGRAMMING_SPECIAL
from yard_programming import add_programming
from yard_reports import SPECIAL as REPORT_SPECIAL
from yard_reports import add_reports
from yard_rounds import PARTS as ROUND_PARTS
from yard_rounds import SPECIAL as ROUND_SPECIAL
from yard_rounds import add_rounds
from yard_search import PARTS as SEARCH_PARTS
from yard_search import SPECIAL as SEARCH_SPECIAL
from yard_search import add_search
from yard_seating import PARTS as SEATING_PARTS
from yard_seating import add_seats

from madang.accounts.models import User
from madang.markets.models import Edition, Session, Slot, Table
from madang.people.models import Participant
from madang.programme.models import Event, EventKind

PASSWORD = "a walk in the yard"
ROLES = ["visitor", "audience", "buyer", "seller", "juror", "organiser", "administrator"]


@dataclass
class Yard:
    """The edition, its accounts by role (a visitor has none), and the codes that addresses are filled with."""

    edition: Edition
    accounts: dict[str, User | None] = field(default_factory=lambda: {"visitor": None})
    people: dict[str, Participant] = field(default_factory=dict)
    codes: dict[str, Any] = field(default_factory=dict)


def build_yard(slug: str = "yard", *, is_under_way: bool = True) -> Yard:
    """Fill the database; an edition that is not yet under way has no requests, no meetings and nothing that was done."""
    market = MarketFactory(slug=f"{slug}-market")
    edition = EditionFactory(market=market, slug=slug, venue="BEXCO", city="Busan", is_fictional=True)
    yard = Yard(edition)
    add_people(yard)
    tables, slots = add_places(yard)
    add_works(yard)
    add_wishes(yard)
    add_rights(yard)
    add_exposure(yard)
    add_matches(yard)
    if is_under_way:
        add_deal(yard)
    add_events(yard)
    add_accreditation(yard)
    add_badges(yard)
    add_entries(yard)
    add_programming(yard)
    add_seats(edition, yard.people, yard.codes)
    add_money(yard)
    if is_under_way:
        add_door(yard)
        add_meetings(yard, add_requests(yard), tables, slots)
        add_runs(yard)
        add_values(yard)
        add_goals(yard)
        add_rounds(yard)
        add_reports(yard)
    add_search(yard)
    add_across(yard)
    return yard


@cache
def hashed() -> str:
    """PASSWORD as the site keeps it: made once, for that takes as long as it should."""
    return make_password(PASSWORD, hasher="pbkdf2_sha256")


def account(yard: Yard, role: str, **facts: Any) -> User:
    """An account that can sign in with PASSWORD; hashed as the site does, for the site itself reads it in journeys."""
    user = yard.accounts[role] = UserFactory(email=f"{role}@{yard.edition.slug}.example", **facts)
    user.password = hashed()
    user.save()
    return user


def add_people(yard: Yard) -> None:
    """The buyer and the seller are at the heart of it; others stand around."""
    edition = yard.edition
    edition.market.organisers.add(account(yard, "organiser", name="Oh Organiser"))
    account(yard, "administrator", name="Ada Administrator", is_staff=True, is_superuser=True)
    seoul = CompanyFactory(edition=edition, code="C-SEL", name="Hanbada Pictures", name_ko="한바다 픽처스", kind="producer")
    paris = CompanyFactory(edition=edition, code="C-PAR", name="Compagnie Générale des Images de l'Atlantique", country="FR")
    names = {
        "buyer": {"family_name": "Lefèvre", "given_name": "Camille", "company": paris, "is_buyer": True, "country": "FR"},
        "seller": {"family_name": "Seo", "given_name": "Haneul", "native_name": "서하늘", "company": seoul, "is_seller": True},
        "juror": {"family_name": "Sukarno", "company": None, "is_juror": True},
        "audience": {"family_name": "Park", "given_name": "Bom", "native_name": "박봄", "company": None, "is_guest": True},
    }
    for role, facts in names.items():
        user = account(yard, role, name=f"{facts.get('given_name', '')} {facts['family_name']}".strip())
        yard.people[role] = ParticipantFactory(edition=edition, code=f"P-{role}", user=user, **facts)
    for number in range(6):
        role = {"is_buyer": True} if number % 2 == 0 else {"is_seller": True}
        ParticipantFactory(edition=edition, code=f"P-{number}", user__email=f"p{number}@{edition.slug}.example", **role)
    yard.codes |= {"table_kind": "csv", "company": "C-SEL", "participant": "P-seller", "stranger": "P-3"}


def add_places(yard: Yard) -> tuple[list[Table], list[Slot]]:
    """Four shared tables, a booth, and four slots in the morning of each of three days."""
    hall = HallFactory(edition=yard.edition, code="H1", name="Meeting hall", name_ko="미팅홀")
    tables = [TableFactory(edition=yard.edition, hall=hall, code=f"T{number}", position=number) for number in range(1, 5)]
    booth = TableFactory(edition=yard.edition, hall=hall, code="B1", name="Booth 12", is_booth=True, position=9)
    yard.people["seller"].company.booth = booth
    yard.people["seller"].company.save()
    begin = dt.datetime(2025, 5, 28, 0, 0, tzinfo=dt.UTC)
    starts = [begin + dt.timedelta(days=day, minutes=40 * step) for day in range(3) for step in range(4)]
    slots = [
        SlotFactory(
            edition=yard.edition,
            code=f"S{number}",
            session=Session.MORNING,
            starts_at=start,
            ends_at=start + dt.timedelta(minutes=30),
        )
        for number, start in enumerate(starts, 1)
    ]
    yard.codes |= {"table": "T1", "slot": "S1"}
    return tables, slots


def add_works(yard: Yard) -> None:
    """Titles for sale, one in the showcase without a name yet, and what buyers look for."""
    company = yard.people["seller"].company
    for number in range(3):
        TitleFactory(edition=yard.edition, code=f"W-{number}", company=company, countries="KR,FR", year=2025, synopsis="A yard.")
    TitleFactory(edition=yard.edition, code="W-SHOW", company=None, name="", is_showcase=True, section="CANNESERIES X BUSAN")
    MandateFactory(edition=yard.edition, code="M-1", buyer=yard.people["buyer"], format="series", genre="crime")
    MandateFactory(edition=yard.edition, code="M-2", buyer=yard.people["buyer"], visibility="hidden")
    yard.codes |= {"title": "W-0", "mandate": "M-1"}


def add_events(yard: Yard) -> None:
    hall = HallFactory(edition=yard.edition, code="H2", name="Auditorium", name_ko="오디토리움")
    begin = dt.datetime(2025, 5, 28, 9, 0, tzinfo=dt.UTC)
    for number, kind in enumerate([EventKind.CARPET, EventKind.SCREENING, EventKind.TALK]):
        start = begin + dt.timedelta(hours=2 * number)
        Event.objects.create(
            edition=yard.edition, code=f"E-{number}", kind=kind, name=f"Evening {number}", hall=hall, starts_at=start,
            ends_at=start + dt.timedelta(hours=1), is_public=kind != EventKind.TALK, time_is_provisional=number == 1,
        )  # fmt: skip
    yard.codes |= {"event": "E-1"}


# How the changing parts of addresses are filled, by app and part; "" is any app.
PARTS = {
    ("people", "code"): "participant",
    ("catalogue", "code"): "title",
    ("programme", "code"): "event",
    ("mandates", "code"): "mandate",
    ("workbook", "key"): "import",
    **DEAL_PARTS,
    **MEETING_PARTS,
    **ACCREDITATION_PARTS,
    **ENTRY_PARTS,
    **DOOR_PARTS,
    **SEATING_PARTS,
    **PROGRAMMING_PARTS,
    **ROUND_PARTS,
    **GOAL_PARTS,
    **SEARCH_PARTS,
    **EXPOSURE_PARTS,
    **MATCH_PARTS,
    **MONEY_PARTS,
    **ACROSS_PARTS,
}
# The same for single addresses, where the app's own rule does not hold.
SPECIAL = {
    ("people:company", "code"): "company",
    ("people:settle_letter", "number"): "letter",
    **DEAL_SPECIAL,
    **MEETING_SPECIAL,
    **ACCREDITATION_SPECIAL,
    **BADGE_SPECIAL,
    **JURY_SPECIAL,
    **PROGRAMMING_SPECIAL,
    **ROUND_SPECIAL,
    **GOAL_SPECIAL,
    **REPORT_SPECIAL,
    **SEARCH_SPECIAL,
    **MATCH_SPECIAL,
}


@dataclass(frozen=True)
class Address:
    """One address of the site: its name, and its path in the yard."""

    name: str
    path: str


def addresses(yard: Yard) -> list[Address]:
    """Every address of the site; a part that cannot be filled is an error: say in PARTS or SPECIAL what it is."""
    return [Address(name, reverse(name, kwargs=arguments(yard, name, parts))) for name, parts in names(get_resolver())]


def names(resolver: URLResolver, namespace: str = "", parts: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(full name, changing parts) of each named address; those of other packages only where nothing in them changes."""
    for entry in resolver.url_patterns:
        here = (*parts, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            yield from names(entry, entry.namespace or namespace, here)
        elif isinstance(entry, URLPattern) and entry.name and (namespace or not here):
            yield f"{namespace}:{entry.name}" if namespace else entry.name, here


def arguments(yard: Yard, name: str, parts: tuple[str, ...]) -> dict[str, Any]:
    app = name.split(":")[0]
    known = {part: SPECIAL.get((name, part)) or PARTS[app, part] for part in parts if part != "edition"}
    edition = {"edition": yard.edition.slug} if "edition" in parts else {}
    return edition | {part: yard.codes[code] for part, code in known.items()}
