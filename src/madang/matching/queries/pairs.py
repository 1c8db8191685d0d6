"""Mandates and titles that fit each other: gates first, then a chance with its reasons. The face that other rooms use."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from madang.catalogue.models import Title
from madang.kernels.matching.arrays import Bools, Doubles, Ints
from madang.mandates.models import Mandate, Visibility
from madang.markets.models import Edition
from madang.markets.rules import Visitor
from madang.matching.gates import lacks_language, open_pairs, unwanted
from madang.matching.queries.answers import Had, had_of, odds_of
from madang.matching.queries.faces import Gate, GateCode, MarketPairs, Match, Part
from madang.matching.queries.market import Catalogue, catalogue_of, wish_of
from madang.matching.queries.past import past_of_market, signs_of
from madang.matching.queries.readings import Reading, read_mandates, read_title, slim
from madang.matching.queries.rights import RightsOf, question_of
from madang.matching.queries.words import gates_of, parts_of
from madang.matching.rules import titles_on_offer

__all__ = [
    "Gate", "GateCode", "MarketPairs", "Match", "Part", "market_pairs", "matches_for_mandate", "matches_for_title", "matches_of",
]  # fmt: skip
BLOCK = 256
"""Mandates whose pairs are scored at once."""


def matches_for_mandate(mandate: Mandate, reader: Visitor, limit: int = 50) -> list[Match]:
    """The titles on offer that fit a mandate, the likeliest first; those that one gate keeps apart come last. A constant number
    of queries."""
    return _best(read_mandates([mandate], reader), limit)


def matches_for_title(title: Title, reader: Visitor, limit: int = 50) -> list[Match]:
    """The mandates that a title fits, as far as the reader may be told of them; otherwise as `matches_for_mandate`."""
    return _best(read_title(title, reader), limit)


def _best(reading: Reading, limit: int) -> list[Match]:
    fit, missed = reading.best(limit)
    return matches_of(reading, [*fit, *missed][:limit])


def matches_of(reading: Reading, chosen: Iterable[int]) -> list[Match]:
    """Some pairs of a reading, whose rights were looked at, in words and in the order given; a constant number of queries."""
    pairs = np.array(list(chosen), np.int64)
    ids = {int(reading.titles[n]) for n in pairs} | {one.title for one in reading.past}
    titles = Title.objects.select_related("company", "edition", "profile").in_bulk(ids)
    had = had_of(reading.edition, reading.titles[pairs].tolist(), {reading.mandate(n).buyer_id for n in pairs})
    return [_match(reading, n, titles, had) for n in pairs.tolist()]


def _match(reading: Reading, n: int, titles: dict[int, Title], had: Had) -> Match:
    title, mandate = titles[int(reading.titles[n])], reading.mandate(n)
    answers = had.buyers[mandate.buyer_id], had.titles[title.pk]
    found = reading.odds.chances(reading.parts[:, n, None, None], np.array(answers[:1]), np.array(answers[1:]))
    return Match(
        title,
        mandate,
        gates_of(reading, n, title),
        float(reading.chance[n]),
        float(found.low[0, 0]),
        float(found.high[0, 0]),
        parts_of(reading, n, titles),
        reading.odds.is_rough or not all(answers),
    )


# --- All pairs of an edition -------------------------------------------------------------------------------------------


def market_pairs(edition: Edition) -> MarketPairs:
    """Every buyer with a mandate that is not hidden and every title on offer; a constant number of queries."""
    catalogue = catalogue_of(edition)
    mandates = list(_open_mandates(edition))
    buyers = np.unique(np.array([mandate.buyer_id for mandate in mandates], np.int64))
    found = _empty(buyers, catalogue.ids)
    odds, had, signs = odds_of(edition, catalogue), had_of(edition), signs_of(past_of_market(edition), catalogue)
    allowed = _allowed(edition, catalogue, mandates)
    title_answers = np.array([had.titles[int(pk)] for pk in catalogue.ids], np.int64)
    for start in range(0, len(mandates), BLOCK):
        block = mandates[start : start + BLOCK]
        parts = catalogue.offered.evidence([wish_of(one, [sign for _, sign in signs.get(one.buyer_id, ())]) for one in block])
        answers = np.array([had.buyers[one.buyer_id] for one in block], np.int64)
        chances = odds.chances(parts, answers, title_answers)
        for n, mandate in enumerate(block):
            row = int(np.searchsorted(buyers, mandate.buyer_id))
            _keep(found, row, mandate.pk, allowed[start + n], chances.middle[n], chances.low[n], chances.high[n])
    return found


def _open_mandates(edition: Edition) -> Iterable[Mandate]:
    mandates = Mandate.objects.filter(edition=edition, buyer__is_buyer=True, buyer__left_at=None)
    return mandates.exclude(visibility=Visibility.HIDDEN).select_related("buyer__company", "edition").order_by("buyer", "pk")


def _empty(buyers: Ints, titles: Ints) -> MarketPairs:
    shape = (len(buyers), len(titles))
    nothing = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    return MarketPairs(buyers, titles, nothing[0], nothing[1], nothing[2], np.zeros(shape, bool), np.zeros(shape, np.int64))


def _keep(found: MarketPairs, row: int, mandate: int, allowed: Bools, chance: Doubles, low: Doubles, high: Doubles) -> None:
    """Where this mandate of the buyer is better than those before: gates first, then the chance."""
    is_first = found.mandates[row] == 0
    is_likelier = (allowed == found.allowed[row]) & (chance > found.chance[row])
    better = is_first | (allowed & ~found.allowed[row]) | is_likelier
    found.chance[row, better], found.low[row, better], found.high[row, better] = chance[better], low[better], high[better]
    found.allowed[row, better], found.mandates[row, better] = allowed[better], mandate


def _allowed(edition: Edition, catalogue: Catalogue, mandates: list[Mandate]) -> Bools:
    """Which pairs no gate keeps apart (mandates x titles)."""
    found = np.zeros((len(mandates), len(catalogue.ids)), bool)
    row_of = {mandate.pk: n for n, mandate in enumerate(mandates)}
    pairs = open_pairs(titles_on_offer(edition), list(row_of))
    for title, mandate in pairs.values_list("pk", "for_mandate").iterator(10_000):
        if mandate in row_of and title in catalogue.places:
            found[row_of[mandate], catalogue.places[title]] = True
    return found & _by_codes(edition, catalogue, mandates) & _by_rights(edition, catalogue, mandates)


def _by_codes(edition: Edition, catalogue: Catalogue, mandates: list[Mandate]) -> Bools:
    """Languages and what mandates rule out; each distinct wish is held against the catalogue once."""
    rows = titles_on_offer(edition).order_by("pk").values_list("pk", "languages", "profile__spoken_in")
    spoken = {pk: ",".join((languages, other or "")) for pk, languages, other in rows}

    def passes(wanted: str, ruled_out: str) -> Bools:
        return np.array(
            [
                not (lacks_language(wanted, spoken.get(pk, "")) or unwanted(ruled_out, catalogue.named(pk)))
                for pk in catalogue.places
            ],
            bool,
        )

    asked = [(mandate.languages, mandate.must_nots) for mandate in mandates]
    lines = {one: passes(*one) for one in set(asked)}
    return np.array([lines[one] for one in asked], bool).reshape(len(mandates), len(catalogue.ids))


def _by_rights(edition: Edition, catalogue: Catalogue, mandates: list[Mandate]) -> Bools:
    """Each distinct question of a company is asked once."""
    rights = RightsOf(slim(edition).filter(pk__in=titles_on_offer(edition).order_by().values("pk")))
    today = edition.now().astimezone(edition.zone).date()
    lines: dict[object, Bools] = {None: np.ones(len(catalogue.ids), bool)}
    found = []
    for mandate in mandates:
        question = question_of(mandate, today)
        key = (question, mandate.buyer.company_id) if question else None
        if question and key not in lines:
            free = rights.passing(question, mandate.buyer.company)
            lines[key] = np.array([pk in free for pk in catalogue.places], bool)
        found.append(lines[key])
    return np.array(found, bool).reshape(len(mandates), len(catalogue.ids))
