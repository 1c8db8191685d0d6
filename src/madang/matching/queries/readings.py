"""Mandates against titles: pairs as arrays, with the gates that facts shut; rights are looked at for the best of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from django.db.models import F, QuerySet

from madang.catalogue.models import Title
from madang.catalogue.rules import visible_works
from madang.kernels.matching.arrays import Doubles, Floats, Ints
from madang.kernels.matching.odds import Odds
from madang.kernels.matching.pairs import Wish
from madang.mandates.models import Mandate, Visibility
from madang.markets.models import Edition
from madang.markets.rules import Visitor
from madang.matching.gates import SHUT, M, joined, lacks_language, unwanted
from madang.matching.queries.answers import odds_of
from madang.matching.queries.faces import GateCode
from madang.matching.queries.market import Catalogue, catalogue_of, wish_of
from madang.matching.queries.past import Past, past_of, signs_of
from madang.matching.queries.rights import RightsOf, question_of
from madang.matching.rules import blocked_sellers, mandates_to_match, titles_on_offer
from madang.people.models import Participant

TOLD = 1.0
"""Log-odds above a pair of which nothing agrees: from there on a title matches a mandate that only matches are told."""
MORE = 2
"""Of so many times the pairs that are wanted rights are looked at first; of the rest only where too few of them are free."""


@dataclass(frozen=True)
class Reading:
    """Pairs of mandates and titles; the n-th of all is one pair.

    `titles`: ids; `mandates`: places in `asked`, which has its `wishes` beside it; `shut`: gates that are shut; `parts` (PARTS x
    n); `score`: log-odds besides the base; `rights`: the answers of those pairs whose rights were looked at; `past`: what the
    buyer did, by the signs of each wish; `is_own`: she herself reads it.
    """

    edition: Edition
    catalogue: Catalogue
    odds: Odds
    asked: Sequence[Mandate]
    wishes: Sequence[Wish]
    titles: Ints
    mandates: Ints
    shut: list[set[GateCode]]
    parts: Floats = field(repr=False)
    score: Doubles = field(repr=False)
    chance: Doubles = field(repr=False)
    rights: dict[int, RightsOf] = field(default_factory=dict, repr=False)
    past: Sequence[Past] = ()
    is_own: bool = False

    def mandate(self, n: int) -> Mandate:
        return self.asked[int(self.mandates[n])]

    def wish(self, n: int) -> Wish:
        return self.wishes[int(self.mandates[n])]

    def place(self, n: int) -> int:
        """Where the pair's title stands in the catalogue."""
        return self.catalogue.places[int(self.titles[n])]

    @cached_property
    def today(self) -> Any:
        return self.edition.now().astimezone(self.edition.zone).date()

    @cached_property
    def pulls(self) -> Floats:
        """What each sign of the buyer adds to the taste of each title (signs x titles)."""
        return self.catalogue.offered.pulls(self.wishes[0].signs)

    def look(self, pairs: Collection[int]) -> None:
        """Ask whether what the mandates need is free of these pairs' titles; a constant number of queries."""
        fresh = [n for n in pairs if n not in self.rights]
        if not fresh:
            return
        titles = {int(self.titles[n]) for n in fresh}
        known = (one for one in set(self.rights.values()) if one.ids >= titles)
        rights = next(known, None) or RightsOf(slim(self.edition).filter(pk__in=titles))
        free: dict[int, set[int] | None] = {}
        for n in fresh:
            at = int(self.mandates[n])
            if at not in free:
                mandate = self.asked[at]
                question = question_of(mandate, self.today)
                free[at] = rights.passing(question, mandate.buyer.company) if question else None
            is_free = free[at]
            if is_free is not None and int(self.titles[n]) not in is_free:
                self.shut[n].add(GateCode.RIGHTS)
            self.rights[n] = rights

    def prepare(self, limit: int, lists: Iterable[Iterable[int]], missed: int) -> None:
        """Look at so many pairs of each list that `best` has enough: in two rounds for all of them together."""
        orders = [self._in_order(pairs) for pairs in lists]
        first = [
            self._likeliest(order, 0, MORE * limit) + self._likeliest(order, 1, min(limit, MORE * missed)) for order in orders
        ]
        self.look([n for pairs in first for n in pairs])
        rest = [n for order in orders if len(self._open(order)) < limit for n in self._likeliest(order, 0, len(order))]
        rest += [n for order in orders if self._nearly(order) < missed for n in self._likeliest(order, 1, limit)]
        self.look(rest)

    def best(self, limit: int, at: Iterable[int] | None = None, missed: int | None = None) -> tuple[list[int], list[int]]:
        """(open pairs, pairs that one gate keeps apart), the likeliest first, `limit` and `missed` (as many) at most; `at`: only
        these pairs."""
        most = limit if missed is None else missed
        order = self._in_order(range(len(self.titles)) if at is None else at)
        self.prepare(limit, [order], most)
        shut = [n for n in order if n in self.rights and len(self.shut[n]) == 1]
        return self._open(order)[:limit], shut[:most]

    def _nearly(self, order: Sequence[int]) -> int:
        """How many pairs of which rights were looked at one fact alone keeps apart."""
        return sum(n in self.rights and len(self.shut[n]) == 1 and GateCode.RIGHTS not in self.shut[n] for n in order)

    def _in_order(self, pairs: Iterable[int]) -> list[int]:
        return sorted(pairs, key=lambda n: (-self.chance[n], n))

    def _likeliest(self, order: Sequence[int], shut: int, most: int) -> list[int]:
        return [n for n in order if len(self.shut[n] - {GateCode.RIGHTS}) == shut][:most]

    def _open(self, order: Sequence[int]) -> list[int]:
        return [n for n in order if n in self.rights and not self.shut[n]]


