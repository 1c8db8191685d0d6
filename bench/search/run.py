"""Search over 30,000 titles: python bench/search/run.py [--titles 30000] [--queries 200]

In a database of its own (or that of DATABASE_URL, as under `python3 tools/postgres.py`): seconds to build and to look for
changes, milliseconds a query and a page, and of Korean words of two syllables the share of titles that a plain scan of the texts
finds and the index finds too; on SQLite beside FTS5 with `unicode61` and with `trigram` over the same texts.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HANGUL = range(0xAC00, 0xD7A4)
LONGEST = 20
"""Rows of each query's answer that are read."""


def main() -> int:
    given = argparse.ArgumentParser(description="Search over many titles.")
    given.add_argument("--titles", type=int, default=30_000)
    given.add_argument("--queries", type=int, default=200)
    asked = given.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"MADANG_DATA": folder, "DJANGO_SETTINGS_MODULE": "settings"}
        sys.path.insert(0, str(ROOT / "tests"))
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        return measure(asked.titles, asked.queries)


def measure(titles: int, queries: int) -> int:
    """Build, then ask; ends with 1 where a Korean word is missed."""
    from django.db import connection

    edition, user = build(titles)
    texts = texts_of(edition)
    index(edition)
    words = korean_words(list(texts.values()), queries)
    scanned = {word: {pk for pk, text in texts.items() if word in text} for word in words}
    found = {word: ours(edition, word) for word in words}
    recall = share(found, scanned)
    print(f"{connection.vendor}: recall of {len(words)} Korean words of two syllables: {recall:.4f}")
    if connection.vendor == "sqlite":
        for tokenizer in ("unicode61", "trigram"):
            print(f"  FTS5 {tokenizer}: {share(peer(tokenizer, texts, words), scanned):.4f}")
    ask(edition, user, words)
    return 0 if recall == 1 else 1


def build(titles: int) -> tuple[Any, Any]:
    """A market with so many titles, as the demo composes them, and a buyer who searches."""
    from factories import EditionFactory, ParticipantFactory

    from madang.catalogue.models import Title
    from madang.people.models import CompanyKind
    from madang.site.demo.people import make_companies
    from madang.site.demo.sizes import Size
    from madang.site.demo.titles import make_title

    edition, rng, taken = EditionFactory(), random.Random(7), set[str]()
    companies = make_companies(rng, edition, [], Size(companies=300, booths=0))
    sellers = [company for company in companies if company.kind != CompanyKind.BROADCASTER]
    rows = []
    for n in range(titles):
        if n % 3000 == 0:
            taken = set()  # names of the demo are fewer than these titles
        title = make_title(rng, edition, rng.choice(sellers), f"W{n:05}", taken)
        title.name_ko = title.name_ko or "서울 " * (n % 2)
        rows.append(title)
    Title.objects.bulk_create(rows, batch_size=500)
    return edition, ParticipantFactory(edition=edition, is_buyer=True).user


def texts_of(edition: Any) -> dict[int, str]:
    """Each title's names and texts, folded as the index folds them, without spaces between names: what a scan reads."""
    from madang.kit.search import fold
    from madang.search.models import Kind
    from madang.search.sources import sources

    found = (source for source in sources(edition) if source.kind == Kind.TITLE)
    return {source.row: " | ".join(fold(text) for text in (*source.names, *source.texts)) for source in found}


def index(edition: Any) -> None:
    from madang.search.actions.refreshing import rebuild, refresh
    from madang.search.models import Entry, Word

    print(f"build: {clock(lambda: rebuild(edition)):.1f} s, {Entry.objects.count():,} entries, {Word.objects.count():,} words")
    print(f"look for changes where there are none: {clock(lambda: refresh(edition)):.2f} s")
    edition.titles.filter(pk__in=list(edition.titles.values_list("pk", flat=True)[:10])).update(year=1999, synopsis="changed")
    print(f"ten titles changed: {clock(lambda: refresh(edition)):.2f} s")


def korean_words(texts: list[str], count: int) -> list[str]:
    """Words of two syllables that stand in the texts, alone or inside longer words."""
    rng, found = random.Random(11), set[str]()
    while len(found) < count:
        word = rng.choice(rng.choice(texts).split() or [""])
        if len(word) >= 2 and all(ord(letter) in HANGUL for letter in word):
            at = rng.randrange(len(word) - 1)
            found.add(word[at : at + 2])
    return sorted(found)


def ours(edition: Any, word: str) -> set[int]:
    from madang.search.models import Kind
    from madang.search.queries.finding import matched
    from madang.search.tokens import query_of

    return set(matched(edition, Kind.TITLE, query_of(word)).values_list("row", flat=True))


def peer(tokenizer: str, texts: dict[int, str], words: list[str]) -> dict[str, set[int]]:
    """What FTS5 finds with a tokenizer of its own over the same texts, asked in the way that finds most: as a beginning."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE VIRTUAL TABLE temp.peer_{tokenizer} USING fts5(said, tokenize='{tokenizer}')")
        cursor.executemany(f"INSERT INTO temp.peer_{tokenizer}(rowid, said) VALUES (%s, %s)", list(texts.items()))
        found = {}
        for word in words:
            cursor.execute(f"SELECT rowid FROM temp.peer_{tokenizer} WHERE peer_{tokenizer} MATCH %s", [f'"{word}" *'])
            found[word] = {row for (row,) in cursor.fetchall()}
    return found


def share(found: dict[str, set[int]], wanted: dict[str, set[int]]) -> float:
    """Of all (word, title) that the scan finds, those that were found."""
    return sum(len(found[word] & rows) for word, rows in wanted.items()) / max(1, sum(map(len, wanted.values())))


def ask(edition: Any, user: Any, words: list[str]) -> None:
    """Milliseconds of single queries, of mistyped words and of whole pages."""
    from django.test import Client

    from madang.search.models import Kind
    from madang.search.queries.finding import best, everything_visible
    from madang.search.queries.meaning import meant
    from madang.search.tokens import query_of

    seen = everything_visible(user, edition)
    english = ["clock", "umbrella", "night train", "the last", "thriller", "harbour", "detective", "music"]
    typos = ["umbrela", "thriler", "harbuor", "detectiv", "쓰릴러", "계딘"]
    each("Korean words", words[:60], lambda word: best(edition, query_of(word), seen, LONGEST))
    each("English words", english, lambda word: best(edition, query_of(word), seen, LONGEST))
    each("mistyped words", typos, lambda word: meant(edition, query_of(word), Kind.values, only_open=False))
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    path = f"/e/{edition.slug}/search/"
    client.get(path)
    each("pages, all kinds", words[:20] + english, lambda word: client.get(path, {"q": word}))
    each("pages, titles with filters", words[:20] + english, lambda word: client.get(path, {"q": word, "in": "title"}))


def each(name: str, words: list[str], act: Callable[[str], Any]) -> None:
    times = sorted(1000 * clock(lambda word=word: act(word)) for word in words)
    print(f"{name:28} median {statistics.median(times):6.1f} ms, slowest {times[-1]:6.1f} ms of processor", flush=True)


def clock(act: Callable[[], Any]) -> float:
    """Seconds of processor of this process."""
    begin = time.process_time()
    act()
    return time.process_time() - begin


if __name__ == "__main__":
    sys.exit(main())
