"""Measures of meetings: planned, held, missed, and the pairs of companies that met for the first time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madang.kernels.impact import rate
from madang.kit.search import fold
from madang.markets.models import Edition, Slot
from madang.meetings.models import AbsentCause, Attendee, Part, Timetable, TimetableState
from madang.meetings.queries.held import PRESENT, said_meetings
from madang.outcomes.measures.face import Column, Figure, Measure, Row, Unit
from madang.outcomes.measures.sums import DENOMINATOR, NUMERATOR, SAID, SURE, Later, facts, figure_of, moment, once, unknown
from madang.outcomes.models import Level
from madang.people.models import Participant

SOURCE = _("The published timetable, check-ins and scanned badges, and what was reported of absences")
HELD = {"held": Column.CONFIRMED, "one_sided": Column.ONE_SIDED}
"""Outcome of a meeting -> its column among the held ones; others are not among them."""
MISSED = frozenset(AbsentCause.values)
FILTERS = ("country", "other_country", "day", "hour", "where")
Firm = tuple[str, str]
"""A company across editions: its name without accents and case, and its country. Two rows of one name there are one company."""


class Party(NamedTuple):
    """A side of a meeting. `firm` is None for somebody without a company."""

    person: str
    company: str
    firm: Firm | None
    country: str
    buys: bool


class Met(NamedTuple):
    """A meeting of the published timetable and how it stands."""

    code: str
    outcome: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    version: int
    where: str
    sender: Party
    receiver: Party

    @property
    def minutes(self) -> int:
        return round((self.ends_at - self.starts_at).total_seconds() / 60)

    @property
    def buyer_first(self) -> tuple[Party, Party]:
        """The buyer, then the other; where both or neither buy, the one who asked comes first."""
        if self.receiver.buys and not self.sender.buys:
            return self.receiver, self.sender
        return self.sender, self.receiver


@once
def edition_parties(edition: Edition) -> dict[int, Party]:
    """Everybody of the edition, also who dropped out, by participant. One query."""
    fields = ["pk", "code", "is_buyer", "country", "company__code", "company__name", "company__country"]
    rows = Participant.objects.filter(edition=edition).order_by().values_list(*fields)
    return {
        pk: Party(person, company or "", firm_of(name, seat) if company else None, seat or country or "", buys)
        for pk, person, buys, country, company, name, seat in rows
    }


@once
def edition_meetings(edition: Edition) -> list[Met]:
    """Every meeting of the published timetable that was not cancelled, in the order of time. Three queries."""
    people = edition_parties(edition)
    slots = Slot.objects.filter(edition=edition).order_by().values_list("pk", "starts_at", "ends_at")
    hours = {pk: (starts_at, ends_at) for pk, starts_at, ends_at in slots}
    fields = ["request__code", "outcome", "slot", "timetable__version", "request__form", "request__sender", "request__receiver"]
    rows = said_meetings(edition).order_by("slot__starts_at", "request__code").values_list(*fields)
    return [
        Met(code, outcome, *hours[slot], version, where, people[sender], people[receiver])
        for code, outcome, slot, version, where, sender, receiver in rows
    ]


@lru_cache(maxsize=10_000)
def firm_of(name: str, country: str) -> Firm:
    """By what a company is known again."""
    return fold(name) or name, country


def _said(edition: Edition) -> dict[str, dict[str, str]]:
    """By request: facts of check-ins and reported absences, e.g. `sender_checked_in`: "P-1 of C-1 2025-05-28T01:00:00Z"."""
    seats = Attendee.objects.filter(request__edition=edition, part=Part.COMING).exclude(checked_in_at=None, absent_cause="")
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for code, side, person, company, at, by, cause, reported_at, reporter in seats.order_by("pk").values_list(
        "request__code", "side", "participant__code", "participant__company__code", "checked_in_at", "checked_in_by__code",
        "absent_cause", "absent_at", "absent_by__code",
    ):  # fmt: skip
        who = f"{person} of {company}" if company else person
        words = facts(checked_in=at and f"{who} {moment(at)}" + (f" by {by}" if by and by != person else ""))
        if cause:
            words = {**words, "absent": f"{who}: {cause}, {reporter or 'organiser'} {moment(reported_at) if reported_at else ''}"}
        for name, text in words.items():
            key = f"{side}_{name}"
            found[code][key] = f"{found[code][key]}; {text}" if key in found[code] else text
    return found


@once
def meeting_facts(edition: Edition) -> dict[str, Mapping[str, str]]:
    """By code, what is known of each meeting; `country` is the buyer's. One query when the first is read."""
    said = cache(partial(_said, edition))
    return {met.code: Later(partial(_told, edition, met, said)) for met in edition_meetings(edition)}


