"""Search over 30,000 titles: python bench/search/run.py [--titles 30000] [--queries 100] [--write]

The same titles and the same queries on SQLite and on a PostgreSQL of its own (where it is installed), side by side: seconds to
build and to look for changes, milliseconds a query and a page, and of Korean words of two syllables the share of titles that a
plain scan of the texts finds and the index finds too; on SQLite beside FTS5 with `unicode61` and `trigram` over the same texts.
Ends with 1 where a Korean word is missed. `--write` puts the table into docs/develop/search.md.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs/develop/search.md"
SERVERS = {"SQLite": [], "PostgreSQL": [sys.executable, str(ROOT / "tools/postgres.py")]}
"""Database to the program that runs another one beside it."""
RECALL = "recall of Korean words of two syllables"
ROUNDS = 3
HANGUL = range(0xAC00, 0xD7A4)
LONGEST = 20
"""Rows of each query's answer that are read."""


def main() -> int:
    given = argparse.ArgumentParser(description="Search over many titles.")
    given.add_argument("--titles", type=int, default=30_000)
    given.add_argument("--queries", type=int, default=100)
    given.add_argument("--database", action="append", choices=list(SERVERS), help="only there")
    given.add_argument("--write", action="store_true", help="put the table into docs/develop/search.md")
    given.add_argument("--into", help=argparse.SUPPRESS)
    asked = given.parse_args()
    if asked.into:
        return one_database(asked.titles, asked.queries, Path(asked.into))
    columns = {name: column for name in asked.database or SERVERS if (column := measured(name, asked.titles, asked.queries))}
    report = table(columns, asked.titles, asked.queries)
    print(report)
    if asked.write:
        before, _, rest = DOCS.read_text("utf-8").partition("<!-- record -->\n")
        DOCS.write_text(
            before + "<!-- record -->\n" + report + "<!-- end of record -->" + rest.partition("<!-- end of record -->")[2],
            "utf-8",
        )
    return 0 if all(column[RECALL] == "1.0000" for column in columns.values()) else 1


def measured(name: str, titles: int, queries: int) -> dict[str, str]:
    """What this program finds in a process of its own on one of the databases; nothing where PostgreSQL is missing."""
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "found.json"
        facts = os.environ | {"MADANG_DATA": folder, "DJANGO_SETTINGS_MODULE": "settings"}
        facts.pop("DATABASE_URL", None)
        given = ["--titles", str(titles), "--queries", str(queries), "--into", str(into)]
        done = subprocess.run([*SERVERS[name], sys.executable, __file__, *given], env=facts, check=False)
        if done.returncode:
            print(f"Not measured on {name}.", file=sys.stderr)
            return {}
        found: dict[str, str] = json.loads(into.read_text())
        return found


def table(columns: dict[str, dict[str, str]], titles: int, queries: int) -> str:
    """The figures side by side, with the load under which they were taken."""
    names = list(dict.fromkeys(name for column in columns.values() for name in column))
    rows = [["what", *columns], ["---", *("--:" for _ in columns)]]
    rows += [[name, *(column.get(name, "") for column in columns.values())] for name in names]
    said = f"{titles:,} titles as the demo composes them, {queries} Korean words; of each question the quickest of {ROUNDS} times"
    load = os.getloadavg()[1]
    unit = "seconds and milliseconds of processor (the server's too), median and 95th percentile"
    head = f"{said}; {unit}, on {os.cpu_count()} cores at a load of {load:.0f}:\n\n"
    return head + "".join("| " + " | ".join(row) + " |\n" for row in rows)


def one_database(titles: int, queries: int, into: Path) -> int:
    """Everything on the database of the environment; the figures go into a file."""
    sys.path.insert(0, str(ROOT / "tests"))
    import django

    django.setup()
    from django.core.management import call_command
    from django.urls import get_resolver

    _ = get_resolver().url_patterns  # read now, not minutes later

    call_command("migrate", verbosity=0)
    into.write_text(json.dumps(measure(titles, queries)))
    return 0


def measure(titles: int, queries: int) -> dict[str, str]:
    """Build, then ask: name to figure."""
    from django.db import connection

    edition, user = build(titles)
    texts = texts_of(edition)
    found = index(edition)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # what autovacuum does on a server that runs for longer than this
    words = korean_words(list(texts.values()), queries)
    scanned = {word: {pk for pk, text in texts.items() if word in text} for word in words}
    found[RECALL] = f"{share({word: ours(edition, word) for word in words}, scanned):.4f}"
    if connection.vendor == "sqlite":
        for tokenizer in ("unicode61", "trigram"):
            found[f"the same: FTS5 `{tokenizer}`, asked as a beginning"] = f"{share(peer(tokenizer, texts, words), scanned):.4f}"
    return found | ask(edition, user, words)


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


def index(edition: Any) -> dict[str, str]:
    """Seconds to make the index, and to follow its titles."""
    from madang.search.actions.refreshing import rebuild, refresh
    from madang.search.models import Entry, Word

    def change() -> None:
        edition.titles.filter(pk__in=list(edition.titles.order_by("pk").values_list("pk", flat=True)[:10])).update(
            synopsis="changed"
        )
        refresh(edition)

    found = {
        "made anew": clock(lambda: rebuild(edition)),
        "looked for changes where there are none": clock(lambda: refresh(edition)),
    }
    found["ten titles changed"] = clock(change)
    sizes = f"made anew ({Entry.objects.count():,} entries, {Word.objects.count():,} words)"
    return {(sizes if name == "made anew" else name): f"{seconds:.2f} s" for name, seconds in found.items()}


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


def ask(edition: Any, user: Any, words: list[str]) -> dict[str, str]:
    """Milliseconds of single queries, of mistyped words and of whole pages."""
    from django.test import Client

    from madang.search.models import Kind
    from madang.search.queries.finding import best, everything_visible
    from madang.search.queries.meaning import meant
    from madang.search.tokens import query_of

    seen = everything_visible(user, edition)
    english = ["clock", "umbrella", "night train", "the last", "thriller", "harbour", "detective", "music"]
    typos = ["umbrela", "thriler", "harbuor", "detectiv", "쓰릴러", "계딘"]
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    path, pages = f"/e/{edition.slug}/search/", words[:20] + english
    client.get(path)
    return {
        f"a Korean word, all kinds, best {LONGEST}": each(words[:60], lambda word: best(edition, query_of(word), seen, LONGEST)),
        "an English word or two": each(english, lambda word: best(edition, query_of(word), seen, LONGEST)),
        "a mistyped word": each(typos, lambda word: meant(edition, query_of(word), Kind.values, only_open=False)),
        "a page of all kinds": each(pages, lambda word: client.get(path, {"q": word})),
        "a page of titles with filters": each(pages, lambda word: client.get(path, {"q": word, "in": "title"})),
    }


def each(words: list[str], act: Callable[[str], Any]) -> str:
    """Median and 95th percentile over the words, in milliseconds."""
    times = sorted(1000 * min(clock(lambda word=word: act(word)) for _ in range(ROUNDS)) for word in words)
    return f"{statistics.median(times):.0f}, {times[round(0.95 * (len(times) - 1))]:.0f} ms"


def clock(act: Callable[[], Any]) -> float:
    """Seconds of processor, of this process and of the server that answers it: the same however busy the machine is."""
    begin = time.process_time() + of_server()
    act()
    return time.process_time() + of_server() - begin


def of_server() -> float:
    """Seconds that PostgreSQL's process for this connection has had of a processor; SQLite works in our own."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return 0.0
    connection.ensure_connection()
    return int(Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]) / 1e9


if __name__ == "__main__":
    sys.exit(main())
