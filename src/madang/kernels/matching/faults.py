"""The one fault of this kernel."""

from __future__ import annotations


class MatchingError(ValueError):
    """A file, a market or a request that cannot be understood; the text is a sentence for a person."""
