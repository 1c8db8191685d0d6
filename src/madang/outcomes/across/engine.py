"""Asks an embedded DuckDB: in memory, over the files named to it and nothing else. No Django."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import duckdb

from madang.outcomes.across.schema import CHOSEN, TABLES, TYPES

THREADS, MEMORY = 2, "1GB"
"""A question takes no more of the machine."""

Answers = dict[str, list[dict[str, Any]]]


class Unreadable(Exception):
    """A file is damaged, gone, or not what the schema says."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An edition that is asked about; `before` is the one of its market before it."""

    edition: int
    before: int | None = None


@cache
def written() -> dict[str, dict[str, str]]:
    """Every question by name and form, as Ibis wrote it in DuckDB's words (`questions.py`)."""
    found: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("questions.json").read_text())
    return found


def answers(folders: Sequence[Path], chosen: Iterable[Asked], form: str = "", *, questions: Iterable[str] = ()) -> Answers:
    """The rows of each question (all), over the files in `folders`, of the `chosen` editions alone. Raises Unreadable."""
    try:
        with _opened(tuple(folders)).cursor() as cursor:
            cursor.execute(f"CREATE TEMP TABLE chosen ({_typed(CHOSEN)})")
            columns = list(zip(*((one.edition, one.before) for one in chosen), strict=True)) or [(), ()]
            cursor.execute("INSERT INTO chosen SELECT unnest(?::BIGINT[]), unnest(?::BIGINT[])", [list(one) for one in columns])
            return {name: _rows(cursor, written()[name][form]) for name in questions or written()}
    except duckdb.Error as fault:
        raise Unreadable(str(fault)) from fault


@lru_cache(maxsize=4)
def _opened(folders: tuple[Path, ...]) -> duckdb.DuckDBPyConnection:
    """A view over the files a table; nothing may be installed, loaded, fetched or opened but what lies in the folders.

    Kept, for files never change under their name: what DuckDB has learnt of their insides serves the next page.
    """
    settings: dict[str, Any] = {
        "threads": THREADS, "memory_limit": MEMORY, "temp_directory": "", "preserve_insertion_order": False,
        "enable_external_file_cache": False, "autoinstall_known_extensions": False, "autoload_known_extensions": False,
        "allow_community_extensions": False,
    }  # fmt: skip
    connection = duckdb.connect(":memory:", config=settings)
    connection.execute("LOAD parquet")  # it is built in; this makes its settings known
    connection.execute("SET parquet_metadata_cache = true")
    connection.execute("SET allowed_directories = ?", [[f"{folder}/" for folder in folders]])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    for name, columns in TABLES.items():
        if folders:
            connection.read_parquet([str(folder / f"{name}.parquet") for folder in folders]).create_view(name)
        else:
            connection.execute(f'CREATE TABLE "{name}" ({_typed({one: TYPES[kind] for one, kind in columns.items()})})')
    return connection


def _typed(columns: Mapping[str, str]) -> str:
    types = {"int64": "BIGINT", "string": "VARCHAR"}
    return ", ".join(f'"{name}" {types.get(kind, kind)}' for name, kind in columns.items())


def _rows(connection: duckdb.DuckDBPyConnection, question: str) -> list[dict[str, Any]]:
    found = connection.execute(question)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
