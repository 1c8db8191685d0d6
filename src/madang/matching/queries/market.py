"""Rows of an edition -> what the kernel compares: titles and wishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from madang.kernels.matching.arrays import Ints
from madang.kernels.matching.pairs import Offer, Offered, Sign, Wish, offered
from madang.kit.codes import codes
from madang.mandates.models import FirstTime, Mandate
from madang.markets.models import Edition
from madang.matching.queries.kept import kept, key_of
from madang.matching.rules import titles_on_offer

LANGUAGES = ("", "_ko", "_fr")
TEXTS = tuple(f"{name}{ending}" for name in ("synopsis", "identity__for_whom") for ending in LANGUAGES)
FACTS = (
    "pk", "company_id", "genre", "format", "profile__tones", "profile__themes", "profile__audiences", "profile__is_first_work",
    "minutes", "profile__asks", "profile__asks_currency", *TEXTS,
)  # fmt: skip
WISHED = ("text", "genre", "tones", "audiences", "first_time")
"""What of a mandate its wish is read from."""
KEPT = 4
"""Catalogues, and what was learned of them, that a process remembers; found again by all that they say."""


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """The titles on offer, ready for the kernel. `ids` by place, `places` by id; `names`: what each is about, with its genre;
    `key`: its name among what is kept."""

    ids: Ints
    places: Mapping[int, int]
    offered: Offered
    names: Sequence[frozenset[str]]
    key: str

    def named(self, title: int) -> frozenset[str]:
        """The concepts of a title, by its id."""
        return self.names[self.places[title]]


def catalogue_of(edition: Edition) -> Catalogue:
    """One query; made ready anew only where a title changed."""
    return _catalogue(tuple(titles_on_offer(edition).order_by("pk").values_list(*FACTS)))


@lru_cache(maxsize=KEPT)
def _catalogue(rows: tuple[tuple[Any, ...], ...]) -> Catalogue:
    key = key_of("catalogue", rows)

    def made() -> Catalogue:
        ids = [row[0] for row in rows]
        ready = offered([offer_of(*row) for row in rows])
        names = [ready.named(n) | {offer.genre} for n, offer in enumerate(ready.offers)]
        return Catalogue(np.array(ids, np.int64), {pk: n for n, pk in enumerate(ids)}, ready, names, key)

    return kept(key, made)


def offer_of(pk: int, company: int, genre: str, form: str, *rest: Any) -> Offer:
    """A title, by its `FACTS`, as the kernel reads it."""
    tones, themes, audiences, first, minutes, asks, currency, *texts = rest
    told = [frozenset(codes(text or "")) for text in (tones, themes, audiences)]
    price = float(asks or 0), currency or ""
    said = tuple(text for text in texts if text)
    return Offer(str(company), said, genre, form, told[0], told[1], told[2], bool(first), minutes or 0, *price)


def wish_of(mandate: Mandate, signs: Sequence[Sign] = ()) -> Wish:
    """A mandate as the kernel reads it."""
    said = (mandate.text, mandate.genre, mandate.tones, mandate.audiences, mandate.first_time)
    return wish_from(*said, signs)


def wish_from(text: str, genre: str, tones: str, audiences: str, first_time: str, signs: Sequence[Sign] = ()) -> Wish:
    """As `wish_of`, by what `WISHED` names."""
    told, for_whom = (frozenset(codes(listed)) for listed in (tones, audiences))
    return Wish(text, genre, told, for_whom, first_time == FirstTime.SOUGHT, tuple(signs))
