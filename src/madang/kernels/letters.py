"""Letters of any script, brought to the form in which words are compared."""

from __future__ import annotations

import unicodedata

PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n", "’": "'"}
)
"""Latin letters that Unicode does not take apart into a letter and its accent."""


def fold(text: str) -> str:
    """Without case and accents, Hangul syllables whole, signs kept: "L’Été à Séoul" -> "l'ete a seoul"."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in apart if not "\u0300" <= letter <= "\u036f")  # marks of Latin, Greek, Cyrillic
    return unicodedata.normalize("NFKC", plain).casefold().translate(PLAIN)
