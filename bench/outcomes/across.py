"""The comparison of editions at size: 200 editions, 2 million meetings, 10 million lines of the log, in the files' own schema.

    .venv/bin/python bench/outcomes/across.py [--editions 200] [--no-spark] [--no-tables] [--write]

DuckDB answers every question of the page, cold and again; PySpark (.venv-bench, needs Java) answers the same expressions over
the same files, and its rows must be the same. Beside it, at a smaller size, the questions in the ORM on the site's own tables.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import made
from pyarrow import parquet

from madang.outcomes.across import engine
from madang.outcomes.across.questions import QUESTIONS, in_sql

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/develop/across.md"
BEGIN, END = "<!-- begin of record: make bench-across -->", "<!-- end of record -->"
LIMIT = 2.0
Lines = list[tuple[str, str, str, str]]


def main(words: list[str]) -> int:
    given = arguments(words)
    with tempfile.TemporaryDirectory(prefix="madang-across-") as name:
        root = Path(name)
        start = time.perf_counter()
        folders, chosen = made.files(root, given.editions)
        rows = {table: counted(folders, table) for table in ("meetings", "log")}
        print(f"{given.editions} editions, {rows['meetings']:,} meetings, {rows['log']:,} lines of the log", flush=True)
        print(f"written in {time.perf_counter() - start:.0f} s; load {os.getloadavg()[0]:.1f}", flush=True)
        lines, found, most = by_duckdb(folders, chosen)
        same = True
        if not given.no_spark:
            spark_lines, same = by_spark(root, folders, chosen, found)
            lines += spark_lines
    if not given.no_tables:
        lines += by_tables(max(1, given.editions // 200))
    head = f"{given.editions} editions, {rows['meetings']:,} meetings, {rows['log']:,} log lines; load {os.getloadavg()[0]:.1f}"
    show(head, lines, write=given.write)
    print(
        "held" if most < LIMIT and same else "MISSED",
        f"everything within {LIMIT:.0f} s, and the same rows on each engine",
    )
    return 0 if most < LIMIT and same else 1


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--editions", type=int, default=200)
    parser.add_argument("--no-spark", action="store_true")
    parser.add_argument("--no-tables", action="store_true")
    parser.add_argument("--write", action="store_true", help="put the table into docs/develop/across.md")
    return parser.parse_args(words)


def counted(folders: list[Path], table: str) -> int:
    return sum(int(parquet.read_metadata(folder / f"{table}.parquet").num_rows) for folder in folders)


def by_duckdb(folders: list[Path], chosen: list[engine.Asked]) -> tuple[Lines, engine.Answers, float]:
    """Everything the page asks: the first time after the files were written, and again; then each question alone.

    The last is the slowest turn by the clock, which a busy machine makes longer: the load is told with it.
    """
    lines = [
        line("Ibis writes the questions in SQL (once a process)", *timed(lambda: [in_sql(one, "") for one in QUESTIONS])[1:])
    ]
    for folder in folders:
        for path in folder.iterdir():
            forget(path)
    most = 0.0
    for turn in ("all questions, files not in memory", "all questions, again", "all questions, a third time"):
        found, clock, spent = timed(lambda: engine.answers(folders, chosen))
        most = max(most, clock)
        lines.append(line(turn, clock, spent))
    one, *seconds = timed(lambda: engine.answers(folders[:2], chosen[1:2]))
    assert len(one["meetings"]) == 1
    lines.append(line("all questions about one edition", *seconds))
    for question in QUESTIONS:
        again, *seconds = timed(lambda question=question: engine.answers(folders, chosen, questions=(question,)))
        assert again[question] == found[question]
        lines.append(line(f"`{question}` alone ({len(found[question]):,} rows)", *seconds))
    return lines, found, most


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What the work gives, seconds of the clock, seconds of processor."""
    clock, spent = time.perf_counter(), time.process_time()
    return work(), time.perf_counter() - clock, time.process_time() - spent


def line(what: str, clock: float, spent: float) -> tuple[str, str, str, str]:
    return what, "DuckDB", f"{clock:.2f}", f"{spent:.2f}"


def forget(path: Path) -> None:
    """Have the system drop the file from its memory, so that the first turn is a cold one."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def by_spark(root: Path, folders: list[Path], chosen: list[engine.Asked], found: engine.Answers) -> tuple[Lines, bool]:
    """The same expressions in the bench's own environment, and whether the rows are the same."""
    asked = {"folders": [str(folder) for folder in folders], "chosen": [(one.edition, one.before) for one in chosen]}
    (root / "asked.json").write_text(json.dumps(asked))
    (root / "found.json").write_text(json.dumps(made.told(found)))
    command = [ROOT / ".venv-bench/bin/python", Path(__file__).with_name("spark.py"), root]
    done = subprocess.run(command, check=False, env={**os.environ, "PYTHONPATH": str(ROOT / "src")})
    if done.returncode not in (0, 1):
        raise SystemExit(done.returncode)
    told = json.loads((root / "spark.json").read_text())
    return [(what, "PySpark local[2]", f"{seconds:.1f}", "") for what, seconds in told], done.returncode == 0


def by_tables(editions: int) -> Lines:
    """The questions to the site's own tables, in a process of its own with its own database."""
    with tempfile.TemporaryDirectory(prefix="madang-across-tables-") as data:
        command = [sys.executable, Path(__file__).with_name("tables.py"), str(editions)]
        env = {
            **os.environ,
            "MADANG_DATA": data,
            "PYTHONPATH": str(ROOT / "src"),
            "DJANGO_SETTINGS_MODULE": "madang.site.settings",
            "DATABASE_URL": f"sqlite:///{data}/bench.sqlite3",
        }
        done = subprocess.run(command, check=True, env=env, capture_output=True, text=True)
    told = json.loads(done.stdout.splitlines()[-1])
    return [(what, by, f"{seconds:.2f}", "") for what, by, seconds in told]


def show(head: str, lines: Lines, *, write: bool) -> None:
    rows = [f"| {' | '.join(cells)} |" for cells in lines]
    table = ["| what | asked of | seconds | of processor |", "|---|---|--:|--:|", *rows]
    text = f"{head}.\n\n" + "\n".join(table) + "\n"
    print(text, flush=True)
    if write:
        page = PAGE.read_text(encoding="utf-8")
        before, rest = page.split(BEGIN)
        after = rest.split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
