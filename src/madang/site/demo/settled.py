"""What stands before the timetable is made: settings, who hides and whom she blocks, who comes along, who meets online."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Sequence

from madang.markets.models import Edition, Slot, Stage
from madang.meetings.actions.introductions import introduce
from madang.meetings.models import Attendee, Form, MeetingPolicy, MeetingRequest, Part, RequestStatus, Side, Unavailability
from madang.people.models import Block, Company, Participant, SeenBy
from madang.programme.models import Event, EventKind, EventPart, Visit
from madang.site.demo.people import saved
from madang.site.demo.sizes import DAYS, MOMENTS, ZONE

HOURS = 21 * 24
"""An unanswered request expires after three weeks."""
REMIND = 24
WALK = dt.timedelta(minutes=30)
FORMS = {"colleagues": 16, "invited": 6, "online": 24}
AUDIENCE = {EventKind.TALK: 60, EventKind.PITCH: 60, EventKind.SCREENING: 18}
"""Participants who mean to be there, by kind of event."""


def make_policy(edition: Edition) -> MeetingPolicy:
    """Three weeks to answer, an hour for lunch in which half an hour stays free, no more than eight meetings in a row."""
    return MeetingPolicy.objects.create(
        edition=edition,
        expires_after_hours=HOURS,
        remind_before_hours=REMIND,
        lunch_from=dt.time(12, 30),
        lunch_until=dt.time(13, 30),
    )


def let_expire(request: MeetingRequest, now: dt.datetime) -> None:
    """When a request's time ends; by then it has been answered, or it has expired."""
    request.expires_at = request.created_at + dt.timedelta(hours=HOURS)
    last = request.expires_at - dt.timedelta(hours=1)
    if request.answered_at and request.answered_at > last:
        request.answered_at = last
    if request.status == RequestStatus.SENT and request.expires_at <= now:
        request.status = RequestStatus.EXPIRED
    if request.status in (RequestStatus.SENT, RequestStatus.EXPIRED):
        reminder = request.expires_at - dt.timedelta(hours=REMIND)
        request.reminded_at = reminder if reminder <= now else None


def freshen(rng: random.Random, stories: Sequence[MeetingRequest], now: dt.datetime) -> None:
    """What still waits for an answer in a story was sent lately, so that there is something to answer."""
    for request in stories:
        if request.status == RequestStatus.SENT and request.created_at < now - dt.timedelta(days=14):
            request.created_at = now - rng.uniform(1, 12) * dt.timedelta(days=1)


