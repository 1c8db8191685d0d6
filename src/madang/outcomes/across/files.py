"""Writes the files of an edition: Parquet, a chunk at a time, under a name that no reader knows until they are whole."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from madang.outcomes.across.schema import DIGITS, PLACES, TABLES

CHUNK = 50_000
"""Rows that are held in memory, and that stand together in a file."""
Row = Sequence[Any]
ARROW = {
    "integer": pa.int64(), "string": pa.string(), "boolean": pa.bool_(), "date": pa.date32(),
    "number": pa.decimal128(DIGITS, PLACES),
}  # fmt: skip


def schema_of(table: str) -> pa.Schema:
    return pa.schema([(name, ARROW[kind]) for name, kind in TABLES[table].items()])


def write_table(path: Path, table: str, rows: Iterable[Row]) -> int:
    """Write the rows, in the order of the schema's columns; gives how many."""
    schema, count, waiting = schema_of(table), 0, iter(rows)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while chunk := list(islice(waiting, CHUNK)):
            columns = [pa.array(column, kind) for column, kind in zip(zip(*chunk, strict=True), schema.types, strict=True)]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
            count += len(chunk)
    return count


def write_folder(root: Path, name: str, rows_of: Callable[[str], Iterable[Row]]) -> tuple[str, dict[str, int]]:
    """Write every table; gives the folder's name under `root`, new each time, and the rows of each file.

    A fault, or whatever `rows_of` raises to stop, leaves nothing behind.
    """
    folder = f"{name}-{secrets.token_hex(6)}"
    unseen = root / f".{folder}"
    unseen.mkdir(parents=True)
    try:
        counts = {f"{table}.parquet": write_table(unseen / f"{table}.parquet", table, rows_of(table)) for table in TABLES}
        unseen.rename(root / folder)
    except BaseException:
        shutil.rmtree(unseen, ignore_errors=True)
        raise
    return folder, counts
