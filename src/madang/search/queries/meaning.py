"""What a mistyped word may have meant: a word of the edition, one or two slips away, that all of the reader's circle may read.

Hangul is compared by its letters (jamo), so that one wrong vowel is one slip.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from django.db.models import QuerySet, Sum
from django.db.models.functions import Length
from rapidfuzz import process
from rapidfuzz.distance import OSA

from madang.kernels.matching.concepts import PARTICLES
from madang.markets.models import Edition
from madang.search.models import Word
from madang.search.tokens import Query, in_pairs

FEWEST = 4
"""Letters (or jamo) of a word that may be mistyped: shorter ones are too near to everything."""
LONG = 8
"""From so many letters on a word may have two slips."""


def meant(edition: Edition, query: Query, kinds: Iterable[str], *, only_open: bool) -> str:
    """The query with its unknown words replaced by the nearest known ones; "" where nothing is near. Two queries.

    `only_open`: for a visitor, words that visitors may read.
    """
    words = Word.objects.filter(edition=edition, kind__in=list(kinds))
    if only_open:
        words = words.filter(open_entries__gt=0)
    known = set(words.filter(text__in=query.words).values_list("text", flat=True))
    wrong = [word for word in query.words if word not in known and _may_be_wrong(word)]
    if not wrong:
        return ""
    nearest = _nearest(words, wrong, "open_entries" if only_open else "entries")
    better = [nearest.get(word, word) for word in query.words]
    return " ".join(better) if better != list(query.words) else ""


def letters_of(word: str) -> str:
    """A word as what is typed: Hangul syllables taken apart."""
    return unicodedata.normalize("NFD", word)


def _may_be_wrong(word: str) -> bool:
    return len(letters_of(word)) >= FEWEST and not any(letter.isdigit() for letter in word)


def _nearest(words: QuerySet[Word], wrong: list[str], counted: str) -> dict[str, str]:
    """The nearest of the words for each wrong one: fewest slips, then the same beginning, then the commonest (`counted`)."""
    sizes = {len(word) + more for word in wrong for more in (-2, -1, 0, 1, 2)}
    rows = words.annotate(size=Length("text")).filter(size__in=sizes).values_list("text").annotate(n=Sum(counted))
    counts = {str(text): int(n) for text, n in rows}
    texts = list(counts)
    apart = [letters_of(text) for text in texts]
    found = {}
    for word in wrong:
        typed = letters_of(word)
        most = 2 if len(typed) >= LONG else 1
        near = process.extract(typed, apart, scorer=OSA.distance, score_cutoff=most, limit=20)
        same = [(slips, texts[at][0] != word[0], -counts[texts[at]], texts[at]) for _text, slips, at in near]
        if (bare := _without_particle(word)) in counts:
            found[word] = bare
        elif same:
            found[word] = min(same)[3]
    return found


def _without_particle(word: str) -> str:
    """A Korean word without what grammar hung on it: "서울에서" -> "서울"."""
    if in_pairs(word):
        for end in (2, 1):
            if len(word) - end >= 2 and word[-end:] in PARTICLES:
                return word[:-end]
    return ""
