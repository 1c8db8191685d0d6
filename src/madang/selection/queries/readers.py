"""Who reads one entry and why, and why others do not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madang.kernels.jury import assignment as kernel
from madang.selection.models import Axis, Call, Criterion, Entry, Juror, Reading, ReadingState, Score
from madang.selection.queries.assignment import board_of
from madang.selection.queries.ranking import axis_mark

REASONS: dict[str, str | Promise] = {
    "locked": _("set by hand, or begun"),
    "only_choice": _("no more than these may read it"),
    "preferred": _("in a language she prefers"),
    "chosen": _("among several: even loads, mixed countries"),
    "conflict": _("conflict of interest"),
    "forbidden": _("gave it back"),
    "no_language": _("no language in common"),
    "own_country": _("of one of the entry’s countries"),
    "compatriots": _("there are enough jurors of the entry’s countries"),
    "full": _("has as many entries as she takes"),
    "even_load": _("has as much to read as those who read it, or more"),
    "dearer": _("another fits better: language, countries"),
    "as_good": _("as good as one who reads it"),
    "better": _("would fit better than one who reads it"),
    "could_be_added": _("a reader is missing: she could be added"),
    "all_locked": _("all its readers are set by hand"),
    "not_kept": _("set by hand, but not among the readers"),
}
"""Codes of the kernel in words."""
POINTS: dict[str, str | Promise] = {
    "language": _("not the language she prefers"),
    "compatriot": _("of one of the entry’s countries"),
    "same_country": _("from the same country as another reader"),
    "lopsided": _("reads much of this country"),
}


@dataclass(frozen=True)
class ReaderRow:
    """One reading on the entry's page: its marks by axis are never added."""

    reading: Reading
    why: str | Promise
    but: list[str | Promise]
    marks: list[tuple[str, float | None]]


def reader_rows(entry: Entry) -> list[ReaderRow]:
    """All readings of an entry, those given back last."""
    rows = Reading.objects.filter(entry=entry).select_related("juror__participant__edition", "juror__call")
    readings = sorted(rows, key=lambda r: (r.state == ReadingState.RECUSED, r.pk))
    given: dict[int, dict[int, int]] = {}
    for reading, criterion, value in Score.objects.filter(reading__entry=entry).values_list("reading", "criterion", "value"):
        given.setdefault(reading, {})[criterion] = value
    criteria = list(entry.call.criteria.all())
    return [_row(reading, criteria, given.get(reading.pk, {})) for reading in readings]


def _row(reading: Reading, criteria: list[Criterion], given: dict[int, int]) -> ReaderRow:
    reason: dict[str, Any] = reading.reason or {}
    code = "locked" if reading.is_locked else str(reason.get("code", ""))
    but = [POINTS[name] for name, _points in reason.get("points", []) if name in POINTS]
    marks = [(str(axis.label), axis_mark([c for c in criteria if c.axis == axis], given)) for axis in Axis]
    shown = marks if reading.state == ReadingState.DONE else []
    return ReaderRow(reading, REASONS.get(code, ""), but, shown)


@dataclass(frozen=True)
class Other:
    """A juror who does not read the entry, and why."""

    juror: Juror
    why: str | Promise
    instead: Juror | None


def other_reasons(entry: Entry) -> list[Other]:
    """Every juror who does not read the entry, with the reason; those who could come first."""
    board = board_of(entry.call)
    plan = kernel.Plan(kernel.Status.FEASIBLE, tuple(board.current))
    jurors = {juror.pk: juror for juror in _seated(entry.call)}
    reasons = [r for r in kernel.explain(board.problem, plan, entry=entry.pk) if not r.reads]
    order = {code: n for n, code in enumerate(("could_be_added", "better", "as_good", "dearer", "even_load", "full"))}
    reasons.sort(key=lambda r: order.get(r.code, len(order)))
    named = [(jurors.get(int(r.juror)), r) for r in reasons]
    return [
        Other(juror, REASONS.get(r.code, r.code), jurors.get(int(r.instead)) if r.instead is not None else None)
        for juror, r in named
        if juror is not None
    ]


def _seated(call: Call) -> list[Juror]:
    return list(call.jurors.filter(left_at=None).select_related("participant__edition"))


def barred_words(rows: list[list[Any]]) -> list[tuple[str | Promise, int]]:
    """Of a shortage: what keeps other jurors out, and how often."""
    counts: Counter[str] = Counter()
    for code, count in rows:
        counts[code] += count
    return [(REASONS.get(code, code), count) for code, count in counts.most_common()]
