"""What of a title is free for a question: parts with one history each, when they free, and what stands in the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from django.db.models import QuerySet

from madang.catalogue.models import Title
from madang.deals.models import Line
from madang.deals.queries.book import book_of
from madang.kernels import rights as kernel
from madang.markets.models import Edition
from madang.people.models import Company

SEARCHED_AHEAD = 100 * 366
"""Days beyond which nobody plans: a right that frees later is said to have no day."""


class Question(NamedTuple):
    """Which rights somebody asks for. `end` is the day after the last one; `exclusive`: nobody else may use them either."""

    territories: int
    media: int
    languages: int
    start: int
    end: int
    exclusive: bool = False

    @property
    def scope(self) -> kernel.Scope:
        return kernel.Scope(*self[:5])

    @property
    def last_day(self) -> dt.date:
        return dt.date.fromordinal(self.end - 1)


class State(StrEnum):
    """What is true of a right on a day, the strongest first."""

    NOT_HELD = "not_held"
    TAKEN = "taken"
    HELD_BACK = "held_back"
    ON_HOLD = "on_hold"
    FREE = "free"


STRENGTH = list(State)
HELD_BACK = {kernel.Reason.HOLDBACK, kernel.Reason.BLACKOUT, kernel.Reason.RESERVE, kernel.Reason.RELEASE}
OPEN_STATES = {State.FREE, State.ON_HOLD}
"""States in which a buyer may ask."""


class Stretch(NamedTuple):
    """One state over a half-open window; `lines` are what makes it so."""

    state: State
    start: int
    end: int
    lines: tuple[kernel.Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Territories, media and languages that share one history. `frees_on`: the day from which all of it is free, if it ends
    taken. `own`: the asker's own licences in it."""

    territories: int
    media: int
    languages: int
    stretches: tuple[Stretch, ...]
    frees_on: int | None = None
    own: tuple[kernel.Line, ...] = ()

    @property
    def states(self) -> set[State]:
        return {stretch.state for stretch in self.stretches}

    @property
    def is_free(self) -> bool:
        return self.states == {State.FREE}


class Verdict(StrEnum):
    """The answer in one word."""

    FREE = "free"
    ON_HOLD = "on_hold"
    PARTLY = "partly"
    NOT_FREE = "not_free"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer about one title. `frees_on`: the first day from which all that was asked is free for as long."""

    verdict: Verdict
    parts: tuple[Part, ...] = ()
    frees_on: int | None = None

    def territories(self, states: set[State]) -> int:
        """Where something is in one of these states."""
        mask = 0
        for part in self.parts:
            if part.states & states:
                mask |= part.territories
        return mask


class _Piece(NamedTuple):
    state: State
    scope: kernel.Scope
    line: kernel.Line | None = None


def market_book(titles: Iterable[Title] | QuerySet[Title], *, exclusive: bool = False) -> kernel.Book:
    """As `book_of`, but only what a title's own seller holds counts as held: a title may have changed hands.

    `exclusive`: for questions that want a right alone, which nobody can sell who holds it beside others.
    """
    seller_of = {title.pk: title.company_id for title in titles}
    book = book_of(titles)
    for title, lines in book.lines.items():
        if any(line.kind is kernel.Kind.GRANT for line in lines):
            seller = _seller_in(book, title, seller_of)
            kept = [line for line in lines if line.kind is not kernel.Kind.GRANT or line.party == seller]
            book.lines[title] = [_for_one_alone(line) for line in kept] if exclusive else kept
    return book


def _for_one_alone(line: kernel.Line) -> kernel.Line:
    """What is held beside others stays stated, and covers no day."""
    is_shared = line.kind is kernel.Kind.GRANT and not line.exclusive
    return replace(line, start=kernel.ALWAYS, end=kernel.ALWAYS) if is_shared else line


def parts_below(book: kernel.Book, title: kernel.TitleId) -> Iterator[int]:
    """Parts of a title, however deep, that have contracts of their own."""
    for part in book.parts.get(title, ()):
        if book.lines.get(part):
            yield int(part)
        yield from parts_below(book, part)


def _seller_in(book: kernel.Book, title: kernel.TitleId, seller_of: dict[int, int | None]) -> int | None:
    """Of the title itself, else of what was asked and belongs to the same whole."""
    if title in seller_of:
        return seller_of[int(title)]
    near = [pk for pk in seller_of if title in set(book.wholes(pk)) or pk in set(book.wholes(title))]
    return seller_of[near[0]] if near else None


def answer_of(book: kernel.Book, title: int, question: Question, buyer: Company | None) -> Answer:
    """What is free of one title for the buyer (None: for somebody who has no contract yet).

    A whole is no freer than its parts. `book`: `market_book`, made with `question.exclusive`.
    """
    own = _answer_alone(book, title, question, buyer)
    if own.verdict not in (Verdict.FREE, Verdict.ON_HOLD):
        return own
    every = {own.verdict, *(_answer_alone(book, part, question, buyer).verdict for part in parts_below(book, title))}
    if every <= {Verdict.FREE, Verdict.ON_HOLD}:
        return replace(own, verdict=Verdict.ON_HOLD if Verdict.ON_HOLD in every else Verdict.FREE)
    return replace(own, verdict=Verdict.PARTLY)


def _answer_alone(book: kernel.Book, title: int, question: Question, buyer: Company | None) -> Answer:
    """As `answer_of`, whatever the contracts of the title's parts say."""
    if not any(line.kind is kernel.Kind.GRANT for line in book.of(title)):
        return Answer(Verdict.UNSTATED)
    ask = kernel.Ask(question.scope, buyer=buyer.pk if buyer else None, exclusive=question.exclusive)
    found = tuple(_with_end(book, title, ask, part) for part in _parts(book, title, ask))
    verdict = _verdict(found)
    length = question.end - question.start
    frees_on = None if verdict in (Verdict.FREE, Verdict.ON_HOLD) else _frees_on(book, title, ask, length)
    return Answer(verdict, tuple(sorted(found, key=_order)), frees_on)


