"""Mandates: what the demo's buyers look for, in their own languages."""

from __future__ import annotations

import random

from madang.catalogue.models import Format
from madang.kit.territories import country_name
from madang.mandates.models import Mandate, Visibility
from madang.markets.models import Edition
from madang.people.models import Participant
from madang.site.demo.people import language_of, saved, weighted, with_article
from madang.site.demo.sizes import Size
from madang.site.demo.titles import FORMATS, GENRES, STORIES, capital
from madang.site.demo.words import words

PLACE = {"en": 0, "ko": 1, "fr": 2}
"""Where a language stands in the lists of three."""


def make_mandates(rng: random.Random, edition: Edition, people: list[Participant], size: Size) -> list[Mandate]:
    """Mandates of some of the buyers; a few buyers have two, a few are hidden."""
    buyers = [p for p in people if p.is_buyer]
    chosen = rng.sample(buyers, min(len(buyers), round(size.mandates * 0.8)))
    owners = (chosen + rng.choices(chosen, k=size.mandates))[: size.mandates]
    return saved([make_mandate(rng, edition, buyer, f"M{n:03}") for n, buyer in enumerate(owners, 1)])


def make_mandate(rng: random.Random, edition: Edition, buyer: Participant, code: str) -> Mandate:
    """One wish."""
    form = weighted(rng, FORMATS.items())
    genre = weighted(rng, GENRES.get(form, STORIES).items())
    return Mandate(
        edition=edition,
        code=code,
        buyer=buyer,
        text=mandate_text(rng, buyer, form, genre),
        format=form if rng.random() < 0.9 else "",
        genre=genre if rng.random() < 0.9 else "",
        territories=buyer.country,
        visibility=Visibility.HIDDEN if rng.random() < 0.12 else Visibility.PUBLIC,
    )


def mandate_text(rng: random.Random, buyer: Participant, form: str, genre: str) -> str:
    """The wish in a sentence of the buyer's language."""
    lists = words("requests")
    language = language_of(buyer.country)
    place = PLACE[language]
    form_words, genre_words = lists["words"]["format"][form][place], lists["words"]["genre"][genre][place]
    land = country_name(buyer.country, "ko") if language == "ko" else with_article(buyer.country, language)
    sentences = lists["mandates"][language]
    if form != Format.SERIES:  # nobody asks for ten episodes of a film
        sentences = [text for text in sentences if not any(word in text for word in ("pisodes", "부작", "hours"))]
    sentence = rng.choice(sentences)
    return capital(sentence.format(form=form_words, g=genre_words, G=capital(genre_words), land=land))
