"""Words of a text in any script, and what hides in a text taken out of it.

Latin words are folded (case, accents); Hangul, Han and Kana runs become pairs of neighbouring syllables, so that a Korean
word is found with or without its particle. Markup, zero-width and control characters, and what markup hides, count nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from ..letters import fold

DROPPED = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
TAG = re.compile(r"<(/?)([a-z]\w*)\b((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)
HIDING = re.compile(r"\b(?:style|hidden|class|color|size)\b", re.IGNORECASE)
UNSEEN, ALONE = (
    frozenset(("script", "style", "template", "title")),
    frozenset(("br", "hr", "img", "input", "wbr", "meta", "link")),
)
WORD = re.compile(r"[\uac00-\ud7a3]+|[\u3040-\u30ff\u4e00-\u9fff]+|[^\W_\uac00-\ud7a3\u3040-\u30ff\u4e00-\u9fff]+")
MOST_OF_ONE = 3
"""Times a word counts in one text: saying it oftener adds nothing."""


def visible(text: str) -> str:
    """What a reader sees: no markup, nothing hidden by markup, no character without a width."""
    shown = _unhidden(DROPPED.sub(" ", text))
    return "".join(letter for letter in shown if unicodedata.category(letter) not in ("Cf", "Cc", "Co") or letter in "\n\t")


def _unhidden(text: str) -> str:
    """The text between the tags; inside of a hiding one, and of what is never closed there, nothing."""
    shown: list[str] = []
    inside: list[str] = []
    begun = 0
    for tag in TAG.finditer(text):
        if not inside:
            shown.append(text[begun : tag.start()])
        begun, closes, name = tag.end(), tag[1], tag[2].lower()
        if closes and name in inside:
            del inside[len(inside) - 1 - inside[::-1].index(name) :]
        elif not closes and name not in ALONE and (inside or name in UNSEEN or HIDING.search(tag[3])):
            inside.append(name)
    return " ".join(shown if inside else [*shown, text[begun:]])


def words(text: str) -> list[str]:
    """Folded words in their order, Hangul runs whole, digits kept: "서울의 봄, 1979" -> ["서울의", "봄", "1979"]."""
    return WORD.findall(fold(visible(text)))


def tokens(text: str) -> list[str]:
    """What a text is compared by: words of two letters or more, and pairs of syllables for the scripts without spaces."""
    found: list[str] = []
    for word in words(text):
        if "\u3040" <= word[0] <= "\u9fff" or "\uac00" <= word[0] <= "\ud7a3":
            found += [word[at : at + 2] for at in range(len(word) - 1)] or [word]
        elif len(word) > 1 and not word.isdigit():
            found.append(word)
    return found


def counted(found: Iterable[str]) -> dict[str, int]:
    """How often each token is said, up to `MOST_OF_ONE`."""
    return {token: min(count, MOST_OF_ONE) for token, count in Counter(found).items()}