def read_mandates(mandates: Sequence[Mandate], reader: Visitor, past: Sequence[Past] | None = None) -> Reading:
    """All titles that the reader sees on offer, for mandates of one buyer. What she was for and against counts for herself
    alone; `past` stands for it."""
    edition, buyer = mandates[0].edition, mandates[0].buyer
    catalogue = catalogue_of(edition)
    offer = visible_works(reader, edition).filter(pk__in=titles_on_offer(edition).order_by().values("pk"))
    offer = offer.exclude(blocked_sellers(buyer)).select_related(None)
    is_own = _is(reader, buyer)
    told = past if past is not None else past_of(buyer) if is_own else []
    signs = signs_of(told, catalogue)[buyer.pk]
    found = _reading(edition, catalogue, offer, mandates, [wish_of(one, [sign for _, sign in signs]) for one in mandates])
    return replace(found, past=tuple(one for one, _ in signs), is_own=is_own)


def read_title(title: Title, reader: Visitor) -> Reading:
    """All mandates that may be told to the reader. Nothing that buyers did or said before is part of it."""
    catalogue = catalogue_of(title.edition)
    asked = list(mandates_to_match(reader, title.edition).select_related(None).select_related("buyer__company"))
    for mandate in asked:
        mandate.edition = mandate.buyer.edition = title.edition
    found = _reading(title.edition, catalogue, Title.objects.filter(pk=title.pk), asked, [wish_of(one) for one in asked])
    silent = {n for n in range(len(found.titles)) if found.mandate(n).visibility == Visibility.MATCHES}
    found.look(silent)
    return _without(found, {n for n in silent if found.shut[n] or found.score[n] < TOLD})


def slim(edition: Edition) -> QuerySet[Title]:
    """As much of titles as the rights kernel needs."""
    return Title.objects.filter(edition=edition).order_by("pk").only("pk", "company", "part_of", "edition")


def _reading(
    edition: Edition, catalogue: Catalogue, titles: QuerySet[Title], asked: Sequence[Mandate], wishes: Sequence[Wish]
) -> Reading:
    rows = [row for row in _rows(titles, asked) if row.title in catalogue.places]
    at = {mandate.pk: n for n, mandate in enumerate(asked)}
    ids = list(dict.fromkeys(row.title for row in rows))
    column = {pk: n for n, pk in enumerate(ids)}
    odds = odds_of(edition, catalogue)
    parts = catalogue.offered.evidence(wishes, [catalogue.places[pk] for pk in ids])
    pair = np.array([at[row.mandate] for row in rows], np.int64), np.array([column[row.title] for row in rows], np.int64)
    score = odds.shares(parts).sum(axis=0)
    return Reading(
        edition,
        catalogue,
        odds,
        asked,
        wishes,
        np.array([row.title for row in rows], np.int64),
        pair[0],
        [_shut(row, catalogue) for row in rows],
        parts[(slice(None), *pair)],
        score[pair],
        odds.middle(score)[pair],
    )


class _Row(NamedTuple):
    """A pair with what facts say of it; `flags` by the order of `SHUT`."""

    title: int
    mandate: int
    languages: str
    spoken_in: str | None
    wanted: str
    ruled_out: str
    flags: tuple[bool, ...]


def _rows(titles: QuerySet[Title], asked: Sequence[Mandate]) -> list[_Row]:
    """All pairs; one query."""
    pairs = joined(titles, [one.pk for one in asked]).annotate(wanted=F(M + "languages"), ruled_out=F(M + "must_nots"))
    fields = ("pk", "for_mandate", "languages", "profile__spoken_in", "wanted", "ruled_out", *(f"shut_{code}" for code in SHUT))
    rows = pairs.order_by("pk", "for_mandate").values_list(*fields)
    return [_Row(row[0], row[1], row[2], row[3], row[4], row[5], row[6:]) for row in rows]


def _shut(row: _Row, catalogue: Catalogue) -> set[GateCode]:
    """Which gates the facts of a pair shut."""
    shut = {code for code, flag in zip(SHUT, row.flags, strict=True) if flag}
    if row.wanted and lacks_language(row.wanted, ",".join((row.languages, row.spoken_in or ""))):
        shut.add(GateCode.LANGUAGE)
    if row.ruled_out and unwanted(row.ruled_out, catalogue.named(row.title)):
        shut.add(GateCode.MUST_NOT)
    return shut


def _without(found: Reading, gone: set[int]) -> Reading:
    """Without some pairs, as if they had never been."""
    kept = [n for n in range(len(found.titles)) if n not in gone]
    return Reading(
        found.edition,
        found.catalogue,
        found.odds,
        found.asked,
        found.wishes,
        found.titles[kept],
        found.mandates[kept],
        [found.shut[n] for n in kept],
        found.parts[:, kept],
        found.score[kept],
        found.chance[kept],
        {place: found.rights[n] for place, n in enumerate(kept) if n in found.rights},
    )


def _is(reader: Visitor, buyer: Participant) -> bool:
    return reader.is_authenticated and buyer.user_id == reader.pk
