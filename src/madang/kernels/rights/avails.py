"""What is free of one title: computed from its contracts when it is asked, never stored."""

from __future__ import annotations

from dataclasses import dataclass

from .book import Book
from .boxes import subtract, union
from .lines import FOREVER, Kind, Line, Party, Scope, Standing, TitleId


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: which rights, for whom.

    `holder`: who sells (None: whoever holds). `buyer`: who asks; restrictions that exempt her do not count (None: somebody new).
    `exclusive`: nobody else may have a licence in it either.
    """

    scope: Scope
    holder: Party | None = None
    buyer: Party | None = None
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """A line that stands in the way, and where."""

    line: Line
    scope: Scope


@dataclass(frozen=True, slots=True)
class Answer:
    """What is free, and why the rest is not.

    `free`: boxes that do not overlap; what is softly held is in them. `soft`: options, pending deals and dates to be agreed
    that touch what is free. `taken`: what blocks. `missing`: not held by the seller, or not for certain.
    """

    free: tuple[Scope, ...]
    soft: tuple[Hold, ...]
    taken: tuple[Hold, ...]
    missing: tuple[Scope, ...]

    @property
    def whole(self) -> bool:
        """Whether everything that was asked is free."""
        return not self.taken and not self.missing


SOFT = {Standing.OPTION, Standing.PENDING}


def is_soft(line: Line) -> bool:
    """Whether a line only warns: an option, a deal that is pending, a date that is to be agreed."""
    return line.standing in SOFT or (line.standing is Standing.SIGNED and line.is_open)


def is_hard(line: Line) -> bool:
    """Whether a line holds for certain."""
    return line.standing is Standing.SIGNED and not line.is_open


def in_the_way(line: Line, ask: Ask) -> bool:
    """Whether a line, wherever it lies, is of the kind that keeps the asker out."""
    if line.kind is Kind.LICENCE:
        return ask.exclusive and line.party != ask.buyer
    return line.blocks(ask.buyer)


def avails(book: Book, title: TitleId, ask: Ask) -> list[Scope]:
    """What of the asked rights is free, as boxes that do not overlap."""
    hard = book.hard(title)
    owned = [box for party, scope in hard.grants if ask.holder in (None, party) and (box := scope & ask.scope) is not None]
    blockers = [
        scope
        for (exempt, only), scope in hard.restrictions
        if (ask.buyer in only if only else ask.buyer not in exempt) and scope & ask.scope is not None
    ]
    if ask.exclusive:
        blockers += [scope for party, scope in hard.licences if party != ask.buyer and scope & ask.scope is not None]
    return subtract(union(owned) if len(owned) > 1 else owned, blockers)


def answer(book: Book, title: TitleId, ask: Ask) -> Answer:
    """What is free, what is not, and which lines stand in the way."""
    placed = book.placed(title)
    met = [
        Hold(line, box)
        for line, scope in placed
        if line.kind is not Kind.GRANT and in_the_way(line, ask) and (box := scope & ask.scope) is not None
    ]
    owned = [scope for line, scope in placed if line.kind is Kind.GRANT and is_hard(line) and ask.holder in (None, line.party)]
    return Answer(
        free=tuple(avails(book, title, ask)),
        soft=tuple(hold for hold in met if is_soft(hold.line)),
        taken=tuple(hold for hold in met if is_hard(hold.line)),
        missing=tuple(subtract([ask.scope], owned)),
    )


@dataclass(frozen=True, slots=True)
class WhenFree:
    """The first day from which everything asked is free for long enough; None if never. `until` is the first day after it.

    `because`: the lines that stand in the way before that day.
    """

    day: int | None
    until: int | None
    because: tuple[Line, ...]


def when_free(book: Book, title: TitleId, ask: Ask, *, days: int = 1) -> WhenFree:
    """From when on all of the asked territories, media and languages are free for `days` days, whatever `ask.scope.end` is."""
    later = Ask(ask.scope._replace(end=FOREVER), ask.holder, ask.buyer, ask.exclusive)
    found = next(
        (window for window in _whole_windows(avails(book, title, later), later.scope) if window[1] - window[0] >= days), None
    )
    end = found[0] if found else FOREVER
    before = Ask(ask.scope._replace(end=end), ask.holder, ask.buyer, ask.exclusive)
    held = answer(book, title, before).taken if end > ask.scope.start else ()
    return WhenFree(found[0] if found else None, found[1] if found else None, tuple(dict.fromkeys(hold.line for hold in held)))


def _whole_windows(boxes: list[Scope], asked: Scope) -> list[tuple[int, int]]:
    """Windows in which disjoint boxes together cover all three sets: where the cells of a day are as many as were asked."""
    wanted = asked._replace(start=0, end=1).volume
    changes: dict[int, int] = {}
    for box in boxes:
        cells = box._replace(start=0, end=1).volume
        changes[box.start] = changes.get(box.start, 0) + cells
        changes[box.end] = changes.get(box.end, 0) - cells
    windows: list[tuple[int, int]] = []
    covered, begun = 0, None
    for at in sorted(changes):
        covered += changes[at]
        if covered == wanted and begun is None:
            begun = at
        elif covered != wanted and begun is not None:
            windows.append((begun, at))
            begun = None
    return windows