def _told(edition: Edition, met: Met, said: Callable[[], Mapping[str, Mapping[str, str]]]) -> Mapping[str, str]:
    first, second = met.buyer_first
    day, hour = at_venue(met.starts_at, edition.zone)
    told = facts(
        day=day, hour=hour, starts_at=met.starts_at, where=met.where, timetable=met.version,
        outcome=met.outcome, country=first.country, other_country=second.country,
        sender=met.sender.company or met.sender.person, receiver=met.receiver.company or met.receiver.person,
    )  # fmt: skip
    return {**told, **said().get(met.code, {})}


@lru_cache(maxsize=10_000)
def at_venue(at: dt.datetime, zone: dt.tzinfo) -> tuple[str, str]:
    """Day and hour of the day at the venue: 2025-05-28, 09:00."""
    here = at.astimezone(zone)
    return here.date().isoformat(), f"{here:%H}:00"


def meeting_rows(edition: Edition, found: Iterable[tuple[Met, Column, int]], part: str = "") -> list[Row]:
    """Meetings with their column and what they add, as rows."""
    told = meeting_facts(edition)
    return [Row("meeting", met.code, column, Decimal(amount), part, told[met.code]) for met, column, amount in found]


def held_rows(edition: Edition, found: Iterable[Met], part: str = "") -> list[Row]:
    """Of the meetings those that are in a column among the held ones."""
    return meeting_rows(edition, [(met, HELD[met.outcome], 1) for met in found if met.outcome in HELD], part)


@once
def over(edition: Edition) -> list[Met]:
    now = edition.now()
    return [met for met in edition_meetings(edition) if met.ends_at <= now]


def planned(edition: Edition) -> list[Figure]:
    rows = meeting_rows(edition, [(met, Column.CONFIRMED, 1) for met in edition_meetings(edition)])
    return [figure_of("meetings_planned", 1, Unit.COUNT, rows, SURE)]


def held(edition: Edition) -> list[Figure]:
    """What is in no column is told beside: contested ones, and those of which nobody said anything."""
    found = over(edition)
    rows = held_rows(edition, found)
    other = {name: sum(met.outcome == name for met in found) for name in ("contested", "silent")}
    return [figure_of("meetings_held", 1, Unit.COUNT, rows, SAID, facts=facts(over=len(found), **other))]


def held_share(edition: Edition) -> list[Figure]:
    """Its interval knows that one buyer's meetings resemble each other."""
    found = over(edition)
    rows = held_rows(edition, found, NUMERATOR)
    rows += meeting_rows(edition, [(met, Column.CONFIRMED, 1) for met in found], DENOMINATOR)
    return [figure_of("meetings_held_share", 1, Unit.SHARE, rows, SAID, **interval_by_buyer(found))]


