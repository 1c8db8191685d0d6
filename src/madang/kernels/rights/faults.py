"""What is said when rights cannot be understood."""

from __future__ import annotations


class RightsError(ValueError):
    """A text, a line or a question that cannot be understood; the text is a sentence for a person and says how to mend it."""
