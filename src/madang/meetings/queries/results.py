"""What the result of a timetable shows: shares in words, charts as numbers, requests without a place."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from madang.kit.search import matching
from madang.markets.models import Edition, Slot
from madang.meetings.models import Attendance, Timetable, Unplaced
from madang.meetings.queries.figures import BANDS
from madang.meetings.queries.timetable import slot_day
from madang.meetings.queries.versions import SHOWN
from madang.people.models import Participant
from madang.people.queries import PERSON_COLUMNS

BAND_WORDS: dict[str, str | Promise] = {
    "none": _("none of them"),
    "to_24": _("less than a quarter"),
    "to_49": _("a quarter to a half"),
    "to_74": _("a half to three quarters"),
    "to_99": _("three quarters or more"),
    "all": _("all of them"),
}
KIND_WORDS: dict[str, str | Promise] = {
    "moved": _("Moved"),
    "placed": pgettext_lazy("meetings", "New"),
    "cancelled": _("Cancelled"),
}


def percent(part: float | None, whole: float | None) -> float | None:
    """How much of the whole, in per cent, rounded down to one digit: "at least" stays true. None where it is not known."""
    if part is None or not whole:
        return None
    return min(100.0, math.floor(1000 * part / whole) / 10)


@dataclass(frozen=True)
class Column:
    """One slot in the chart of a day: meetings at tables and at booths; `x`, `y`, `height` in the units of the drawing."""

    slot: Slot
    at_tables: int
    at_booths: int
    x: float
    y: float
    height: float
    booth_y: float
    booth_height: float


@dataclass(frozen=True)
class DayChart:
    date: dt.date
    columns: list[Column]
    width: int
    capacity_y: float


STEP, HEIGHT = 10, 60
"""Width of a slot and height of the chart in the drawing's own units."""


def result_of(timetable: Timetable, edition: Edition) -> dict[str, Any]:
    """The figures of a timetable for its page. One query."""
    said, figures = timetable.result, timetable.result.get("figures", {})
    bands = figures.get("bands", {})
    return {
        **figures,
        "status": said.get("status"),
        "stopped": said.get("stopped", False),
        "seconds": said.get("seconds"),
        "share": percent(figures.get("weight"), said.get("bound")),
        "fulfilled": percent(figures.get("placed"), figures.get("possible")),
        "missing": figures.get("possible", 0) - figures.get("placed", 0),
        "is_best": said.get("status") == "optimal" and figures.get("weight") == said.get("objective"),
        "band_rows": [(BAND_WORDS[name], bands.get(name, 0)) for name in BANDS],
        "charts": _charts(edition, figures.get("slots", []), figures.get("tables", 0)),
    }


def _charts(edition: Edition, counts: list[list[int]], tables: int) -> list[DayChart]:
    """Meetings by slot against the tables there are, a drawing for each day."""
    number = {pk: (at_tables, at_booths) for pk, at_tables, at_booths in counts}
    most = max([tables, *(a + b for a, b in number.values())], default=0) or 1
    days: dict[dt.date, list[Slot]] = {}
    for slot in edition.slots.order_by("starts_at"):
        days.setdefault(slot_day(slot, edition), []).append(slot)
    return [
        DayChart(
            date,
            [_column(n, slot, *number.get(slot.pk, (0, 0)), most) for n, slot in enumerate(slots)],
            STEP * len(slots),
            round(HEIGHT * (1 - tables / most), 2),
        )
        for date, slots in days.items()
    ]


def _column(n: int, slot: Slot, at_tables: int, at_booths: int, most: int) -> Column:
    height, booth = round(HEIGHT * at_tables / most, 2), round(HEIGHT * at_booths / most, 2)
    return Column(
        slot, at_tables, at_booths, n * STEP + 1, round(HEIGHT - height, 2), height, round(HEIGHT - height - booth, 2), booth
    )


def unplaced_requests(timetable: Timetable, text: str = "", *, only_without_meeting: bool = False) -> QuerySet[Unplaced]:
    """Requests that the timetable has no place for, those of the people and companies that the text names."""
    found = matching(Unplaced.objects.filter(timetable=timetable), text, UNPLACED_COLUMNS)
    if only_without_meeting:
        meets = [Attendance.objects.filter(timetable=timetable, participant=OuterRef(f"request__{side}")) for side in SIDES]
        found = found.exclude(Exists(meets[0]), Exists(meets[1]))
    related = [f"request__{name}" for name in SHOWN]
    return found.select_related(*related).order_by("request__code", "pk")


SIDES = ("sender", "receiver")
UNPLACED_COLUMNS = [f"request__{side}__{column}" for side in SIDES for column in PERSON_COLUMNS]
"""Where the words of a search for a person or company may stand."""


