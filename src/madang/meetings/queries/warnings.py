"""What would make meetings fail: nobody named, nobody to be reached, people who left, no address, calendars gone stale."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from madang.markets.models import Edition
from madang.meetings.models import (
    OPEN_STATUSES,
    Attendance,
    Form,
    Meeting,
    MeetingRequest,
    RequestStatus,
    TimetableState,
)
from madang.meetings.queries.attendees import without_a_side
from madang.meetings.queries.busy import Busy, busy_slots, venue_of
from madang.meetings.queries.requests import with_people
from madang.people.models import Participant

UNREACHABLE = Q(user=None, email="")
"""Who can neither sign in nor be written to."""

KINDS: dict[str, str | Promise] = {
    "nobody": gettext_lazy("Nobody named"),
    "left": gettext_lazy("People who dropped out"),
    "busy": gettext_lazy("Meetings over something else"),
    "link": gettext_lazy("Online without address"),
    "unreachable": pgettext_lazy("people", "Not reachable"),
}
"""Each kind of warning, the most pressing first."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is about, what is wrong, and where it is mended."""

    title: str
    text: str
    link: str
    link_text: str


def unnamed_requests(edition: Edition) -> QuerySet[MeetingRequest]:
    """Sent or agreed, with nobody coming for a side."""
    open_ones = MeetingRequest.objects.filter(edition=edition, status__in=OPEN_STATUSES).exclude(_is_over(edition))
    return without_a_side(open_ones).order_by("code", "pk")


def _is_over(edition: Edition) -> Exists:
    """For a query of requests: their meeting stood in the timetable, and is over."""
    over = Meeting.objects.filter(timetable__edition=edition, timetable__state=TimetableState.PUBLISHED, is_cancelled=False)
    return Exists(over.filter(request=OuterRef("pk"), slot__ends_at__lte=edition.now()))


def linkless_requests(edition: Edition) -> QuerySet[MeetingRequest]:
    """Agreed online meetings that nobody could join."""
    online = MeetingRequest.objects.filter(edition=edition, status=RequestStatus.ACCEPTED, form=Form.ONLINE, link="")
    return online.exclude(_is_over(edition)).order_by("code", "pk")


def unreachable_people(edition: Edition) -> QuerySet[Participant]:
    """Those who come to meetings and can neither sign in nor be written to, with how many these are (`meetings`)."""
    comes = Q(attending__part="coming", attending__request__status__in=OPEN_STATUSES)
    people = Participant.objects.filter(UNREACHABLE, comes, edition=edition, left_at=None)
    return people.annotate(meetings=Count("attending", filter=comes)).order_by("family_name", "given_name", "pk")


def _attendances(edition: Edition) -> QuerySet[Attendance]:
    """Everybody who is at a published meeting that is not over."""
    rows = Attendance.objects.filter(timetable__edition=edition, timetable__state=TimetableState.PUBLISHED)
    return rows.filter(slot__ends_at__gt=edition.now()).order_by("slot__starts_at", "pk")


def gone_attendances(edition: Edition) -> QuerySet[Attendance]:
    """Those of them who dropped out of the edition."""
    return _attendances(edition).filter(participant__left_at__isnull=False)


def overlaid_attendances(edition: Edition) -> list[tuple[int, Busy]]:
    """Those of them (ids) who are somewhere else then by their own calendar, and why. Six queries."""
    venue = venue_of(edition)
    busy = busy_slots(edition, venue=venue)
    if not busy:
        return []
    numbers = {slot.pk: number for number, slot in enumerate(venue.slots, 1)}
    rows = _attendances(edition).filter(participant__left_at=None).values_list("pk", "participant_id", "slot_id")
    return [(pk, busy[person][numbers[slot]]) for pk, person, slot in rows if numbers[slot] in busy.get(person, {})]


def warning_counts(edition: Edition) -> dict[str, int]:
    """How many warnings of each kind there are. Eleven queries, twelve where queues were measured."""
    return {
        "nobody": unnamed_requests(edition).count(),
        "left": gone_attendances(edition).count(),
        "busy": len(overlaid_attendances(edition)),
        "link": linkless_requests(edition).count(),
        "unreachable": unreachable_people(edition).count(),
    }


def warnings_of(edition: Edition, kind: str) -> Sequence[Any]:
    """All of one kind, to be cut into pages; `warning_rows` puts a page of them into words."""
    if kind == "busy":
        return overlaid_attendances(edition)
    sets: dict[str, QuerySet[Any]] = {
        "nobody": with_people(unnamed_requests(edition)),
        "left": gone_attendances(edition).select_related("participant", "meeting__request"),
        "link": with_people(linkless_requests(edition)),
        "unreachable": unreachable_people(edition).select_related("company"),
    }
    return sets[kind]  # type: ignore[return-value]  # a paginator cuts a query set as it cuts a list


def warning_rows(edition: Edition, kind: str, found: Iterable[Any]) -> list[Line]:
    """The lines of a page. One query more at most."""
    if kind == "busy":
        reasons = dict(found)
        rows = Attendance.objects.filter(pk__in=reasons).select_related("participant", "meeting__request", "slot")
        return [_overlaid(edition, row, reasons[row.pk]) for row in rows.order_by("slot__starts_at", "pk")]
    words: dict[str, Callable[[Edition, Any], Line]] = {
        "nobody": _unnamed,
        "left": _gone,
        "link": _linkless,
        "unreachable": _unreachable,
    }
    return [words[kind](edition, one) for one in found]


def _pair(request: MeetingRequest) -> str:
    return _("%(one)s and %(other)s") % {"one": request.sender.name, "other": request.receiver.name}


def _page(edition: Edition, name: str, code: str) -> str:
    return reverse(f"meetings:{name}", args=[edition.slug, code])


def _unnamed(edition: Edition, request: MeetingRequest) -> Line:
    text = _("For one side nobody comes.")
    return Line(_pair(request), text, _page(edition, "people", request.code), _("Name somebody"))


def _linkless(edition: Edition, request: MeetingRequest) -> Line:
    text = _("They meet online, and no address is known.")
    return Line(_pair(request), text, _page(edition, "place", request.code), _("Give the address"))


def _gone(edition: Edition, row: Attendance) -> Line:
    text = _("Dropped out, and still stands in a published meeting.")
    return Line(row.participant.name, text, _page(edition, "people", row.meeting.request.code), _("Name a colleague"))


def _overlaid(edition: Edition, row: Attendance, why: Busy) -> Line:
    text = _("Goes to an event at the time of a meeting.") if why.kind == "event" else _("Cannot meet at the time of a meeting.")
    return Line(row.participant.name, text, _page(edition, "meeting", row.meeting.request.code), _("The meeting"))


def _unreachable(edition: Edition, person: Any) -> Line:
    text = ngettext(
        "Comes to %(n)s meeting, and has neither an account nor an e-mail address.",
        "Comes to %(n)s meetings, and has neither an account nor an e-mail address.",
        person.meetings,
    ) % {"n": person.meetings}
    link = reverse("desk:people", args=[edition.slug]) + "?gap=email"
    return Line(person.name, text, link, _("People without e-mail"))
