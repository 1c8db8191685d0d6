"""Texts for people are where the collector of translations finds them."""

from __future__ import annotations

import ast
from pathlib import Path

import madang

SOURCE = Path(madang.__file__).parent
MARKED = {"gettext", "ngettext", "pgettext", "npgettext", "gettext_lazy", "pgettext_lazy", "ngettext_lazy", "_"}


def test_no_text_is_marked_inside_an_f_string():
    """The collector reads an f-string as one piece: what is marked inside it would never be translated."""
    paths = [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]
    assert [str(path.relative_to(SOURCE)) for path in paths if marked_inside(path.read_text())] == []
    assert marked_inside("f\"{gettext('Held')}\"")


def marked_inside(source: str) -> bool:
    inside = [call for text in ast.walk(ast.parse(source)) if isinstance(text, ast.JoinedStr) for call in ast.walk(text)]
    return any(isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in MARKED for call in inside)
