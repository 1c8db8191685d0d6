"""What a command says when it cannot do what it was asked."""

from __future__ import annotations


class Fault(Exception):
    """A known fault: its text is a sentence that says what is wrong and how to mend it. `main` prints it and ends with 2."""
