"""Numbers as people read them."""

from __future__ import annotations

from django.utils.formats import number_format


def grouped(number: int) -> str:
    """A whole number with the active language's sign between thousands: "2,202", "2 202"."""
    return number_format(number, force_grouping=True)
