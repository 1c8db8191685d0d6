"""What a query finds among what the reader may see: one statement for all kinds, the database's own ranking.

Who may see what is asked of each app's `visible_*` inside the statement, so that what is hidden is in no list, no count and no
suggestion. SQLite ranks by BM25 (FTS5), PostgreSQL by cover density; names count ten times as much as texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from madang.catalogue.rules import visible_works
from madang.mandates.rules import visible_mandates
from madang.markets.models import Edition
from madang.markets.rules import Visitor
from madang.people.rules import visible_companies, visible_participants
from madang.programme.rules import visible_events
from madang.search.models import Entry, Kind
from madang.search.tokens import Query, Term

Seen = Mapping[str, QuerySet[Any]]
"""Kind -> what the reader sees of it."""

FOUND = {
    "sqlite": "SELECT rowid AS id, rank AS score FROM search_index WHERE search_index MATCH %s",
    "postgresql": """SELECT id, -ts_rank_cd('{0.1, 0.2, 0.4, 1.0}', document, wanted, 1) AS score
        FROM search_entry, to_tsquery('simple', %s) AS wanted WHERE document @@ wanted""",
}
MATCHED = {
    "sqlite": "SELECT rowid FROM search_index WHERE search_index MATCH %s",
    "postgresql": "SELECT id FROM search_entry WHERE document @@ to_tsquery('simple', %s)",
}
BEST = """WITH found AS MATERIALIZED ({found}),
    seen AS MATERIALIZED (
        SELECT entry.kind AS kind, entry.row AS number, found.score AS score FROM found
        JOIN search_entry entry ON entry.id = found.id WHERE entry.edition_id = %s AND ({visible})),
    placed AS (
        SELECT kind, number, ROW_NUMBER() OVER (PARTITION BY kind ORDER BY score, number) AS place,
        COUNT(*) OVER (PARTITION BY kind) AS total FROM seen)
    SELECT kind, number, total FROM placed WHERE place > %s AND place <= %s ORDER BY kind, place"""


@dataclass(frozen=True, slots=True)
class Best:
    """The best of each kind by rank (primary keys), and how many there are."""

    rows: dict[str, list[int]] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.totals.values())


def everything_visible(user: Visitor, edition: Edition, kinds: Iterable[str] = Kind.values) -> dict[str, QuerySet[Any]]:
    """What the user sees of each of these kinds, by the rules of its app."""
    rules = {
        Kind.TITLE: visible_works,
        Kind.COMPANY: visible_companies,
        Kind.PERSON: visible_participants,
        Kind.MANDATE: visible_mandates,
        Kind.EVENT: visible_events,
    }
    return {str(kind): rule(user, edition) for kind, rule in rules.items() if kind in kinds}


def matched(edition: Edition, kind: str, query: Query) -> QuerySet[Entry]:
    """The entries of a kind that the query finds, whoever may see them: for use inside what is visible."""
    entries = Entry.objects.filter(edition=edition, kind=kind)
    if not query.words:
        return entries.none()
    return entries.filter(id__in=RawSQL(MATCHED[connection.vendor], [expression(query)]))  # noqa: S611  # our own words, the query is a parameter


def best(edition: Edition, query: Query, seen: Seen, most: int, skip: int = 0) -> Best:
    """The best rows of each kind after `skip`, up to `most`, with the totals of the kinds. One statement."""
    parts = [_visible(kind, rows) for kind, rows in seen.items()]
    conditions = [part for part in parts if part is not None]
    if not query.words or not conditions:
        return Best()
    statement = BEST.format(found=FOUND[connection.vendor], visible=" OR ".join(sql for sql, _given in conditions))
    given = [expression(query), edition.pk, *(value for _sql, values in conditions for value in values), skip, skip + most]
    found = Best()
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        for kind, row, total in cursor.fetchall():
            found.rows.setdefault(kind, []).append(row)
            found.totals[kind] = total
    return found


def _visible(kind: str, rows: QuerySet[Any]) -> tuple[str, list[Any]] | None:
    """The condition that an entry of this kind is among the rows; None where there can be none."""
    try:
        sql, given = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return None
    return f"(entry.kind = %s AND entry.row IN ({sql}))", [kind, *given]


def expression(query: Query) -> str:
    """The query in the words of the database's full-text index; its letters stand between quotes, so none is an operator."""
    one = {"sqlite": _fts5_term, "postgresql": _tsquery_term}[connection.vendor]
    all_of, any_of = {"sqlite": (" AND ", " OR "), "postgresql": (" & ", " | ")}[connection.vendor]
    return any_of.join("(" + all_of.join(one(term) for term in way) + ")" for way in query.ways)


def _fts5_term(term: Term) -> str:
    return '"' + " ".join(term.tokens) + '"' + (" *" if term.is_open else "")


def _tsquery_term(term: Term) -> str:
    lexemes = [f"'{token}'" for token in term.tokens]
    if term.is_open:
        lexemes[-1] += ":*"
    return "(" + " <-> ".join(lexemes) + ")"
