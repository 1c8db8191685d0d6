"""Mandates: what the demo's buyers look for, in their own languages."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from madang.catalogue.concepts import in_order
from madang.catalogue.models import Format
from madang.kernels.matching import lexicon
from madang.kit.codes import codes
from madang.kit.territories import country_name
from madang.mandates.actions import LETTERS
from madang.mandates.facts import facts_of, in_media_order
from madang.mandates.models import Exclusivity, FirstTime, Mandate, MandateVersion, Visibility
from madang.markets.models import Edition, Stage
from madang.people.models import Participant
from madang.site.demo.people import language_of, saved, weighted, with_article
from madang.site.demo.profiles import AUDIENCES_ELSE, PRICES, PUBLIC_OF, TONES_OF, amount, currency_of
from madang.site.demo.sizes import MOMENTS, Size
from madang.site.demo.titles import FORMATS, GENRES, LENGTHS, STORIES, capital
from madang.site.demo.words import words

PLACE = {"en": 0, "ko": 1, "fr": 2}
"""Where a language stands in the lists of three."""
MEDIA = [
    ["FREE"],
    ["FREE", "CATCHUP"],
    ["SVOD"],
    ["SVOD", "AVOD"],
    ["PAYTV", "SVOD"],
    ["FREE", "PAYTV", "AVOD"],
    ["THEA", "SVOD"],
]
REFUSED = ["horror", "violent", "war", "zombie", "experimental", "sexual violence", "gambling", "suicide"]
"""What buyers do not want to be offered."""


def make_mandates(
    rng: random.Random, edition: Edition, people: list[Participant], size: Size, known: Participant
) -> list[Mandate]:
    """Mandates of some of the buyers, of each visibility; `known`, whose sign-in is given, has one of each."""
    buyers = [p for p in people if p.is_buyer and p != known]
    chosen = rng.sample(buyers, min(len(buyers), round(size.mandates * 0.8)))
    owners = ([known] * len(Visibility) + chosen + rng.choices(chosen, k=size.mandates))[: size.mandates]
    made = [make_mandate(rng, edition, buyer, new_code(rng)) for buyer in owners]
    for mandate, visibility in zip(made, Visibility.values, strict=False):
        mandate.visibility = visibility
    saved(made)
    make_versions(rng, made)
    return made


def new_code(rng: random.Random) -> str:
    """As the site makes them, but by the demo's dice."""
    return "M" + "".join(rng.choice(LETTERS) for _sign in range(5))


def make_mandate(rng: random.Random, edition: Edition, buyer: Participant, code: str) -> Mandate:
    """One wish."""
    form = weighted(rng, FORMATS.items())
    genre = weighted(rng, GENRES.get(form, STORIES).items())
    draw = rng.random()
    more = fields(rng, buyer, form, genre)
    return Mandate(
        edition=edition,
        code=code,
        buyer=buyer,
        text=f"{mandate_text(rng, buyer, form, genre)} {told(language_of(buyer.country), more)}".strip(),
        format=form if rng.random() < 0.9 else "",
        genre=genre if rng.random() < 0.9 else "",
        territories=buyer.country,
        visibility=Visibility.HIDDEN if draw < 0.12 else Visibility.MATCHES if draw < 0.28 else Visibility.PUBLIC,
        changed_at=MOMENTS[Stage(edition.stage)] - dt.timedelta(hours=rng.randrange(24, 24 * 30)),
        **more,
    )


def fields(rng: random.Random, buyer: Participant, form: str, genre: str) -> dict[str, Any]:
    """What she says besides, each of it more or less often."""
    minutes, year = LENGTHS[form][1], 2026
    low, high = PRICES[Format(form)]
    currency = currency_of(buyer.country)
    years, refused = rng.choice([2, 3, 5]), [one for one in REFUSED if one != genre]
    often: dict[str, tuple[float, dict[str, Any]]] = {
        "tone": (0.5, {"tones": ", ".join(in_order(rng.sample(TONES_OF[genre], k=min(2, len(TONES_OF[genre])))))}),
        "audience": (0.4, {"audiences": rng.choice(PUBLIC_OF.get(genre, AUDIENCES_ELSE))}),
        "length": (0.3, {"minutes_from": min(minutes) - min(minutes) % 5 or None, "minutes_to": max(minutes)}),
        "media": (0.6, {"media": ", ".join(in_media_order(rng.choice(MEDIA)))}),
        "window": (0.4, {"window_from": dt.date(year, 1, 1), "window_to": dt.date(year + years - 1, 12, 31)}),
        "exclusivity": (0.4, {"exclusivity": rng.choice(Exclusivity.values)}),
        "budget": (0.35, {"budget_to": amount(rng, low * 0.5, high, currency), "budget_currency": currency}),
        "language": (0.3, {"languages": language_of(buyer.country)}),
        "nots": (
            0.3,
            {"must_nots": ", ".join(in_order(rng.sample(refused, k=rng.choice([1, 2]))))},
        ),
        "first": (0.15, {"first_time": weighted(rng, [(FirstTime.SOUGHT, 3), (FirstTime.NOT, 1)])}),
    }
    chosen = [facts for share, facts in often.values() if rng.random() < share]
    return {name: value for facts in chosen for name, value in facts.items()}


def told(language: str, more: dict[str, Any]) -> str:
    """What the fields say once more in her own words, as people do."""
    said = {name: [lexicon().name(one, language) for one in codes(more.get(name, ""))] for name in ("tones", "must_nots")}
    sentences = {
        "en": ("The tone: {}.", "Nothing with {}, please."), "ko": ("분위기는 {}.", "{} 소재는 제외합니다."),
        "fr": ("Le ton : {}.", "Sans {}, merci."),
    }[language]  # fmt: skip
    return " ".join(text.format(", ".join(names)) for text, names in zip(sentences, said.values(), strict=True) if names)


def make_versions(rng: random.Random, mandates: list[Mandate]) -> None:
    """The first version of each mandate; of some an earlier one, before the budget was known and when it asked for less."""
    rows, moved = [], []
    for mandate in mandates:
        facts, by = facts_of(mandate), mandate.buyer.user_id
        if rng.random() < 0.15:
            text = mandate.text.removesuffix(told(language_of(mandate.buyer.country), facts)).strip()
            before = facts | {"text": text, "tones": "", "must_nots": "", "budget_to": None, "budget_currency": ""}
            before |= {"exclusivity": Exclusivity.EXCLUSIVE if mandate.exclusivity == Exclusivity.NON_EXCLUSIVE else ""}
            earlier = mandate.changed_at - dt.timedelta(days=rng.randrange(2, 20))
            rows.append(MandateVersion(mandate=mandate, number=1, facts=before, at=earlier, by_id=by))
            mandate.version = 2
            moved.append(mandate)
        rows.append(MandateVersion(mandate=mandate, number=mandate.version, facts=facts, at=mandate.changed_at, by_id=by))
    Mandate.objects.bulk_update(moved, ["version"])
    MandateVersion.objects.bulk_create(rows, batch_size=500)


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
