"""Why something about a call was not done. The text is a sentence for the reader."""

from __future__ import annotations


class Refused(Exception):
    """Nothing is different from before."""
