"""The same question in SQL, one text for SQLite, PostgreSQL and DuckDB, over two ways of keeping lines.

`wide`: a line is a row with its sets as 63-bit words. `terms`: what a deal says is a row of `term`, its lines are (title, term).
Both tell each title that is held and not blocked, with 1 where one grant covers all that is asked; where only several grants
together could, SQL cannot say, and the bench asks title by title (not counted as SQL's time).
"""

from __future__ import annotations

import os
import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import psycopg
import pyarrow as pa
from generate import L, M, T

from madang.kernels.rights import Ask, Columns, Kind

WORD = 63
WIDTHS = {"t": len(T.leaves), "m": len(M.leaves), "v": len(L.leaves)}
WORDS = {name: -(-width // WORD) for name, width in WIDTHS.items()}
SETS = [f"{name}{n}" for name, count in WORDS.items() for n in range(count)]
WAYS = ("wide", "terms")
NUMBERS = {kind: n for n, kind in enumerate(Kind)}
WIDE = "CREATE TABLE wide AS SELECT line.title, term.* FROM line JOIN term ON term.id = line.term ORDER BY line.title"
COLUMNS = ", ".join(f"{name} BIGINT" for name in SETS)
TERM = f"CREATE TABLE term (id INTEGER, kind INTEGER, party TEXT, starts INTEGER, ends INTEGER, {COLUMNS})"
LINE = "CREATE TABLE line (title INTEGER, term INTEGER)"
INDEX = "CREATE INDEX line_by_term ON line (term, title)"


def words(name: str, mask: int) -> list[int]:
    """A set as words that fit a signed number."""
    return [mask >> (WORD * n) & ((1 << WORD) - 1) for n in range(WORDS[name])]


def term_rows(columns: Columns) -> list[tuple[Any, ...]]:
    """Rows of `term`; the party of a restriction is whom it exempts (here at most one)."""
    split = [[words(name, mask) for mask in masks] for name, masks in zip(WORDS, columns.sets, strict=True)]
    rows = []
    for n, (t, m, v, start, end, who) in enumerate(columns.terms.tolist()):
        kind, party = columns.whom[who]
        if kind is Kind.RESTRICTION:
            party = next(iter(party[0]), None)
        rows.append((n, NUMBERS[kind], party, start, end, *split[0][t], *split[1][m], *split[2][v]))
    return rows


def question(ask: Ask, way: str, source: str = "line JOIN term ON term.id = line.term") -> str:
    """The text; numbers stand in it, so that no engine has to guess their type."""
    where, covers = (
        [f"starts < {ask.scope.end}", f"ends > {ask.scope.start}"],
        [f"starts <= {ask.scope.start}", f"ends >= {ask.scope.end}"],
    )
    for name, mask in zip(WORDS, ask.scope[:3], strict=True):
        asked = [(f"{name}{n}", word) for n, word in enumerate(words(name, mask)) if word]
        where.append("(" + " OR ".join(f"({column} & {word}) <> 0" for column, word in asked) + ")")
        covers += [f"({column} & {word}) = {word}" for column, word in asked]
    other = f"(party IS NULL OR party <> '{ask.buyer}')" if ask.buyer else "1 = 1"
    blocks = f"kind = {NUMBERS[Kind.RESTRICTION]} AND {other}"
    if ask.exclusive:
        blocks = f"({blocks}) OR (kind = {NUMBERS[Kind.LICENCE]} AND {other})"
    grant = f"kind = {NUMBERS[Kind.GRANT]}"
    where.append(f"({grant} OR {blocks})")
    return (
        f"SELECT title, MAX(CASE WHEN {grant} AND {' AND '.join(covers)} THEN 1 ELSE 0 END) AS whole "
        f"FROM {'wide' if way == 'wide' else source} WHERE {' AND '.join(where)} GROUP BY title "
        f"HAVING MIN(kind) = {NUMBERS[Kind.GRANT]} AND MAX(kind) = {NUMBERS[Kind.GRANT]}"
    )


class Engine(ABC):
    """A database with the catalogue in it. `processor` is a clock of its own work."""

    name: str

    @abstractmethod
    def ask(self, text: str) -> list[tuple[int, int]]:
        """The rows that a question gives."""

    def processor(self) -> float:
        return time.process_time()


class Sqlite(Engine):
    """In memory of the process, as far as its cache goes."""

    name = "SQLite"

    def __init__(self, columns: Columns, folder: Path) -> None:
        self.connection = sqlite3.connect(folder / "catalogue.sqlite3")
        run = self.connection.execute
        run("PRAGMA journal_mode = OFF")
        run("PRAGMA synchronous = OFF")
        run("PRAGMA cache_size = -2000000")
        run("PRAGMA mmap_size = 4000000000")
        run(TERM)
        run(LINE)
        rows = term_rows(columns)
        self.connection.executemany(f"INSERT INTO term VALUES ({', '.join('?' * len(rows[0]))})", rows)
        pairs = zip(columns.title.tolist(), columns.term.tolist(), strict=True)
        self.connection.executemany("INSERT INTO line VALUES (?, ?)", pairs)
        run("CREATE UNIQUE INDEX term_id ON term (id)")
        for text in (WIDE, INDEX, "ANALYZE"):
            run(text)
        self.connection.commit()

    def ask(self, text: str) -> list[tuple[int, int]]:
        return self.connection.execute(text).fetchall()


class Duck(Engine):
    """In memory, two threads."""

    name = "DuckDB"

    def __init__(self, columns: Columns) -> None:
        self.connection = duckdb.connect(config={"threads": os.cpu_count() or 1, "memory_limit": "6GB"})
        self.connection.execute("SET enable_progress_bar = false")
        names = ["id", "kind", "party", "starts", "ends", *SETS]
        term = pa.table({name: list(column) for name, column in zip(names, zip(*term_rows(columns), strict=True), strict=True)})
        line = pa.table({"title": columns.title, "term": columns.term})
        self.connection.register("given_term", term)
        self.connection.register("given_line", line)
        self.connection.execute("CREATE TABLE term AS SELECT * FROM given_term")
        self.connection.execute("CREATE TABLE line AS SELECT * FROM given_line")
        self.connection.execute(WIDE)

    def ask(self, text: str) -> list[tuple[int, int]]:
        found = self.connection.execute(text).fetchnumpy()
        return list(zip(found["title"].tolist(), found["whole"].tolist(), strict=True))


class Postgres(Engine):
    """A server of its own with enough memory to keep everything in it; two workers may help each query."""

    name = "PostgreSQL"

    def __init__(self, columns: Columns, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        run = self.connection.execute
        for table in ("wide", "line", "term"):
            run(f"DROP TABLE IF EXISTS {table}")
        run(TERM)
        run(LINE)
        self._copy("term", term_rows(columns))
        self._copy("line", zip(columns.title.tolist(), columns.term.tolist(), strict=True))
        for text in (WIDE, INDEX, "VACUUM ANALYZE term", "VACUUM ANALYZE line", "VACUUM ANALYZE wide"):
            run(text)
        run("SET work_mem = '256MB'")
        row = run("SELECT pg_backend_pid()").fetchone()
        self.server = _parent(int(row[0])) if row else 0

    def _copy(self, table: str, rows: Any) -> None:
        with self.connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def ask(self, text: str) -> list[tuple[int, int]]:
        return self.connection.execute(text).fetchall()

    def processor(self) -> float:
        """Processor seconds of the server and its processes, ended ones as well; the kernel counts in hundredths."""
        living = [self.server, *_children(self.server)]
        return sum(_ticks(number)[0] for number in living) + _ticks(self.server)[1]


def _stat(number: int) -> list[str]:
    return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()


def _parent(number: int) -> int:
    return int(_stat(number)[1])


def _children(number: int) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if _parent(int(entry.name)) == number:
                yield int(entry.name)
        except OSError:  # it ended meanwhile
            continue


def _ticks(number: int) -> tuple[float, float]:
    """Seconds of a process itself, and of its children that ended."""
    try:
        own = _stat(number)
    except OSError:
        return 0.0, 0.0
    second = os.sysconf("SC_CLK_TCK")
    return (int(own[11]) + int(own[12])) / second, (int(own[13]) + int(own[14])) / second


def answer(rows: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Titles free by one grant, and those of which one would have to look at several; rising."""
    told = np.array(rows, np.int64).reshape(-1, 2)
    told = told[np.argsort(told[:, 0])]
    return told[told[:, 1] == 1, 0], told[told[:, 1] == 0, 0]
