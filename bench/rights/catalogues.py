"""Which titles of 1,000, 10,000 and 100,000 are free as a whole: the kernel's scan beside SQL; answers asserted equal."""

from __future__ import annotations

import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import naive
import numpy as np
from generate import catalogue, lines_of, questions
from in_sql import WAYS, Duck, Engine, Postgres, Sqlite, answer, question
from measure import Took, took

from madang.kernels.rights import Ask, Book, Catalogue, Columns, Kind, Scan, Search

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import postgres  # the server of the tests

SIZES = (1_000, 10_000, 100_000)
OBJECTS_UP_TO = 10_000
"""Titles up to which lines are also made as objects and looked at one by one."""
ROOM = ["shared_buffers=2GB", "effective_cache_size=4GB", "max_parallel_workers_per_gather=2", "jit=off"]
"""What the server has beyond the settings of the tests: everything fits in its memory."""


@dataclass
class Size:
    """One catalogue: what was measured of each design, question by question."""

    titles: int
    lines: int
    terms: int
    chains: int
    build: float
    bytes_read: list[int] = field(default_factory=list)
    touched: list[int] = field(default_factory=list)
    free: list[int] = field(default_factory=list)
    took: dict[str, list[Took]] = field(default_factory=dict)


@contextlib.contextmanager
def server() -> Iterator[str | None]:
    """A PostgreSQL of the bench's own, with room; None where it is not installed."""
    binaries = postgres.find_binaries()
    if binaries is None:
        yield None
        return
    for setting in ROOM:
        if setting not in postgres.QUICK:
            postgres.QUICK.append(setting)
    place = tempfile.TemporaryDirectory(prefix="madang-rights-", ignore_cleanup_errors=True)
    with place as folder, postgres.server(binaries, Path(folder)) as url:
        yield url


def measure(titles: int, url: str | None, times: int) -> tuple[Size, Scan]:
    """All designs on one catalogue, one after the other."""
    columns = catalogue(titles)
    start = time.process_time()
    scan = Scan(columns)
    size = Size(titles, len(columns.title), len(columns.terms), len(scan.chains.offsets) - 1, time.process_time() - start)
    together, asks = naive.Together(columns), questions()
    free = [scan.free(ask) for ask in asks]
    size.free = [len(found) for found in free]
    size.touched = [scan.lists[Kind.RESTRICTION].touched(scan.hits(ask)[0]) for ask in asks]
    size.bytes_read = [bytes_of(scan, ask, touched) for ask, touched in zip(asks, size.touched, strict=True)]
    size.took["kernel"] = [took(lambda ask=ask: scan.free(ask), 5 * times) for ask in asks]
    with tempfile.TemporaryDirectory(prefix="madang-rights-") as folder:
        for engine in engines(columns, Path(folder), url):
            for way in WAYS:
                name = f"{engine.name}, {way}"
                size.took[name] = [
                    asked(engine, question(ask, way), ask, found, together, times) for ask, found in zip(asks, free, strict=True)
                ]
    if titles <= OBJECTS_UP_TO:
        size.took["objects one by one"] = objects(columns, asks, free)
    return size, scan


def engines(columns: Columns, folder: Path, url: str | None) -> Iterator[Engine]:
    """Filled when their turn comes; gone after it."""
    yield Sqlite(columns, folder)
    yield Duck(columns)
    if url is not None:
        yield Postgres(columns, url)


def asked(engine: Engine, text: str, ask: Ask, free: np.ndarray, together: naive.Together, times: int) -> Took:
    """One question in SQL; what it tells is the kernel's answer, where several grants were looked at one by one."""
    covered, open_ = answer(engine.ask(text))
    told = np.union1d(covered, together.whole(ask, open_))
    if not np.array_equal(told, free):
        raise SystemExit(f"{engine.name} tells {len(told)} titles, the kernel {len(free)}: {text}")
    return took(lambda: engine.ask(text), times, engine.processor)


def objects(columns: Columns, asks: list[Ask], free: list[np.ndarray]) -> list[Took]:
    """Lines as objects, title by title; and the catalogue made of them, on the way, tells the same."""
    lines = lines_of(columns, range(len(columns.titles)))
    catalogue, scanned = Catalogue(Book(lines), columns.titles), naive.scanner(lines)
    times = []
    for ask, found in zip(asks, free, strict=True):
        told = [one.title for one in catalogue.find(Search(ask))]
        one_by_one: list[int] = []
        times.append(took(lambda ask=ask, told=one_by_one: told.extend(scanned(ask)), 1))
        if not (told == found.tolist() == one_by_one):
            raise SystemExit(f"objects tell {len(one_by_one)} titles, the scan {len(found)}")
    return times


def bytes_of(scan: Scan, ask: Ask, touched: int) -> int:
    """What a question has to read at least: distinct terms, the lines that count, one chain and one mark a title."""
    words = sum(len(masks) * 8 * (1 + ask.scope[n].bit_length() // 64) for n, masks in enumerate(scan.columns.sets))
    return words + len(scan.columns.terms) * 48 + touched * 4 + len(scan.columns.titles) * 5
