"""A small edition in which every kind of row exists, one account for each role, and every address of the site filled in.

The crawl (tests/house) and the journeys (tests/journeys) walk through it, so that a new page is looked at without being asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
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
    MeetingRequestFactory,
    ParticipantFactory,
    SlotFactory,
    TableFactory,
    TitleFactory,
    UserFactory,
)
from negotiation import offer_content
from rights_rows import hold, restrict, sold
from yard_accreditation import PARTS as ACCREDITATION_PARTS
from yard_accreditation import SPECIAL as ACCREDITATION_SPECIAL
from yard_accreditation import add_accreditation
from yard_across import PARTS as ACROSS_PARTS
from yard_across import add_across
from yard_badges import SPECIAL as BADGE_SPECIAL
from yard_badges import add_badges
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
from madang.catalogue.models import Title
from madang.deals.actions.coproduction import PartnerFacts, open_coproduction
from madang.deals.actions.evidence import add_evidence
from madang.deals.actions.offers import accept_document, send_document, start_deal
from madang.deals.actions.values import estimate_value, state_value
from madang.deals.models import AvailsImport, Deal, LineReason, Milestone, Signatory
from madang.markets.actions import record
from madang.markets.models import Edition, RunState, Session, Slot, Table
from madang.meetings.actions.proposal_rows import make_proposal
from madang.meetings.models import (
    Attendance,
    Attendee,
    FollowUp,
    Meeting,
    MeetingRequest,
    ProposalKind,
    PublishRun,
    RepairRun,
    RequestStatus,
    Timetable,
    TimetableRun,
    TimetableState,
    Unavailability,
    Unplaced,
)
from madang.meetings.queries.figures import figures_of
from madang.meetings.queries.timetable import plan_of, timetable_problem
from madang.people.models import Letter, Notice, Participant
from madang.programme.models import Event, EventKind
from madang.workbook.models import ImportRun

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


def add_rights(yard: Yard) -> None:
    """What the seller holds of a title, what she sold of it, and what its dates hang on."""
    company, title = yard.people["seller"].company, Title.objects.get(edition=yard.edition, code="W-0")
    release = Milestone.objects.create(edition=yard.edition, title=title, code="E-1", name="Theatrical release in Germany")
    hold(company, title, "World excl. US, CA", ended_early_by=[release], end=dt.date(2025, 7, 31))
    line = sold(company, title, "Benelux, US", "SVOD", exclusive=True, clause="4.1")
    restrict(company, title, LineReason.HOLDBACK, "Nordics", "FREE", start=release, start_lag=30)
    Signatory.objects.create(participant=yard.people["seller"], named_by=yard.accounts["organiser"])
    yard.codes |= {"statement": line.document.code, "rights_line": line.pk, "milestone": release.code}


def add_deal(yard: Yard) -> None:
    """A deal of the seller and the buyer, whose licence is open for signature."""
    seller, buyer = yard.accounts["seller"], yard.accounts["buyer"]
    title = Title.objects.get(edition=yard.edition, code="W-1")
    licensor, licensee = yard.people["seller"].company, yard.people["buyer"].company
    hold(licensor, title)
    Signatory.objects.create(participant=yard.people["buyer"], named_by=yard.accounts["organiser"])
    content = offer_content(title)
    deal = start_deal(seller, yard.edition, licensor=licensor, licensee=licensee, titles=[title])
    for _kind in ("offer", "memo"):
        accept_document(buyer, send_document(seller, deal, content))
    yard.codes |= {"deal": deal.code, "document": send_document(seller, deal, content).number}


def add_requests(yard: Yard) -> list[MeetingRequest]:
    """One of each status for the buyer and the seller; the accepted ones are returned."""
    buyer, seller = yard.people["buyer"], yard.people["seller"]
    others = list(Participant.objects.filter(edition=yard.edition, code__in=[f"P-{n}" for n in range(6)]).order_by("code"))
    pairs = [(buyer, seller, RequestStatus.ACCEPTED)]
    pairs += [(other, seller, RequestStatus.ACCEPTED) for other in others[0:4:2]]
    pairs += [(others[4], seller, RequestStatus.SENT), (buyer, others[1], RequestStatus.DECLINED)]
    pairs += [(buyer, others[3], RequestStatus.WITHDRAWN), (buyer, others[5], RequestStatus.ACCEPTED)]
    rows = [
        MeetingRequestFactory(
            edition=yard.edition,
            code=f"R-{number}",
            sender=sender,
            receiver=receiver,
            status=status,
            reason="Your slate fits ours. " + "가" * 60,  # a word that no line is wide enough for
        )
        for number, (sender, receiver, status) in enumerate(pairs)
    ]
    yard.codes |= {"request": "R-0"}
    return [row for row in rows if row.status == RequestStatus.ACCEPTED]


def add_meetings(yard: Yard, requests: list[MeetingRequest], tables: list[Table], slots: list[Slot]) -> None:
    """A published version, and a draft in which one request has not been placed."""
    at_booth, also_at_booth, left, at_table = requests
    placed = [at_booth, also_at_booth, at_table]
    busy = yard.people["buyer"]
    Unavailability.objects.create(participant=busy, starts_at=slots[8].starts_at, ends_at=slots[11].ends_at, reason="Flight")
    moment = slots[0].starts_at - dt.timedelta(days=2)
    facts = {"status": "optimal", "objective": 3, "bound": 3, "seconds": 0.1}
    published = Timetable.objects.create(
        edition=yard.edition, state=TimetableState.PUBLISHED, version=1, published_at=moment, result=facts
    )
    draft = Timetable.objects.create(edition=yard.edition, state=TimetableState.DRAFT, revision=1, result=facts)
    for timetable in (published, draft):
        for number, request in enumerate(placed):
            is_booth = request.receiver.company.booth_id is not None
            table = None if is_booth else tables[number]
            place(Meeting.objects.create(timetable=timetable, request=request, slot=slots[3 + number], table=table))
        Unplaced.objects.create(timetable=timetable, request=left, code="no_common_slot")
        write_figures(timetable)
    yard.codes |= {"version": 1}


def write_figures(timetable: Timetable) -> None:
    """What the timetable amounts to, as a computation would have left it."""
    problem, maps = timetable_problem(timetable.edition)
    plan, _strays = plan_of(timetable, maps)
    timetable.result["figures"] = figures_of(problem, plan, maps)
    timetable.save()


def place(meeting: Meeting) -> None:
    for participant in (meeting.request.sender, meeting.request.receiver):
        Attendance.objects.create(timetable=meeting.timetable, slot=meeting.slot, participant=participant, meeting=meeting)


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


def add_runs(yard: Yard) -> None:
    """Finished work, a log line and an unread notice."""
    organiser = yard.accounts["organiser"]
    end = {"state": RunState.DONE, "finished_at": yard.edition.now()}
    run = TimetableRun.objects.create(edition=yard.edition, asked_by=organiser, **end)
    load = ImportRun.objects.create(
        edition=yard.edition,
        asked_by=organiser,
        file_name="edition.xlsx",
        stored="none",
        digest="0" * 64,
        is_confirmed=True,
        **end,
    )
    record(yard.edition, organiser, "publish_timetable", "1")
    Notice.objects.create(edition=yard.edition, recipient=yard.people["seller"], kind="request_received", key="R-0", data={})
    add_proposal(yard)
    add_repair(yard)
    yard.codes |= {"run": run.key, "import": load.key, "feed": yard.people["buyer"].feed_key}
    letter = Letter.objects.create(edition=yard.edition, recipient=yard.people["seller"], state="uncertain", fault="timed out")
    yard.codes["letter"] = letter.pk
    yard.codes["badge"] = yard.people["seller"].badge_key
    mine = Attendee.objects.get(request__edition=yard.edition, request__code="R-0", participant=yard.people["buyer"])
    Attendee.objects.filter(request=mine.request).update(shares_card=True)
    yard.codes["follow_up"] = FollowUp.objects.create(attendee=mine, what="Write to Haneul", due_on=yard.edition.ends_on).pk


def add_values(yard: Yard) -> None:
    """A payment that waits for the seller's word, the organiser's estimate of a meeting, and a co-production to agree to."""
    seller, buyer = yard.people["seller"], yard.people["buyer"]
    deal = Deal.objects.get(edition=yard.edition, code=yard.codes["deal"])
    paid = state_value(buyer.user, deal, stage="paid", amount=Decimal(4000), currency="EUR", note="1/2")
    proof = add_evidence(buyer.user, paid, reference="Bank 1")
    asked = MeetingRequest.objects.get(edition=yard.edition, code="R-0")
    facts = {"stage": "consultation", "amount": Decimal(50_000), "currency": "USD"}
    guess = estimate_value(yard.accounts["organiser"], asked, **facts)
    partners = [PartnerFacts(Decimal(70), seller.company, territories="KR"), PartnerFacts(Decimal(30), buyer.company)]
    titles = Title.objects.filter(edition=yard.edition, company=seller.company)[:1]
    plan = {"partners": partners, "titles": titles, "budget": Decimal(1_000_000), "currency": "EUR", "request": asked}
    shared = open_coproduction(seller.user, yard.edition, **plan)
    loaded = AvailsImport.objects.create(
        edition=yard.edition, asked_by=seller.user, company=seller.company, imported_by=seller, state=RunState.DONE,
        file_name="avails.xlsx", stored="none", digest="0" * 64, is_confirmed=True, finished_at=yard.edition.now(),
    )  # fmt: skip
    yard.codes |= {"avails_target": "xml", "avails_import": loaded.key}
    yard.codes |= {"value": paid.pk, "evidence": proof.pk, "estimate": guess.pk, "coproduction": shared.code}


def add_proposal(yard: Yard) -> None:
    """A time that the seller proposes to the buyer for their meeting."""
    asked = MeetingRequest.objects.get(edition=yard.edition, code="R-0")
    slot, until = yard.edition.slots.last(), yard.edition.now() + dt.timedelta(hours=1)
    proposal = make_proposal(ProposalKind.MOVE, asked, slot, until, by=yard.people["seller"])
    yard.codes["proposal"] = proposal.key


def add_repair(yard: Yard) -> None:
    """A table that closes, and what would follow from it."""
    published = Timetable.objects.get(edition=yard.edition, state=TimetableState.PUBLISHED)
    meeting = Meeting.objects.filter(timetable=published, table__isnull=False).select_related("request").first()
    change = {
        "request": meeting.request_id, "kind": "moved", "from": [meeting.slot_id, meeting.table_id],
        "to": [yard.edition.slots.last().pk, meeting.table_id], "people": [meeting.request.sender_id],
        "reason": "table_closed", "because": None,
    }  # fmt: skip
    facts = {"changes": [change], "people": change["people"], "missed": [], "cost": 10, "bound": 10, "is_least": True}
    run = RepairRun.objects.create(
        edition=yard.edition, state=RunState.DONE, timetable=published, revision=published.revision,
        what={"kind": "table_closed", "table": meeting.table_id}, proposal=facts | {"seconds": 0.1},
    )  # fmt: skip
    yard.codes["repair"] = run.key
    refused = PublishRun.objects.create(edition=yard.edition, state=RunState.INTERRUPTED, revision=1)
    yard.codes["publishing"] = refused.key


# How the changing parts of addresses are filled, by app and part; "" is any app.
PARTS = {
    ("people", "code"): "participant",
    ("catalogue", "code"): "title",
    ("programme", "code"): "event",
    ("mandates", "code"): "mandate",
    ("meetings", "code"): "request",
    ("meetings", "key"): "run",
    ("meetings", "version"): "version",
    ("workbook", "key"): "import",
    ("deals", "code"): "deal",
    ("deals", "number"): "document",
    ("deals", "title"): "title",
    ("deals", "statement"): "statement",
    ("deals", "line"): "rights_line",
    ("deals", "milestone"): "milestone",
    ("deals", "person"): "participant",
    ("deals", "target"): "avails_target",
    ("deals", "key"): "avails_import",
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
    ("meetings:ask", "code"): "stranger",
    ("meetings:agenda_of", "code"): "participant",
    ("meetings:block_company", "code"): "company",
    ("meetings:unblock_company", "code"): "company",
    ("meetings:leave", "code"): "participant",
    ("meetings:block", "code"): "participant",
    ("meetings:unblock", "code"): "participant",
    ("meetings:visit", "code"): "participant",
    ("meetings:calendar_feed", "key"): "feed",
    ("meetings:scan", "key"): "badge",
    ("meetings:publishing", "key"): "publishing",
    ("meetings:repair_again", "key"): "repair",
    ("meetings:leave_repair", "key"): "repair",
    ("meetings:accept_repair", "key"): "repair",
    ("meetings:repair", "key"): "repair",
    ("meetings:proposal", "key"): "proposal",
    ("meetings:answer_proposal", "key"): "proposal",
    ("meetings:withdraw_proposal", "key"): "proposal",
    ("meetings:card", "person"): "participant",
    ("meetings:gap", "slot"): "slot",
    ("meetings:change_follow_up", "number"): "follow_up",
    ("people:settle_letter", "number"): "letter",
    ("meetings:finish_follow_up", "number"): "follow_up",
    ("meetings:drop_follow_up", "number"): "follow_up",
    ("deals:free_title", "code"): "title",
    ("deals:ask", "code"): "title",
    ("deals:free_table", "kind"): "table_kind",
    ("deals:sheet", "code"): "company",
    ("deals:sheet_pdf", "code"): "company",
    ("deals:value", "number"): "value",
    ("deals:confirm_value", "number"): "value",
    ("deals:dispute_value", "number"): "value",
    ("deals:withdraw_value", "number"): "value",
    ("deals:restate_value", "number"): "value",
    ("deals:add_evidence", "number"): "value",
    ("deals:evidence", "number"): "evidence",
    ("deals:remove_evidence", "number"): "evidence",
    ("deals:drop_estimate", "number"): "estimate",
    ("deals:estimate_meeting", "code"): "request",
    ("deals:coproduction", "code"): "coproduction",
    ("deals:plan_partners", "code"): "coproduction",
    ("deals:plan_financing", "code"): "coproduction",
    ("deals:plan_recoupment", "code"): "coproduction",
    ("deals:agree_to_plan", "code"): "coproduction",
    ("deals:plan_pdf", "code"): "coproduction",
    ("deals:end_coproduction", "code"): "coproduction",
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