def summary_of(book: kernel.Book, title: int, question: Question, buyer: Company | None) -> Verdict:
    """The verdict alone."""
    return answer_of(book, title, question, buyer).verdict


def _verdict(parts: tuple[Part, ...]) -> Verdict:
    states = {state for part in parts for state in part.states}
    if states == {State.FREE}:
        return Verdict.FREE
    if states <= OPEN_STATES:
        return Verdict.ON_HOLD
    return Verdict.PARTLY if states & OPEN_STATES else Verdict.NOT_FREE


def _order(part: Part) -> tuple[int, int]:
    """Most of what is free first; then the largest."""
    worst = min(STRENGTH.index(state) for state in part.states)
    best = max(STRENGTH.index(state) for state in part.states)
    return -(worst + best), -part.territories.bit_count()


def _with_end(book: kernel.Book, title: int, ask: kernel.Ask, part: Part) -> Part:
    """The part with the day on which it frees, where it is not free at the end of what was asked."""
    last = part.stretches[-1].state
    if last in OPEN_STATES or part.states == {State.NOT_HELD}:
        return part
    scope = kernel.Scope(part.territories, part.media, part.languages, part.stretches[-1].start, ask.scope.end)
    frees_on = _frees_on(book, title, kernel.Ask(scope, buyer=ask.buyer, exclusive=ask.exclusive))
    return Part(part.territories, part.media, part.languages, part.stretches, frees_on, part.own)


def _frees_on(book: kernel.Book, title: int, ask: kernel.Ask, days: int = 1) -> int | None:
    day = kernel.when_free(book, title, ask, days=days).day
    return day if day is not None and day < ask.scope.start + SEARCHED_AHEAD else None


def _parts(book: kernel.Book, title: int, ask: kernel.Ask) -> list[Part]:
    """The question cut into parts that share one history, put together again wherever they are alike."""
    pieces, own = list(_pieces(book, title, ask)), _own(book, title, ask)
    cells = []
    for scope in _cells(ask.scope, [piece.scope for piece in [*pieces, *own]]):
        here = [piece for piece in pieces if piece.scope & scope]
        mine = tuple(dict.fromkeys(piece.line for piece in own if piece.line and piece.scope & scope))
        cells.append(Part(scope.territories, scope.media, scope.languages, tuple(_history(scope, here)), own=mine))
    return _together(cells)


