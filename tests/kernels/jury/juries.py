"""Problems for the tests: tiny random ones, a call of any size from a seed, and the oracle that tries everything."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from itertools import combinations, product

from hypothesis import strategies as st

from madang.kernels.jury.assignment import Aims, Conflict, Entry, Juror, Pair, Problem
from madang.kernels.jury.assignment.referee import _Book, price

COUNTRIES = {
    "KR": "ko",
    "FR": "fr",
    "JP": "ja",
    "US": "en",
    "CN": "zh",
    "DE": "de",
    "ES": "es",
    "BR": "pt",
    "IN": "hi",
    "GB": "en",
}


@st.composite
def tiny_problems(draw) -> Problem:
    entries = draw(st.integers(1, 4))
    jurors = draw(st.integers(1, 4))
    tongues = st.frozensets(st.sampled_from(["ko", "fr"]), max_size=2)
    lands = st.sampled_from(["KR", "FR"])
    pairs = [Pair(e, f"j{j}") for e in range(entries) for j in range(jurors)]
    barred = draw(st.frozensets(st.sampled_from(pairs), max_size=2))
    rows = []
    for number in range(jurors):
        least = draw(st.integers(0, 2))
        most = draw(st.one_of(st.none(), st.integers(max(least, 2), 4)))
        speaks = draw(st.sampled_from([frozenset({"ko", "fr"}), frozenset({"ko"}), frozenset({"fr"})]))
        rows.append(Juror(f"j{number}", speaks, draw(st.one_of(st.none(), lands)), draw(tongues), least, most))
    return Problem(
        entries=tuple(Entry(e, draw(tongues), tuple(draw(st.lists(lands, max_size=2, unique=True)))) for e in range(entries)),
        jurors=tuple(rows),
        readers=draw(st.integers(1, 3)),
        conflicts=tuple(Conflict(*p, "declared") for p in sorted(barred)),
        locked=frozenset(draw(st.lists(st.sampled_from(pairs), max_size=1))) - barred,
        most_compatriots=draw(st.sampled_from([None, None, 0, 1])),
        aims=Aims(draw(st.integers(0, 3)), draw(st.integers(0, 3)), draw(st.integers(0, 3)), draw(st.integers(0, 2))),
    )


def best(problem: Problem) -> tuple[int, int, int, int]:
    """(missing, idle, sum of squares of loads and lacks, price) of the best choice of all there are."""
    return min(_rank(problem, pairs) for pairs in _choices(problem))


def _choices(problem: Problem) -> Iterator[list[Pair]]:
    """Every choice that keeps the rules, some of the readings missing or none."""
    book, rows = _Book(problem), []
    for entry in problem.entries:
        may = [Pair(entry.id, j.id) for j in problem.jurors if book.barred(Pair(entry.id, j.id)) is None]
        held = {p for p in problem.locked if p.entry == entry.id}
        sets = [c for n in range(problem.readers + 1) for c in combinations(may, n) if held <= set(c)]
        rows.append([c for c in sets if _few_compatriots(book, c)])
    most = {j.id: len(problem.entries) if j.most is None else j.most for j in problem.jurors}
    for choice in product(*rows):
        pairs = [p for row in choice for p in row]
        if all(n <= most[j] for j, n in Counter(p.juror for p in pairs).items()):
            yield pairs


def _few_compatriots(book: _Book, pairs: tuple[Pair, ...]) -> bool:
    own = [p for p in pairs if book.jurors[p.juror].country in book.entries[p.entry].countries]
    cap = book.problem.most_compatriots
    return cap is None or len(own) <= max(cap, sum(p in book.problem.locked for p in own))


def _rank(problem: Problem, pairs: list[Pair]) -> tuple[int, int, int, int]:
    readers, loads = Counter(p.entry for p in pairs), Counter(p.juror for p in pairs)
    lacks = [problem.readers - readers[e.id] for e in problem.entries]
    idle = sum(max(0, j.least - loads[j.id]) for j in problem.jurors)
    return sum(lacks), idle, sum(n * n for n in (*loads.values(), *lacks)), price(problem, pairs)


def call(entries: int, jurors: int, seed: int = 1, english: float = 1.0, **rules) -> Problem:
    """Entries of ten countries, that share of them also in English, and jurors most of whom read English."""
    chance = random.Random(seed)
    lands, shares = list(COUNTRIES), [12, 4, 4, 4, 4, 2, 2, 2, 2, 2]
    works = []
    for number in range(entries):
        land = chance.choices(lands, shares)[0]
        tongues = {COUNTRIES[land]} | ({"en"} if chance.random() < english else set())
        works.append(Entry(f"e{number}", frozenset(tongues), (land, *chance.sample(lands, chance.random() < 0.1))))
    people = []
    for number in range(jurors):
        land = lands[number % len(lands)]
        tongues = {COUNTRIES[land]} | ({"en"} if number % 12 else set()) | ({"ko"} if number % 3 == 0 else set())
        own = frozenset({COUNTRIES[land]}) if number % 2 else frozenset()
        people.append(Juror(f"j{number}", frozenset(tongues), land, own, 0, 2 * entries * 3 // jurors))
    clashes = {(f"e{chance.randrange(entries)}", f"j{chance.randrange(jurors)}") for _ in range(entries // 4)}
    return Problem(tuple(works), tuple(people), 3, tuple(Conflict(e, j, "declared") for e, j in sorted(clashes)), **rules)
