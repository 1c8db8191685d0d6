"""Contradictions against trying every placing of the musts, on tiny problems and by example."""

import time
from collections import Counter
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from kernels.timetable.oracle import best
from kernels.timetable.problems import SHARED, market, needs_shared, tiny_problems

from madang.kernels.timetable import (
    Contradiction,
    Fact,
    Goal,
    Participant,
    Problem,
    Request,
    Slot,
    Table,
    contradictions,
    read_dzn,
    write_json,
)
from madang.kernels.timetable.commandline import main

thorough = settings(deadline=None, max_examples=80, suppress_health_check=list(HealthCheck))


def musts(problem):
    every = problem.goal is Goal.BREAKS
    return [r for r in problem.requests if every or r.required or r.fixed_slot is not None]


def facts_of(problem):
    """All that the problem says about its musts, as (kind, ids): written from the documentation alone."""
    found = {("one_place", (p.id,)) for p in problem.participants} | {("away", (p.id,)) for p in problem.participants}
    found |= {("cap", (p.id, p.max_per_day)) for p in problem.participants if p.max_per_day is not None}
    for slot in range(1, len(problem.slots) + 1):
        found.add(("tables", (slot, sum(1 for t in problem.tables if t.shared and slot not in t.closed))))
    found |= {(kind, (t.id,)) for t in problem.tables for kind in ("closed", "one_meeting")}
    ids = {r.id for r in musts(problem)}
    for request in musts(problem):
        found.add(("fixed", (request.id, request.fixed_slot)) if request.fixed_slot else ("required", (request.id,)))
        found |= {("session", (request.id, request.session))} if request.session else set()
        found |= {("after", (request.id, b)) for b in request.after if b in ids}
    return found


def possible(problem, facts, away=None, closed=None):
    """Whether the musts can be placed so that these facts hold; `away` and `closed` narrow those facts to some slots."""
    rows = [r for r in musts(problem) if ("required", (r.id,)) in facts or ("fixed", (r.id, r.fixed_slot)) in facts]
    away = away or {p.id: p.forbidden for p in problem.participants}
    closed = closed or {t.id: t.closed for t in problem.tables}

    def place(depth, placed):
        if depth == len(rows):
            return True
        row = rows[depth]
        for slot in range(1, len(problem.slots) + 1):
            for table in tables_for(row):
                tried = [*placed, (row, slot, table)]
                if holds(tried) and place(depth + 1, tried):
                    return True
        return False

    def tables_for(row):
        if row.fixed_table is not None:
            return [row.fixed_table]
        return ["any"] if row.tables is None else list(row.tables) or [None]

    def holds(placed):
        row, slot, table = placed[-1]
        if row.fixed_slot not in (None, slot) or (
            row.session != problem.slots[slot - 1].session and ("session", (row.id, row.session)) in facts
        ):
            return False
        if any(("away", (p,)) in facts and slot in away[p] for p in row.participants):
            return False
        if table in closed and slot in closed[table] and ("closed", (table,)) in facts:
            return False
        for other, there, its_table in placed[:-1]:
            if there == slot and any(("one_place", (p,)) in facts for p in set(row.participants) & set(other.participants)):
                return False
            if there == slot and table == its_table and ("one_meeting", (table,)) in facts:
                return False
            if (("after", (row.id, other.id)) in facts and slot <= there) or (
                ("after", (other.id, row.id)) in facts and there <= slot
            ):
                return False
        shared = {t.id for t in problem.tables if t.shared} | {"any"}
        held = Counter((p, problem.slots[s - 1].day) for r, s, _ in placed for p in r.participants)
        caps = {ids[0]: ids[1] for kind, ids in facts if kind == "cap"}
        if any(count > caps.get(person, count) for (person, _), count in held.items()):
            return False
        room = {ids[0]: ids[1] for kind, ids in facts if kind == "tables"}
        used = Counter(s for _, s, t in placed if t in shared)
        return all(count <= room.get(s, count) for s, count in used.items())

    return place(0, [])


def told(problem, fact):
    """The fact as `facts_of` writes it."""
    return fact.kind, fact.ids[:1] if fact.kind in ("away", "closed") else fact.ids


@thorough
@given(tiny_problems())
def test_what_is_named_contradicts_itself_and_nothing_in_it_is_idle(problem):
    problem = replace(problem, homogeneity=None)
    found = contradictions(problem, limit=600)
    assert bool(found) == (best(problem) is None)
    named = [told(problem, fact) for one in found for fact in one.facts]
    assert len(named) == len(set(named))
    for one in found:
        facts = {told(problem, fact) for fact in one.facts}
        assert not possible(problem, facts)
        assert all(possible(problem, facts - {fact}) for fact in facts)
        assert not possible(problem, facts, *narrowed(problem, one))
        assert one.smallest
    if found and len(found[0].facts) <= 4:
        for fewer in combinations(facts_of(problem), len(found[0].facts) - 1):
            assert possible(problem, set(fewer))


