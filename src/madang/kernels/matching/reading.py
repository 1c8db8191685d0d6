"""Interactions and items from CSV, TSV, semicolons or `::`. What is understood stands in docs/develop/matching.md."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from .faults import MatchingError
from .likes import Rows

NAMES = {
    "user": ("user", "userid", "buyer", "buyerid", "useridx", "member", "account", "uid"),
    "item": ("item", "itemid", "movie", "movieid", "titleid", "film", "filmid", "product", "productid", "asin", "iid", "id"),
    "value": ("value", "rating", "rate", "score", "stars", "weight"),
    "time": ("time", "timestamp", "date", "datetime", "day", "createdat", "ts"),
    "title": ("title", "name", "movietitle", "originaltitle"),
}
LARGEST = 2_000_000_000  # bytes


@dataclass
class Table:
    """Items and what is said of them: column -> item -> its values, in the order in which they came."""

    ids: list[str] = field(default_factory=list)
    columns: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def say(self, item: str, column: str, value: str) -> None:
        """Add one value of one item; an empty one says nothing."""
        if value.strip():
            self.columns.setdefault(column, {}).setdefault(item, []).append(value.strip())

    def name(self, item: str) -> str:
        """The item's title, else its id."""
        return next(iter(self.columns.get("title", {}).get(item, [item])))


def read_interactions(path: Path) -> Rows:
    """A file with a user and an item in each row, and perhaps a value and a time.

    Raises `MatchingError` with the line where a row cannot be read.
    """
    head, lines = _rows(path)
    at = _places(head, ("user", "item", "value", "time"), path)
    users: dict[str, int] = {}
    items: dict[str, int] = {}
    user, item, value, time = [], [], [], []
    for number, row in lines:
        try:
            who, what = row[at["user"]].strip(), row[at["item"]].strip()
            score = float(row[at["value"]].replace(",", ".")) if "value" in at else 1.0
            when = _seconds(row[at["time"]]) if "time" in at else 0.0
        except (IndexError, ValueError) as error:
            raise MatchingError(f"{path.name}, line {number}: {error}") from error
        if who and what and np.isfinite(score):
            user.append(users.setdefault(who, len(users)))
            item.append(items.setdefault(what, len(items)))
            value.append(score)
            time.append(when)
    if not user:
        raise MatchingError(f"{path.name} has no interactions")
    times = np.array(time) if "time" in at else None
    return Rows(tuple(users), tuple(items), np.array(user, np.int64), np.array(item, np.int64), np.array(value), times)


def read_items(paths: Iterable[Path]) -> Table:
    """Files with an item in each row; an item may have several rows and stand in several files: its values add up."""
    table, known = Table(), set()
    for path in paths:
        head, lines = _rows(path)
        at = _places(head, ("user", "item", "time", "title"), path)
        names = ["" if n in (at["item"], at.get("user"), at.get("time")) else _column(name) for n, name in enumerate(head)]
        if "title" in at:
            names[at["title"]] = "title"
        for _, row in lines:
            item = row[at["item"]].strip()
            if item and item not in known:
                known.add(item)
                table.ids.append(item)
            for name, cell in zip(names, row, strict=False):
                if name and item:
                    table.say(item, name, cell)
    return table


def _rows(path: Path) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The names of the columns, and the rows after them with their line numbers."""
    text = _text(path)
    first = text.partition("\n")[0].rstrip("\r")
    if not first:
        raise MatchingError(f"{path.name} is empty")
    cells = _cells(text, _delimiter(first))
    head = next(cells)[1]
    if any(_key(cell) in NAMES["item"] for cell in head):
        return head, cells
    positional = ["user", "item", "value", "time"] if all(_is_number(cell) for cell in head) else ["item", "title"]
    named = positional[: len(head)] + [f"feature {n + 1}" for n in range(len(positional), len(head))]
    return named, _cells(text, _delimiter(first))


def _cells(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    if len(delimiter) == 1:
        csv.field_size_limit(10_000_000)  # a synopsis may be a whole article
        reader = csv.reader(io.StringIO(text), delimiter=delimiter)
        yield from ((reader.line_num, row) for row in reader if any(row))
    else:
        yield from ((n, line.split(delimiter)) for n, line in enumerate(text.splitlines(), 1) if line)


def _delimiter(line: str) -> str:
    return "::" if "::" in line else max("\t;,", key=line.count)


def _places(head: Sequence[str], wanted: Sequence[str], path: Path) -> dict[str, int]:
    """Where each wanted column stands; the names are looked for in the order of `NAMES`."""
    keys = [_key(name) for name in head]
    found: dict[str, int] = {}
    for column in wanted:
        place = next((keys.index(name) for name in NAMES[column] if name in keys), None)
        if place is not None and place not in found.values():
            found[column] = place
    missing = [column for column in wanted[:2] if column not in found and (column == "item" or "value" in wanted)]
    if missing:
        raise MatchingError(f"{path.name} has no column {' or '.join(missing)}; its columns are {', '.join(head)}")
    return found


def _column(name: str) -> str:
    return name.strip().lower().lstrip("\ufeff")


def _key(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _seconds(cell: str) -> float:
    """A time as seconds: a number, or a date as ISO 8601 writes it (UTC where it names no zone); nothing is 0."""
    if not cell.strip():
        return 0.0
    if _is_number(cell):
        return float(cell)
    moment = datetime.fromisoformat(cell.strip())
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()


def _text(path: Path) -> str:
    """The file as text: UTF-8, else Korean Windows where that gives Hangul, else Latin 1."""
    if path.stat().st_size > LARGEST:
        raise MatchingError(f"{path.name} is larger than 2 GB")
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        korean = raw.decode("cp949", errors="replace")
        hangul = sum("\uac00" <= letter <= "\ud7a3" for letter in korean[:100_000])
        return korean if hangul * 50 > min(len(korean), 100_000) else raw.decode("latin-1")
