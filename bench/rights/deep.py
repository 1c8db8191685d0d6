"""One title with 20 to 2,000 lines: what is free, what a new deal runs into, when it frees; beside the plain algebra."""

from __future__ import annotations

from dataclasses import dataclass, field

import naive
from generate import BEGIN, END, L, M, T, deep, questions
from measure import Took, took

from madang.kernels.rights import Ask, Book, Deal, Kind, Line, Reason, Scope, avails, conflicts, when_free

SIZES = (20, 100, 500, 2000)
UNIVERSE = Ask(Scope(T.all, M.all, L.all, BEGIN, END))
"""Everything, everywhere, for 17 years: what a whole heat map asks."""
LIMITS = {20: 0.1, 2000: 100.0}
"""Milliseconds that avails of one title may take."""
PLAIN_UP_TO = 500
"""Lines up to which the plain algebra is asked for the universe: at 2,000 it needs half a minute."""


@dataclass
class Deep:
    """Milliseconds at one size."""

    lines: int
    questions: list[Took] = field(default_factory=list)
    first: list[Took] = field(default_factory=list)
    universe: Took | None = None
    boxes: int = 0
    plain: Took | None = None
    plain_boxes: int = 0
    check: Took | None = None
    frees: list[Took] = field(default_factory=list)


def measure(lines: int) -> Deep:
    """All of it at one size; the volume of what is free is asserted equal to that of the plain algebra."""
    found, told = deep(lines), Deep(lines)
    book = Book(found)
    times = 5 if lines > 500 else 50
    for ask in questions():
        told.first.append(took(lambda ask=ask: avails(Book(found), "deep", ask), 3))
        told.questions.append(took(lambda ask=ask: avails(book, "deep", ask), times))
        told.frees.append(took(lambda ask=ask: when_free(book, "deep", ask), times))
        same(avails(book, "deep", ask), naive.avails(found, ask))
    told.universe = took(lambda: avails(book, "deep", UNIVERSE), times)
    free = avails(book, "deep", UNIVERSE)
    told.boxes = len(free)
    if lines <= PLAIN_UP_TO:
        plain = naive.avails(found, UNIVERSE)
        same(free, plain)
        told.plain_boxes, told.plain = len(plain), took(lambda: naive.avails(found, UNIVERSE), 1)
    told.check = took(lambda: conflicts(book, new_deal(questions()[0].scope)), times)
    return told


def same(one: list[Scope], two: list[Scope]) -> None:
    if sum(box.volume for box in one) != sum(box.volume for box in two):
        raise SystemExit("the kernel and the plain algebra differ")


def new_deal(scope: Scope) -> Deal:
    """An exclusive licence for somebody new."""
    licence = Line("new", "deep", Kind.LICENCE, *scope, party="new", contract="new")
    alone = Line("new+", "deep", Kind.RESTRICTION, *scope, exempt=frozenset({"new"}), reason=Reason.EXCLUSIVITY, contract="new")
    return Deal("seller0", (licence, alone))
