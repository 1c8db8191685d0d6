"""Whether meetings were held: when one may say so, what each side said, and what follows from it for the figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from madang.markets.models import Edition
from madang.markets.rules import Visitor
from madang.meetings.models import AbsentCause, Attendee, Interest, Meeting, Part, Side, TimetableState
from madang.meetings.queries.attendees import PRINCIPALS_FIRST
from madang.people.models import Participant

EARLY = dt.timedelta(minutes=15)
"""How long before it begins one may check in to a meeting."""
LATE_FROM = dt.timedelta(hours=1)
"""How long before it begins one may say that one will be late."""
LATE_ENTRIES = dt.timedelta(days=7)
"""How long after the last day it may still be said whether a meeting was held."""
LATE_MINUTES = (5, 10, 15)
OUTCOME_WORDS: dict[str, Any] = {
    "held": _("Held"),
    "one_sided": _("One side only"),
    "contested": _("Contested"),
    **dict(AbsentCause.choices),
    "silent": _("Nobody checked in"),
}
"""How a meeting that is over can stand; see `said_meetings`."""
OUTCOMES = list(OUTCOME_WORDS)
COMING = Attendee.objects.filter(request=OuterRef("request"), part=Part.COMING)
PRESENT = Q(checked_in_at__isnull=False, absent_cause="")
"""Somebody who checked in and of whom nobody says otherwise."""


def said_meetings(edition: Edition) -> QuerySet[Any]:  # Meeting and its annotations
    """The meetings of the published timetable that were not cancelled, each with its `outcome`.

    `outcome` is "held" when somebody of each side is present (a badge that was scanned checks both sides in); "contested" when
    somebody was reported absent and says otherwise; a value of AbsentCause; "one_sided"; or "silent".
    """
    meetings = Meeting.objects.filter(timetable__edition=edition, timetable__state=TimetableState.PUBLISHED, is_cancelled=False)
    here = {f"{side}_here": Exists(COMING.filter(PRESENT, side=side)) for side in Side.values}
    reported = COMING.exclude(absent_cause="")
    cause = Subquery(reported.order_by("-absent_at", "pk").values("absent_cause")[:1])
    return meetings.annotate(
        **here,
        is_contested=Exists(reported.filter(checked_in_at__isnull=False)),
        absence=Coalesce(cause, Value("")),
        outcome=Case(
            When(sender_here=True, receiver_here=True, then=Value("held")),
            When(is_contested=True, then=Value("contested")),
            When(~Q(absence=""), then=F("absence")),
            When(Q(sender_here=True) | Q(receiver_here=True), then=Value("one_sided")),
            default=Value("silent"),
            output_field=CharField(),
        ),
    )


def held_meetings(edition: Edition) -> QuerySet[Meeting]:
    """The meetings that count as held in every figure: both sides said so, or one scanned the other's badge."""
    return said_meetings(edition).filter(outcome="held")


def held_figures(edition: Edition) -> dict[str, int]:
    """Meetings that are over, by `outcome`; `over` is all of them. One query."""
    over = said_meetings(edition).filter(slot__ends_at__lte=edition.now())
    counts = dict(over.order_by().values_list("outcome").annotate(n=Count("pk")))
    return {"over": sum(counts.values()), **{outcome: counts.get(outcome, 0) for outcome in OUTCOMES}}


def held_by_day(edition: Edition) -> list[tuple[dt.date, dict[str, int]]]:
    """The same figures for each day at the venue. One query."""
    over = said_meetings(edition).filter(slot__ends_at__lte=edition.now()).order_by("slot__starts_at")
    days: dict[dt.date, dict[str, int]] = {}
    for starts_at, outcome, number in over.values_list("slot__starts_at", "outcome").annotate(n=Count("pk")):
        day = days.setdefault(starts_at.astimezone(edition.zone).date(), {"over": 0, **dict.fromkeys(OUTCOMES, 0)})
        day["over"] += number
        day[outcome] += number
    return list(days.items())


def check_in_opens(meeting: Meeting) -> dt.datetime:
    return meeting.slot.starts_at - EARLY


def entries_close(edition: Edition) -> dt.datetime:
    """Midnight at the venue, a week after the last day."""
    after = edition.ends_on + dt.timedelta(days=1)
    return dt.datetime.combine(after, dt.time(), edition.zone) + LATE_ENTRIES


def may_say_now(edition: Edition, meeting: Meeting) -> bool:
    """Whether check-ins, absences and outcomes of the meeting are taken at this moment."""
    return not meeting.is_cancelled and check_in_opens(meeting) <= edition.now() < entries_close(edition)


def may_be_late_now(edition: Edition, meeting: Meeting) -> bool:
    opens = meeting.slot.starts_at - LATE_FROM
    return not meeting.is_cancelled and opens <= edition.now() < meeting.slot.ends_at


def is_late_entry(edition: Edition, meeting: Meeting, at: dt.datetime) -> bool:
    """Whether somebody checked in on a later day than the meeting's."""
    return at.astimezone(edition.zone).date() > meeting.slot.ends_at.astimezone(edition.zone).date()


