"""What a text is about, in any of three languages: a lexicon of concepts with their Korean, English and French words.

The words stand in data/concepts.csv: `*` ends a stem; `name_en`, `name_ko` and `name_fr` are what people read. A concept is there
or not, however often it is said; and the more concepts a text names, the less each of them counts.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import numpy as np
from scipy.sparse import csr_array

from .arrays import Sparse
from .words import words

PARTICLES = frozenset(
    "은 는 이 가 을 를 에 의 도 과 와 로 으로 에서 에게 만 들 들이 들의 들을 까지 부터 이다 인 처럼 보다".split()  # noqa: SIM905  # a list of them is longer
)
"""What may follow a Korean noun of one syllable; longer ones may be followed by anything."""
LANGUAGES = ("en", "ko", "fr")


@dataclass(frozen=True)
class Lexicon:
    """`names` of the concepts and their `kinds`; `whole`, `stems`: word to concepts; `phrases`: first word to (rest, concept).

    `called`: language to (concept to its name there).
    """

    names: tuple[str, ...]
    kinds: Mapping[str, str]
    whole: Mapping[str, frozenset[str]] = field(repr=False)
    stems: Mapping[str, frozenset[str]] = field(repr=False)
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]] = field(repr=False)
    called: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)

    def found(self, text: str) -> set[str]:
        """The concepts that a text names, in whichever language."""
        said, concepts = words(text), set[str]()
        for at, word in enumerate(said):
            concepts |= self._of_word(word)
            for rest, concept in self.phrases.get(word, ()):
                if _begins(said[at + 1 : at + 1 + len(rest)], rest):
                    concepts.add(concept)
        return concepts

    def of_kind(self, *kinds: str) -> tuple[str, ...]:
        """The concepts of these kinds, in the order of the lexicon."""
        return tuple(name for name in self.names if self.kinds[name] in kinds)

    def name(self, concept: str, language: str = "en") -> str:
        """A concept as people read it in "en", "ko" or "fr"; what is not in the lexicon stays as it is."""
        return self.called.get(language, {}).get(concept, concept)

    def matrix(self, texts: Sequence[str], rare: Mapping[str, float] | None = None) -> Sparse:
        """Texts x concepts, rows of length 1 (or 0); `rare`: weights of concepts (default: all alike)."""
        place = {name: n for n, name in enumerate(self.names)}
        row, column, weight = [], [], []
        for n, text in enumerate(texts):
            concepts = sorted(self.found(text))
            much = np.array([1.0 if rare is None else rare.get(name, 1.0) for name in concepts])
            long = math.sqrt(float((much**2).sum())) or 1.0
            row += [n] * len(concepts)
            column += [place[name] for name in concepts]
            weight += (much / long).tolist()
        return csr_array((np.array(weight, np.float32), (row, column)), shape=(len(texts), len(self.names)))

    def rarity(self, texts: Iterable[str]) -> dict[str, float]:
        """How much each concept tells: log(1 + texts / texts that name it)."""
        every = [self.found(text) for text in texts]
        return {name: math.log(1 + len(every) / (1 + sum(name in one for one in every))) for name in self.names}

    def _of_word(self, word: str) -> frozenset[str]:
        """Concepts of one word: itself, a stem of it; of a Hangul run also with a particle, or a long word inside it."""
        found = self.whole.get(word, frozenset())
        for end in range(1, len(word) + 1):
            found |= self.stems.get(word[:end], frozenset())
        if "\uac00" <= word[0] <= "\ud7a3":
            for end in range(1, len(word)):
                if end >= 2 or word[end:] in PARTICLES:
                    found |= self.whole.get(word[:end], frozenset())
            for start in range(1, len(word) - 2):
                for end in range(start + 3, len(word) + 1):
                    found |= self.whole.get(word[start:end], frozenset())
        return found


@cache
def lexicon() -> Lexicon:
    """The lexicon that comes with Madang."""
    text = files(__package__).joinpath("data/concepts.csv").read_text(encoding="utf-8")
    return _read(list(csv.DictReader(text.splitlines())))


def _read(rows: list[dict[str, str]]) -> Lexicon:
    whole: dict[str, set[str]] = {}
    stems: dict[str, set[str]] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for row in rows:
        for entry in (entry for language in LANGUAGES for entry in row[language].split("|") if entry):
            parts = words(entry)
            open_ended = entry.endswith("*")
            if len(parts) > 1:
                rest = (*parts[1:-1], parts[-1] + ("*" if open_ended else ""))
                phrases.setdefault(parts[0], []).append((rest, row["concept"]))
            else:
                (stems if open_ended else whole).setdefault(parts[0], set()).add(row["concept"])
    return Lexicon(
        tuple(row["concept"] for row in rows),
        {row["concept"]: row["kind"] for row in rows},
        {word: frozenset(concepts) for word, concepts in whole.items()},
        {word: frozenset(concepts) for word, concepts in stems.items()},
        {word: tuple(found) for word, found in phrases.items()},
        {language: {row["concept"]: row[f"name_{language}"] for row in rows} for language in LANGUAGES},
    )


def _begins(said: Sequence[str], rest: Sequence[str]) -> bool:
    """Whether these words are said; the last may be a stem, or a Hangul word with a particle."""
    if len(said) < len(rest) or list(said[:-1]) != list(rest[:-1]):
        return False
    last, wanted = said[-1], rest[-1]
    if wanted.endswith("*"):
        return last.startswith(wanted[:-1])
    return last == wanted or ("\uac00" <= wanted[0] <= "\ud7a3" and last.startswith(wanted) and last[len(wanted) :] in PARTICLES)
