"""How it grows: the scan at 10 million lines, and DuckDB over Parquet at 100 million (5 million titles)."""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from generate import catalogue, questions
from in_sql import SETS, answer, question, term_rows
from measure import Took, took

from madang.kernels.rights import Columns, Scan

TITLES = 500_000
COPIES = 10
"""The 10 million lines so many times, each copy with titles and terms of its own: packages are not shared between copies."""
ASKED = (0, 3, 8)
"""Of the twelve questions; the last of these is the world."""


@dataclass
class Growth:
    """Lines and milliseconds."""

    lines: int = 0
    make: float = 0.0
    build: float = 0.0
    scan: list[Took] = field(default_factory=list)
    all_lines: int = 0
    parquet: int = 0
    write: float = 0.0
    duck: list[Took] = field(default_factory=list)


def measure(times: int) -> Growth:
    """Both, with the answers asserted equal."""
    told, start = Growth(), time.process_time()
    columns = catalogue(TITLES)
    told.make, told.lines = time.process_time() - start, len(columns.title)
    start = time.process_time()
    scan = Scan(columns)
    told.build = time.process_time() - start
    asks = questions()
    told.scan = [took(lambda ask=ask: scan.free(ask), 3 * times) for ask in asks]
    with tempfile.TemporaryDirectory(prefix="madang-rights-") as folder:
        connection = duckdb.connect(config={"threads": os.cpu_count() or 1, "memory_limit": "4GB", "temp_directory": folder})
        connection.execute("SET enable_progress_bar = false")
        start = time.perf_counter()
        write(connection, columns, Path(folder))
        told.write, told.all_lines = time.perf_counter() - start, told.lines * COPIES
        told.parquet = sum(file.stat().st_size for file in Path(folder).glob("*.parquet"))
        source = f"'{folder}/line.parquet' AS line JOIN '{folder}/term.parquet' AS term ON term.id = line.term"
        for number in ASKED:
            text = question(asks[number], "terms", source)
            same(scan, number, connection.execute(text).fetchnumpy())
            told.duck.append(took(lambda text=text: connection.execute(text).fetchnumpy(), times))
    return told


def write(connection: duckdb.DuckDBPyConnection, columns: Columns, folder: Path) -> None:
    """Two files, lines in the order of their titles; DuckDB writes them piece by piece."""
    names = ["id", "kind", "party", "starts", "ends", *SETS]
    rows = term_rows(columns)
    order = np.argsort(columns.title, kind="stable")
    connection.register("given_term", pa.table(dict(zip(names, (list(one) for one in zip(*rows, strict=True)), strict=True))))
    connection.register("given_line", pa.table({"title": columns.title[order], "term": columns.term[order]}))
    moved = {"id": len(rows), "term": len(rows), "title": TITLES}
    for table, columns_of_it in {"term": names, "line": ["title", "term"]}.items():
        chosen = ", ".join(f"{name} + copy * {moved[name]} AS {name}" if name in moved else name for name in columns_of_it)
        connection.execute(
            f"COPY (SELECT {chosen} FROM (SELECT unnest(range({COPIES}))::INTEGER AS copy), given_{table}) "
            f"TO '{folder}/{table}.parquet' (FORMAT parquet, COMPRESSION zstd)"
        )


def same(scan: Scan, number: int, told: dict[str, np.ndarray]) -> None:
    """Each copy tells what the scan tells of the first; where several grants together could hold, SQL leaves it open."""
    ask = questions()[number]
    covered, open_ = answer(list(zip(told["title"].tolist(), told["whole"].tolist(), strict=True)))
    held, blocked = scan.judge(ask)
    wanted, free = np.flatnonzero(held & ~blocked), scan.free(ask)
    first = covered[covered < TITLES]
    copies = [np.arange(COPIES).repeat(len(one)) * TITLES + np.tile(one, COPIES) for one in (first, wanted)]
    right = np.array_equal(covered, copies[0]) and np.array_equal(np.union1d(covered, open_), copies[1])
    if not right or np.setdiff1d(first, free).size or np.setdiff1d(free, wanted).size:
        raise SystemExit(f"DuckDB over Parquet and the scan differ at question {number}")