def code_counts(unplaced: QuerySet[Unplaced]) -> list[tuple[str, int]]:
    """How many requests have each reason, the most common first."""
    rows = unplaced.select_related(None).order_by().values_list("code").annotate(n=Count("pk"))
    return sorted(rows, key=lambda row: (-row[1], row[0]))


@dataclass(frozen=True)
class UnplacedRow:
    """A request without a place, and why, in sentences."""

    unplaced: Unplaced
    sentences: list[str]


def unplaced_rows(unplaced: Iterable[Unplaced], edition: Edition) -> list[UnplacedRow]:
    """The rows of a page with their reasons in words. One query for the people named in the reasons."""
    rows = list(unplaced)
    ids = {pk for row in rows for pk in row.details.get("people", [])}
    people = Participant.objects.filter(edition=edition).in_bulk(ids)
    return [UnplacedRow(row, _sentences(row, people)) for row in rows]


def _sentences(row: Unplaced, people: dict[int, Participant]) -> list[str]:
    named = [people[pk].name for pk in row.details.get("people", []) if pk in people]
    obstacles = row.details.get("obstacles", {})
    words = [OBSTACLES[code](number) % {"count": number} for code, number in obstacles.items() if code in OBSTACLES]
    return [reason_sentence(row.code, named), *words]


CODES: dict[str, tuple[str | Promise, str | Promise, str | Promise]] = {
    "no_common_slot": (
        _("No common time"),
        _("There is no slot in which both can meet."),
        _("There is no slot in which both can meet: %(people)s."),
    ),
    "no_open_table": (_("No table at all"), _("In no slot that suits both is there a table that may serve them."), ""),
    "table_full": (_("Tables full"), _("Wherever both are free, every table is taken."), ""),
    "day_cap": (
        _("Enough for a day"),
        _("The meetings a day that one of them wished for are reached."),
        _("On every day on which both could meet, the number of meetings a day is reached for %(people)s."),
    ),
    "stronger_wishes": (
        _("Stronger wishes"),
        _("The slots went to meetings that are wished at least as much."),
        _("Every slot of %(people)s went to meetings that are wished at least as much."),
    ),
    "person_full": (_("Nothing left"), _("One of them has no slot left."), _("No slot is left for: %(people)s.")),
    "both_busy": (_("Never free together"), _("Whenever one of them is free, the other is busy."), ""),
    "order": (
        pgettext_lazy("reason", "Order"),
        _("It has to come before or after another meeting, and no slot that is left allows it."),
        "",
    ),
    "could_be_placed": (_("There is room"), _("There is room for it: look for a place on the grid."), ""),
    "title_withdrawn": (_("Title withdrawn"), _("The title that it is about has been withdrawn."), ""),
    "nobody_named": (_("Nobody named"), _("For one of the two sides nobody comes: somebody has to be named."), ""),
    "accepted_later": (_("Accepted later"), _("It was accepted after the timetable had been computed."), ""),
    "removed_by_hand": (_("Taken off by hand"), _("An organiser took it off the draft; there is room for it."), ""),
    "time_passed": (_("Time has passed"), _("The time it was given had begun before the timetable was published."), ""),
    "made_room": (_("Made room"), _("Its place in the draft went to what was agreed in the meantime."), ""),
    "cancelled": (pgettext_lazy("reason", "Cancelled"), _("Its meeting was cancelled; the two still look for another time."), ""),
    "no_longer_accepted": (_("No longer accepted"), _("The request is no longer accepted."), ""),
    "dropped_at_publishing": (
        _("Left out at publishing"),
        _("It no longer fitted when the timetable was published: somebody had become unavailable, or a rule had changed."),
        "",
    ),
}
"""A reason's code: its short name, its sentence, and its sentence with `%(people)s`."""
OBSTACLES: dict[str, Callable[[int], str]] = {
    "busy": lambda count: ngettext(
        "In %(count)s slot one of them is in another meeting.", "In %(count)s slots one of them is in another meeting.", count
    ),
    "table_full": lambda count: ngettext(
        "In %(count)s slot every table is taken.", "In %(count)s slots every table is taken.", count
    ),
}
"""What stood in the way in how many slots, as a sentence."""


def code_words(code: str) -> str:
    """The short name of a reason, for a filter."""
    return str(CODES[code][0]) if code in CODES else code


def reason_sentence(code: str, people: list[str]) -> str:
    """A reason as a sentence; with the people it is about where the kernel named them."""
    if code not in CODES:
        return code
    _short, alone, named = CODES[code]
    if people and named:
        return str(named) % {"people": joined(people)}
    return str(alone)


def joined(names: list[str]) -> str:
    """Names in a row: "A and B", "A, B, C"."""
    if len(names) == 2:
        return gettext("%(one)s and %(other)s") % {"one": names[0], "other": names[1]}
    return ", ".join(names)
