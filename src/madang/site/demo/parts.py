"""Seasons and episodes of the demo's series."""

from __future__ import annotations

import random
from collections import defaultdict

from madang.catalogue.models import Format, Identifier, Level, Progress, Scheme, Title
from madang.markets.models import Edition
from madang.site.demo.people import saved


def make_parts(rng: random.Random, edition: Edition, titles: list[Title], mine: list[Title]) -> dict[int, list[Title]]:
    """Seasons of some series, and the episodes of the seller's first two; with EIDR-like numbers of the seller's own."""
    series = [t for t in titles if t.format == Format.SERIES and t.company_id and t.progress == Progress.COMPLETED]
    chosen = [t for t in series if t in mine][:4] + [t for t in series if t not in mine and rng.random() < 0.08]
    for title in chosen:
        title.level = Level.SERIES
    Title.objects.bulk_update(chosen, ["level"], batch_size=200)
    seasons = saved([part_of(title, Level.SEASON, n) for title in chosen for n in (1, 2)]) if chosen else []
    detailed = [season for season in seasons if season.part_of in mine][:2]
    if detailed:
        saved([part_of(season, Level.EPISODE, n) for season in detailed for n in range(1, 9)])
    numbers = [Identifier(title=title, scheme=Scheme.OWN, value=f"HB-{title.code}") for title in mine]
    Identifier.objects.bulk_create(numbers)
    found: dict[int, list[Title]] = defaultdict(list)
    for season in seasons:
        found[season.part_of_id].append(season)
    return found


def part_of(whole: Title, level: Level, number: int) -> Title:
    """A season or an episode with the names and facts of its whole."""
    word, word_ko, word_fr = ("Season", "시즌", "Saison") if level == Level.SEASON else ("Episode", "에피소드", "Épisode")
    names = {"name": f"{whole.name}, {word} {number}"}
    names |= {"name_ko": f"{whole.name_ko} {word_ko} {number}"} if whole.name_ko else {}
    names |= {"name_fr": f"{whole.name_fr}, {word_fr} {number}"} if whole.name_fr else {}
    kept = (
        "edition",
        "company",
        "countries",
        "format",
        "genre",
        "progress",
        "year",
        "minutes",
        "languages",
        "sales",
        "producers",
    )
    code = f"{whole.code}-{level[0].upper()}{number}"
    facts = {name: getattr(whole, name) for name in kept}
    episodes = 8 if level == Level.SEASON else None
    return Title(code=code, level=level, part_of=whole, number=number, episodes=episodes, **facts, **names)
