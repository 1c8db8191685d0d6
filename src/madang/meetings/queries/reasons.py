"""Why a place is not free, why a request was not placed: the kernel's codes and ids in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madang.kernels.timetable.problem import Plan, Violation
from madang.kit import calendar
from madang.markets.models import Edition, Slot
from madang.meetings.models import MeetingRequest
from madang.meetings.queries.places import booth_of, place_words
from madang.meetings.queries.timetable import Maps
from madang.meetings.queries.versions import SHOWN
from madang.people.models import Participant

MOST = 30
"""Sentences at once; more than that nobody reads."""


def moment_words(slot: Slot, edition: Edition) -> str:
    """When a slot begins, with its zone: "Wed 28 May, 10:00 KST"."""
    here = calendar.in_zone(slot.starts_at, edition.time_zone)
    return f"{calendar.moment_text(here, (get_language() or 'en')[:2])} {calendar.zone_mark(here)}"


def violation_sentences(edition: Edition, maps: Maps, plan: Plan, violations: Sequence[Violation]) -> list[str]:
    """What each violation says and at what time, for the organiser, each sentence once. Two queries, however many."""
    shown = violations[:MOST]
    book = Book(edition, maps, plan, {int(one) for violation in shown for one in violation.ids if isinstance(one, int)})
    return list(dict.fromkeys(book.dated_sentence(violation) for violation in shown))


class Book:
    """The names behind a violation's ids. An id may be of any kind, so each is looked for among requests and people."""

    def __init__(self, edition: Edition, maps: Maps, plan: Plan, ids: Iterable[int]) -> None:
        wanted = list(ids)
        requests = MeetingRequest.objects.filter(edition=edition, pk__in=wanted).select_related(*SHOWN)
        self.requests = {request.pk: request for request in requests}
        self.people = Participant.objects.in_bulk(wanted)
        self.edition, self.maps = edition, maps
        self.table_of = {meeting.id: meeting.table for meeting in plan.meetings}

    def sentence(self, violation: Violation) -> str:
        """What is in the way, where the time is plain from what stands around it."""
        word = WORDS.get(violation.rule)
        return word(self, *violation.ids) if word else violation.text

    def dated_sentence(self, violation: Violation) -> str:
        """The same with its time."""
        if violation.rule not in SLOT_AT:
            return self.sentence(violation)
        words = {"when": self.moment(violation.ids[SLOT_AT[violation.rule]]), "sentence": self.sentence(violation)}
        return _("%(when)s: %(sentence)s") % words

    def person(self, pk: Any) -> str:
        return str(self.people.get(pk, "?"))

    def pair(self, pk: Any) -> str:
        """Both people of a request, e.g. "Ha-neul Seo and Léa Martin"."""
        request = self.requests.get(pk)
        if request is None:
            return f"#{pk}"
        return _("%(one)s and %(other)s") % {"one": request.sender.name, "other": request.receiver.name}

    def other(self, request: Any, person: Any) -> str:
        found = self.requests.get(request)
        if found is None:
            return f"#{request}"
        return (found.receiver if found.sender_id == person else found.sender).name

    def place(self, request: Any) -> str:
        """Where the plan puts the request."""
        table = self.maps.tables.get(self.table_of.get(request))  # type: ignore[arg-type]  # ids are int or None here
        found = self.requests.get(request)
        return place_words(table or (booth_of(found) if found else None))

    def table(self, pk: Any) -> str:
        return place_words(self.maps.tables.get(pk))

    def moment(self, number: Any) -> str:
        return moment_words(self.maps.slot(number), self.edition)

    def day(self, number: Any) -> str:
        days = sorted({slot.starts_at.astimezone(self.edition.zone).date() for slot in self.maps.slots})
        return calendar.day_text(days[number - 1], (get_language() or "en")[:2])


def _forbidden(book: Book, request: Any, person: Any, slot: Any) -> str:
    return _("%(person)s cannot meet then.") % {"person": book.person(person)}