def interval_by_buyer(found: Iterable[Met]) -> dict[str, Any]:
    """`low` and `high` of the share that was held; nothing where no meeting is over."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for met in found:
        first = met.buyer_first[0]
        counts[first.company or first.person][0] += met.outcome == "held"
        counts[first.company or first.person][1] += 1
    if not counts:
        return {}
    answer = rate([one for one, _all in counts.values()], [every for _one, every in counts.values()])
    low, high = (Decimal(str(round(edge, 6))) for edge in (answer.rate.low, answer.rate.high))
    texts = facts(numerator=answer.events, denominator=answer.trials, buyers=answer.clusters)
    return {"low": low, "high": high, "facts": texts}


def minutes(edition: Edition) -> list[Figure]:
    found = over(edition)
    rows = meeting_rows(edition, [(met, HELD[met.outcome], met.minutes) for met in found if met.outcome in HELD])
    return [figure_of("meeting_minutes", 1, Unit.MINUTES, rows, SAID)]


def no_shows(edition: Edition) -> list[Figure]:
    """One side reports that the other did not come; nobody confirms his own absence."""
    found = over(edition)
    rows = meeting_rows(edition, [(met, Column.ONE_SIDED, 1) for met in found if met.outcome in MISSED])
    return [figure_of("meetings_missed", 1, Unit.COUNT, rows, (Column.ONE_SIDED,), facts=facts(over=len(found)))]


def first_time_pairs(edition: Edition) -> list[Figure]:
    if without_earlier(edition):
        return [unknown("first_time_pairs", 1, Unit.COUNT, SAID)]
    known, met = earlier_pairs(edition), pairs_of(over(edition))
    pairs = sorted((sorted(pair), meetings) for pair, meetings in met.items() if pair not in known)
    return [figure_of("first_time_pairs", 1, Unit.COUNT, [_pair_row(meetings) for _pair, meetings in pairs], SAID)]


def _pair_row(meetings: list[Met]) -> Row:
    column = Column.CONFIRMED if any(met.outcome == "held" for met in meetings) else Column.ONE_SIDED
    first, second = meetings[0].buyer_first
    return Row("pair", f"{first.company}|{second.company}", column, facts=Later(partial(_told_of_pair, meetings)))


def _told_of_pair(meetings: list[Met]) -> Mapping[str, str]:
    first, second = meetings[0].buyer_first
    return facts(meetings=" ".join(met.code for met in meetings), country=first.country, other_country=second.country)


def pairs_of(found: Iterable[Met]) -> dict[frozenset[Firm], list[Met]]:
    """Two companies that met, at least by the word of one side -> their meetings. Within one company nobody meets anew."""
    pairs: dict[frozenset[Firm], list[Met]] = defaultdict(list)
    for met in found:
        one, other = met.sender.firm, met.receiver.firm
        if met.outcome in HELD and one and other and one != other:
            pairs[frozenset({one, other})].append(met)
    return pairs


def earlier_pairs(edition: Edition) -> set[frozenset[Firm]]:
    """Pairs of companies of whom anybody was at a meeting of theirs in an earlier edition of this market. One query."""
    there = Attendee.objects.filter(
        PRESENT, part=Part.COMING, request__edition__market=edition.market_id, request__edition__starts_on__lt=edition.starts_on
    )
    sides = [f"request__{side}__company__{field}" for side in ("sender", "receiver") for field in ("name", "country")]
    rows = there.order_by().values_list(*sides).distinct()
    return {frozenset({firm_of(a, b), firm_of(c, d)}) for a, b, c, d in rows if a and c}


def without_timetable(edition: Edition) -> str | Promise:
    has_one = Timetable.objects.filter(edition=edition, state=TimetableState.PUBLISHED).exists()
    return "" if has_one else _("No timetable is published yet.")


@once
def without_meetings(edition: Edition) -> str | Promise:
    over_now = said_meetings(edition).filter(slot__ends_at__lte=edition.now())
    return "" if over_now.exists() else without_timetable(edition) or _("No meeting is over yet.")


def without_earlier(edition: Edition) -> str | Promise:
    """Without an earlier edition every pair would be a first one, which would be no figure."""
    earlier = Timetable.objects.filter(
        edition__market=edition.market_id, edition__starts_on__lt=edition.starts_on, state=TimetableState.PUBLISHED
    )
    return without_meetings(edition) if earlier.exists() else _("No earlier edition of this market with meetings is here.")


MEASURES = (
    Measure(
        "meetings_planned", 1, _("Meetings planned"),
        _("Meetings of the published timetable that were not cancelled."),
        Unit.COUNT, _("The published timetable"), planned, Level.INPUT, FILTERS, is_missing=without_timetable,
    ),
    Measure(
        "meetings_held", 1, _("Meetings held"),
        _("Meetings that are over. Confirmed: somebody of each side checked in, or one scanned the other's badge. One-sided: only"
          " one side checked in. A meeting that one side reports as missed and the other as held is contested and in no column."),
        Unit.COUNT, SOURCE, held, Level.LEARNING, FILTERS, is_missing=without_meetings,
    ),
    Measure(
        "meetings_held_share", 1, _("Share of meetings held"),
        _("Meetings held, as in “Meetings held”, divided by all planned meetings that are over. Without any there is no share."),
        Unit.SHARE, SOURCE, held_share, Level.LEARNING, FILTERS, is_missing=without_meetings,
    ),
    Measure(
        "meetings_missed", 1, _("Meetings missed"),
        _("Meetings that are over and of which one side or the organiser reports that the other did not come; contested ones are"
          " left out. It is always one-sided: nobody confirms his own absence."),
        Unit.COUNT, SOURCE, no_shows, Level.LEARNING, FILTERS, is_missing=without_meetings,
    ),
    Measure(
        "meeting_minutes", 1, _("Minutes in meetings"),
        _("The planned length of the meetings held, added up."),
        Unit.MINUTES, SOURCE, minutes, Level.LEARNING, FILTERS, is_missing=without_meetings,
    ),
    Measure(
        "first_time_pairs", 1, _("Pairs of companies that met for the first time"),
        _("Pairs of companies with at least one meeting held here, and none in an earlier edition of this market, not even by the"
          " word of one side. A company is known again by its name and country; a pair with several meetings counts once."),
        Unit.COUNT, _("The meetings of this edition and of earlier ones of this market"), first_time_pairs, Level.LEARNING,
        ("country", "other_country"), is_missing=without_earlier,
    ),
)  # fmt: skip
