"""What the page of a search shows: kinds with their counts, the best of each, or one kind with filters and pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse

from madang.catalogue.models import Title
from madang.catalogue.queries import card_facts, other_names
from madang.kit.facets import Facet, facets, narrowed
from madang.kit.languages import localised
from madang.mandates.models import Mandate
from madang.mandates.queries import territory_words
from madang.markets.models import Edition
from madang.markets.rules import Visitor
from madang.people.models import Company, Participant
from madang.people.queries import country_words, roles_of
from madang.programme.models import Event
from madang.search.models import Kind
from madang.search.queries.asking import FILTERS, Asked, asked_in, kinds_for
from madang.search.queries.finding import Best, Seen, best, everything_visible, matched
from madang.search.queries.meaning import meant
from madang.search.tokens import Query, query_of

PAGE = 24
FIRST = 5
"""Rows of each kind where all kinds are shown."""
LONG_NAME = 160


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was found. `others`: (language, name) of its other names; `texts`: where the words may stand."""

    url: str
    name: str
    others: tuple[tuple[str, str], ...] = ()
    facts: str = ""
    texts: tuple[str, ...] = ()
    at: dt.datetime | None = None


@dataclass(slots=True)
class Results:
    """`asked` as it was carried out; `instead_of`: what was typed, where another spelling was searched for.

    `kinds`: (kind, count, rows) in their order; `kind` with `page`, `rows` and `facets` where one kind is shown.
    """

    asked: Asked
    query: Query
    instead_of: str = ""
    kinds: list[tuple[Kind, int, list[Row]]] = field(default_factory=list)
    kind: str = ""
    page: Page[Any] | None = None
    rows: list[Row] = field(default_factory=list)
    facets: list[Facet] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(count for _kind, count, _rows in self.kinds)


def results(user: Visitor, edition: Edition, data: Mapping[str, str]) -> Results:
    """Search as the address says. A spelling that finds nothing is searched for as what it may have meant, unless `exact`."""
    asked, kinds = asked_in(data), kinds_for(user, edition)
    query = query_of(asked.words)
    if not query.words:
        return Results(asked, query)
    seen = everything_visible(user, edition, kinds)
    most = 0 if asked.kind in kinds else FIRST
    found = best(edition, query, seen, max(most, 1))
    done = Results(asked, query)
    if not found.total and data.get("exact") != "1":
        better = query_of(meant(edition, query, kinds, only_open=Kind.PERSON not in kinds))
        if better.words and (again := best(edition, better, seen, FIRST)).total:
            found = again
            done = Results(replace(asked, words=" ".join(better.words)), better, instead_of=asked.words)
    return _filled(done, edition, seen, found, data)


def _filled(done: Results, edition: Edition, seen: Seen, found: Best, data: Mapping[str, str]) -> Results:
    """With the rows that are shown."""
    only = next(iter(found.totals)) if len(found.totals) == 1 else ""
    done.kind = done.asked.kind if done.asked.kind in seen else only
    kinds = [(Kind(kind), total) for kind in seen if (total := found.totals.get(kind, 0))]
    if done.kind and found.totals.get(done.kind):
        done.kinds = [(kind, total, []) for kind, total in kinds]
        return _one_kind(done, edition, seen, data)
    done.kind = ""
    done.kinds = [(kind, total, fetched(seen, kind, found.rows.get(kind, []))) for kind, total in kinds]
    return done


def _one_kind(done: Results, edition: Edition, seen: Seen, data: Mapping[str, str]) -> Results:
    """One kind: its filters with counts, a page of its rows by rank."""
    filters, kind = FILTERS[done.kind], done.kind
    everything = seen[kind].filter(pk__in=matched(edition, kind, done.query).values("row"))
    kept = {key: value for key, value in data.items() if key not in ("q", "in")} | {"q": done.asked.words, "in": kind}
    found = facets(everything, filters, done.asked.chosen, kept)
    done.facets = [found[entry.key] for entry in filters if found[entry.key].choices]
    rows = narrowed(everything, filters, done.asked.chosen)
    total = rows.count() if done.asked.chosen else next(count for known, count, _rows in done.kinds if known == kind)
    done.page = Paginator(range(total), PAGE).get_page(data.get("page"))
    numbers = best(edition, done.query, {kind: rows}, PAGE, done.page.start_index() - 1 if total else 0).rows.get(kind, [])
    done.rows = fetched(seen, kind, numbers)
    return done


def fetched(seen: Seen, kind: str, numbers: Iterable[int]) -> list[Row]:
    """The rows with these primary keys, in their order, as they are shown; what cannot be seen any more is left out."""
    numbers = list(numbers)
    by_number = {thing.pk: thing for thing in seen[kind].filter(pk__in=numbers)} if numbers else {}
    return [SHOWN[kind](by_number[number]) for number in numbers if number in by_number]


def _title(title: Title) -> Row:
    texts = (localised(title, "synopsis"), title.synopsis, title.synopsis_ko, title.synopsis_fr)
    people = (title.creators, title.directors, title.producers, title.sales)
    return Row(title.get_absolute_url(), str(title), tuple(other_names(title)), card_facts(title), (*people, *texts))


def _company(company: Company) -> Row:
    others = tuple(("", name) for name in (company.name, company.name_ko) if name and name != str(company))
    facts = f"{company.get_kind_display()} · {country_words(company.country)}"
    return Row(company.get_absolute_url(), str(company), others, facts, (company.about,))


def _person(person: Participant) -> Row:
    others = (("", person.other_name),) if person.other_name else ()
    facts = [person.job_title, str(person.company) if person.company else "", ", ".join(roles_of(person))]
    return Row(person.get_absolute_url(), person.name, others, " · ".join(fact for fact in facts if fact))


def _mandate(mandate: Mandate) -> Row:
    url = reverse("mandates:mandate", args=[mandate.edition.slug, mandate.code])
    name = mandate.text if len(mandate.text) <= LONG_NAME else mandate.text[:LONG_NAME].rstrip() + " …"
    facts = [
        str(mandate.get_format_display()) if mandate.format else "",
        str(mandate.get_genre_display()) if mandate.genre else "",
    ]
    facts.append(territory_words(mandate.territories))
    return Row(url, name, (), " · ".join(fact for fact in facts if fact), (mandate.text,) if name != mandate.text else ())


def _event(event: Event) -> Row:
    url = reverse("programme:event", args=[event.edition.slug, event.code])
    facts = f"{event.get_kind_display()} · {event.hall}"
    return Row(url, str(event), (), facts, (localised(event, "about"),), event.starts_at)


SHOWN: dict[str, Callable[[Any], Row]] = {
    Kind.TITLE: _title,
    Kind.COMPANY: _company,
    Kind.PERSON: _person,
    Kind.MANDATE: _mandate,
    Kind.EVENT: _event,
}
