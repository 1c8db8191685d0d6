"""A wish in one language, titles in another, on the demo catalogue's own bilingual texts; ends with 1 where a target is missed.

    python bench/matching/languages.py

Each of the demo's stories is a wish in Korean; the title that tells the same in English is to be among the first ten of all, and
the reverse. `lexicon`: no title has both languages, so only concepts help; `bridge`: four fifths of the titles have both (as they
have in the demo) and the rest, one language each, is asked for.
"""

from __future__ import annotations

import csv
import itertools
import random
import sys
from pathlib import Path

import numpy as np

from madang.kernels.matching import odds
from madang.kernels.matching.pairs import PARTS, Offer, Wish, offered
from madang.site.demo.words import words

TITLES, SEED = 500, 7
BAR = 0.5
SHOWCASE = Path(__file__).resolve().parents[2] / "src/madang/site/demo/showcase.csv"


def stories(count: int, seed: int) -> list[tuple[str, str]]:
    """(English, Korean) of as many different stories, as the demo composes them, and of the showcase."""
    lists = words("synopses")
    events = list(itertools.chain.from_iterable(lists["event"].values()))
    every = list(itertools.product(lists["who"], lists["where"], events, lists["then"], lists["close"]))
    chosen = random.Random(seed).sample(every, count)
    told = [tuple(f"{w[n]} {p[n]} {e[n]}. {t[n]} {c[n]}".strip() for n in (0, 1)) for w, p, e, t, c in chosen]
    with SHOWCASE.open(encoding="utf-8") as file:
        shown = [(row["synopsis"], row["synopsis_ko"]) for row in csv.DictReader(file) if row["synopsis"] and row["synopsis_ko"]]
    return [*shown, *((one[0], one[1]) for one in told)]


def recall(wishes: list[str], offers: list[Offer], wanted: list[int], part: str = "") -> float:
    """Share of wishes whose title is among the first ten; ties count against it. `part`: by this part alone."""
    parts = offered(offers).evidence([Wish(text) for text in wishes])
    scores = parts[PARTS.index(part)] if part else odds.prior().shares(parts).sum(axis=0)
    own = scores[np.arange(len(wanted)), wanted]
    return float(((scores >= own[:, None]).sum(axis=1) <= 10).mean())


def measure(pairs: list[tuple[str, str]], asked: int) -> dict[str, float]:
    """Recall@10 with wishes in language `asked` (0 English, 1 Korean) and titles in the other."""
    other = 1 - asked
    bare = [Offer(str(n), (pair[other],)) for n, pair in enumerate(pairs)]
    found = {"lexicon": recall([pair[asked] for pair in pairs], bare, list(range(len(pairs))), "story")}
    held = []
    for fold in range(5):
        kept = [n for n in range(len(pairs)) if n % 5 == fold]
        mixed = [Offer(str(n), (pair[other],) if n % 5 == fold else pair) for n, pair in enumerate(pairs)]
        held.append(recall([pairs[n][asked] for n in kept], mixed, kept))
    return found | {"bridge": float(np.mean(held))}


def main() -> int:
    pairs = stories(TITLES, SEED)
    print(f"{len(pairs)} titles; a list by chance finds {10 / len(pairs):.3f}")
    low = 1.0
    for asked, name in ((1, "Korean wish, English title"), (0, "English wish, Korean title")):
        found = measure(pairs, asked)
        low = min(low, found["bridge"])
        print(
            f"{name}: recall@10 {found['lexicon']:.3f} by the lexicon alone, {found['bridge']:.3f} with what the catalogue taught"
        )
    print("held" if low >= BAR else "MISSED", f"recall@10 of at least {BAR}")
    return int(low < BAR)


if __name__ == "__main__":
    sys.exit(main())
