"""Made editions in the schema of the files: seeded, unequal, with what is rare in it (no meeting, nulls, several currencies)."""

from __future__ import annotations

import datetime as dt
import decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from madang.outcomes.across.engine import Asked
from madang.outcomes.across.files import CHUNK, schema_of
from madang.outcomes.across.schema import TABLES

MEETINGS, LOG, FIRMS, EACH_MARKET = 10_000, 50_000, 500, 8
COUNTRIES = ["KR", "JP", "CN", "TW", "TH", "VN", "ID", "SG", "FR", "GB", "DE", "US", "CA", "AU", "IN", ""]
OUTCOMES, SHARES = ["held", "one_sided", "missed", "contested", "silent"], [0.72, 0.1, 0.08, 0.01, 0.09]
VERBS = [f"verb_{number}" for number in range(120)]
Column = Any


def files(root: Path, editions: int) -> tuple[list[Path], list[Asked]]:
    """The folders of so many editions, eight of a market in a row of years, and what is asked about."""
    folders, chosen = [], []
    for edition in range(1, editions + 1):
        folder = root / str(edition)
        folder.mkdir()
        draw = np.random.default_rng(edition)
        first = dt.date(2010 + (edition - 1) % EACH_MARKET, 5, 10)
        made = tables(draw, edition, first)
        for name in TABLES:
            table = pa.Table.from_arrays(
                [column.cast(kind) for column, kind in zip(made[name], schema_of(name).types, strict=True)],
                schema=schema_of(name),
            )
            parquet.write_table(table, folder / f"{name}.parquet", compression="zstd", row_group_size=CHUNK)
        folders.append(folder)
        chosen.append(Asked(edition, edition - 1 if (edition - 1) % EACH_MARKET else None))
    return folders, chosen


def tables(draw: np.random.Generator, edition: int, first: dt.date) -> dict[str, list[Column]]:
    """The columns of each table, in the schema's order. The sizes of editions differ; they sum to about so many a piece."""
    size = float(draw.uniform(0.2, 1.8))
    meetings, log = int(MEETINGS * size), int(LOG * size)
    requests, firms = int(meetings * 1.7), int(FIRMS * size)
    names = [f"{(edition - 1) // EACH_MARKET:04x}{number:012x}" for number in range(2 * FIRMS)]
    return {
        "requests": [
            same(edition, requests), picked(draw, ["accepted", "declined", "sent", "expired"], requests, [0.6, 0.2, 0.05, 0.15]),
            picked(draw, ["in_person", "online"], requests, [0.9, 0.1]), days(draw, first, requests, 60, -60),
            hours(draw, requests), picked(draw, COUNTRIES, requests), picked(draw, COUNTRIES, requests),
        ],
        "meetings": [
            same(edition, meetings), days(draw, first, meetings, 4), hours(draw, meetings, 9, 18),
            picked(draw, ["in_person", "online"], meetings, [0.9, 0.1]), pa.array(np.ones(meetings, bool)),
            picked(draw, OUTCOMES, meetings, SHARES), picked(draw, ["", "absent"], meetings),
            picked(draw, ["", "new", "known"], meetings, [0.4, 0.4, 0.2]), picked(draw, COUNTRIES, meetings),
            picked(draw, COUNTRIES, meetings), picked(draw, names, meetings), picked(draw, names, meetings),
        ],
        "companies": [
            same(edition, firms), pa.array(list(draw.choice(names, firms, replace=False))), picked(draw, COUNTRIES, firms),
            pa.array(draw.random(firms) < 0.9),
        ],
        "deals": [
            same(edition, firms), picked(draw, ["consultation", "offer", "memo", "contract", "paid"], firms),
            picked(draw, ["KRW", "USD", "EUR"], firms), picked(draw, ["confirmed", "one_sided", "estimate", "disputed"], firms),
            amounts(draw, firms), pa.array(draw.integers(0, 3, firms)), pa.array(np.full(firms, 2)), days(draw, first, firms, 90),
        ],
        "figures": figures(draw, edition),
        "budget": [
            same(edition, 300), picked(draw, ["cost", "income"], 300, [0.8, 0.2]),
            picked(draw, ["planned", "committed", "spent", "forecast"], 300), picked(draw, ["KRW", "EUR"], 300),
            amounts(draw, 300), days(draw, first, 300, 200, -150),
        ],
        "log": [
            same(edition, log), picked(draw, VERBS, log), days(draw, first, log, 150, -120), hours(draw, log),
        ],
    }  # fmt: skip


def figures(draw: np.random.Generator, edition: int) -> list[Column]:
    measures = ["offers", "memos", "licences", "companies", "meetings_held"]
    numbers = [None if edition % 17 == 0 else decimal.Decimal(int(one)) for one in draw.integers(0, 400, len(measures))]
    count = len(measures)
    return [
        same(edition, count), pa.array(measures), pa.array([1] * count), pa.array(["count"] * count), pa.array([""] * count),
        pa.array(["confirmed"] * count), pa.array(numbers, pa.decimal128(28, 6)),
    ]  # fmt: skip


def same(edition: int, count: int) -> Column:
    return pa.array(np.full(count, edition))


def picked(draw: np.random.Generator, words: list[str], count: int, shares: list[float] | None = None) -> Column:
    return pa.DictionaryArray.from_arrays(pa.array(draw.choice(len(words), count, p=shares).astype(np.int32)), words)


def days(draw: np.random.Generator, first: dt.date, count: int, span: int, since: int = 0) -> Column:
    start = (first - dt.date(1970, 1, 1)).days + since
    return pa.array((start + draw.integers(0, span, count)).astype(np.int32), pa.int32())


def hours(draw: np.random.Generator, count: int, since: int = 0, until: int = 24) -> Column:
    return pa.array(draw.integers(since, until, count))


def amounts(draw: np.random.Generator, count: int) -> Column:
    """To the cent, as sums must come out the same in whichever order."""
    return pa.array([decimal.Decimal(int(cents)).scaleb(-2) for cents in draw.integers(0, 10**10, count)], pa.decimal128(28, 6))


def told(found: dict[str, list[dict[str, Any]]]) -> dict[str, list[list[str | None]]]:
    """Rows as exact texts, the same of every engine: 3 and 3.000000 are one number."""
    return {name: [[text(value) for value in row.values()] for row in rows] for name, rows in found.items()}


def text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, int | float | decimal.Decimal | np.integer | np.floating):
        return f"{decimal.Decimal(str(value)).normalize():f}"
    return str(value)
