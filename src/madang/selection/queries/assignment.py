"""Rows of a call into the kernel's problem, and what an assignment would do, in figures and words."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from madang.kernels.jury import assignment as kernel
from madang.selection.models import AssignmentRun, Call, Conflict, Entry, EntryState, Juror, Reading, ReadingState

FIXED = (ReadingState.BEGUN, ReadingState.DONE)
"""What a juror has begun stays hers."""


@dataclass(frozen=True)
class Board:
    """A call as the kernel sees it. `before`: the pairs to be kept; `current`: the readings there are."""

    problem: kernel.Problem
    before: kernel.Plan
    current: frozenset[kernel.Pair]
    digest: str


def board_of(call: Call, *, anew: bool = False, most_compatriots: int | None = 1) -> Board:
    """The call's problem by four queries. `anew`: only what is begun, scored or set by hand is kept; else every reading is."""
    entries = list(call.entries.filter(state=EntryState.SUBMITTED).order_by("pk"))
    jurors = list(call.jurors.select_related("participant").order_by("pk"))
    readings = list(Reading.objects.filter(juror__call=call).order_by("pk"))
    conflicts = list(Conflict.objects.filter(juror__call=call).order_by("pk"))
    known = {entry.pk for entry in entries}
    barred, waived = _barred(conflicts, known)
    locked, surplus, loose = _standing(call, [r for r in readings if r.entry_id in known], {(c.entry, c.juror) for c in barred})
    loads = Counter(pair.juror for pair in locked)
    extra = Counter(pair.juror for pair in surplus)
    problem = kernel.Problem(
        entries=tuple(_entry(entry) for entry in entries),
        jurors=tuple(_juror(j, loads[j.pk], extra[j.pk]) for j in jurors if j.left_at is None or loads[j.pk]),
        readers=call.readers,
        conflicts=barred,
        forbidden=_given_back(readings, known, waived) - locked,
        locked=locked,
        most_compatriots=most_compatriots,
    )
    seated = {j.id for j in problem.jurors}
    problem = replace(problem, conflicts=tuple(c for c in barred if c.juror in seated), forbidden=_of(problem.forbidden, seated))
    moving = tuple(pair for pair in loose if pair.juror in seated)
    before = kernel.Plan(kernel.Status.FEASIBLE, (*sorted(locked), *(() if anew else moving)))
    return Board(problem, before, locked | frozenset(moving), _digest(call, entries, jurors, readings, conflicts))


def _of(pairs: Iterable[kernel.Pair], jurors: set[kernel.Id]) -> frozenset[kernel.Pair]:
    return frozenset(pair for pair in pairs if pair.juror in jurors)


def _entry(entry: Entry) -> kernel.Entry:
    return kernel.Entry(entry.pk, codes(entry.languages) | codes(entry.subtitles), tuple(entry.country_list))


def _juror(juror: Juror, locked: int, surplus: int) -> kernel.Juror:
    person, speaks = juror.participant, codes(juror.languages)
    most = locked if juror.left_at else None if juror.most is None else max(locked, juror.most - surplus)
    prefers = frozenset({person.language[:2]}) & speaks if person.language else frozenset()
    return kernel.Juror(juror.pk, speaks, person.country or None, prefers, 0, most)


def codes(text: str) -> frozenset[str]:
    """Languages as they are compared: "en-GB, KO" is en and ko."""
    return frozenset(part.strip().lower().split("-")[0] for part in text.split(",") if part.strip())


def _barred(conflicts: list[Conflict], known: set[int]) -> tuple[tuple[kernel.Conflict, ...], set[tuple[int, int]]]:
    """Those that count, and the pairs of those that were found harmless."""
    live = [c for c in conflicts if not c.is_waived and c.entry_id in known]
    waived = {(c.entry_id, c.juror_id) for c in conflicts if c.is_waived}
    return tuple(kernel.Conflict(c.entry_id, c.juror_id, c.kind) for c in live), waived