@dataclass(slots=True)
class Held:
    """What one person may say of a meeting, and what she may know of the others. `me` is None for an organiser."""

    meeting: Meeting
    me: Attendee | None = None
    mine: list[Attendee] = field(default_factory=list)
    others: list[Attendee] = field(default_factory=list)
    outcome: str = "silent"
    opens: dt.datetime | None = None
    is_open: bool = False
    may_be_late: bool = False
    is_over: bool = False
    late_minutes: tuple[int, ...] = LATE_MINUTES
    causes: list[tuple[str, Any]] = field(default_factory=lambda: list(AbsentCause.choices))
    interests: list[tuple[str, Any]] = field(default_factory=lambda: list(Interest.choices))

    @property
    def has_begun(self) -> bool:
        return self.meeting.slot.starts_at <= self.meeting.request.edition.now()

    @property
    def is_told(self) -> bool:
        """Whether there is anything to tell of who is there: from check-in on, or once somebody said to be late."""
        return self.is_open or any(one.late_minutes for one in self.everyone)

    @property
    def is_watched(self) -> bool:
        """Whether the page asks again by itself: until the end."""
        return self.is_told and not self.is_over

    @property
    def reportable(self) -> list[Attendee]:
        """Those of whom the reader may say that they did not come: the other side; for an organiser, both."""
        return self.others

    @property
    def entered_later(self) -> set[int]:
        """Seats (by id) of those who checked in on a later day."""
        edition = self.meeting.request.edition
        seats = [(one.pk, one.checked_in_at) for one in self.everyone]
        return {pk for pk, at in seats if at is not None and is_late_entry(edition, self.meeting, at)}

    @property
    def everyone(self) -> list[Attendee]:
        return [*self.mine, *self.others]


def held_panel(user: Visitor, meeting: Meeting | None) -> dict[str, Held | None]:
    """`held` for the template meetings/held.html#panel; None where the meeting has no time, or is not the user's to know."""
    if meeting is None or meeting.is_cancelled:
        return {"held": None}
    return {"held": held_of(user, meeting)}


def held_of(user: Visitor, meeting: Meeting) -> Held:
    """Two queries: the people who come, and what was said."""
    edition, people = meeting.request.edition, list(coming_attendees(meeting))
    me = next((one for one in people if one.participant.user_id is not None and one.participant.user_id == user.pk), None)
    held = Held(meeting, me)
    held.mine = [one for one in people if me is not None and one.side == me.side]
    held.others = [one for one in people if one not in held.mine]
    held.outcome = said_meetings(edition).filter(pk=meeting.pk).values_list("outcome", flat=True).first() or "silent"
    held.opens, held.is_open = check_in_opens(meeting), may_say_now(edition, meeting)
    held.may_be_late, held.is_over = may_be_late_now(edition, meeting), meeting.slot.ends_at <= edition.now()
    return held


@dataclass(frozen=True, slots=True)
class Seat:
    """What an agenda says of one's meeting: whether one is checked in or may be, and how late the other side said to be."""

    is_in: bool
    may_check_in: bool
    is_over: bool
    is_reported: bool
    late: int


def seat_of(edition: Edition, meeting: Meeting, people: Sequence[Attendee], participant: Participant) -> Seat | None:
    """Of the people who come, read before; no query. None for whoever does not come."""
    mine = next((one for one in people if one.participant_id == participant.pk), None)
    if mine is None:
        return None
    others = [one for one in people if one.side != mine.side and not one.checked_in_at]
    is_over, is_in = meeting.slot.ends_at <= edition.now(), mine.checked_in_at is not None
    late = 0 if is_over else max((one.late_minutes or 0 for one in others), default=0)
    return Seat(is_in, not is_in and may_say_now(edition, meeting), is_over, bool(mine.absent_cause), late)


def coming_attendees(meeting: Meeting) -> QuerySet[Attendee]:
    """Those who come to the meeting, principals first."""
    coming = Attendee.objects.filter(request=meeting.request_id, part=Part.COMING).order_by(*PRINCIPALS_FIRST)
    return coming.select_related("participant__company", "participant__edition", "absent_by", "checked_in_by")


SCAN_AFTER = dt.timedelta(hours=1)
"""How long after the end a badge may still be scanned."""


def meeting_with(me: Participant, other: Participant) -> Meeting | None:
    """The meeting that two people of different sides have now: under way, about to begin, or just over; the nearest one."""
    now = me.edition.now()
    seat = Attendee.objects.filter(request=OuterRef("request"), part=Part.COMING)
    across = Exists(seat.filter(participant=other).exclude(side=OuterRef("my_side")))
    near = Meeting.objects.filter(timetable__edition=me.edition_id, timetable__state=TimetableState.PUBLISHED, is_cancelled=False)
    near = near.filter(slot__starts_at__lte=now + EARLY, slot__ends_at__gt=now - SCAN_AFTER)
    near = near.annotate(my_side=Subquery(seat.filter(participant=me).values("side")[:1])).filter(across, my_side__isnull=False)
    found = near.select_related("slot", "table__hall", "request__edition", "request__sender__company__booth")
    found = found.select_related("request__receiver__company__booth", "slot")
    return min(found, key=lambda one: max(one.slot.starts_at - now, now - one.slot.ends_at, dt.timedelta()), default=None)
