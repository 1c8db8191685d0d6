"""How matching grows past one machine's arrays: gates, scores and the best 50 titles of each mandate as one Ibis expression.

    .venv-bench/bin/python bench/matching/growth.py [MANDATES TITLES]      (1,000 10,000)

The same expression is asked of DuckDB and of PySpark (local[2]; needs Java) over the same Parquet files, and both must give the
rows that NumPy finds in the whole table of pairs. Scores are whole thousandths, so that no sum depends on its order.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pandas as pd
from ibis import _

FORMATS, GENRES, CONCEPTS = 7, 12, 336
MOST = 50
GENRE, FIRST = 1500, 400
"""Thousandths of log-odds: the same genre; a first work that is sought."""
Rows = list[tuple[int, int, int, int]]


def made(mandates: int, titles: int, seed: int = 0) -> dict[str, pd.DataFrame]:
    """Mandates, titles and what each is about. 0 is any format or genre; concepts are told very unequally."""
    draw = np.random.default_rng(seed)
    weight = 1 / (1 + np.arange(CONCEPTS))
    rare = np.round(250 * np.log(weight.sum() / weight)).astype(np.int64)

    def about(count: int, each: int) -> tuple[np.ndarray, np.ndarray]:
        told = draw.choice(CONCEPTS, size=(count, each), p=weight / weight.sum())
        pairs = np.unique(np.stack([np.arange(count).repeat(each), told.ravel()]), axis=1)
        return pairs[0], pairs[1]

    wish, concept = about(mandates, 3)
    work, told = about(titles, 6)
    shortest = draw.integers(0, 60, mandates)
    return {
        "mandates": pd.DataFrame(
            {
                "mandate": np.arange(mandates),
                "company": draw.integers(0, mandates // 2 + 1, mandates),
                "format": draw.integers(0, FORMATS + 1, mandates),
                "genre": draw.integers(0, GENRES + 1, mandates),
                "shortest": shortest,
                "longest": shortest + draw.integers(30, 120, mandates),
                "budget": draw.integers(5, 300, mandates) * 1000,
                "seeks_first": draw.integers(0, 2, mandates),
            }
        ),
        "titles": pd.DataFrame(
            {
                "title": np.arange(titles),
                "seller": draw.integers(0, titles // 3 + 1, titles),
                "kind": draw.integers(1, FORMATS + 1, titles),
                "style": draw.integers(1, GENRES + 1, titles),
                "minutes": draw.integers(10, 140, titles),
                "asks": draw.integers(1, 200, titles) * 1000,
                "is_first": (draw.random(titles) < 0.1).astype(np.int64),
            }
        ),
        "wished": pd.DataFrame({"mandate": wish, "concept": concept, "points": rare[concept]}),
        "told": pd.DataFrame({"title": work, "concept": told}),
    }


def best(mandates: Any, titles: Any, wished: Any, told: Any) -> Any:
    """The expression: pairs that pass every gate, their scores, the best of each mandate; ties go to the lower title."""
    open_ = mandates.cross_join(titles).filter(
        (_.format == 0) | (_.format == _.kind),
        _.minutes.between(_.shortest, _.longest),
        _.asks <= _.budget,
        _.company != _.seller,
    )
    story = wished.join(told, "concept").group_by("mandate", "title").agg(story=_.points.sum())
    scored = open_.left_join(story, ["mandate", "title"]).select(
        "mandate",
        "title",
        score=(
            ((_.genre == _.style).cast("int64") * GENRE)
            + (_.seeks_first * _.is_first * FIRST)
            + ibis.coalesce(_.story, 0).cast("int64")
        ),
    )
    order = ibis.window(group_by="mandate", order_by=[ibis.desc("score"), "title"])
    ranked = scored.mutate(place=ibis.row_number().over(order).cast("int64"))
    return ranked.filter(_.place < MOST).select("mandate", "place", "title", "score").order_by("mandate", "place")


def by_numpy(tables: dict[str, pd.DataFrame]) -> Rows:
    """The same, from the whole table of pairs."""
    m, t = tables["mandates"], tables["titles"]

    def column(name: str) -> np.ndarray:
        return m[name].to_numpy()[:, None]

    def row(name: str) -> np.ndarray:
        return t[name].to_numpy()[None, :]

    passes = (column("format") == 0) | (column("format") == row("kind"))
    passes &= (row("minutes") >= column("shortest")) & (row("minutes") <= column("longest"))
    passes &= (row("asks") <= column("budget")) & (column("company") != row("seller"))
    wish, told = np.zeros((len(m), CONCEPTS), np.float32), np.zeros((len(t), CONCEPTS), np.float32)
    wish[tables["wished"]["mandate"], tables["wished"]["concept"]] = tables["wished"]["points"]
    told[tables["told"]["title"], tables["told"]["concept"]] = 1
    score = np.round(wish @ told.T).astype(np.int64)
    score += GENRE * (column("genre") == row("style")) + FIRST * column("seeks_first") * row("is_first")
    found: Rows = []
    for mandate in range(len(m)):
        titles = np.flatnonzero(passes[mandate])
        chosen = titles[np.lexsort((titles, -score[mandate, titles]))][:MOST]
        found += [(mandate, place, int(title), int(score[mandate, title])) for place, title in enumerate(chosen)]
    return found


def asked(connection: Any, folder: Path) -> Rows:
    """The expression over the files, by this engine."""
    names = ("mandates", "titles", "wished", "told")
    found = connection.to_pandas(best(*(connection.read_parquet(str(folder / f"{name}.parquet")) for name in names)))
    return list(found.astype("int64").itertuples(index=False, name=None))


def spark() -> Any:
    """PySpark with two workers in this process's machine."""
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .appName("madang-growth")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.driver.memory", "2g")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    return ibis.pyspark.connect(session)


def took(work: Callable[[], Rows]) -> tuple[Rows, float]:
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def main(words: list[str]) -> int:
    mandates, titles = (int(word) for word in words) if len(words) == 2 else (1_000, 10_000)
    tables = made(mandates, titles)
    print(f"{mandates:,} mandates x {titles:,} titles, the best {MOST} of each; load {os.getloadavg()[0]:.1f}")
    wanted, seconds = took(lambda: by_numpy(tables))
    print(f"NumPy, whole table: {len(wanted):,} rows, {seconds:.1f} s", flush=True)
    with tempfile.TemporaryDirectory(prefix="madang-growth-") as name:
        folder = Path(name)
        for table, frame in tables.items():
            frame.astype("int64").to_parquet(folder / f"{table}.parquet", index=False)
        for engine, connect in (("DuckDB", ibis.duckdb.connect), ("PySpark local[2]", spark)):
            connection, started = took(connect)
            for turn in ("first", "again"):
                found, seconds = took(lambda connection=connection: asked(connection, folder))
                same = found == wanted
                print(
                    f"{engine}, {turn}: {len(found):,} rows, {seconds:.1f} s; {'the same rows' if same else 'OTHER ROWS'}",
                    flush=True,
                )
                if not same:
                    return 1
            print(f"{engine}: {started:.1f} s to start", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
