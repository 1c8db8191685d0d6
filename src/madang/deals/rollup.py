"""Many territories in few words: "Europe without France", "World without the Nordics, Japan"."""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import gettext

from madang.deals.names import GROUPS
from madang.deals.words import countries_of, covering, listed, territory_name
from madang.kernels.rights import territory_table

LEAST = 3
"""Countries that a group must have for it to be worth a name with exceptions."""


def rolled_text(mask: int, *, most: int = 8) -> str:
    """The names of a set, the groups with what they lack; beyond `most` names the number of the others."""
    return listed((_said(code, lacking) for code, lacking in rolled(mask)), most)


def _said(code: str, lacking: tuple[str, ...]) -> str:
    name = gettext("World") if code == "WORLD" else territory_name(code)
    if not lacking:
        return name
    without = {"name": name, "names": gettext(" and ").join(_few([territory_name(one) for one in lacking]))}
    return gettext("%(name)s without %(names)s") % without


def _few(names: list[str]) -> list[str]:
    return [", ".join(names[:-1]), names[-1]] if len(names) > 1 else names


@lru_cache(maxsize=4000)
def rolled(mask: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(code, codes that it lacks), together the set; the group that saves most words comes first, then what is left."""
    found: list[tuple[str, tuple[str, ...]]] = []
    rest = mask
    while rest:
        best = max(_candidates(mask, rest), default=(0, "", 0, ()))
        if best[0] <= 0:
            break
        _saved, code, bits, lacking = best
        found.append((code, lacking))
        rest &= ~bits
    return (*found, *((code, ()) for code in covering(rest))) if rest else tuple(found)


def _candidates(mask: int, rest: int) -> list[tuple[int, str, int, tuple[str, ...]]]:
    """(words saved, code, its bits, what it lacks) of each group most of which is in the set."""
    found = []
    for code, bits in _groups():
        inside, missing = bits & rest, bits & ~mask
        if inside.bit_count() >= LEAST and missing.bit_count() * 3 <= bits.bit_count():
            lacking = covering(missing)
            saved = inside.bit_count() - 1 - 2 * len(lacking)
            if len(lacking) <= LEAST:
                found.append((saved, code, bits, lacking))
    return found


@lru_cache(maxsize=1)
def _groups() -> list[tuple[str, int]]:
    """The world, the trade's groups and the regions of the United Nations that have a few countries at least."""
    table = territory_table()
    codes = [*GROUPS, *(code for code in table.english if code.isdigit())]
    groups = {table.masks[code]: code for code in reversed(codes) if len(countries_of(table.masks[code])) >= LEAST}
    return [("WORLD", table.all), *((code, bits) for bits, code in groups.items())]
