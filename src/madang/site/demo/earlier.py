"""The edition before, small: who met whom in 2024 and what was signed of it since, so that an old one stands beside the new."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections import defaultdict
from typing import Any

from madang.accounts.models import User
from madang.catalogue.models import Title
from madang.deals.models import Deal, DealStage, Document, DocumentKind, DocumentState
from madang.markets.models import Edition, LogEntry, Session, Slot, Stage
from madang.meetings.models import (
    Attendance,
    Attendee,
    Meeting,
    MeetingRequest,
    RequestStatus,
    Side,
    Timetable,
    TimetableState,
    pair_of,
    seat_principals,
)
from madang.people.models import Company, Participant
from madang.site.demo.people import saved
from madang.site.demo.sizes import ZONE

DAYS = (dt.date(2024, 5, 29), dt.date(2024, 5, 30), dt.date(2024, 5, 31))
STARTS = [dt.time(9 + n // 2, 30 * (n % 2)) for n in range(1, 14)]
BUYERS = SELLERS = 90
WISHES = 6
"""Requests of each buyer."""
HELD, SIGNED, DECLINED = 0.86, 0.11, 0.09
NAMES = [
    "Night Ferry",
    "The Salt Road",
    "Paper Cranes",
    "Second Tide",
    "Low Season",
    "Glasshouse",
    "The Quiet Floor",
    "Marrow",
    "Ondol",
]
"""Nine series that never were."""


def make_earlier(
    rng: random.Random, now: Edition, organiser: User, everyone: list[Participant], known: list[Participant]
) -> Edition:
    """An edition of 2024 of the same market and some of its companies; `known` take part in it with their accounts."""
    edition = Edition.objects.create(
        market=now.market, slug="bcm-2024", name="Busan Content Market 2024", name_ko="부산콘텐츠마켓 2024",
        name_fr="Marché des contenus de Busan 2024", starts_on=DAYS[0], ends_on=DAYS[-1], time_zone=ZONE.key, venue="BEXCO",
        city="Busan", country="KR", stage=Stage.AFTER, is_public=False, is_fictional=True, clock_shift=now.clock_shift,
    )  # fmt: skip
    buyers, sellers = choose(rng, everyone, known)
    people = copy_people(edition, [*buyers, *sellers], known)
    saved([
        Title(edition=edition, code=f"S{n}", name=name, is_showcase=True, section="Showcase 2024", year=2024)
        for n, name in enumerate(NAMES, 1)
    ])  # fmt: skip
    requests = make_requests(rng, edition, people[: len(buyers)], people[len(buyers) :])
    make_meetings(rng, edition, organiser, requests)
    sign(rng, edition)
    return edition


def choose(
    rng: random.Random, everyone: list[Participant], known: list[Participant]
) -> tuple[list[Participant], list[Participant]]:
    """Buyers and sellers who came the year before, those who are known among them."""
    found = []
    for role, most in (("is_buyer", BUYERS), ("is_seller", SELLERS)):
        others = [one for one in everyone if getattr(one, role) and one.company_id and one not in known]
        if role == "is_seller":
            others = [one for one in others if not one.is_buyer]
        mine = [one for one in known if getattr(one, role) and (role == "is_buyer" or not one.is_buyer)]
        found.append(mine + rng.sample(others, min(len(others), most)))
    return found[0], found[1]


def copy_people(edition: Edition, people: list[Participant], known: list[Participant]) -> list[Participant]:
    """The same people and companies as rows of the earlier edition."""
    ids = {one.company_id for one in people if one.company_id}
    facts = ("code", "name", "name_ko", "country", "kind", "size", "website", "about")
    firms = Company.objects.filter(pk__in=ids).order_by("pk")
    made = saved([Company(edition=edition, **{name: getattr(one, name) for name in facts}) for one in firms])
    by_code = {one.code: one for one in made}
    kept = (
        "code", "family_name", "given_name", "native_name", "family_first", "email", "job_title", "country", "language",
        "time_zone", "is_buyer", "is_seller", "is_creator",
    )  # fmt: skip
    firm_codes = dict(firms.values_list("pk", "code"))
    return saved([
        Participant(
            edition=edition, company=by_code[firm_codes[one.company_id or 0]], user=one.user if one in known else None,
            **{name: getattr(one, name) for name in kept},
        )
        for one in people
    ])  # fmt: skip


def make_requests(
    rng: random.Random, edition: Edition, buyers: list[Participant], sellers: list[Participant]
) -> list[MeetingRequest]:
    """Each buyer asked some sellers; three of four said yes."""
    rows: list[MeetingRequest] = []
    for buyer in buyers:
        for seller in rng.sample(sellers, min(WISHES, len(sellers))):
            asked = dt.datetime(2024, 4, rng.randint(1, 28), 10, tzinfo=ZONE)
            status = RequestStatus.ACCEPTED if rng.random() < 0.75 else RequestStatus.DECLINED
            facts: dict[str, Any] = {"status": status, "created_at": asked, "answered_at": asked + dt.timedelta(days=3)}
            facts |= {"pair": pair_of(buyer.pk, seller.pk), "reason": "We are looking for series like yours."}
            rows.append(MeetingRequest(edition=edition, code=f"R{len(rows) + 1:04}", sender=buyer, receiver=seller, **facts))
    made = MeetingRequest.objects.bulk_create(rows, batch_size=500)
    seat_principals(MeetingRequest.objects.filter(edition=edition))
    return made


def make_meetings(rng: random.Random, edition: Edition, organiser: User, requests: list[MeetingRequest]) -> None:
    """A published timetable, in which most meetings were held."""
    starts = [dt.datetime.combine(day, time, ZONE) for day in DAYS for time in STARTS]
    half = dt.timedelta(minutes=30)
    slots = Slot.objects.bulk_create(
        Slot(edition=edition, code=f"S{n:02}", starts_at=at, ends_at=at + half, session=session_of(at))
        for n, at in enumerate(starts, 1)
    )  # fmt: skip
    published = dt.datetime(2024, 5, 24, 18, tzinfo=ZONE)
    table = Timetable.objects.create(
        edition=edition, state=TimetableState.PUBLISHED, version=1, published_at=published, created_at=published,
        published_by=organiser,
    )  # fmt: skip
    busy: dict[int, set[int]] = defaultdict(set)
    meetings = []
    for request in requests:
        free = [slot for slot in slots if not {request.sender_id, request.receiver_id} & busy[slot.pk]]
        if request.status == RequestStatus.ACCEPTED and free:
            slot = rng.choice(free)
            busy[slot.pk] |= {request.sender_id, request.receiver_id}
            meetings.append(Meeting(timetable=table, request=request, slot=slot, changed_at=published))
    meetings = Meeting.objects.bulk_create(meetings, batch_size=500)
    Attendance.objects.bulk_create(
        (
            Attendance(timetable=table, slot=one.slot, participant_id=person, meeting=one)
            for one in meetings
            for person in (one.request.sender_id, one.request.receiver_id)
        ),
        batch_size=500,
    )
    check_in(rng, meetings)
    LogEntry.objects.create(edition=edition, at=published, actor=organiser, verb="publish_timetable", subject="1")


def session_of(at: dt.datetime) -> Session:
    return Session.MORNING if at.hour < 12 else Session.AFTERNOON


def check_in(rng: random.Random, meetings: list[Meeting]) -> None:
    """Both sides of a meeting that was held; one of those that were not."""
    starts = {one.request_id: one.slot.starts_at for one in meetings}
    held = {one.request_id for one in meetings if rng.random() < HELD}
    seats = list(Attendee.objects.filter(request__in=starts).order_by("pk"))
    for seat in seats:
        if seat.request_id in held or (seat.side == Side.RECEIVER and rng.random() < 0.5):
            seat.checked_in_at = starts[seat.request_id]
    Attendee.objects.bulk_update(seats, ["checked_in_at"], batch_size=500)


def sign(rng: random.Random, edition: Edition) -> None:
    """Licences of some held meetings, weeks to months later; more of them early."""
    there = Attendee.objects.filter(request__edition=edition, checked_in_at__isnull=False)
    both = set(there.filter(side=Side.SENDER).values_list("request", flat=True)) & set(
        there.filter(side=Side.RECEIVER).values_list("request", flat=True)
    )
    met = (
        MeetingRequest.objects.filter(pk__in=both)
        .select_related("edition", "sender__company", "receiver__company")
        .order_by("pk")
    )
    apart = [one for one in met if one.sender.company_id != one.receiver.company_id]
    chosen = [one for one in apart if rng.random() < SIGNED]
    decline([one for one in apart if one not in chosen and rng.random() < DECLINED])
    end = dt.datetime.combine(DAYS[-1], dt.time(18), ZONE)
    moments = [end + dt.timedelta(days=min(360, int(rng.expovariate(1 / 110)) + 6)) for _one in chosen]
    deals = Deal.objects.bulk_create(
        Deal(
            edition=edition, code=f"D-{n}", stage=DealStage.LICENCE, licensor=one.receiver.company, licensee=one.sender.company,
            request=one, opened_by=one.receiver, created_at=at - dt.timedelta(days=5),
        )
        for n, (one, at) in enumerate(zip(chosen, moments, strict=True), 1)
    )  # fmt: skip
    Document.objects.bulk_create(
        Document(
            edition=edition, code=f"L-{n}", kind=DocumentKind.LICENCE, state=DocumentState.SIGNED, deal=deal,
            company=deal.licensor, author=deal.opened_by, created_at=deal.created_at, sent_at=deal.created_at, signed_at=at,
            digest=hashlib.sha256(f"{deal.code} of the demo".encode()).hexdigest(),
        )
        for n, (deal, at) in enumerate(zip(deals, moments, strict=True), 1)
    )  # fmt: skip


def decline(requests: list[MeetingRequest]) -> None:
    """Offers that were declined."""
    at = dt.datetime.combine(DAYS[-1], dt.time(12), ZONE) + dt.timedelta(days=20)
    deals = Deal.objects.bulk_create(
        Deal(
            edition=one.edition, code=f"O-{n}", stage=DealStage.ENDED, licensor=one.receiver.company, licensee=one.sender.company,
            request=one, opened_by=one.receiver, created_at=at, ended_at=at + dt.timedelta(days=30),
        )
        for n, one in enumerate(requests, 1)
    )  # fmt: skip
    Document.objects.bulk_create(
        Document(
            edition=deal.edition, code=f"F-{deal.code}", kind=DocumentKind.OFFER, state=DocumentState.DECLINED, deal=deal,
            company=deal.licensor, author=deal.opened_by, created_at=at, sent_at=at, answered_at=at + dt.timedelta(days=30),
        )
        for deal in deals
    )  # fmt: skip
