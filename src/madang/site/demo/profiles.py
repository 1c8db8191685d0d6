"""The titles' side of matches: what they are like, whom they are for, what is asked. Of real works only what their texts name."""

from __future__ import annotations

import random
from decimal import Decimal

from madang.catalogue.concepts import AUDIENCES, THEMES, TONES, concepts_in, in_order
from madang.catalogue.models import Format, Genre, Profile, Progress, Seeks, Title
from madang.kit.codes import codes
from madang.site.demo.people import weighted

TONES_OF: dict[str, tuple[str, ...]] = {
    Genre.DRAMA: ("bittersweet", "poetic", "slice of life", "hopeful"),
    Genre.THRILLER: ("tense", "dark", "psychological", "fast-paced"),
    Genre.CRIME: ("dark", "tense", "psychological"),
    Genre.ROMANCE: ("light-hearted", "bittersweet", "nostalgic"),
    Genre.COMEDY: ("light-hearted", "satire", "absurd"),
    Genre.FANTASY: ("blockbuster", "fast-paced", "sensory"),
    Genre.HISTORY: ("blockbuster", "sensory", "nostalgic"),
    Genre.HORROR: ("dark", "violent", "psychological"),
    Genre.FAMILY: ("light-hearted", "hopeful"),
    Genre.FACTUAL: ("poetic", "philosophical", "hopeful"),
    Genre.MUSIC: ("nostalgic", "hopeful"),
    Genre.OTHER: ("light-hearted", "fast-paced", "experimental"),
}
"""Tones that are likely for a genre."""
PUBLIC_OF: dict[str, tuple[str, ...]] = {
    Genre.ROMANCE: ("women's audience", "youth"),
    Genre.FAMILY: ("family entertainment", "children's", "preschool"),
    Genre.HORROR: ("adult", "youth"),
    Genre.FANTASY: ("youth", "teenager"),
    Genre.COMEDY: ("youth", "family entertainment"),
}
AUDIENCES_ELSE = ("youth", "adult", "women's audience", "men's audience", "family entertainment")
SOUGHT = {
    Progress.DEVELOPMENT: {Seeks.COPRODUCTION: 6, Seeks.FINANCE: 4},
    Progress.PRODUCTION: {Seeks.PRESALE: 7, Seeks.COPRODUCTION: 3},
    Progress.COMPLETED: {Seeks.LICENCE: 17, Seeks.REMAKE: 2, Seeks.FESTIVAL: 1},
}
PRICES = {
    Format.SERIES: (20, 160), Format.FILM: (15, 90), Format.DOCUMENTARY: (5, 40), Format.ANIMATION: (10, 80),
    Format.ENTERTAINMENT: (10, 70), Format.FORMAT: (10, 60), Format.SHORT: (3, 20),
}  # fmt: skip
"""Thousands of dollars that are asked at least, and that buyers can pay at most."""
OTHERS = ["fr", "ko", "ja", "es", "zh"]
"""Languages beside English in which titles can be had."""
RATES = {"USD": 1000, "EUR": 900, "KRW": 1_300_000, "GBP": 800, "JPY": 150_000}
"""Of a currency for a thousand dollars, roughly."""
EUROPE = {"FR", "BE", "DE", "ES", "IT", "AT", "NL", "PT", "FI", "IE"}


def make_profiles(rng: random.Random, works: list[Title], shown: list[Title]) -> None:
    """One for each title, of the invented ones in full."""
    names = [work.name for work in works]
    rows = [make_profile(rng, work, names) for work in works] + [Profile(title=title, **read(title)) for title in shown]
    for row in rows:
        row.saved_at = row.title.edition.now()
    Profile.objects.bulk_create(rows, batch_size=500)


def read(title: Title) -> dict[str, str]:
    """What the English synopsis names."""
    known = {"tones": TONES, "themes": THEMES, "audiences": AUDIENCES}
    return {name: ", ".join(concepts_in(title.synopsis, concepts)[:6]) for name, concepts in known.items()}


def make_profile(rng: random.Random, title: Title, names: list[str]) -> Profile:
    """What the seller says of one invented title."""
    facts = read(title)
    tones = rng.sample(TONES_OF[title.genre], k=min(2, len(TONES_OF[title.genre])))
    public = rng.choice(PUBLIC_OF.get(title.genre, AUDIENCES_ELSE))
    seeks = weighted(rng, SOUGHT[Progress(title.progress)].items())
    low, high = PRICES[Format(title.format)]
    priced = seeks in (Seeks.LICENCE, Seeks.PRESALE, Seeks.REMAKE) and rng.random() < 0.5
    currency = currency_of(title.country_list[0] if title.country_list else "")
    return Profile(
        title=title,
        tones=", ".join(in_order([*codes(facts["tones"]), *tones])),
        themes=facts["themes"],
        audiences=public,
        comparables=", ".join(rng.sample(names, 2)) if rng.random() < 0.6 else "",
        is_first_work=rng.random() < 0.14,
        spoken_in=", ".join(["en", *rng.sample(["fr", "ko", "ja", "es", "zh"], k=rng.randrange(4))])
        if rng.random() < 0.8
        else "",
        seeks=seeks,
        asks=amount(rng, low * 0.3, high * 0.5, currency) if priced else None,
        asks_currency=currency if priced else "",
    )


def currency_of(country: str) -> str:
    """In what a company of that country counts."""
    known = {"KR": "KRW", "GB": "GBP", "JP": "JPY"}
    return "EUR" if country in EUROPE else known.get(country, "USD")


def amount(rng: random.Random, low: float, high: float, currency: str) -> Decimal:
    """Between so many thousands of dollars, in round numbers of the currency."""
    rate = RATES[currency]
    return Decimal(round(rng.uniform(low, high)) * rate)
