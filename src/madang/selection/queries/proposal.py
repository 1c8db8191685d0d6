"""A computed assignment as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from madang.selection.models import AssignmentRun, Entry, Juror
from madang.selection.queries.readers import barred_words


@dataclass(frozen=True)
class Load:
    """A juror's readings before and after."""

    juror: Juror
    before: int
    after: int


@dataclass(frozen=True)
class Lack:
    """Why something cannot be: who would have to read what, and by how much it does not go."""

    kind: str
    entries: list[Entry]
    count: int
    jurors: list[Juror]
    languages: list[str]
    need: int
    room: int
    short: int
    barred: list[tuple[str | Promise, int]]


@dataclass(frozen=True)
class Proposal:
    """The report of a run with its rows; `facts` are its figures."""

    facts: dict[str, Any]
    loads: list[Load]
    most: int
    spread: str
    lacks: list[Lack]
    groups: list[list[Juror]]
    is_proven: bool
    is_taken: bool


def proposal_of(run: AssignmentRun) -> Proposal:
    """Two queries, whatever the size."""
    facts = run.report
    jurors = {j.pk: j for j in Juror.objects.filter(call=run.call_id).select_related("participant__edition")}
    named = {pk for short in facts["shortages"] for pk in short["entries"]}
    entries = {e.pk: e for e in Entry.objects.filter(pk__in=named).select_related("call__edition")}
    loads = [Load(jurors[pk], before, after) for pk, before, after in facts["loads"] if pk in jurors]
    counts = [load.after for load in loads if load.juror.left_at is None]
    return Proposal(
        facts=facts,
        loads=sorted(loads, key=lambda load: -load.after),
        most=max(counts, default=0),
        spread=f"{min(counts)}–{max(counts)}" if counts and min(counts) < max(counts) else str(max(counts, default=0)),
        lacks=[_lack(short, jurors, entries) for short in facts["shortages"]],
        groups=[[jurors[pk] for pk in group if pk in jurors] for group in facts["groups"]],
        is_proven=facts["status"] == "optimal",
        is_taken=run.taken_at is not None,
    )


def _lack(short: dict[str, Any], jurors: dict[int, Juror], entries: dict[int, Entry]) -> Lack:
    return Lack(
        kind=short["kind"],
        entries=[entries[pk] for pk in short["entries"] if pk in entries],
        count=short["count"],
        jurors=[jurors[pk] for pk in short["jurors"] if pk in jurors],
        languages=short["languages"],
        need=short["need"],
        room=short["room"],
        short=short["short"],
        barred=barred_words(short["barred"]),
    )