def _session(book: Book, request: Any, slot: Any) -> str:
    return _("%(pair)s asked for the other half of the day.") % {"pair": book.pair(request)}


def _fixed_slot(book: Book, request: Any, slot: Any) -> str:
    asked = book.maps.asked.get(request)
    number = book.maps.number.get(asked.fixed_slot_id) if asked and asked.fixed_slot_id else None
    words = {"pair": book.pair(request), "when": book.moment(number or slot)}
    return _("The meeting of %(pair)s is fixed to %(when)s.") % words


def _fixed_table(book: Book, request: Any, table: Any) -> str:
    return _("The meeting of %(pair)s is fixed to %(table)s.") % {"pair": book.pair(request), "table": book.table(table)}


def _table_missing(book: Book, request: Any) -> str:
    return _("The meeting of %(pair)s needs a table.") % {"pair": book.pair(request)}


def _table_not_allowed(book: Book, request: Any, table: Any) -> str:
    words = {"pair": book.pair(request), "table": book.table(table)}
    return _("The meeting of %(pair)s cannot be at %(table)s: it takes place at a booth.") % words


def _table_closed(book: Book, request: Any, table: Any, slot: Any) -> str:
    return _("%(table)s is closed then.") % {"table": book.table(table)}


def _double_booked(book: Book, person: Any, slot: Any, *requests: Any) -> str:
    other = requests[-1]
    words = {"person": book.person(person), "other": book.other(other, person), "place": book.place(other)}
    if words["place"]:
        return _("%(person)s meets %(other)s then, %(place)s.") % words
    return _("%(person)s meets %(other)s then.") % words


def _max_per_day(book: Book, person: Any, day: Any) -> str:
    words = {"person": book.person(person), "day": book.day(day)}
    return _("%(person)s would have more meetings than wished on %(day)s.") % words


def _table_twice(book: Book, table: Any, slot: Any, *requests: Any) -> str:
    return _("%(table)s is taken then by %(pair)s.") % {"table": book.table(table), "pair": book.pair(requests[-1])}


def _after(book: Book, later: Any, earlier: Any) -> str:
    return _("The meeting of %(later)s must come after that of %(earlier)s.") % {
        "later": book.pair(later),
        "earlier": book.pair(earlier),
    }


def _not_placed(book: Book, request: Any) -> str:
    return _("The meeting of %(pair)s is fixed to a time but does not stand in the timetable.") % {"pair": book.pair(request)}


WORDS: dict[str, Callable[..., str]] = {
    "forbidden": _forbidden,
    "session": _session,
    "fixed_slot": _fixed_slot,
    "fixed_table": _fixed_table,
    "table_missing": _table_missing,
    "table_not_allowed": _table_not_allowed,
    "table_unknown": _table_not_allowed,
    "table_closed": _table_closed,
    "double_booked": _double_booked,
    "max_per_day": _max_per_day,
    "table_twice": _table_twice,
    "after": _after,
    "not_placed": _not_placed,
}
"""The referee's rules. A rule that is not here keeps the kernel's own English words."""
SLOT_AT = {"forbidden": 2, "session": 1, "table_closed": 2, "double_booked": 1, "table_twice": 1}
"""Which of a violation's ids is the slot, for the rules whose sentence leaves the time out."""


def stray_sentences(edition: Edition, strays: Sequence[int]) -> list[str]:
    """Meetings of the draft whose request is gone. One query."""
    rows = MeetingRequest.objects.filter(edition=edition, pk__in=strays[:MOST]).select_related("sender", "receiver", "title")
    return [_stray(request) for request in rows]


def _stray(request: MeetingRequest) -> str:
    words = {"one": request.sender.name, "other": request.receiver.name, "title": str(request.title or "")}
    if request.title is not None and request.title.is_withdrawn:
        return _("%(one)s and %(other)s: the title %(title)s has been withdrawn.") % words
    return _("%(one)s and %(other)s: the request is no longer accepted.") % words
