"""Words made to fit a box: the largest size that fits, on as many lines as the box has, never cut without saying so.

Measures are points; y grows upwards, as in PDF.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from madang.kit.languages import REORDERING, is_hangul
from madang.kit.pdf import FALLBACKS, FONT, letters, register_fonts, width_of

LEADING = 1.16
"""Height of a line, in sizes of its letters."""
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines at a size. `is_short`: even the smallest size was too large for the whole text."""

    lines: tuple[str, ...]
    size: float
    is_short: bool = False


def fit(text: str, font: str, width: float, height: float, *, largest: float, smallest: float, lines: int) -> Fitted:
    """The largest size between `smallest` and `largest` at which the text fits; shortened at the smallest where none does."""
    if not text:
        return Fitted((), largest)
    best = Fitted((), 0.0)
    for broken in breaks(text, lines):
        widest = max(width_of(line, font, 1) for line in broken) or 1
        size = min(largest, width / widest, height / (len(broken) * LEADING))
        if size > best.size + 0.01:
            best = Fitted(broken, size)
    if best.size >= smallest:
        return Fitted(best.lines, int(best.size * 4) / 4)
    return shortened(text, font, width, min(lines, max(1, int(height / (smallest * LEADING)))), smallest)


def breaks(text: str, lines: int) -> Iterator[tuple[str, ...]]:
    """The text on one line; and on two, where there may be two, at each place where it may be broken."""
    yield (text,)
    if lines < 2:
        return
    for place in _places(text):
        yield (text[:place].strip(), text[place:].strip())


def _places(text: str) -> list[int]:
    """Before which letters a line may begin: after a blank or hyphen; between Hangul syllables where there is no blank."""
    found = [n for n in range(1, len(text)) if text[n - 1] in " -/·" and text[:n].strip()]
    if not found and is_hangul(text):
        return list(range(1, len(text)))
    return found


def shortened(text: str, font: str, width: float, lines: int, size: float) -> Fitted:
    """As many letters as fit at this size, with an ellipsis at the end; words are broken where they must."""
    found: list[str] = []
    rest = text
    for number in range(lines):
        if not rest:
            break
        room = _fitting(rest, font, width, size)
        if number == lines - 1 and room < len(rest):
            room = _fitting(rest, font, width - width_of(ELLIPSIS, font, size), size)
            return Fitted((*found, rest[:room].rstrip() + ELLIPSIS), size, is_short=True)
        blank = rest.rfind(" ", 0, room + 1) if room < len(rest) else -1
        room = blank if blank > room // 2 else room
        found.append(rest[:room].strip())
        rest = rest[room:].strip()
    return Fitted(tuple(found), size)


def _fitting(text: str, font: str, width: float, size: float) -> int:
    """How many of its first letters are not wider than `width`; at least one."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(text[:middle], font, size) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def printable(text: str, font: str) -> tuple[str, str]:
    """The text as it can be printed, and the letters that no font has: these lose their mark, or are left out."""
    register_fonts()
    fonts = (font, *FALLBACKS[font])
    kept, lost = [], []
    for letter in unicodedata.normalize("NFC", " ".join(text.split())):
        if letter in REORDERING or unicodedata.category(letter) in ("Cf", "Cc"):
            continue
        if _is_drawn(letter, fonts):
            kept.append(letter)
            continue
        lost.append(letter)
        parts = unicodedata.normalize("NFKD", letter)
        kept += [part for part in parts if _is_drawn(part, fonts) and not unicodedata.combining(part)]
    return " ".join("".join(kept).split()), "".join(dict.fromkeys(lost))


def _is_drawn(letter: str, fonts: tuple[str, ...]) -> bool:
    return any(letter in letters(font) for font in fonts)


def lost_letters(text: str) -> str:
    """The letters of a name in its own script that a badge cannot show: then the Latin name stands alone."""
    return printable(text, FONT)[1]
