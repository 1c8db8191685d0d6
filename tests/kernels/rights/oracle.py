"""Every territory, medium, language and day one by one: slow, and plainly right."""

from __future__ import annotations

from itertools import product

from madang.kernels.rights import Ask, Kind, Line, Scope, Standing

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


def free(lines: list[Line], ask: Ask) -> set[Cell]:
    """Held by the seller, and kept by nobody else: cell by cell."""
    found = set()
    for cell in cells(ask.scope):
        signed = [line for line in lines if line.standing is Standing.SIGNED and cell in cells(line)]
        held = any(line.kind is Kind.GRANT and ask.holder in (None, line.party) for line in signed)
        kept = any(line.kind is Kind.RESTRICTION and ask.buyer not in line.exempt for line in signed)
        used = ask.exclusive and any(line.kind is Kind.LICENCE and line.party != ask.buyer for line in signed)
        if held and not kept and not used:
            found.add(cell)
    return found
