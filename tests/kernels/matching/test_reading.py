"""Files of interactions and items in the forms in which they come."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from madang.kernels.matching import MatchingError, Rows, features, interactions, liked_from, read_interactions, read_items
from madang.kernels.matching.likes import core, without_doubles

SYNOPSES = (
    "바다에서 아이가 어머니를 찾는 긴 여행 이야기",
    "a child looks for her mother by the sea",
    "two old men walk home from war",
)


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    "text",
    [
        "userId;movieId;rating;timestamp\n7;a;4.5;100\n8;b;2;200\n",
        "time,item,user,value\n100,a,7,4.5\n200,b,8,2\n",
        "\ufeffUser\tItem\tRate\tDate\r\n7\ta\t4,5\t1970-01-01T00:01:40\r\n8\tb\t2\t1970-01-01T00:03:20Z\r\n",
        'buyer,title_id,score,date\n7,"a",4.5,100\n8,"b",2,200\n\n',
    ],
)
def test_interactions_in_any_separator_and_order(tmp_path: Path, text: str) -> None:
    rows = read_interactions(written(tmp_path, "r.csv", text))
    assert (rows.users, rows.items) == (("7", "8"), ("a", "b"))
    assert (rows.user.tolist(), rows.item.tolist(), rows.value.tolist()) == ([0, 1], [0, 1], [4.5, 2.0])
    assert rows.time is not None
    assert rows.time.tolist() == [100.0, 200.0]


def test_rows_without_names(tmp_path: Path) -> None:
    rows = read_interactions(written(tmp_path, "ratings.dat", "1::1193::5::978300760\n1::661::3::978302109\n"))
    assert (rows.users, rows.items, rows.value.tolist()) == (("1",), ("1193", "661"), [5.0, 3.0])
    table = read_items([written(tmp_path, "movies.dat", "1::Café Noir (1995)::Drama|Crime\n", "latin-1")])
    assert table.columns == {"title": {"1": ["Café Noir (1995)"]}, "feature 3": {"1": ["Drama|Crime"]}}


def test_items_from_several_files_and_rows(tmp_path: Path) -> None:
    movies = written(tmp_path, "movies.txt", "movie\ttitle\tyear\n10\t시네마 천국\t1990\n11\t빽 투 더 퓨쳐\t1985\n", "cp949")
    genres = written(tmp_path, "genres.csv", "movie,genre\n10,드라마\n10,멜로/로맨스\n11,SF\n")
    tags = written(tmp_path, "tags.csv", "userId,movieId,tag,timestamp\n5,10,cinema,99\n")
    table = read_items([movies, genres, tags])
    assert table.ids == ["10", "11"]
    assert table.columns == {
        "title": {"10": ["시네마 천국"], "11": ["빽 투 더 퓨쳐"]},
        "year": {"10": ["1990"], "11": ["1985"]},
        "genre": {"10": ["드라마", "멜로/로맨스"], "11": ["SF"]},
        "tag": {"10": ["cinema"]},
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty"),
        ("user,item\n", "has no interactions"),
        ("user,item,value\n1,2,good\n", "line 2"),
        ("item,value\n1,2\n", "no column user"),
        ("user,item,value,time\n1,2,3,yesterday\n", "line 2"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(MatchingError, match=sentence):
        read_interactions(written(tmp_path, "r.csv", text))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 3, 5], 4),
        ([0.5, 5], 4),
        ([2, 4], 4),
        ([1, 10], 8),
        ([3, 9], 8),
        ([20, 95], 80),
        ([0, 1], 0.8),
        ([1, 1], float(np.nextafter(0, 1))),
        ([3, 3000], float(np.nextafter(0, 1))),
    ],
)
def test_what_counts_as_a_like(values: list[float], expected: float) -> None:
    assert liked_from(np.array(values, float)) == expected


def rows(*triples: tuple[int, int, float], time: list[float] | None = None) -> Rows:
    user, item, value = (np.array(column) for column in zip(*triples, strict=True))
    names = tuple(map(str, range(user.max() + 1))), tuple(map(str, range(item.max() + 1)))
    return Rows(*names, user, item, value.astype(float), None if time is None else np.array(time))


def test_the_latest_of_doubles_counts() -> None:
    assert without_doubles(rows((0, 0, 1), (0, 0, 5), (1, 0, 2))).value.tolist() == [5, 2]
    assert without_doubles(rows((0, 0, 1), (0, 0, 5), (1, 0, 2), time=[9, 3, 1])).value.tolist() == [1, 2]


def test_core_takes_out_until_all_have_enough() -> None:
    found = core(rows((0, 0, 5), (0, 1, 5), (1, 0, 5), (1, 1, 5), (2, 1, 5), (2, 2, 5), (0, 2, 1)), 4, 2)
    assert (found.users, found.items) == (("0", "1"), ("0", "1"))
    assert found.value.tolist() == [5, 5, 5, 5]


def test_likes_and_refusals() -> None:
    known = interactions(rows((0, 0, 5), (0, 1, 1), (1, 1, 4)))
    assert known.likes.toarray().tolist() == [[1, 0], [0, 1]]
    assert known.against.toarray().tolist() == [[0, 1], [0, 0]]


def test_columns_become_families(tmp_path: Path) -> None:
    lines = "\n".join(
        f"{n};Film {('seoul', 'busan', 'paris')[n % 3]} ({1990 + n % 9});{'Drama|Crime' if n % 3 else 'Comedy'};{9000 + n};"
        f"{'Kim Minhee, Lee Jaewon' if n % 2 else 'Park Haeil, Kim Minhee'};"
        f"{SYNOPSES[n % 3]}"
        for n in range(40)
    )
    table = read_items([written(tmp_path, "i.csv", f"movieId;title;genres;imdbId;cast;synopsis\n{lines}\n")])
    about = features(table.ids, table)
    kinds = {family.name: (family.kind, family.separator) for family in about.families}
    assert kinds == {
        "title": ("words", "\n"),
        "genres": ("label", "|"),
        "cast": ("label", ","),
        "synopsis": ("words", "\n"),
        "year": ("number", ""),
    }
    for matrix in about.matrices:
        assert np.allclose(np.sqrt((matrix.toarray() ** 2).sum(axis=1)), 1)
    assert about.of(table).matrices[1].toarray().tolist() == about.matrices[1].toarray().tolist()
