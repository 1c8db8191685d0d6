"""`matching evaluate` on made tastes: each split, each way, its figures and its words for bad input."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from kernels.matching.made import tastes

from madang.kernels.matching import Options, Split, evaluate
from madang.kernels.matching.commandline import main
from madang.kernels.matching.splits import parts


@pytest.mark.parametrize("split", list(Split))
def test_better_than_chance_and_popularity(split: Split) -> None:
    rows, table = tastes()
    report = evaluate(rows, table, Options(split, seconds=0.2, draws=1))
    found = {line.way: line for line in report.lines}
    assert found["Madang"].ndcg > (1.5 if split is Split.COLD else 2) * found["random"].ndcg  # of 16 new titles many are wanted
    assert found["Madang"].inside is not None
    if split is not Split.COLD:
        assert found["Madang"].ndcg > found["popularity"].ndcg
        assert {"item-kNN", "EASE", "BM25 of metadata", "Madang, likes only"} <= set(found)
    assert (report.users, report.items, report.liked_from, report.described) == (120, 80, 4.0, 80)


@pytest.mark.parametrize("split", list(Split))
def test_nothing_asked_is_known(split: Split) -> None:
    rows, _ = tastes()
    for part in parts(rows, 4.0, split, seed=1, draws=2):
        assert not (part.wanted * part.known.likes.toarray()).any()
        assert part.wanted.sum() + part.known.likes.sum() == (rows.value >= 4).sum()
        if split is Split.COLD:
            assert part.known.likes.toarray()[:, part.asked].sum() == 0
            assert len(part.asked) == 16


def test_by_time_the_last_fifth_is_asked() -> None:
    rows, _ = tastes()
    part = next(iter(parts(rows, 4.0, Split.TEMPORAL, 0, 1)))
    assert rows.time is not None
    for user in range(5):
        own = rows.user == user
        last = rows.item[own][np.argsort(rows.time[own])][-round(0.2 * own.sum()) :]
        liked = set(rows.item[own & (rows.value >= 4)])
        assert set(np.flatnonzero(part.wanted[user])) == set(last) & liked
    assert part.late is not None
    late = part.late.toarray()
    assert 0 < (late * part.known.likes.toarray()).sum() < part.known.likes.sum()
    assert (late <= part.known.likes.toarray() + part.known.against.toarray()).all()


def test_without_items_times_or_refusals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows, _ = tastes()
    path = tmp_path / "r.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["user", "item"])
        writer.writerows(
            (rows.users[u], rows.items[i]) for u, i, v in zip(rows.user, rows.item, rows.value, strict=True) if v >= 4
        )
    assert main(["evaluate", "--interactions", str(path), "--seconds", "0.2", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    ways = [line["way"] for line in report["lines"]]
    assert [way for way in ways if way != "implicit ALS"] == ["random", "popularity", "item-kNN", "EASE", "Madang"]
    assert main(["evaluate", "--interactions", str(path), "--split", "temporal"]) == 2
    assert "needs times" in capsys.readouterr().err
    assert main(["evaluate", "--interactions", str(path), "--at-least", "500"]) == 2
    assert "nothing is left" in capsys.readouterr().err


def test_the_table_a_person_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows, _ = tastes()
    path = tmp_path / "r.tsv"
    path.write_text(
        "user\titem\tvalue\n" + "\n".join(f"{u}\t{i}\t{v}" for u, i, v in zip(rows.user, rows.item, rows.value, strict=True)),
        encoding="utf-8",
    )
    assert main(["evaluate", "--interactions", str(path), "--no-peers", "--seconds", "0.2"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("120 users, 80 items (0 described: nothing), ")
    assert [line.split("|")[1].strip() for line in printed[4:]] == ["random", "popularity", "Madang, likes only", "Madang"]
    assert {line.count("|") for line in printed[2:]} == {printed[2].count("|")}
