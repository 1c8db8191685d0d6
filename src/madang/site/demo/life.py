"""What happened at the market so far: changes after publication, who came, who was late or absent, what came of it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from contextlib import suppress

from django.db import transaction
from django.db.models import F, Prefetch, QuerySet
from django.utils import timezone

from madang.accounts.models import User
from madang.markets.models import Edition, Stage
from madang.meetings.actions.proposals import cancel_meeting, lapse_proposals, place_meeting, propose_time
from madang.meetings.actions.refusals import Refused
from madang.meetings.models import AbsentCause, Attendee, FollowUp, Interest, Meeting, Part, TimetableState
from madang.meetings.queries.live import free_times
from madang.people.models import Participant
from madang.site.demo.people import language_of, saved, weighted
from madang.site.demo.sizes import MOMENTS, ZONE
from madang.site.demo.words import words

MINUTE = dt.timedelta(minutes=1)
OVER = [("held", 58), ("scanned", 20), ("one_sided", 8), ("absent", 7), ("contested", 1), ("silent", 6)]
"""How a meeting went, of a hundred."""
RUNNING = [("held", 50), ("scanned", 12), ("one_sided", 16), ("absent", 2), ("silent", 20)]
"""How one stands that began ten minutes ago."""
CAUSES = [(AbsentCause.LATE, 35), (AbsentCause.DOOR, 25), (AbsentCause.REFUSED, 10), (AbsentCause.ABSENT, 30)]
INTERESTS = [("", 45), (Interest.NONE, 17), (Interest.FOLLOW_UP, 26), (Interest.OFFER, 12)]
FIELDS = [
    "late_minutes", "late_at", "checked_in_at", "checked_in_by", "absent_cause", "absent_at", "absent_by",
    "interest", "note", "shares_card",
]  # fmt: skip
CHANGES = 10


@transaction.atomic
def live_through(rng: random.Random, edition: Edition, organiser: User, known: set[int], now: dt.datetime) -> None:
    """Changes of the first two days, then what people said of each meeting that has begun. `known`: whose agendas are full."""
    change_some(rng, edition, organiser, min(now, MOMENTS[Stage.LIVE]))
    if edition.stage == Stage.LIVE:
        propose_some(edition, known)
    rows, meant = [], []
    for meeting in begun_meetings(edition, now + 40 * MINUTE):
        seats = list(meeting.request.attendees.all())
        tell_of(rng, meeting, seats, known, now)
        rows += seats
        meant += [row for seat in seats if (row := follow_up_of(rng, meeting, seat, seats, known, now))]
    Attendee.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=FIELDS, batch_size=500)
    if meant:
        saved(meant)
    edition.notices.filter(mailed_at=None).update(mailed_at=F("created_at"))


def begun_meetings(edition: Edition, until: dt.datetime) -> Sequence[Meeting]:
    """The published meetings that begin before `until`, with who comes."""
    coming = Attendee.objects.filter(part=Part.COMING).select_related("participant__company").order_by("pk")
    published = Meeting.objects.filter(timetable__edition=edition, timetable__state=TimetableState.PUBLISHED, is_cancelled=False)
    rows = published.filter(slot__starts_at__lte=until).select_related("slot", "request")
    return list(rows.prefetch_related(Prefetch("request__attendees", queryset=coming)).order_by("pk"))


def tell_of(rng: random.Random, meeting: Meeting, seats: list[Attendee], known: set[int], now: dt.datetime) -> None:
    """What the people of one meeting said of it until `now`, on their rows."""
    begin, end = meeting.slot.starts_at, meeting.slot.ends_at
    if rng.random() < 0.11:
        late = rng.choice(seats)
        late.late_minutes = rng.choice(words("life")["late"])
        late.late_at = min(begin - rng.randint(2, 9) * MINUTE, now - MINUTE)
    if begin > now:
        return
    went = weighted(rng, OVER if end <= now else RUNNING)
    if {seat.participant_id for seat in seats} & known and end <= now and rng.random() < 0.8:
        went = rng.choice(["held", "scanned"])
    first, last = one_of_each_side(rng, seats)
    if {seat.participant_id for seat in seats} & known and end > now:  # her own check-in is left to whoever opens the demo
        went, first = "one_sided", next((seat for seat in seats if seat.participant_id not in known), first)
    here = {"silent": [], "one_sided": [first], "absent": [first], "contested": [first, last]}.get(went, seats)
    for seat in here:
        arrived = begin + rng.uniform(-6, 7) * MINUTE + (seat.late_minutes or 0) * MINUTE
        seat.checked_in_at = min(arrived, now - MINUTE).replace(microsecond=0)
        seat.checked_in_by_id = first.participant_id if went == "scanned" else seat.participant_id
    if went in ("absent", "contested"):
        last.absent_cause, last.absent_by_id = weighted(rng, CAUSES), first.participant_id
        last.absent_at = min(begin + rng.randint(9, 25) * MINUTE, now - MINUTE)
    if end <= now and went in ("held", "scanned"):
        for seat in seats:
            say(rng, seat, seat.participant_id in known)


def one_of_each_side(rng: random.Random, seats: list[Attendee]) -> tuple[Attendee, Attendee]:
    """Two people who sit across from each other, in any order."""
    one = rng.choice(seats)
    return one, next((seat for seat in seats if seat.side != one.side), one)


def say(rng: random.Random, seat: Attendee, is_known: bool) -> None:
    """What somebody thinks came of it, for herself."""
    seat.interest = weighted(rng, INTERESTS[1:] if is_known else INTERESTS)
    seat.shares_card = rng.random() < (0.7 if is_known else 0.3)
    if rng.random() < (0.5 if is_known else 0.04):
        seat.note = rng.choice(words("life")["note"][language_of(seat.participant.country)])


def follow_up_of(
    rng: random.Random, meeting: Meeting, seat: Attendee, seats: list[Attendee], known: set[int], now: dt.datetime
) -> FollowUp | None:
    """What she means to do, where something came of it; after the market some of it is done."""
    kinds = {Interest.FOLLOW_UP: ("write", 7), Interest.OFFER: ("offer", 14)}
    if seat.interest not in kinds:
        return None
    kind, days = kinds[Interest(seat.interest)]
    met: Participant = next(one.participant for one in seats if one.side != seat.side)
    who = f"{met.name}, {met.company}" if met.company else met.name
    text = words("life")[kind][language_of(seat.participant.country)].format(who=who)
    if seat.participant_id in known and rng.random() < 0.3:
        text = rng.choice(words("life")["todo"][language_of(seat.participant.country)])
    row = FollowUp(attendee=seat, what=text[:300], created_at=meeting.slot.ends_at + rng.randint(1, 20) * MINUTE)
    row.due_on = meeting.request.edition.ends_on + dt.timedelta(days=days)
    if now.astimezone(ZONE).date() > meeting.request.edition.ends_on and rng.random() < 0.45:
        row.done_at = now - rng.uniform(0.2, 9) * dt.timedelta(days=1)
    elif row.due_on <= now.astimezone(ZONE).date():
        row.reminded_at = dt.datetime.combine(row.due_on, dt.time(9), ZONE)
    return row


# --- Changes of the published timetable ---------------------------------------------------------------------------------


def change_some(rng: random.Random, edition: Edition, organiser: User, until: dt.datetime) -> None:
    """Meetings that people cancelled and the organiser moved, each at its time, done as they themselves would do it."""
    begun = dt.datetime.combine(edition.starts_on, dt.time(9), ZONE)
    moments = [begun + rng.random() * (until - begun - 20 * MINUTE) for _ in range(CHANGES - 1)]
    moments = [*sorted(moments), until - 12 * MINUTE]
    stage = edition.stage
    for number, moment in enumerate(moments):
        turn_clock(edition, moment, Stage.LIVE)
        later = list(movable(edition, moment)[:60])
        if later:
            change_one(rng, rng.choice(later), organiser, moves=number % 3 == 1)
    turn_clock(edition, until, Stage.LIVE)
    lapse_proposals(edition, until)
    turn_clock(edition, MOMENTS[Stage(stage)], Stage(stage))


def propose_some(edition: Edition, known: set[int]) -> None:
    """To each of the known people who does business, the other side of her last meeting proposes another time."""
    later = movable(edition, edition.now())
    for person in sorted(known):
        mine = later.filter(request__attendees__participant=person, request__attendees__part=Part.COMING)
        meeting = mine.exclude(request__attendees__participant__in=known - {person}).last()
        if meeting is None:
            continue
        request = meeting.request
        other = request.receiver if request.sender_id == person else request.sender
        times = free_times(request, meeting.timetable)
        if times.slots and other.user:
            with suppress(Refused):
                propose_time(other.user, request, times.slots[0])


def movable(edition: Edition, moment: dt.datetime) -> QuerySet[Meeting]:
    """Meetings that begin in three hours or later."""
    rows = Meeting.objects.filter(timetable__edition=edition, timetable__state=TimetableState.PUBLISHED, is_cancelled=False)
    related = ["timetable__edition", "slot", "request__edition", "request__sender__user", "request__receiver__user"]
    return rows.filter(slot__starts_at__gt=moment + 180 * MINUTE).select_related(*related).order_by("slot__starts_at", "pk")


def change_one(rng: random.Random, meeting: Meeting, organiser: User, *, moves: bool) -> None:
    """Cancelled by her who asked for it, or moved by the organiser to a free time."""
    sender = meeting.request.sender
    if not moves:
        text = rng.choice(words("life")["cancel"][language_of(sender.country)])
        with suppress(Refused):
            cancel_meeting(sender.user or organiser, meeting, text)
        return
    slots = list(meeting.timetable.edition.slots.filter(starts_at__gt=meeting.slot.starts_at).order_by("starts_at")[:12])
    for slot in rng.sample(slots, len(slots)):
        try:
            place_meeting(organiser, meeting.request, slot)
        except Refused:  # not free then: the next time is tried
            continue
        return


def turn_clock(edition: Edition, moment: dt.datetime, stage: Stage) -> None:
    """Let it be that moment for all that is done next."""
    edition.clock_shift, edition.stage = moment - timezone.now(), stage
    edition.save(update_fields=["clock_shift", "stage"])
