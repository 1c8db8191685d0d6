"""An edition's rows as its files have them: one after another, never all at once; nobody's name or address is among them."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from madang.deals.models import Value
from madang.deals.queries.values import current, stated_values
from madang.markets.models import Edition, LogEntry
from madang.meetings.models import AbsentCause, MeetingRequest, RequestStatus
from madang.meetings.queries.held import said_meetings
from madang.outcomes.across.schema import PLACES
from madang.outcomes.measures.composed import measures_of
from madang.outcomes.measures.deals import COLUMN
from madang.outcomes.measures.meetings import (
    HELD,
    Firm,
    Met,
    Party,
    earlier_pairs,
    edition_parties,
    without_earlier,
)
from madang.outcomes.measures.people import edition_people
from madang.outcomes.measures.sums import computed, reading_once
from madang.outcomes.models import BudgetLine
from madang.outcomes.queries.budget import current_postings

AT_ONCE = 2000
"""Rows that are fetched together."""
LEAST = Decimal(1).scaleb(-PLACES)
Row = tuple[Any, ...]


def pseudonym(firm: Firm | None) -> str:
    """A company's name in the files: nobody without the site's secret can tell whose it is; "" for none."""
    if firm is None:
        return ""
    key = hashlib.sha256(f"madang across {settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, "|".join(firm).encode(), hashlib.sha256).hexdigest()[:16]


def requests(edition: Edition) -> Iterator[Row]:
    people = edition_parties(edition)
    sent = MeetingRequest.objects.filter(edition=edition).exclude(status=RequestStatus.DRAFT).order_by("pk")
    for status, form, at, sender, receiver in _one_by_one(sent.values_list("status", "form", "created_at", "sender", "receiver")):
        first, second = buyer_first(people[sender], people[receiver])
        yield edition.pk, status, form, *_hour(edition, at), first.country, second.country


def buyer_first(sender: Party, receiver: Party) -> tuple[Party, Party]:
    """As for a meeting: `Met.buyer_first`."""
    return (receiver, sender) if receiver.buys and not sender.buys else (sender, receiver)


def meetings(edition: Edition) -> Iterator[Row]:
    """Of each pair of companies that met, the first meeting held says whether the pair is new; where none was held, the first
    that one side speaks of."""
    known, is_first = earlier_pairs(edition), bool(without_earlier(edition))
    now, told = edition.now(), set[frozenset[Firm]]()
    for met in _meetings(edition):
        is_over = met.ends_at <= now
        pair = _pair(met) if is_over else None
        word = ""
        if pair is not None and pair not in told:
            told.add(pair)
            word = "unknown" if is_first else "known" if pair in known else "new"
        yield edition.pk, *_hour(edition, met.starts_at), met.where, is_over, *_outcome(met), word, *_sides(met)


def _meetings(edition: Edition) -> Iterator[Met]:
    """As `edition_meetings`, but one after another, and those that were held before those of one side's word."""
    people = edition_parties(edition)
    fields = ["request__code", "outcome", "slot__starts_at", "slot__ends_at", "timetable__version", "request__form"]
    rows = said_meetings(edition).order_by("outcome", "slot__starts_at", "request__code")
    for row in _one_by_one(rows.values_list(*fields, "request__sender", "request__receiver")):
        code, outcome, starts_at, ends_at, version, where, sender, receiver = row
        yield Met(code, outcome, starts_at, ends_at, version, where, people[sender], people[receiver])


def _pair(met: Met) -> frozenset[Firm] | None:
    one, other = met.sender.firm, met.receiver.firm
    return frozenset({one, other}) if met.outcome in HELD and one and other and one != other else None


def _outcome(met: Met) -> tuple[str, str]:
    return ("missed", met.outcome) if met.outcome in AbsentCause.values else (met.outcome, "")


def _sides(met: Met) -> tuple[str, str, str, str]:
    first, second = met.buyer_first
    return first.country, second.country, pseudonym(first.firm), pseudonym(second.firm)


def companies(edition: Edition) -> Iterator[Row]:
    """A company is one by name and country, as in the measure of that name."""
    seen: dict[Firm, bool] = defaultdict(bool)
    for one in edition_people(edition):
        if one.firm is not None:
            seen[one.firm] |= bool(one.seen)
    for firm, was_there in sorted(seen.items()):
        yield edition.pk, pseudonym(firm), firm[1], was_there


def deals(edition: Edition) -> Iterator[Row]:
    """Values that stand, so many at once."""
    keys = list(current(Value.objects.filter(edition=edition)).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        for one in stated_values(Value.objects.filter(pk__in=keys[start : start + AT_ONCE]).order_by("pk")):
            row, column = one.row, COLUMN.get(one.certainty, "disputed")
            sides = sum(party.said is not None and not party.said.disputes for party in one.parties)
            day = row.stated_at.astimezone(edition.zone).date()
            yield edition.pk, row.stage, row.currency, str(column), row.amount, sides, len(one.parties), day


def figures(edition: Edition) -> Iterator[Row]:
    """Every measure's numbers; a column that it does not have has no line."""
    with reading_once():
        for measure in measures_of(edition).values():
            for one in computed(measure, edition):
                for column, number in one.columns.items():
                    known = None if number is None else number.quantize(LEAST)
                    yield edition.pk, one.measure, one.version, str(one.unit), one.currency, str(column), known


def budget(edition: Edition) -> Iterator[Row]:
    for line in BudgetLine.objects.filter(edition=edition).order_by("pk"):
        yield edition.pk, line.direction, "planned", line.currency, line.planned, None
    rows = current_postings(edition).order_by("pk").values_list("line__direction", "kind", "currency", "amount", "on")
    for row in _one_by_one(rows):
        yield edition.pk, *row


def log(edition: Edition) -> Iterator[Row]:
    """What was done and when; not by whom, and not to what."""
    for verb, at in _one_by_one(LogEntry.objects.filter(edition=edition).order_by("pk").values_list("verb", "at")):
        yield edition.pk, verb, *_hour(edition, at)


def _one_by_one(rows: QuerySet[Any]) -> Iterator[Any]:
    return rows.iterator(chunk_size=AT_ONCE)


def _hour(edition: Edition, at: dt.datetime) -> tuple[dt.date, int]:
    """Day and hour at the venue."""
    there = at.astimezone(edition.zone)
    return there.date(), there.hour


SOURCES: dict[str, Callable[[Edition], Iterator[Row]]] = {
    "requests": requests, "meetings": meetings, "companies": companies, "deals": deals, "figures": figures, "budget": budget,
    "log": log,
}  # fmt: skip
"""By table; its columns are in the order of the schema."""
