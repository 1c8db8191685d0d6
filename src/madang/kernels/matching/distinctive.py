"""What is close to a title and what sets it apart, in words. It describes; it promises nothing.

Words are compared by their log-odds with an informative prior (Monroe, Colaresi and Quinn, 2008): a word sets a text apart where
it says it more often than the catalogue does, by more than the chance of its own few words. Names are left out: they are not
what a story is about.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array, diags_array

from ..letters import fold
from .arrays import Floats, dense
from .concepts import Lexicon, lexicon
from .words import MOST_OF_ONE, visible, words

NAME = re.compile(r"(?<![.!?:\"“”]\s)(?<!^)(?<!\n)\b[A-ZÀ-Þ][\w'’-]+")
PRIOR = 50.0
"""Words of the catalogue that the prior is worth, or a tenth of a small catalogue."""


class Apart(NamedTuple):
    """A word or concept and by how many deviations it is said more here than in the catalogue."""

    what: str
    much: float


@dataclass(frozen=True)
class Picture:
    """`near`: the closest titles (places) with how alike they are; `shared`: concepts with the closest one; `apart`: words and
    `concepts` that set the title apart."""

    near: tuple[tuple[int, float], ...]
    shared: tuple[str, ...]
    apart: tuple[Apart, ...]
    concepts: tuple[Apart, ...]


@dataclass(frozen=True)
class Said:
    """What a text says, as far as it is compared: `concepts` in order of their names, `words` in the order of the text."""

    concepts: tuple[str, ...]
    words: tuple[str, ...]


def read(text: str, said: Lexicon | None = None) -> Said:
    """Read one text, names left out; worth keeping, for it takes a millisecond."""
    bare = without_names(text)
    return Said(tuple(sorted((said or lexicon()).found(bare))), tuple(_long_words(bare)))


def likeness(said: Sequence[Said]) -> Floats:
    """How alike texts are (T x T, 0 to 1): two thirds by their concepts, one third by their words, rare ones more."""
    by_concepts = _cosines([set(one.concepts) for one in said])
    return np.asarray((2 * by_concepts + _cosines([set(one.words) for one in said])) / 3, np.float32)


def _cosines(sets: Sequence[set[str]]) -> Floats:
    """Cosines between sets whose members weigh by how rare they are."""
    spread = Counter(member for one in sets for member in one)
    places = {member: n for n, member in enumerate(spread)}
    row = [n for n, one in enumerate(sets) for _member in one]
    column = [places[member] for one in sets for member in one]
    weight = np.array([math.log(1 + len(sets) / spread[member]) for one in sets for member in one], np.float32)
    table = csr_array((weight, (row, column)), shape=(len(sets), max(1, len(places))))
    long = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    table = (diags_array(1 / np.maximum(long, 1e-9).astype(np.float32)) @ table).tocsr()
    return dense(table @ table.T)


def without_names(text: str) -> str:
    """The text without words in capitals inside a sentence (Latin scripts)."""
    return NAME.sub(" ", visible(text))


def picture(texts: Sequence[str], title: int, alike: Floats, most: int = 5, said: Lexicon | None = None) -> Picture:
    """The title at this place among `texts`; `alike` (T): how alike each is to it."""
    return picture_of([read(text, said) for text in texts], title, alike, most)


def picture_of(said: Sequence[Said], title: int, alike: Floats, most: int = 5) -> Picture:
    """As `picture`, of texts that were read before."""
    order = [int(n) for n in np.argsort(-alike, kind="stable") if n != title][:most]
    shared = sorted({*said[title].concepts} & {*said[order[0]].concepts}) if order else []
    return Picture(
        tuple((n, float(alike[n])) for n in order),
        tuple(shared),
        tuple(_apart([one.words for one in said], title, most)),
        tuple(_apart([one.concepts for one in said], title, most)),
    )


def _apart(said: Sequence[Sequence[str]], title: int, most: int) -> list[Apart]:
    """What one text says more than all others, the surest first; only what is beyond 1 deviation."""
    here = Counter({word: min(count, MOST_OF_ONE) for word, count in Counter(said[title]).items()})
    everywhere = Counter(word for text in said for word in set(text))
    total, own = sum(everywhere.values()), sum(here.values())
    strength, found = min(PRIOR, total / 10), []
    for word, count in here.items():
        prior = strength * everywhere[word] / max(1, total)
        rest = everywhere[word] - 1
        more = _odds(count + prior, own + strength) - _odds(rest + prior, total - own + strength)
        if (much := more * math.sqrt(count + prior)) > 1:
            found.append(Apart(word, much))
    return sorted(found, key=lambda one: (-one.much, one.what))[:most]


def _odds(count: float, of: float) -> float:
    return math.log(count / max(of - count, 1e-9))


def _long_words(text: str) -> list[str]:
    """Words as they are read: Latin ones of four letters or more, Hangul runs of two syllables or more."""
    return [
        word for word in words(fold(text)) if len(word) >= (2 if "\uac00" <= word[0] <= "\ud7a3" else 4) and not word.isdigit()
    ]
