"""The demo's word lists: JSON files, and what reads them."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def words(name: str) -> dict[str, Any]:
    """The list `name`.json."""
    found: dict[str, Any] = json.loads((files(__package__) / f"{name}.json").read_text(encoding="utf-8"))
    return found


def pairs(text: str) -> list[tuple[str, str]]:
    """ "Kim|김 Night_Owl" -> [("Kim", "김"), ("Night Owl", "")]: a Latin form and, if there is one, a native form."""
    found = []
    for word in text.split():
        latin, _, native = word.replace("_", " ").partition("|")
        found.append((latin, native))
    return found
