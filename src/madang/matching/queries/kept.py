"""What is computed of an edition's titles and answers, kept in files for the next process.

It is found again by all that it was made of: a title, a mandate or an answer that changes has another key, so that nothing stale
is ever read. `answers.prepare` writes; pages only read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import caches

Made = TypeVar("Made")
MAKING = "1"
"""Changes when the way from rows to what is kept does: everything is then made anew."""


def key_of(kind: str, *made_of: Any) -> str:
    """The name under which something is kept; `made_of` is written the same in every process (no sets)."""
    return f"{kind}-{hashlib.sha256(repr((MAKING, made_of)).encode()).hexdigest()}"


def kept(key: str, make: Callable[[], Made]) -> Made:
    """What is kept under this name; else what `make` gives, which is not kept."""
    found: Made | None = caches["prepared"].get(key)
    return make() if found is None else found


def keep(key: str, made: object) -> bool:
    """Keep it for other processes; False where it is kept already."""
    return caches["prepared"].add(key, made)
