"""Words of any script as tokens that a full-text index finds again.

Latin and other words are folded whole; runs of Hangul, Han and Kana become pairs of neighbouring syllables, so that a Korean word
of two syllables is found wherever it stands, with or without a particle. A run of one syllable is that syllable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from madang.kit.search import MOST_WORDS, fold

HANGUL = "\uac00-\ud7a3"
KANA_AND_HAN = "\u3040-\u30ff\u3400-\u9fff"
RUN = re.compile(rf"[{HANGUL}]+|[{KANA_AND_HAN}]+|[^\s{HANGUL}{KANA_AND_HAN}]+")
IN_PAIRS = re.compile(rf"[{HANGUL}{KANA_AND_HAN}]")
LONGEST = 60
"""Letters of a word that count."""
MOST_TOKENS = 8000
"""Tokens of a text that are kept: PostgreSQL forgets the places of words after 16,383."""
MOST_JOINED = 8
"""Words of a name that are also kept without the spaces between them."""


def runs(text: str) -> list[str]:
    """Folded words, apart where the script changes: "BTS의 봄, 2025" -> ["bts", "의", "봄", "2025"]."""
    return [run[:LONGEST] for run in RUN.findall(fold(text))]


def in_pairs(run: str) -> bool:
    """Whether this run is of a script that is written without spaces, or with words that grow at their end."""
    return IN_PAIRS.match(run) is not None


def tokens_of(run: str) -> list[str]:
    """The tokens of one run of letters."""
    if not in_pairs(run) or len(run) == 1:
        return [run]
    return [run[at : at + 2] for at in range(len(run) - 1)]


def text_tokens(texts: Iterable[str]) -> str:
    """What an entry keeps of its texts."""
    return " ".join([token for text in texts for run in runs(text) for token in tokens_of(run)][:MOST_TOKENS])


def name_tokens(names: Iterable[str]) -> str:
    """What an entry keeps of its names: also without spaces, neighbours joined, and initials together.

    "Seo Ha-neul" is found by "haneul", "오징어 게임" by "오징어게임", "J. J. Lee" by "jj lee".
    """
    found: list[str] = []
    for name in dict.fromkeys(name for name in names if name):
        said = runs(name)
        found += [token for run in said for token in tokens_of(run)]
        if len(said) > 1:
            found += joined(said)
    return " ".join(found[:MOST_TOKENS])


def joined(said: Sequence[str]) -> list[str]:
    """Tokens of a name's words written together: all of them, each two neighbours, and initials in a row."""
    spaceless = ["".join(said)] if len(said) <= MOST_JOINED else []
    pairs = ["".join(pair) for pair in pairwise(said)][:MOST_JOINED] if len(said) > 2 else []
    initials = [part.replace(" ", "") for part in re.findall(r"\b\w(?: \w\b)+", " ".join(said))]
    known = {token for run in said for token in tokens_of(run)}
    found = [tokens_of(run) for text in [*spaceless, *pairs, *initials] for run in runs(text)]
    return [token for tokens in found if not known.issuperset(tokens) for token in tokens]


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a query: its tokens stand in a row; `is_open`: what begins with the last of them counts as well."""

    tokens: tuple[str, ...]
    is_open: bool

    @property
    def is_pairs(self) -> bool:
        return in_pairs(self.tokens[0])


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: `words` as they are read; of `ways` one must hold, each a row of terms that all must occur."""

    words: tuple[str, ...]
    ways: tuple[tuple[Term, ...], ...]


def query_of(text: str) -> Query:
    """A query from what somebody typed: at most `MOST_WORDS` words.

    The last one, and any initial or single syllable, may be the beginning of a word. Nothing of it is read as an operator.
    Without any letter the query has no words and finds nothing.
    """
    words = runs(text.replace("\x00", ""))[:MOST_WORDS]
    if not words:
        return Query((), ())
    ways = [words]
    ways += [[*words[:at], words[at] + words[at + 1], *words[at + 2 :]] for at in range(len(words) - 1) if _may_join(words, at)]
    return Query(tuple(words), tuple(tuple(_term(word, at == len(way) - 1) for at, word in enumerate(way)) for way in ways))


def _may_join(words: Sequence[str], at: int) -> bool:
    """Names are written in one word or two; longer queries are sentences."""
    return len(words) <= 4 and in_pairs(words[at]) == in_pairs(words[at + 1]) and not words[at].isdigit()


def _term(word: str, is_last: bool) -> Term:
    return Term(tuple(tokens_of(word)), is_last or len(word) == 1)
