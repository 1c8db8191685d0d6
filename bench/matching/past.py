"""What a buyer's past adds to what she writes, on real likes: python bench/matching/past.py FOLDER [--users N] [--json]

FOLDER has `movies.csv`, `ratings.csv` and `tags.csv` of MovieLens. By time: a user's first four fifths are her past, what she
liked of the last fifth is to be found. Her mandate asks for the genre that she liked most among her first five likes.
Measured are NDCG@10 with and without the past and, of chances that were learned on one half of the users, the calibration
error of the other half's: the parts go through the weights and the intervals that the site uses.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from madang.kernels.matching.odds import learned, prior
from madang.kernels.matching.pairs import PARTS, Offer, Offered, Sign, Wish, offered
from madang.kernels.matching.prose import about

SHELVES = {
    "Horror": "horror", "Documentary": "factual", "Musical": "music", "Romance": "romance", "Crime": "crime",
    "Children": "family", "Animation": "family", "Fantasy": "fantasy", "Sci-Fi": "fantasy", "War": "history",
    "Thriller": "thriller", "Comedy": "comedy", "Drama": "drama",
    "Mystery": "thriller", "Action": "thriller", "Adventure": "fantasy",
}  # fmt: skip
"""Genres of the set as those of the house, the telling ones first."""
LIKED, REFUSED, FEWEST, NEGATIVES, BLOCK = 4.0, 3.0, 5, 60, 100
"""Ratings from which a film is liked, below which it is refused; likes that a film or a past has at least; films by chance beside
her hits; buyers at once."""


class Buyer(NamedTuple):
    """Places of films: what she liked and refused first, and what she liked after."""

    liked: list[int]
    refused: list[int]
    after: list[int]


def read(folder: Path, most: int | None = None, least: int = FEWEST) -> tuple[Offered, list[Buyer]]:
    """The films with so many likes at `least`, and the users with a past and something to find (the first `most` of them)."""
    ratings = [(user, film, float(value), int(time)) for user, film, value, time in _rows(folder / "ratings.csv")]
    likes = Counter(film for _, film, value, _ in ratings if value >= LIKED)
    tags = defaultdict(list)
    for _, film, tag, _ in _rows(folder / "tags.csv"):
        tags[film].append(tag)
    films = [(film, genres.split("|")) for film, _, genres in _rows(folder / "movies.csv") if likes[film] >= least]
    place = {film: n for n, (film, _) in enumerate(films)}
    seen = defaultdict(list)
    for user, film, value, _time in sorted(ratings, key=lambda row: (row[3], row[1])):
        if film in place:
            seen[user].append((place[film], value))
    buyers = [buyer for user in sorted(seen, key=int) if (buyer := _buyer(seen[user]))]
    return offered([_offer(film, genres, tags[film]) for film, genres in films]), buyers[:most]


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter=";"))[1:]


def _offer(film: str, genres: list[str], tags: list[str]) -> Offer:
    shelf = next((code for name, code in SHELVES.items() if name in genres), "other")
    return Offer(film, (), shelf, "film", themes=frozenset().union(*(_about(word) for word in (*genres, *tags))))


@cache
def _about(word: str) -> frozenset[str]:
    return frozenset(about(word))


def _buyer(seen: list[tuple[int, float]]) -> Buyer | None:
    cut = len(seen) * 4 // 5
    past, later = seen[:cut], seen[cut:]
    liked, after = ([film for film, value in part if value >= LIKED] for part in (past, later))
    return Buyer(liked, [film for film, value in past if value < REFUSED], after) if len(liked) >= FEWEST and after else None


def wish_of(market: Offered, buyer: Buyer, *, past: bool) -> Wish:
    """Her mandate, with what she was for and against or without."""
    asked = Counter(market.offers[film].genre for film in buyer.liked[:FEWEST]).most_common(1)[0][0]
    signs = [*(Sign(film, 1.0) for film in buyer.liked), *(Sign(film, -0.5) for film in buyer.refused)]
    return Wish("", asked, signs=tuple(signs) if past else ())


def ndcg(market: Offered, buyers: Sequence[Buyer], *, past: bool, seed: int = 0) -> list[float]:
    """NDCG@10 of each buyer; what she liked before is not offered again. Ties are broken by chance: films are filed by age."""
    found, chance, worth = [], np.random.default_rng(seed), 1 / np.log2(np.arange(10) + 2)
    for start in range(0, len(buyers), BLOCK):
        block = buyers[start : start + BLOCK]
        scores = prior().shares(market.evidence([wish_of(market, one, past=past) for one in block])).sum(axis=0)
        scores += 1e-6 * chance.random(scores.shape)
        for buyer, row in zip(block, scores, strict=True):
            row[buyer.liked] = -np.inf
            top = np.argsort(-row, kind="stable")[:10]
            found.append(float(worth[np.isin(top, buyer.after)].sum() / worth[: len(buyer.after)].sum()))
    return found


def calibration(market: Offered, buyers: Sequence[Buyer], *, past: bool, seed: int = 0) -> dict[str, float]:
    """The error of chances (in ten bins of as many pairs), and which share of the bins lies in the mean 90 % interval."""
    chance = np.random.default_rng(seed)
    half = len(buyers) // 2
    (rows, hits), (other, came) = (_pairs(market, some, past, chance) for some in (buyers[:half], buyers[half:]))
    odds = learned(rows, hits, np.zeros_like(hits))
    unknown = np.zeros(1, np.int64), np.zeros(len(other), np.int64)
    found = odds.chances(other.T[:, None, :], *unknown)
    low, middle, high = (one[0] for one in (found.low, found.middle, found.high))
    bins = np.array_split(np.argsort(middle, kind="stable"), 10)
    told = [(middle[one].mean(), came[one].mean(), low[one].mean(), high[one].mean()) for one in bins]
    return {
        "error": float(np.mean([abs(said - was) for said, was, _, _ in told])),
        "of promised": float(np.mean([abs(said - was) for said, was, _, _ in told]) / middle.mean()),
        "in 90 %": float(np.mean([lowest <= was <= highest for _, was, lowest, highest in told])),
    }


def _pairs(market: Offered, buyers: Sequence[Buyer], past: bool, chance: np.random.Generator) -> tuple[Any, Any]:
    """(pairs x PARTS, whether she liked it): one hit of each buyer, and films by chance that she did not like."""
    rows, hits = [], []
    for buyer in buyers:
        known = {*buyer.liked, *buyer.after}
        others = [film for film in chance.permutation(len(market.offers)).tolist() if film not in known][:NEGATIVES]
        some = [*buyer.after[:FEWEST], *others]
        rows.append(market.evidence([wish_of(market, buyer, past=past)])[:, 0, some].T)
        hits += [1.0] * (len(some) - len(others)) + [0.0] * len(others)
    return np.concatenate(rows).reshape(-1, len(PARTS)), np.array(hits, np.float32)


def measure(folder: Path, most: int | None) -> dict[str, Any]:
    """Everything, with and without the past."""
    market, buyers = read(folder, most)
    told: dict[str, Any] = {"films": len(market.offers), "buyers": len(buyers)}
    for name, past in (("without", False), ("with", True)):
        found = ndcg(market, buyers, past=past)
        half = 1.96 * float(np.std(found)) / len(found) ** 0.5
        told[name] = {"NDCG@10": float(np.mean(found)), "half": half} | calibration(market, buyers, past=past)
    return told


def main() -> int:
    given = argparse.ArgumentParser(description="What the past adds, on real likes.")
    given.add_argument("folder", type=Path)
    given.add_argument("--users", type=int)
    given.add_argument("--json", action="store_true")
    asked = given.parse_args()
    told = measure(asked.folder, asked.users)
    if asked.json:
        print(json.dumps(told))
        return 0
    print(f"{told['films']:,} films, {told['buyers']} buyers")
    for name in ("without", "with"):
        one = told[name]
        print(
            f"{name:8} the past: NDCG@10 {one['NDCG@10']:.4f} ± {one['half']:.4f}, calibration error {one['error']:.4f}"
            f" ({one['of promised']:.2f} of promised), in 90 % {one['in 90 %']:.1f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
