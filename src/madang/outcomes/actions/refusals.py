"""Why a change of reports was refused; the text is a sentence for the reader, and nothing has changed."""

from __future__ import annotations


class Refused(Exception):
    """Nothing was written."""
