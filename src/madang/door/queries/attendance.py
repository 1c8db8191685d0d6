"""Who came: by event, allotment and country; who had booked and did not; how the audience voted."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Count, Q

from madang.catalogue.models import Title
from madang.door.models import Admission, Vote
from madang.kernels.impact.cells import suppress
from madang.kernels.impact.interval import t_quantile
from madang.markets.models import Edition
from madang.programme.models import Event, EventKind
from madang.seating.models import AllotmentKind, Ticket, TicketState

LEAST = 5
"""Fewer people than that are not shown in public."""
LEVEL = 0.90
FEWEST_VOTES = 8
"""Of fewer votes no mean is told: an interval of so few, from 1 to 5, is as wide as the scale."""


@dataclass(frozen=True, slots=True)
class Came:
    """One event: people by allotment and country, tickets of people who did not come, places in all (None: not known)."""

    event: Event
    by_allotment: Counter[str]
    by_country: Counter[str]
    no_shows: int
    room: int | None

    @property
    def total(self) -> int:
        return sum(self.by_allotment.values())


@dataclass(frozen=True, slots=True)
class Opinion:
    """How an audience voted. `low` and `high` are None where too few voted.

    `counts`: votes for 1, 2, 3, 4, 5. The interval is of the mean of everybody who was there (`seats`), as if those who voted
    were drawn from them: Student's t, with the finite population correction (Cochran, Sampling Techniques, 1977, 2.6 and 2.8).
    """

    counts: tuple[int, ...]
    seats: int
    mean: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def votes(self) -> int:
        return sum(self.counts)


def attendance_of(edition: Edition) -> list[Came]:
    """Every event that somebody came to, or for which somebody's ticket was not used, in the order of time. Four queries.

    Whoever has not come to an event that is not over may still come.
    """
    rows = Admission.objects.filter(event__edition=edition).order_by()
    allotments, countries = Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    for event, kind, country, count in rows.values_list("event", "allotment", "country").annotate(count=Count("pk")):
        allotments[event, kind] += count
        countries[event, country] += count
    tickets = Ticket.objects.filter(place__seating__event__edition=edition).order_by().values_list("place__seating__event")
    is_over = Q(state=TicketState.VALID, place__seating__event__ends_at__lte=edition.now())
    missed = Q(admissions=None) & (is_over | Q(state=TicketState.RELEASED))
    missing = {event: count for event, count in tickets.annotate(count=Count("pk", filter=missed)) if count}
    known = {event for event, _kind in allotments} | set(missing)
    events = Event.objects.filter(pk__in=known).select_related("title", "hall", "edition", "seating")
    places = dict(
        Event.objects.filter(pk__in=known).order_by().annotate(count=Count("seating__places")).values_list("pk", "count")
    )
    return [
        Came(
            event,
            Counter({kind: n for (pk, kind), n in allotments.items() if pk == event.pk}),
            Counter({code: n for (pk, code), n in countries.items() if pk == event.pk}),
            missing.get(event.pk, 0),
            places[event.pk] or event.hall.capacity,
        )
        for event in events.order_by("starts_at", "code")
    ]


def kinds_seen(rows: Sequence[Came]) -> list[AllotmentKind]:
    """The allotments of which somebody came to something, in their order."""
    return [kind for kind in AllotmentKind if any(row.by_allotment[kind] for row in rows)]


def shown_again(rows: Sequence[Came]) -> list[tuple[Title, int, int]]:
    """Titles that people came to see at several screenings: how many screenings, how many people, counted at each."""
    came: dict[Title, list[int]] = {}
    for row in rows:
        if row.event.title is not None and row.event.kind == EventKind.SCREENING:
            came.setdefault(row.event.title, []).append(row.total)
    return [(title, len(counts), sum(counts)) for title, counts in came.items() if len(counts) > 1]


def opinions_of(events: Sequence[Event]) -> dict[int, Opinion]:
    """By event, for those somebody voted on. Two queries."""
    rows = Vote.objects.filter(admission__event__in=events).order_by().values_list("admission__event", "value")
    counts: dict[int, Counter[int]] = {}
    for event, value, count in rows.annotate(count=Count("pk")):
        counts.setdefault(event, Counter())[value] = count
    seats = dict(Admission.objects.filter(event__in=events).order_by().values_list("event").annotate(count=Count("pk")))
    return {event: opinion(tuple(found[value] for value in range(1, 6)), seats[event]) for event, found in counts.items()}


def opinion(counts: tuple[int, ...], seats: int) -> Opinion:
    """The mean and its interval at LEVEL; neither where fewer than FEWEST_VOTES voted. Never outside 1 to 5."""
    votes = sum(counts)
    if votes < FEWEST_VOTES:
        return Opinion(counts, seats)
    values = np.repeat(np.arange(1, 6), counts)
    mean = float(values.mean())
    left_out = max(0.0, 1 - votes / max(seats, votes))
    half = t_quantile(LEVEL, votes - 1) * float(values.std(ddof=1)) * math.sqrt(left_out / votes)
    return Opinion(counts, seats, mean, max(1.0, mean - half), min(5.0, mean + half))


@dataclass(frozen=True, slots=True)
class Shown:
    """One event as the public sees it: people by allotment in the order of `AllotmentKind`, None where they are too few."""

    event: Event
    by_allotment: tuple[int | None, ...]
    total: int | None


def public_attendance(rows: Sequence[Came]) -> list[Shown]:
    """Small cells are hidden, and so many others that nobody computes them. Empty where everything would be hidden."""
    rows = [row for row in rows if row.total]
    table = [[row.by_allotment[kind] for kind in AllotmentKind.values] for row in rows]
    if not rows or sum(map(sum, table)) < 2 * LEAST:
        return []
    shown = suppress(table).shown
    cells = [[None if math.isnan(cell) else round(cell) for cell in row] for row in shown]
    return [Shown(row.event, tuple(cells[number][:-1]), cells[number][-1]) for number, row in enumerate(rows)]
