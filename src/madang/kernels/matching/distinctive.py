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

from ..letters import fold
from .arrays import Floats
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


def without_names(text: str) -> str:
    """The text without words in capitals inside a sentence (Latin scripts)."""
    return NAME.sub(" ", visible(text))


def picture(texts: Sequence[str], title: int, alike: Floats, most: int = 5, said: Lexicon | None = None) -> Picture:
    """The title at this place among `texts`; `alike` (T): how alike each is to it."""
    known = said or lexicon()
    bare = [without_names(text) for text in texts]
    order = [int(n) for n in np.argsort(-alike, kind="stable") if n != title][:most]
    concepts = [known.found(text) for text in bare]
    shared = sorted(concepts[title] & concepts[order[0]]) if order else []
    return Picture(
        tuple((n, float(alike[n])) for n in order),
        tuple(shared),
        tuple(_apart([_long_words(text) for text in bare], title, most)),
        tuple(_apart([sorted(one) for one in concepts], title, most)),
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