def _pieces(book: kernel.Book, title: int, ask: kernel.Ask) -> Iterator[_Piece]:
    found = kernel.answer(book, title, ask)
    yield from (_Piece(State.FREE, scope) for scope in found.free)
    yield from (_Piece(State.ON_HOLD, hold.scope, hold.line) for hold in found.soft)
    yield from (_Piece(State.NOT_HELD, scope) for scope in found.missing)
    for hold in found.taken:
        yield _Piece(State.HELD_BACK if hold.line.reason in HELD_BACK else State.TAKEN, hold.scope, hold.line)


def _own(book: kernel.Book, title: int, ask: kernel.Ask) -> list[_Piece]:
    """Licences that the asker has already."""
    if ask.buyer is None:
        return []
    return [
        _Piece(State.TAKEN, box, line)
        for line, scope in book.placed(title)
        if line.kind is kernel.Kind.LICENCE and line.party == ask.buyer and line.standing is kernel.Standing.SIGNED
        if (box := scope & ask.scope) is not None
    ]


def _cells(asked: kernel.Scope, scopes: list[kernel.Scope]) -> Iterator[kernel.Scope]:
    """The asked sets cut so that each scope either holds a cell's sets or has none of them."""
    for territories in _cut(asked.territories, [scope.territories for scope in scopes]):
        near = [scope for scope in scopes if scope.territories & territories]
        for media in _cut(asked.media, [scope.media for scope in near]):
            nearer = [scope for scope in near if scope.media & media]
            for languages in _cut(asked.languages, [scope.languages for scope in nearer]):
                yield kernel.Scope(territories, media, languages, asked.start, asked.end)


def _cut(whole: int, masks: Iterable[int]) -> list[int]:
    parts = [whole]
    for mask in set(masks):
        parts = [piece for part in parts for piece in (part & mask, part & ~mask) if piece]
    return parts


def _history(cell: kernel.Scope, pieces: list[_Piece]) -> Iterator[Stretch]:
    """The states of a cell one after the other; on each day the strongest counts."""
    days = sorted({cell.start, cell.end, *(day for piece in pieces for day in piece.scope[3:] if cell.start < day < cell.end)})
    last: Stretch | None = None
    for start, end in pairwise(days):
        there = [piece for piece in pieces if piece.scope.start <= start < piece.scope.end]
        state = min((piece.state for piece in there), key=STRENGTH.index)
        lines = tuple(dict.fromkeys(piece.line for piece in there if piece.line and piece.state is state))
        if last and last.state is state:
            last = last._replace(end=end, lines=tuple(dict.fromkeys(last.lines + lines)))
            continue
        if last:
            yield last
        last = Stretch(state, start, end, lines)
    if last:
        yield last


def _together(cells: list[Part]) -> list[Part]:
    """Cells alike in all but one set become one."""
    for name in ("territories", "media", "languages"):
        found: dict[tuple[object, ...], Part] = {}
        for cell in cells:
            sets = {"territories": cell.territories, "media": cell.media, "languages": cell.languages}
            own = sets.pop(name)
            key = (*sets.values(), cell.stretches, cell.own)
            if key in found:
                own |= getattr(found[key], name)
            found[key] = Part(**(sets | {name: own}), stretches=cell.stretches, own=cell.own)
        cells = list(found.values())
    return cells


def row_id(line: kernel.Line) -> int | None:
    """The row of a kernel's line; None where it was never saved."""
    text = str(line.id).removesuffix("x")
    return int(text) if text.isdecimal() else None


def lines_of(answer: Answer) -> list[kernel.Line]:
    """All lines that an answer names."""
    named = [line for part in answer.parts for stretch in part.stretches for line in stretch.lines]
    return [*named, *(line for part in answer.parts for line in part.own)]


def kept_until(answer: Answer, edition: Edition) -> dict[int, dt.date]:
    """Until when offers keep what is on hold, by the row of their line; one query, none where nothing is on hold."""
    stretches = [stretch for part in answer.parts for stretch in part.stretches if stretch.state is State.ON_HOLD]
    rows = {row for stretch in stretches for line in stretch.lines if (row := row_id(line)) is not None}
    if not rows:
        return {}
    kept = Line.objects.filter(pk__in=rows, document__holds_until__isnull=False).values_list("pk", "document__holds_until")
    return {pk: moment.astimezone(edition.zone).date() for pk, moment in kept if moment is not None}
