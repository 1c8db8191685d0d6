"""Why something cannot be done: each text is a sentence for the reader."""

from __future__ import annotations


class Refused(Exception):
    """Raised by actions; `str()` is what the page says."""
