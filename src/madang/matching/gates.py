"""The gates that facts of the catalogue decide: in SQL over titles joined with mandates, and over lists of codes.

Each rule stands here once. Whatever a side did not state passes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from madang.catalogue.models import Title
from madang.kit.codes import codes
from madang.mandates.fitting import holds, shut_by
from madang.matching.queries.faces import GateCode

M = "asked__"
"""From a title to the mandates that it is `joined` with."""
SHUT: dict[GateCode, Q] = {GateCode(code): condition for code, condition in shut_by((M + "{}").format).items()} | {
    GateCode.BUDGET: Q(**{M + "budget_currency": F("profile__asks_currency")}) & Q(**{M + "budget_to__lt": F("profile__asks")}),
}
"""When the facts of a pair shut a gate."""


def joined(titles: QuerySet[Title], mandates: Sequence[int]) -> QuerySet[Any]:
    """Titles x mandates (by their ids), without those of a buyer's own company; a row has `for_mandate` (an id) and `shut_<gate>`
    for `SHUT`. The database joins these mandates alone, and not first all of the edition's."""
    named = FilteredRelation("edition__mandates", condition=Q(edition__mandates__in=mandates))
    pairs = titles.order_by().annotate(asked=named).filter(asked__isnull=False)
    is_own = Q(**{M + "buyer__company": F("company")})
    flags = {f"shut_{code}": holds(condition) for code, condition in SHUT.items()}
    return pairs.annotate(for_mandate=F("asked__pk"), is_own=holds(is_own), **flags).filter(is_own=False)


def open_pairs(titles: QuerySet[Title], mandates: Sequence[int]) -> QuerySet[Any]:
    """Those of `joined` that no fact keeps apart: the shut ones never leave the database."""
    return joined(titles, mandates).filter(**{f"shut_{code}": False for code in SHUT})


def tongues(text: str) -> frozenset[str]:
    """Languages without their regions: "pt-BR, ko" -> pt, ko."""
    return frozenset(code.split("-")[0].casefold() for code in codes(text))


def lacks_language(wanted: str, spoken: str) -> bool:
    """Whether a title that says in which languages it can be had has none of those that are wanted."""
    asked, has = tongues(wanted), tongues(spoken)
    return bool(asked and has) and not asked & has


def unwanted(must_nots: str, named: Collection[str]) -> frozenset[str]:
    """What a mandate rules out and a title is."""
    return frozenset(codes(must_nots)) & frozenset(named)
