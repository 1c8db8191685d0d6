"""The lines that a report's digest is taken over: the same bytes for the same facts, on every machine and in every language.

One JSON object a line, UTF-8, keys sorted, no spaces, numbers as the shortest text of a Decimal, times in UTC after ISO 8601.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

FORM = "madang-report-1"
"""The first line's `form`: another order or another spelling of the lines is another form."""
BESIDE = ("words", "secret")
"""Of a report's inputs what the digest is not taken over: names and definitions in languages, the key of pseudonyms."""


def plain(number: Decimal | None) -> str | None:
    """The shortest text of a number, without exponent or zeros at the end; None stays None."""
    if number is None:
        return None
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def canonical(facts: Any) -> str:
    """One line, without its end."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_text)


def _text(value: object) -> str | None:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dt.datetime):
        return moment(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"no line can hold {value!r}")


def moment(at: dt.datetime) -> str:
    """2025-06-30T02:00:00Z."""
    return at.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def as_json(facts: Any) -> Any:
    """The facts as they stand in a column of JSON: texts, lists and objects only, without NUL, which PostgreSQL refuses."""
    return _without_nul(json.loads(canonical(facts)))


def _without_nul(facts: Any) -> Any:
    if isinstance(facts, str):
        return facts.replace("\x00", "")
    if isinstance(facts, list):
        return [_without_nul(one) for one in facts]
    if isinstance(facts, dict):
        return {_without_nul(name): _without_nul(one) for name, one in facts.items()}
    return facts


def head_line(number: int, frozen_at: dt.datetime, inputs: Mapping[str, Any]) -> str:
    """The first line: which report, when, and what the figures were computed from beside rows (among it the edition)."""
    kept = {name: facts for name, facts in inputs.items() if name not in BESIDE}
    return canonical({"form": FORM, "number": number, "frozen_at": frozen_at, "inputs": kept})


def digest_of(lines: Iterable[str]) -> str:
    """SHA-256 over the lines, each with its line feed."""
    sum_ = hashlib.sha256()
    for line in lines:
        sum_.update(line.encode() + b"\n")
    return sum_.hexdigest()