def _given_back(readings: list[Reading], known: set[int], waived: set[tuple[int, int]]) -> frozenset[kernel.Pair]:
    back = (r for r in readings if r.state == ReadingState.RECUSED and r.entry_id in known)
    return frozenset(kernel.Pair(r.entry_id, r.juror_id) for r in back if (r.entry_id, r.juror_id) not in waived)


def _standing(
    call: Call, readings: list[Reading], barred: set[tuple[kernel.Id, kernel.Id]]
) -> tuple[frozenset[kernel.Pair], frozenset[kernel.Pair], list[kernel.Pair]]:
    """Pairs that stay (as many as there are readers of an entry), those beyond that number, and those that may move."""
    locked: dict[int, list[kernel.Pair]] = defaultdict(list)
    surplus, loose = [], []
    for reading in readings:
        pair = kernel.Pair(reading.entry_id, reading.juror_id)
        if reading.state == ReadingState.RECUSED or pair in barred:
            continue
        if reading.state not in FIXED and not reading.is_locked:
            loose.append(pair)
        elif len(locked[reading.entry_id]) < call.readers:
            locked[reading.entry_id].append(pair)
        else:
            surplus.append(pair)
    return frozenset(p for pairs in locked.values() for p in pairs), frozenset(surplus), loose


def _digest(call: Call, entries: list[Entry], jurors: list[Juror], readings: list[Reading], conflicts: list[Conflict]) -> str:
    """Of all that an assignment rests on: where it differs, the assignment is of yesterday."""
    facts = (
        call.readers,
        [(e.pk, e.languages, e.subtitles, e.countries) for e in entries],
        [(j.pk, j.languages, j.most, j.left_at is None) for j in jurors],
        sorted((r.entry_id, r.juror_id, str(r.state), r.is_locked) for r in readings),
        [(c.entry_id, c.juror_id, c.is_waived) for c in conflicts],
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def latest_assignment(call: Call) -> AssignmentRun | None:
    """The last run of the call, whatever came of it."""
    return AssignmentRun.objects.filter(call=call).select_related("asked_by", "edition").order_by("-pk").first()


def report_of(board: Board, plan: kernel.Plan, settings: dict[str, Any]) -> dict[str, Any]:
    """What the run keeps: figures for the page, the pairs to be written, and why something cannot be."""
    problem, old = board.problem, board.current
    now, figures = set(plan.pairs), kernel.summary(problem, plan)
    before = Counter(pair.juror for pair in old)
    return {
        "settings": settings,
        "digest": board.digest,
        "status": plan.status.value,
        "pairs": [list(pair) for pair in plan.pairs],
        "reasons": [[r.code, [list(p) for p in r.points]] for r in kernel.readings(problem, plan)],
        "new": len(now - old),
        "gone": len(old - now),
        "missing": plan.missing,
        "price": plan.price,
        "bound": plan.bound,
        "linked": plan.linked,
        "groups": [list(group) for group in kernel.linking(problem, plan).groups] if plan.linked is False else [],
        "loads": [[juror, before[juror], load] for juror, load in figures.loads],
        "readers": [list(row) for row in figures.readers],
        "compatriots": figures.compatriots,
        "unpreferred": figures.unpreferred,
        "one_country": len(figures.one_country),
        "shortages": [_shortage(problem, s) for s in plan.shortages],
        "seconds": round(plan.seconds, 2),
    }


def _shortage(problem: kernel.Problem, short: kernel.Shortage) -> dict[str, Any]:
    named = {entry.id: entry for entry in problem.entries}
    languages = Counter(code for e in short.entries for code in named[e].languages)
    return {
        "kind": short.kind,
        "entries": list(short.entries[:20]),
        "count": len(short.entries),
        "jurors": list(short.jurors),
        "need": short.need,
        "room": short.room,
        "short": short.short,
        "languages": sorted(code for code, n in languages.items() if n == len(short.entries)),
        "barred": [list(row) for row in short.barred],
    }
