"""Every territory, medium, language and day one by one: slow, and plainly right."""

from __future__ import annotations

from itertools import product

from madang.kernels.rights import Ask, Kind, Line, Scope, Standing
from madang.kernels.rights.lines import Party

Cell = tuple[int, int, int, int]
TERRITORIES, MEDIA, LANGUAGES, DAYS = 3, 2, 2, 7


def cells(scope: Scope | Line) -> set[Cell]:
    return {
        (t, m, v, day)
        for t, m, v, day in product(
            range(TERRITORIES), range(MEDIA), range(LANGUAGES), range(scope.start, min(scope.end, DAYS + 5))
        )
        if scope.territories >> t & 1 and scope.media >> m & 1 and scope.languages >> v & 1
    }


def keeps_out(line: Line, buyer: Party | None) -> bool:
    """A restriction blocks those it names, or everybody but those it exempts."""
    return line.kind is Kind.RESTRICTION and (buyer in line.only if line.only else buyer not in line.exempt)


def free(lines: list[Line], ask: Ask) -> set[Cell]:
    """Held by the seller, and kept by nobody else: cell by cell."""
    found = set()
    for cell in cells(ask.scope):
        signed = [line for line in lines if line.standing is Standing.SIGNED and cell in cells(line)]
        held = any(line.kind is Kind.GRANT and ask.holder in (None, line.party) for line in signed)
        kept = any(keeps_out(line, ask.buyer) for line in signed)
        used = ask.exclusive and any(line.kind is Kind.LICENCE and line.party != ask.buyer for line in signed)
        if held and not kept and not used:
            found.add(cell)
    return found


def stretches(found: set[Cell]) -> set[tuple[int, int, int, int, int]]:
    """Cells as (territory, medium, language) with each first day and the day after the last, without a break."""
    places = {cell[:3] for cell in found}
    return {
        (*place, first, next(day for day in range(first, DAYS + 7) if (*place, day) not in found))
        for place in places
        for first in range(DAYS + 6)
        if (*place, first) in found and (*place, first - 1) not in found
    }