def narrowed(problem, one):
    """The absences and closings that a contradiction names, by slot."""
    away = {p.id: set() for p in problem.participants} | {f.ids[0]: set(f.ids[1:]) for f in one.facts if f.kind == "away"}
    closed = {t.id: set() for t in problem.tables} | {f.ids[0]: set(f.ids[1:]) for f in one.facts if f.kind == "closed"}
    return away, closed


PEOPLE = (Participant("ann", frozenset({3})), Participant("bo"), Participant("cy", max_per_day=1), Participant("di"))
SLOTS = (Slot(), Slot(), Slot(), Slot(2, 2))


@pytest.mark.parametrize(
    ("requests", "facts"),
    [
        (
            (Request("r", ("ann", "bo"), fixed_slot=3),),
            (Fact("fixed", ("r", 3), "request 'r' is fixed in slot 3"), Fact("away", ("ann", 3), "'ann' is away in slot 3")),
        ),
        (
            (Request("r", ("ann", "cy"), fixed_slot=1), Request("s", ("di", "cy"), fixed_slot=2)),
            (
                Fact("fixed", ("r", 1), "request 'r' is fixed in slot 1"),
                Fact("fixed", ("s", 2), "request 's' is fixed in slot 2"),
                Fact("cap", ("cy", 1), "'cy' takes at most 1 meeting a day"),
            ),
        ),
        (
            (Request("r", ("ann", "bo"), fixed_slot=1), Request("s", ("cy", "di"), fixed_slot=1)),
            (
                Fact("fixed", ("r", 1), "request 'r' is fixed in slot 1"),
                Fact("fixed", ("s", 1), "request 's' is fixed in slot 1"),
                Fact("tables", (1, 1), "1 shared table is open in slot 1"),
            ),
        ),
        (
            (Request("r", ("ann", "bo"), required=True, after=("s",)), Request("s", ("cy", "di"), required=True, after=("r",))),
            (
                Fact("required", ("r",), "request 'r' must be placed"),
                Fact("required", ("s",), "request 's' must be placed"),
                Fact("after", ("r", "s"), "request 'r' comes after request 's'"),
                Fact("after", ("s", "r"), "request 's' comes after request 'r'"),
            ),
        ),
    ],
)
def test_contradictions_by_example(requests, facts):
    (found,) = contradictions(Problem(SLOTS, PEOPLE, (Table("t"),), requests))
    assert found == Contradiction(facts, True)


def test_two_contradictions_are_told_apart_the_smaller_first():
    requests = (
        Request("r", ("cy", "di"), required=True, session=2),
        Request("s", ("bo", "cy"), required=True, session=2),
        Request("t", ("ann", "bo"), fixed_slot=3, tables=()),
    )
    found = contradictions(Problem(SLOTS, PEOPLE, (Table(1), Table(2)), requests))
    assert [len(one.facts) for one in found] == [2, 5]
    assert [f.kind for f in found[1].facts] == ["required", "required", "session", "session", "one_place"]


def test_a_market_of_wishes_contradicts_nothing_at_once():
    started = time.process_time()
    assert contradictions(market(600, 4_000)) == ()
    assert time.process_time() - started < 5


@needs_shared
@pytest.mark.shared
def test_a_published_event_names_what_cannot_be():
    problem = read_dzn((SHARED / "b2b" / "tic-12.forb0003.dzn").read_text(encoding="utf-8"), homogeneity=2)
    found = contradictions(problem, limit=300)[0].facts
    assert Counter(fact.kind for fact in found) == {"required": 8, "away": 1, "one_place": 1}
    assert [fact.text for fact in found if fact.kind != "required"] == [
        "1 is away in slot 4",
        "1 can be in one meeting at a time",
    ]


def test_the_command_line_says_why_a_problem_cannot_be(tmp_path, capsys):
    path = tmp_path / "problem.json"
    path.write_text(write_json(Problem(SLOTS, PEOPLE, (Table("t"),), (Request("r", ("ann", "bo"), fixed_slot=3),))))
    assert main(["solve", str(path), "--limit", "5"]) == 0
    assert capsys.readouterr().err.splitlines()[1:] == [
        "because request 'r' is fixed in slot 3",
        "because 'ann' is away in slot 3",
    ]
