"""Premiere claims against what is known of earlier showings."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from madang.catalogue.models import Premiere, Showing
from madang.kernels.rights.territories import territory_table
from madang.programme.models import EventKind
from madang.programming.models import Item

ASIA = "142"
"""Asia in UN M.49."""


@dataclass(frozen=True)
class Contradiction:
    """An item claims more than is true: `showing` or the earlier item of this edition (`earlier`) came first."""

    item: Item
    showing: Showing | None = None
    earlier: Item | None = None


def contradictions(items: Iterable[Item], zone: dt.tzinfo) -> list[Contradiction]:
    """The claims of screenings that are placed and do not hold, in the order of the items. One query."""
    placed = [item for item in items if item.starts_at and item.title_id and item.kind == EventKind.SCREENING]
    claims = [item for item in placed if item.premiere != Premiere.NONE]
    known: defaultdict[int, list[Showing]] = defaultdict(list)
    for showing in Showing.objects.filter(title__in={item.title_id for item in claims}):
        known[showing.title_id].append(showing)
    found = [_contradiction(item, known[item.title_id or 0], placed, zone) for item in claims]
    return [one for one in found if one is not None]


def _contradiction(item: Item, showings: list[Showing], placed: list[Item], zone: dt.tzinfo) -> Contradiction | None:
    if item.starts_at is None:
        return None
    day = item.starts_at.astimezone(zone).date()
    for showing in showings:
        if showing.shown_on < day and counts(Premiere(item.premiere), showing.country, home_of(item)):
            return Contradiction(item, showing=showing)
    before = [o for o in placed if o.title_id == item.title_id and o.starts_at and o.starts_at < item.starts_at and o != item]
    return Contradiction(item, earlier=before[0]) if before else None


def home_of(item: Item) -> set[str]:
    """The countries that the title is of."""
    return {code.strip().upper() for code in (item.title.countries if item.title else "").split(",") if code.strip()}


def counts(claim: Premiere, country: str, home: set[str]) -> bool:
    """Whether an earlier showing in that country contradicts the claim.

    A world premiere is the first anywhere, an international one the first outside the title's own countries.
    """
    code = country.upper()
    if claim is Premiere.WORLD:
        return True
    if claim is Premiere.INTERNATIONAL:
        return code not in home
    if claim is Premiere.ASIAN:
        masks = territory_table().masks
        return bool(masks.get(code, 0) & masks[ASIA])
    return claim is Premiere.KOREAN and code == "KR"
