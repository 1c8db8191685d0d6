"""Problems for the tests: tiny random ones for Hypothesis, and a market of any size from a seed."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import strategies as st

from madang.kernels.timetable import Goal, Participant, Problem, Request, Slot, Table

SHARED = Path(os.environ.get("MADANG_SHARED", Path(__file__).resolve().parents[4] / "shared")) / "data"
needs_shared = pytest.mark.skipif(not (SHARED / "b2b").is_dir(), reason="the shared data folder is not on this machine")


@st.composite
def tiny_problems(draw, goal: Goal | None = None) -> Problem:
    total, people = draw(st.integers(2, 5)), draw(st.integers(2, 4))
    slots = st.integers(1, total)
    some = st.frozensets(slots, max_size=2)
    first_day = draw(st.integers(1, total))
    tables = [Table(f"t{n}", draw(st.booleans()), draw(some)) for n in range(draw(st.integers(0, 3)))]
    requests = []
    for number in range(draw(st.integers(1, 4))):
        size = draw(st.sampled_from([2, 2, 2, min(3, people)]))
        requests.append(
            Request(
                id=number,
                participants=tuple(draw(st.permutations(range(people)))[:size]),
                weight=draw(st.integers(1, 5)),
                session=draw(st.sampled_from([None, None, 1, 2])),
                fixed_slot=draw(st.one_of(st.none(), st.none(), st.none(), slots)),
                fixed_table=draw(st.sampled_from([None, None, None, *(t.id for t in tables)])),
                tables=draw(st.one_of(st.none(), st.just(()), _some_tables(tables))),
                after=tuple(draw(st.frozensets(st.integers(0, number - 1), max_size=1))) if number else (),
                required=draw(st.sampled_from([False, False, True])),
            )
        )
    return Problem(
        slots=tuple(Slot(day=1 if s <= first_day else 2, session=1 + s % 2) for s in range(1, total + 1)),
        participants=tuple(Participant(p, draw(some), draw(st.sampled_from([None, None, 1, 2]))) for p in range(people)),
        tables=tuple(tables),
        requests=tuple(requests),
        goal=goal or draw(st.sampled_from(Goal)),
        homogeneity=draw(st.sampled_from([None, None, 0, 1])),
        breaks_over_forbidden=draw(st.booleans()),
    )


def _some_tables(tables: list[Table]):
    return (
        st.lists(st.sampled_from(tables), min_size=1, unique=True).map(lambda ts: tuple(t.id for t in ts))
        if tables
        else st.just(())
    )


def market(people: int, requests: int, days: int = 3, a_day: int = 15, seed: int = 1, tables: int | None = None) -> Problem:
    """Buyers and sellers with patchy availability, a few hosts at booths, some meetings fixed, sought-after people."""
    chance = random.Random(seed)
    total, half = days * a_day, people // 2
    booths = [Table(f"booth-{n}", shared=False) for n in range(half // 10)]
    shared = [Table(f"table-{n}") for n in range(tables if tables is not None else max(2, people // 12))]
    persons = []
    for number in range(people):
        away = {s for s in range(1, total + 1) if chance.random() < 0.2}
        persons.append(Participant(number, frozenset(away), chance.choice([None, 6, 9, 12])))
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < requests:
        pairs[int(half * chance.random() ** 1.5), half + int(half * chance.random() ** 1.5)] = None
    rows = []
    for number, (buyer, seller) in enumerate(pairs):
        host = seller - half
        booth = (booths[host].id,) if host < len(booths) else None
        rows.append(Request(f"r{number}", (buyer, seller), chance.randint(1, 20), tables=() if host % 7 == 3 else booth))
    return Problem(
        tuple(Slot(day=1 + s // a_day) for s in range(total)), tuple(persons), (*shared, *booths), tuple(rows), Goal.WEIGHT
    )
