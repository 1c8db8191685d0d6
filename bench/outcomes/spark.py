"""The questions of the comparison, asked of PySpark (local[2]) over the same files; 1 where a row differs from DuckDB's.

Started by across.py in the bench's environment: spark.py FOLDER (with asked.json and found.json; leaves spark.json).
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import ibis
import made

from madang.outcomes.across.questions import QUESTIONS
from madang.outcomes.across.schema import TABLES


def session() -> Any:
    from pyspark.sql import SparkSession

    made_so = (
        SparkSession.builder.master("local[2]")
        .appName("madang-across")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.driver.memory", "2g")
        .getOrCreate()
    )
    made_so.sparkContext.setLogLevel("ERROR")
    return made_so


def main(root: Path) -> int:
    asked, wanted = (json.loads((root / f"{name}.json").read_text()) for name in ("asked", "found"))
    start = time.perf_counter()
    spark = session()
    connection = ibis.pyspark.connect(spark)
    for name in TABLES:
        spark.read.parquet(*(f"{folder}/{name}.parquet" for folder in asked["folders"])).createOrReplaceTempView(name)
    spark.createDataFrame(asked["chosen"], "edition bigint, before bigint").createOrReplaceTempView("chosen")
    times, wrong = [("start", time.perf_counter() - start)], []
    start = time.perf_counter()
    for name, question in QUESTIONS.items():
        rows = [row.asDict() for row in spark.sql(connection.compile(question(""))).collect()]
        if made.told({name: rows})[name] != wanted[name]:
            wrong.append(name)
        print(f"{name}: {len(rows):,} rows, {'OTHER ROWS' if name in wrong else 'the same rows'}", flush=True)
    times.append(("all questions, the same rows" if not wrong else "all questions, OTHER ROWS", time.perf_counter() - start))
    (root / "spark.json").write_text(json.dumps(times))
    spark.stop()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
