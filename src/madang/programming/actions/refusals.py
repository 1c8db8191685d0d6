"""Why a change of the programme was refused; the text is a sentence for the reader, and nothing has changed."""

from __future__ import annotations

from collections.abc import Sequence


class Refused(Exception):
    """Nothing was written."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences: Sequence[str] = sentences


class Stale(Refused):
    """Somebody else was quicker."""


class Blocked(Refused):
    """Conflicts that block stand in the way of publishing; a sentence for each."""