def hide_and_block(rng: random.Random, edition: Edition, people: list[Participant], known: set[int]) -> None:
    """A few buyers are found by matches or by nobody, a few want nothing to do with a company that never wrote to them.

    `known`: people with an account of the demo's own, whom everybody finds.
    """
    buyers = [person for person in people if person.is_buyer and person.pk not in known]
    hidden = rng.sample(buyers, len(buyers) // 22)
    for number, person in enumerate(hidden):
        person.seen_by = SeenBy.NOBODY if number % 3 == 0 else SeenBy.MATCHES
    Participant.objects.bulk_update(hidden, ["seen_by"], batch_size=500)
    wrote = defaultdict(set)
    for sender, receiver, one, other in MeetingRequest.objects.filter(edition=edition).values_list(
        "sender", "receiver", "sender__company", "receiver__company"
    ):
        wrote[sender].add(other)
        wrote[receiver].add(one)
    companies = list(Company.objects.filter(edition=edition).order_by("pk"))
    rows = []
    for person in rng.sample(buyers, min(len(buyers), 24)):
        company = rng.choice(companies)
        if company.pk != person.company_id and company.pk not in wrote[person.pk]:
            rows.append(Block(participant=person, company=company, created_at=dt.datetime.combine(DAYS[0], dt.time(8), ZONE)))
    Block.objects.bulk_create(rows)
    introduce(edition)


def fill_seats(rng: random.Random, events: list[Event], people: list[Participant]) -> None:
    """Who means to be at a talk or a screening: people who do business and are there then; one of them speaks at a talk."""
    business = [person for person in people if person.is_buyer or person.is_seller]
    away = defaultdict(list)
    for block in Unavailability.objects.filter(participant__in=[person.pk for person in business]):
        away[block.participant_id].append((block.starts_at, block.ends_at))
    rows: list[Visit] = []
    taken: dict[int, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)
    for event in events:
        number = min(AUDIENCE.get(EventKind(event.kind), 0), len(business) // 8)
        for seat, person in enumerate(rng.sample(business, number)):
            if any(start < event.ends_at and event.starts_at < end for start, end in away[person.pk] + taken[person.pk]):
                continue
            taken[person.pk].append((event.starts_at, event.ends_at))
            speaks = seat == 0 and event.kind in (EventKind.TALK, EventKind.PITCH)
            part = EventPart.SPEAKER if speaks else EventPart.AUDIENCE
            rows.append(Visit(event=event, participant=person, part=part, created_at=event.starts_at - dt.timedelta(days=9)))
    if rows:
        saved(rows)


def shape_meetings(rng: random.Random, requests: list[MeetingRequest], people: list[Participant], first: set[int]) -> None:
    """Some agreed meetings are of three or four people, some are online. Those of the people in `first` come first."""
    agreed = [request for request in requests if request.status == RequestStatus.ACCEPTED]
    rng.shuffle(agreed)
    agreed.sort(key=lambda request: not {request.sender_id, request.receiver_id} & first)
    by_company = defaultdict(list)
    for person in people:
        if person.is_buyer or person.is_seller:
            by_company[person.company_id].append(person)
    groups = bring_colleagues(rng, agreed[:400], by_company, min(FORMS["colleagues"], len(agreed) // 20))
    free = [request for request in agreed if request.pk not in groups]
    online = [*free[3:40:18], *free[60:]][: min(FORMS["online"], len(agreed) // 20)]
    for request in online:
        request.form, request.link = Form.ONLINE, f"https://rooms.example/{request.uid}"
    MeetingRequest.objects.bulk_update(online, ["form", "link"])
    taken = groups | {request.pk for request in online}
    fix_for_the_moment([request for request in agreed if request.pk not in taken], first)


def fix_for_the_moment(agreed: list[MeetingRequest], first: set[int]) -> None:
    """The organiser has fixed one meeting of each of these people in the slot in which the demo opens."""
    slot = Slot.objects.get(starts_at__lte=MOMENTS[Stage.LIVE], ends_at__gt=MOMENTS[Stage.LIVE])
    during = {"starts_at__lt": slot.ends_at + WALK, "ends_at__gt": slot.starts_at - WALK}
    busy = set(Unavailability.objects.filter(**during).values_list("participant", flat=True))
    near = {f"event__{field}": moment for field, moment in during.items()}
    busy |= set(Visit.objects.filter(**near).values_list("participant", flat=True))
    for person in sorted(first):
        for request in agreed:
            pair = {request.sender_id, request.receiver_id}
            if person in pair and not pair & busy:
                busy |= pair
                MeetingRequest.objects.filter(pk=request.pk).update(fixed_slot=slot, session="")
                break


def bring_colleagues(
    rng: random.Random, agreed: list[MeetingRequest], by_company: dict[int | None, list[Participant]], number: int
) -> set[int]:
    """A colleague comes to so many of these meetings, or is invited; gives the ids of their requests."""
    rows: list[Attendee] = []
    for request in agreed:
        if len(rows) >= number + FORMS["invited"]:
            break
        side, person = rng.choice([(Side.SENDER, request.sender), (Side.RECEIVER, request.receiver)])
        colleagues = [one for one in by_company[person.company_id] if one.pk not in (request.sender_id, request.receiver_id)]
        if colleagues:
            part = Part.COMING if len(rows) < number else Part.INVITED
            rows.append(Attendee(request=request, participant=rng.choice(colleagues), side=side, part=part))
    Attendee.objects.bulk_create(rows)
    return {row.request_id for row in rows}
