"""The tables of an edition's files: names and types of their columns, in one place. Plain data: no Django, no engine.

The words for them stand in `dictionary.py`; who writes them (`files.py`, the bench) and who asks them (`questions.py`) read this.
"""

from __future__ import annotations

VERSION = 1
"""Raised with each change below: files of another version are made anew."""

CHOSEN = {"edition": "int64", "before": "int64"}
"""The editions that are asked about, and for each the edition of its market before it (null: there is none)."""
FORMS = ("", "in_person", "online")
"""What questions about requests and meetings may be narrowed to; "" is any."""

TABLES: dict[str, dict[str, str]] = {
    "requests": {
        "edition": "integer", "status": "string", "form": "string", "day": "date", "hour": "integer", "country": "string",
        "other_country": "string",
    },
    "meetings": {
        "edition": "integer", "day": "date", "hour": "integer", "form": "string", "is_over": "boolean", "outcome": "string",
        "cause": "string", "pair": "string", "country": "string", "other_country": "string", "company": "string",
        "other_company": "string",
    },
    "companies": {"edition": "integer", "company": "string", "country": "string", "was_there": "boolean"},
    "deals": {
        "edition": "integer", "stage": "string", "currency": "string", "column": "string", "amount": "number",
        "sides": "integer", "parties": "integer", "day": "date",
    },
    "figures": {
        "edition": "integer", "measure": "string", "version": "integer", "unit": "string", "currency": "string",
        "column": "string", "number": "number",
    },
    "budget": {
        "edition": "integer", "direction": "string", "kind": "string", "currency": "string", "amount": "number", "day": "date",
    },
    "log": {"edition": "integer", "verb": "string", "day": "date", "hour": "integer"},
}  # fmt: skip
"""Name of the file without its ending -> column -> type in the Table Schema."""

DIGITS, PLACES = 28, 6
"""A `number` is a decimal of so many digits, so many of them behind the point."""
TYPES = {
    "integer": "int64", "string": "string", "boolean": "boolean", "date": "date", "number": f"decimal({DIGITS}, {PLACES})",
}  # fmt: skip
"""Of columns, in the words of engines."""
