"""A mandate against all titles on offer, or a title against all mandates that may be told: gates and chances as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from django.db.models import F

from madang.catalogue.models import Title
from madang.catalogue.rules import visible_works
from madang.kernels.matching.arrays import Doubles, Floats, Ints
from madang.kernels.matching.pairs import Wish
from madang.mandates.models import Mandate, Visibility
from madang.markets.models import Edition
from madang.markets.rules import Visitor
from madang.matching.gates import SHUT, M, joined, lacks_language, unwanted
from madang.matching.queries.answers import Known, known_of
from madang.matching.queries.faces import GateCode
from madang.matching.queries.market import Catalogue, Past, catalogue_of, past_of, signs_of, wish_of
from madang.matching.queries.rights import RightsOf, question_of
from madang.matching.rules import blocked_sellers, mandates_to_match, titles_on_offer
from madang.people.models import Participant

TOLD = 1.0
"""Log-odds above a pair of which nothing agrees: from there on a title matches a mandate that only matches are told."""


@dataclass(frozen=True)
class Reading:
    """Pairs of one title or one mandate with many of the other side; the n-th of all is one pair.

    `titles` (ids) and `mandates`: the two sides; `wishes`: one for all where there is one mandate; `shut`: codes of shut gates;
    `parts` (PARTS x n); `score`: log-odds besides the base.
    """

    edition: Edition
    catalogue: Catalogue
    known: Known
    rights: RightsOf
    titles: Ints
    wishes: Sequence[Wish]
    mandates: Sequence[Mandate]
    shut: Sequence[frozenset[GateCode]]
    parts: Floats = field(repr=False)
    score: Doubles = field(repr=False)
    chance: Doubles = field(repr=False)
    low: Doubles = field(repr=False)
    high: Doubles = field(repr=False)

    @cached_property
    def pulls(self) -> Floats:
        """What each sign of the wish adds to the taste of each title of the catalogue (signs x titles)."""
        return self.catalogue.offered.pulls(self.wishes[0].signs)

    def wish(self, n: int) -> Wish:
        return self.wishes[0] if len(self.wishes) == 1 else self.wishes[n]

    def order(self) -> list[int]:
        """Open pairs first, then those with the fewest gates shut; within them the likeliest first."""
        keys = [(len(shut), -chance, n) for n, (shut, chance) in enumerate(zip(self.shut, self.chance.tolist(), strict=True))]
        return [n for *_, n in sorted(keys)]


def read_mandate(mandate: Mandate, reader: Visitor, past: Sequence[Past] | None = None) -> Reading:
    """All titles that the reader sees on offer. What the buyer was for and against counts for herself alone; `past` stands
    for it."""
    edition, buyer = mandate.edition, mandate.buyer
    catalogue = catalogue_of(edition)
    offer = visible_works(reader, edition).filter(pk__in=titles_on_offer(edition).order_by().values("pk"))
    offer = offer.exclude(blocked_sellers(buyer)).select_related(None)
    rows = [row for row in _rows(offer, Mandate.objects.filter(pk=mandate.pk)) if row["pk"] in catalogue.places]
    rights = RightsOf(_slim(edition).filter(pk__in=[row["pk"] for row in rows]))
    told = past if past is not None else past_of(buyer) if _is(reader, buyer) else []
    wish = wish_of(mandate, signs_of(told, catalogue)[buyer.pk])
    return _reading(edition, catalogue, rights, rows, [mandate], [wish], known_of(edition, catalogue))


def read_title(title: Title, reader: Visitor) -> Reading:
    """All mandates that may be told to the reader. Nothing that buyers did or said before is part of it."""
    edition = title.edition
    catalogue = catalogue_of(edition)
    mandates = {one.pk: one for one in mandates_to_match(reader, edition)}
    titles = Title.objects.filter(pk=title.pk)
    rows = _rows(titles, Mandate.objects.filter(pk__in=list(mandates))) if title.pk in catalogue.places else []
    shown = [mandates[row["for_mandate"]] for row in rows]
    rights = RightsOf([title])
    found = _reading(edition, catalogue, rights, rows, shown, [wish_of(one) for one in shown], known_of(edition, catalogue))
    return _told(found)


def _rows(titles: Any, mandates: Any) -> list[dict[str, Any]]:
    """Pairs with what lists of codes need; one query."""
    pairs = joined(titles, mandates).annotate(wanted=F(M + "languages"), ruled_out=F(M + "must_nots"))
    fields = ("pk", "for_mandate", "languages", "profile__spoken_in", "wanted", "ruled_out", *(f"shut_{code}" for code in SHUT))
    return list(pairs.order_by("pk", "for_mandate").values(*fields))


def _slim(edition: Edition) -> Any:
    return Title.objects.filter(edition=edition).order_by("pk").only("pk", "company", "part_of", "edition")


def _is(reader: Visitor, buyer: Participant) -> bool:
    return reader.is_authenticated and buyer.user_id == reader.pk


def _reading(
    edition: Edition,
    catalogue: Catalogue,
    rights: RightsOf,
    rows: list[dict[str, Any]],
    mandates: Sequence[Mandate],
    wishes: Sequence[Wish],
    known: Known,
) -> Reading:
    """Chances and gates of rows; of mandates and titles one side has one member."""
    titles = np.array([row["pk"] for row in rows], np.int64)
    sides = [mandates[0]] * len(rows) if len(mandates) == 1 else list(mandates)
    kept = [catalogue.places[pk] for pk in dict.fromkeys(titles.tolist())]
    parts = catalogue.offered.evidence(wishes, kept)
    title_answers = np.array([known.titles[int(catalogue.ids[n])] for n in kept], np.int64)
    buyer_answers = np.array([known.buyers[one.buyer_id] for one in mandates], np.int64)
    chances = known.odds.chances(parts, buyer_answers, title_answers)
    score = known.odds.shares(parts).sum(axis=0)
    flat = [np.asarray(one).reshape(*one.shape[:-2], -1) for one in (parts, score, chances.middle, chances.low, chances.high)]
    shut = _shut(edition, catalogue, rights, rows, sides)
    return Reading(edition, catalogue, known, rights, titles, list(wishes), sides, shut, *flat)


def _shut(
    edition: Edition, catalogue: Catalogue, rights: RightsOf, rows: list[dict[str, Any]], mandates: Sequence[Mandate]
) -> list[frozenset[GateCode]]:
    """Which gates are shut, pair by pair."""
    today = edition.now().astimezone(edition.zone).date()
    free: dict[Any, set[int]] = {}
    found = []
    for row, mandate in zip(rows, mandates, strict=True):
        shut = {code for code in SHUT if row[f"shut_{code}"]}
        if lacks_language(row["wanted"], ",".join((row["languages"], row["profile__spoken_in"] or ""))):
            shut.add(GateCode.LANGUAGE)
        if row["ruled_out"] and unwanted(row["ruled_out"], catalogue.named(row["pk"])):
            shut.add(GateCode.MUST_NOT)
        question = question_of(mandate, today)
        if question is not None:
            key = question, mandate.buyer.company_id
            if key not in free:
                free[key] = rights.passing(question, mandate.buyer.company)
            if row["pk"] not in free[key]:
                shut.add(GateCode.RIGHTS)
        found.append(frozenset(shut))
    return found


def _told(found: Reading) -> Reading:
    """Without mandates that only matches are told and that do not match."""
    is_told = [
        mandate.visibility != Visibility.MATCHES or (not shut and score >= TOLD)
        for mandate, shut, score in zip(found.mandates, found.shut, found.score.tolist(), strict=True)
    ]
    kept = np.flatnonzero(is_told)
    return replace(
        found,
        titles=found.titles[kept],
        wishes=[found.wishes[n] for n in kept],
        mandates=[found.mandates[n] for n in kept],
        shut=[found.shut[n] for n in kept],
        parts=found.parts[:, kept],
        **{name: getattr(found, name)[kept] for name in ("score", "chance", "low", "high")},
    )
