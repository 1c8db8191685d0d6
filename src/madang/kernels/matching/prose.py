"""What a text tells once the ways to press a ranking are taken out of it.

Hidden words and words without a width (`words.visible`), saying a thing again, and lists of words, whether bare or dressed up
with articles and particles, count nothing. People write sentences: of a dozen words in a row some are small ones, or end as
Korean words in a sentence do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, groupby

from .concepts import LANGUAGES, PARTICLES, lexicon
from .words import words

KEPT = 10_000
"""Texts whose reading is remembered."""
WINDOW, FEWEST, LONGEST = 10, 2, 7
"""Words in a row of which so many must be small ones (of shorter texts none), and the longest run without any."""
DENSE = 8
"""Of so many telling words in a row (`WINDOW`) so many that name a concept are a list, whatever small words stand between: of 400
synopses in English and Korean none has more than six."""
LINKED = 12
"""The longest run of telling words with nothing but `LINKS` between: more are a list. None of 800 synopses has more."""
LINKS = frozenset("a an the and or nor l le la les un une des et ou ni".split())  # noqa: SIM905  # a list of them is longer
_ENGLISH = (
    "a an the of in on at to for from by with without and or but nor as is are was were be been has have had he she it they"
    " his her its their who whom whose which that this these those when where while after before until into over under"
    " between about against not no all each every one only more than then there what how if so can must will would could"
    " you your we our us i my me him them out up off down through across"
)
_FRENCH = (
    "le la les l un une des du de d et ou mais donc ni car a au aux en dans sur sous par pour sans avec entre vers chez qui"
    " que qu quoi dont ou ce cet cette ces c se s son sa ses leur leurs il elle ils elles on nous vous ne n pas plus jamais"
    " est sont etait etre ont y tout tous toute toutes chaque quand comme si mon ma mes notre votre jusqu apres avant"
)
SMALL = {"en": frozenset(_ENGLISH.split()), "fr": frozenset(_FRENCH.split())}
ENDING = re.compile(r"(은|는|이|가|을|를|에|의|도|과|와|로|다|고|며|서|게|지|한|된|인|던|나|만|들|할|될|운|간|한다|하는|요|까)$")


@lru_cache(maxsize=KEPT)
def language_of(text: str) -> str:
    """Of three the likeliest language of a text: "ko", "fr" or "en"."""
    said = words(text)
    korean = sum("\uac00" <= word[0] <= "\ud7a3" for word in said)
    if korean * 4 > len(said):
        return "ko"
    pieces = [piece for word in said for piece in re.split("['’]", word)]
    only = {one: SMALL[one] - SMALL[other] for one, other in (("en", "fr"), ("fr", "en"))}
    return max(("en", "fr"), key=lambda one: sum(piece in only[one] for piece in pieces))


def sentences(text: str) -> list[str]:
    """The words of a text in their order, without those that stand in lists."""
    return list(_sentences(text))


@lru_cache(maxsize=KEPT)
def _sentences(text: str) -> tuple[str, ...]:
    kept = [word for is_small, run in groupby(words(text), _is_small) for word in _unlisted(is_small, list(run))]
    if len(kept) < WINDOW:
        return tuple(kept)
    sums = [0, *accumulate(map(_is_small, kept))]
    listed = [False] * len(kept)
    for at in range(len(kept) - WINDOW + 1):
        if sums[at + WINDOW] - sums[at] < FEWEST:
            listed[at : at + WINDOW] = [True] * WINDOW
    return tuple(word for word, out in zip(kept, listed, strict=True) if not out)


def unstuffed(text: str) -> list[str]:
    """`sentences`, without passages in which nearly every word names what buyers look for."""
    said = sentences(text)
    tells = [at for at, word in enumerate(said) if word not in SMALL["en"] | SMALL["fr"] | PARTICLES]
    listed = [False] * len(said)
    sums = [0, *accumulate(_is_concept(said[at]) for at in tells)]
    for at in range(len(tells) - WINDOW + 1):
        if sums[at + WINDOW] - sums[at] >= DENSE:
            begun, ended = tells[at], tells[at + WINDOW - 1] + 1
            listed[begun:ended] = [True] * (ended - begun)
    for holds, places in groupby(range(len(said)), lambda at: said[at] not in LINKS and _is_small(said[at])):
        run = list(places)
        if not holds and sum(said[at] not in LINKS for at in run) > LINKED:
            listed[run[0] : run[-1] + 1] = [True] * len(run)
    return [word for word, out in zip(said, listed, strict=True) if not out]


@lru_cache(maxsize=10 * KEPT)
def _is_concept(word: str) -> bool:
    return bool(lexicon().found(word))


def _unlisted(is_small: bool, run: list[str]) -> list[str]:
    """A run of words of one kind; nothing of what goes on for too long without a small word."""
    return run if is_small or len(run) <= LONGEST else []


def _is_small(word: str) -> bool:
    """Whether a word holds a sentence together; a Korean word that is a concept by itself has no ending."""
    if "\uac00" <= word[0] <= "\ud7a3":
        return word in PARTICLES or (len(word) > 1 and ENDING.search(word) is not None and word not in lexicon().whole)
    return word in SMALL["en"] or word in SMALL["fr"]


def telling(text: str) -> list[str]:
    """The words of a text's sentences without the small ones of European languages."""
    return [word for word in _sentences(text) if word not in SMALL["en"] and word not in SMALL["fr"]]


@lru_cache(maxsize=KEPT)
def named(text: str) -> frozenset[str]:
    """The concepts that a text names."""
    return frozenset(lexicon().found(text))


def about(text: str) -> frozenset[str]:
    """The concepts that a text's sentences name."""
    return named(" ".join(sentences(text)))


def spoken(texts: Sequence[str]) -> dict[str, str]:
    """Language to text; of several in one language they are put together."""
    found: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for text in texts:
        if text.strip():
            found[language_of(text)].append(text)
    return {language: "\n".join(parts) for language, parts in found.items() if parts}
