"""Lists that people paste: a code, then what belongs to it, one a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from madang.kit.languages import isolated

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
"""Letters that are the same in every program, so that anybody can repeat what is computed of codes."""
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list: its number from 1, the code, and the rest."""

    number: int
    code: str
    rest: str


class BadList(ValueError):
    """A list that cannot be read; the text names the line."""


def lines_of(text: str) -> Iterator[Line]:
    """The lines that are not empty; code and rest are parted by the first comma, semicolon or tab. Raises BadList."""
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        code, rest = (part.strip() for part in [*re.split(r"[,;\t]", line, maxsplit=1), ""][:2])
        where = _("Line %(n)s:") % {"n": number}
        if not CODE.fullmatch(code):
            shown = isolated(code[:40]) or "–"
            raise BadList(
                f"{where} " + _("“%(code)s” is no code: Latin letters, digits, points and dashes, 60 at most.") % {"code": shown}
            )
        if code in seen:
            raise BadList(f"{where} " + _("%(code)s stands in line %(other)s already.") % {"code": code, "other": seen[code]})
        if len(seen) >= MOST:
            raise BadList(f"{where} " + _("%(n)s lines are the most.") % {"n": MOST})
        seen[code] = number
        yield Line(number, code, rest)
