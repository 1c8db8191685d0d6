"""Titles: composed names and synopses in three languages."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from madang.catalogue.models import Format, Genre, Progress, Title
from madang.markets.models import Edition
from madang.people.models import Company, CompanyKind
from madang.site.demo.korean import Word
from madang.site.demo.people import FRENCH, person_name, saved, weighted
from madang.site.demo.sizes import Size
from madang.site.demo.words import words

FORMATS = {
    Format.SERIES: 55,
    Format.FILM: 10,
    Format.DOCUMENTARY: 10,
    Format.ANIMATION: 9,
    Format.ENTERTAINMENT: 8,
    Format.FORMAT: 4,
    Format.SHORT: 4,
}
STORIES = {
    Genre.DRAMA: 26,
    Genre.THRILLER: 14,
    Genre.CRIME: 14,
    Genre.ROMANCE: 16,
    Genre.COMEDY: 11,
    Genre.FANTASY: 9,
    Genre.HISTORY: 7,
    Genre.HORROR: 3,
}
GENRES: dict[str, dict[Any, int]] = {
    Format.DOCUMENTARY: {Genre.FACTUAL: 80, Genre.HISTORY: 15, Genre.MUSIC: 5},
    Format.ANIMATION: {Genre.FAMILY: 70, Genre.FANTASY: 20, Genre.COMEDY: 10},
    Format.ENTERTAINMENT: {Genre.OTHER: 50, Genre.MUSIC: 30, Genre.COMEDY: 20},
    Format.FORMAT: {Genre.OTHER: 70, Genre.MUSIC: 30},
}
LENGTHS: dict[str, tuple[list[int], list[int]]] = {
    Format.SERIES: ([6, 8, 8, 10, 12, 16, 16, 20, 24], [45, 50, 52, 60, 70]),
    Format.FILM: ([1], [88, 95, 102, 110, 118, 124]),
    Format.DOCUMENTARY: ([1, 1, 2, 3, 4, 6], [52, 52, 60, 90]),
    Format.ANIMATION: ([13, 26, 26, 52], [7, 11, 22]),
    Format.ENTERTAINMENT: ([8, 10, 12, 20], [60, 70, 80]),
    Format.FORMAT: ([8, 10, 12], [45, 60]),
    Format.SHORT: ([20, 30, 60, 80], [1, 2, 3]),
}
EVENTS: dict[str, str] = {Genre.THRILLER: "crime", Genre.HORROR: "fantasy"}
"""Which list of events a genre takes, where it has none of its own name."""


def make_titles(rng: random.Random, edition: Edition, companies: list[Company], size: Size) -> list[Title]:
    """Titles over the companies that sell, in an uneven way; each such company has at least one."""
    sellers = [c for c in companies if c.kind in (CompanyKind.SALES, CompanyKind.PRODUCER, CompanyKind.DISTRIBUTOR)]
    rng.shuffle(sellers)
    weights = [min(rng.paretovariate(1.1), 10) for _ in sellers]
    owners = (sellers + rng.choices(sellers, weights, k=max(0, size.titles - len(sellers))))[: size.titles]
    taken: set[str] = set()
    return saved([make_title(rng, edition, company, f"W{n:04}", taken) for n, company in enumerate(owners, 1)])


def make_title(rng: random.Random, edition: Edition, company: Company, code: str, taken: set[str]) -> Title:
    """One work."""
    form = weighted(rng, FORMATS.items())
    genre = weighted(rng, GENRES.get(form, STORIES).items())
    episodes, minutes = (rng.choice(options) for options in LENGTHS[form])
    name, name_ko, name_fr = new_name(rng, taken)
    synopsis, synopsis_ko, synopsis_fr = make_synopsis(rng, form, genre)
    country = company.country
    partner = rng.choice(["KR", "FR", "JP", "GB", "DE"]) if rng.random() < 0.08 else country
    progress = weighted(rng, [(Progress.COMPLETED, 68), (Progress.PRODUCTION, 18), (Progress.DEVELOPMENT, 14)])
    return Title(
        edition=edition,
        code=code,
        company=company,
        name=name,
        name_ko=name_ko if country == "KR" or rng.random() < 0.25 else "",
        name_fr=name_fr if country in FRENCH or rng.random() < 0.2 else "",
        name_original=original_name(rng, country, name_ko, name_fr),
        countries=", ".join(dict.fromkeys([country, partner])),
        format=form,
        genre=genre,
        progress=progress,
        year={Progress.COMPLETED: rng.choice([2022, 2023, 2024, 2024, 2025]), Progress.PRODUCTION: 2025}.get(progress, 2026),
        episodes=episodes,
        minutes=minutes,
        synopsis=synopsis,
        synopsis_ko=synopsis_ko,
        synopsis_fr=synopsis_fr,
        creators=person_name(rng, country).latin if rng.random() < 0.7 else "",
        directors=person_name(rng, country).latin,
        producers=company.name if company.kind == CompanyKind.PRODUCER else "",
        sales=company.name if company.kind != CompanyKind.PRODUCER else "",
    )


# --- Names -------------------------------------------------------------------------------------------------------------


def new_name(rng: random.Random, taken: set[str]) -> tuple[str, str, str]:
    """An English, a Korean and a French name of the same meaning that no title has yet."""
    lists = words("titles")
    while True:
        one, other = rng.sample(lists["nouns"], 2)
        fields = name_fields(one, other, rng.choice(lists["adjectives"]), rng.choice([2, 3, 4, 5, 7, 9, 11, 13, 17, 24, 33, 101]))
        names = [pattern.format(**fields) for pattern in rng.choice(lists["patterns"])]
        if names[0] not in taken:
            taken.add(names[0])
            return names[0], names[1], capital(names[2])


def name_fields(one: list[str], other: list[str], adjective: list[str], number: int) -> dict[str, Any]:
    """What a pattern may use: the noun in three languages with its articles."""
    english, korean, gender, french = one
    word = adjective[2 if gender == "m" else 3]
    described = f"{word} {french}" if adjective[4] == "before" else f"{french} {word}"
    return {
        "n": english,
        "n2": other[0],
        "adj": adjective[0],
        "d": number,
        "k": Word(korean),
        "k2": other[1],
        "k_adj": adjective[1],
        "f_adj": article(described, gender),
        "f_the": article(french, gender),
        "f_The": article(french, gender),
        "f_the2": article(other[3], other[2]),
        "f_of": f"d'{french}" if is_elided(french) else f"de {french}",
        "f_A": f"{'Un' if gender == 'm' else 'Une'} {french}",
        "f_Bare": french,
    }


def article(french: str, gender: str) -> str:
    """The French definite article and the word."""
    if is_elided(french):
        return f"l'{french}"
    return f"{'le' if gender == 'm' else 'la'} {french}"


def is_elided(french: str) -> bool:
    return french[0] in "aeiouéèêîôhAEIOU"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def original_name(rng: random.Random, country: str, name_ko: str, name_fr: str) -> str:
    """The name in the language of the country, as far as our word lists go."""
    if country == "KR":
        return name_ko
    if country in FRENCH:
        return name_fr
    language = {"JP": "ja", "CN": "zh", "TW": "zh", "HK": "zh", "ES": "es", "MX": "es"}.get(country)
    if language is None:
        return ""
    own = words("titles")["own"]
    return capital(rng.choice(own[language]).format(rng.choice(own[f"{language}_nouns"])))


# --- Synopses ----------------------------------------------------------------------------------------------------------


def make_synopsis(rng: random.Random, form: str, genre: str) -> tuple[str, str, str]:
    """The same few sentences in English, Korean and French."""
    lists = words("synopses")
    plain = {Format.DOCUMENTARY: "factual", Format.ENTERTAINMENT: "show", Format.FORMAT: "show", Format.ANIMATION: "young"}.get(
        Format(form)
    )
    if plain:
        return joined(rng.choice(lists[plain]), rng.choice(lists[f"{plain}_close"]))
    events = lists["event"].get(EVENTS.get(genre, genre), []) + lists["event"]["any"]
    who, where, event = rng.choice(lists["who"]), rng.choice(lists["where"]), rng.choice(events)
    close = rng.choice([c for c in lists["close"] if form in (Format.SERIES, Format.SHORT) or "pisode" not in c[0]])
    first = (
        f"{capital(where[0])}, {who[0]} {event[0]}.",
        f"{where[1]} {Word(who[1]):이} {event[1]}.",
        f"{capital(where[2])}, {who[2]} {event[2]}.",
    )
    return joined(first, rng.choice(lists["then"]), close)


def joined(*sentences: Sequence[str]) -> tuple[str, str, str]:
    """Sentences in three languages each, as three texts."""
    english, korean, french = (" ".join(part for part in parts if part) for parts in zip(*sentences, strict=True))
    return english, korean, french
