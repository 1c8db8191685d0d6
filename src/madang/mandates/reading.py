"""What a buyer's words name: offered to her as ticks, never filled in."""

from __future__ import annotations

import re

from madang.catalogue.models import Format, Genre
from madang.kernels.matching import lexicon

CLAUSES = re.compile(r"[.,;:!?·…\n]|\bbut\b|\bmais\b|지만|하되")
REFUSES = re.compile(
    r"\b(?:no|not|without|never|avoid|except|excluding|neither|nor|nothing|don['’]t|rather than)\b"
    r"|\b(?:pas|sans|ni|hors|sauf|aucune?|jamais|éviter|plutôt que)\b"
    r"|제외|말고|없는|없이|아닌|안 ?(?:됩니다|돼|되)|금지|빼고|사절|싫|않",
    re.IGNORECASE,
)
"""Words by which a clause says what a work must not be."""
GENRES = {
    "drama": Genre.DRAMA, "melodrama": Genre.DRAMA, "thriller": Genre.THRILLER, "crime": Genre.CRIME, "detective": Genre.CRIME,
    "comedy": Genre.COMEDY, "romantic comedy": Genre.ROMANCE, "sitcom": Genre.COMEDY, "romance": Genre.ROMANCE,
    "fantasy": Genre.FANTASY, "horror": Genre.HORROR, "period drama": Genre.HISTORY, "history": Genre.HISTORY,
    "factual": Genre.FACTUAL, "musical": Genre.MUSIC,
}  # fmt: skip
FORMATS = {
    "series": Format.SERIES, "miniseries": Format.SERIES, "daily drama": Format.SERIES, "feature film": Format.FILM,
    "documentary": Format.DOCUMENTARY, "animation": Format.ANIMATION, "variety show": Format.ENTERTAINMENT,
    "reality show": Format.ENTERTAINMENT, "game show": Format.ENTERTAINMENT, "dating show": Format.ENTERTAINMENT,
    "talk show": Format.ENTERTAINMENT, "remake": Format.FORMAT, "short film": Format.SHORT, "microdrama": Format.SHORT,
}  # fmt: skip
LONGEST = 5000
"""Letters that are read."""


def read_wish(text: str) -> list[str]:
    """ "field:code" of what the text names; what a clause refuses is offered among the must-nots."""
    found: dict[str, None] = {}
    for clause in CLAUSES.split(text[:LONGEST]):
        named = lexicon().found(clause)
        refused = REFUSES.search(clause) is not None
        for concept in (concept for concept in lexicon().names if concept in named):
            found |= dict.fromkeys([f"must_nots:{concept}"] if refused else _wished(concept))
    return list(found)


def _wished(concept: str) -> list[str]:
    fields = {"tone": "tones", "audience": "audiences"}
    offers = [f"{fields[lexicon().kinds[concept]]}:{concept}"] if lexicon().kinds[concept] in fields else []
    offers += [f"format:{FORMATS[concept]}"] if concept in FORMATS else []
    return offers + ([f"genre:{GENRES[concept]}"] if concept in GENRES else [])
