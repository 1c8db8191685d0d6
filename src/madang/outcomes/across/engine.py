"""Asks an embedded DuckDB: in memory, over the files named to it and nothing else. No Django."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from madang.outcomes.across.questions import CHOSEN, QUESTIONS, TYPES, in_sql
from madang.outcomes.across.schema import TABLES

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


def answers(folders: Sequence[Path], chosen: Iterable[Asked], form: str = "") -> Answers:
    """Each question's rows, over the files in `folders`, of the `chosen` editions alone. Raises Unreadable."""
    try:
        with _connection(folders) as connection:
            _tell(connection, folders, chosen)
            return {name: _rows(connection, in_sql(name, form)) for name in QUESTIONS}
    except duckdb.Error as fault:
        raise Unreadable(str(fault)) from fault


def _connection(folders: Sequence[Path]) -> duckdb.DuckDBPyConnection:
    """Nothing may be installed, loaded, fetched or opened but what lies in the folders; and that stays so."""
    settings: dict[str, Any] = {
        "threads": THREADS, "memory_limit": MEMORY, "temp_directory": "", "preserve_insertion_order": False,
        "autoinstall_known_extensions": False, "autoload_known_extensions": False, "allow_community_extensions": False,
    }  # fmt: skip
    connection = duckdb.connect(":memory:", config=settings)
    connection.execute("SET allowed_directories = ?", [[f"{folder}/" for folder in folders]])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _tell(connection: duckdb.DuckDBPyConnection, folders: Sequence[Path], chosen: Iterable[Asked]) -> None:
    """The tables by their names: a view over the files each, and the chosen editions."""
    for name, columns in TABLES.items():
        if folders:
            connection.read_parquet([str(folder / f"{name}.parquet") for folder in folders]).create_view(name)
        else:
            connection.execute(f'CREATE TABLE "{name}" ({_typed({one: TYPES[kind] for one, kind in columns.items()})})')
    connection.execute(f"CREATE TABLE chosen ({_typed(CHOSEN)})")
    rows = [(one.edition, one.before) for one in chosen]
    if rows:
        connection.executemany("INSERT INTO chosen VALUES (?, ?)", rows)


def _typed(columns: Mapping[str, str]) -> str:
    types = {"int64": "BIGINT", "string": "VARCHAR"}
    return ", ".join(f'"{name}" {types.get(kind, kind)}' for name, kind in columns.items())


def _rows(connection: duckdb.DuckDBPyConnection, question: str) -> list[dict[str, Any]]:
    found = connection.execute(question)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
