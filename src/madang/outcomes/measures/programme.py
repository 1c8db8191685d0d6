"""Measures of the programme: who was let in, how full it was, how the audience voted; and titles that were talked about."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Title
from madang.door.models import Admission
from madang.door.queries.attendance import FEWEST_VOTES, Came, attendance_of, opinion, opinions_of
from madang.markets.models import Edition
from madang.meetings.models import MeetingRequest
from madang.outcomes.measures.face import Column, Figure, Measure, Row, Unit
from madang.outcomes.measures.meetings import HELD, over, without_meetings
from madang.outcomes.measures.sums import DENOMINATOR, NUMERATOR, SAID, SURE, facts, figure_of, once
from madang.outcomes.models import Level

SOURCE = _("Tickets and badges scanned at the doors, and people counted there by hand")

read_attendance = once(attendance_of)


def attendance(edition: Edition) -> list[Figure]:
    """A row for each event, allotment and country: no row is one person. Without scan, ticket and badge: counted by hand."""
    found: Counter[tuple[str, str, str, bool]] = Counter()
    let_in = Admission.objects.filter(event__edition=edition).order_by()
    for event, kind, country, scan, ticket, badge in let_in.values_list(
        "event__code", "allotment", "country", "scan", "ticket", "badge"
    ):
        found[event, kind, country, not (scan or ticket or badge)] += 1
    rows = [
        Row(
            "event", "|".join(part for part in (event, kind, country, "hand" if is_counted else "") if part),
            Column.ONE_SIDED if is_counted else Column.CONFIRMED, Decimal(number),
            facts=facts(event=event, allotment=kind, country=country),
        )
        for (event, kind, country, is_counted), number in sorted(found.items())
    ]  # fmt: skip
    return [figure_of("attendance", 1, Unit.COUNT, rows, SAID)]


def seats_filled(edition: Edition) -> list[Figure]:
    """Events whose places are known and that were not cancelled; people counted by hand are people too."""
    rows: list[Row] = []
    for came in read_attendance(edition):
        if came.room and not came.event.is_cancelled:
            told = facts(event=came.event.code, places=came.room, let_in=came.total)
            rows.append(Row("event", came.event.code, Column.CONFIRMED, Decimal(came.total), NUMERATOR, told))
            rows.append(Row("event", came.event.code, Column.CONFIRMED, Decimal(came.room), DENOMINATOR, told))
    return [figure_of("seats_filled", 1, Unit.SHARE, rows, SURE, facts=_parts(rows))]


def _parts(rows: Iterable[Row]) -> dict[str, str]:
    sums = {NUMERATOR: Decimal(), DENOMINATOR: Decimal()}
    for row in rows:
        sums[row.part] += row.amount
    return dict(facts(**sums))


def audience_vote(edition: Edition) -> list[Figure]:
    """The mean of all votes, each as heavy as another; none where fewer than eight voted."""
    came = read_attendance(edition)
    opinions = opinions_of([one.event for one in came])
    counts = tuple(sum(found.counts[value] for found in opinions.values()) for value in range(5))
    whole = opinion(counts, sum(found.seats for found in opinions.values()))
    rows = [row for one in came if one.event.pk in opinions for row in _votes(one, opinions[one.event.pk].counts)]
    told = facts(votes=whole.votes, seats=whole.seats)
    if whole.mean is None:
        return [Figure("audience_vote", 1, Unit.SCORE, {Column.CONFIRMED: None}, facts=told)]
    low, high = (Decimal(str(round(edge or 0, 6))) for edge in (whole.low, whole.high))
    return [figure_of("audience_vote", 1, Unit.SCORE, rows, SURE, low=low, high=high, facts=told)]


def _votes(came: Came, counts: tuple[int, ...]) -> tuple[Row, Row]:
    """The votes of an event: their sum above, their number below."""
    told = facts(event=came.event.code, **{f"votes_{value}": number for value, number in enumerate(counts, 1)})
    total = sum(value * number for value, number in enumerate(counts, 1))
    return (
        Row("event", came.event.code, Column.CONFIRMED, Decimal(total), NUMERATOR, told),
        Row("event", came.event.code, Column.CONFIRMED, Decimal(sum(counts)), DENOMINATOR, told),
    )


@once
def talked_about(edition: Edition) -> dict[str, Counter[str]]:
    """By the code of a whole work: meetings that are over and were about it, or a part of it, by outcome. Four queries."""
    outcomes = {met.code: met.outcome for met in over(edition)}
    whole = _wholes(edition)
    requests = MeetingRequest.objects.filter(edition=edition).order_by()
    first = requests.filter(title__isnull=False).values_list("code", "title")
    others = requests.filter(also_about__isnull=False).values_list("code", "also_about")
    about = {(code, whole[title]) for code, title in [*first, *others] if code in outcomes and title in whole}
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for code, work in about:
        found[work][outcomes[code]] += 1
    return found


def _wholes(edition: Edition) -> dict[int | None, str]:
    """Title -> code of the whole work that it is part of; works that were withdrawn are left out with their parts."""
    fields = ["pk", "code", "part_of", "is_withdrawn"]
    rows = {pk: row for pk, *row in Title.objects.filter(edition=edition).order_by().values_list(*fields)}
    found: dict[int | None, str] = {}
    for pk in rows:
        at, withdrawn = pk, rows[pk][2]
        while rows[at][1] in rows:
            at = rows[at][1]
            withdrawn = withdrawn or rows[at][2]
        if not withdrawn:
            found[pk] = rows[at][0]
    return found


def titles_met(code: str, least: int) -> Callable[[Edition], list[Figure]]:
    """The computation of how many titles at least that many meetings were about."""

    def compute(edition: Edition) -> list[Figure]:
        rows = []
        for work, outcomes in sorted(talked_about(edition).items()):
            said = {outcome: outcomes[outcome] for outcome in HELD}
            if sum(said.values()) >= least:
                column = Column.CONFIRMED if said["held"] >= least else Column.ONE_SIDED
                rows.append(Row("title", work, column, facts=facts(**said)))
        return [figure_of(code, 1, Unit.COUNT, rows, SAID)]

    return compute


def nobody_let_in(edition: Edition) -> str | Promise:
    return "" if Admission.objects.filter(event__edition=edition).exists() else _("Nobody was let in at a door yet.")


def too_few_votes(edition: Edition) -> str | Promise:
    votes = Admission.objects.filter(event__edition=edition, vote__isnull=False).count()
    return "" if votes >= FEWEST_VOTES else _("Fewer than eight people have voted.")


MEASURES = (
    Measure(
        "attendance", 1, _("People let in"),
        _("Everybody who was let in to an event of the programme, each event counted by itself. Confirmed: by a ticket or badge"
          " that was scanned. One-sided: counted by hand at the door."),
        Unit.COUNT, SOURCE, attendance, Level.INPUT, ("country", "event", "allotment"), is_missing=nobody_let_in,
    ),
    Measure(
        "seats_filled", 1, _("Seats filled"),
        _("People let in divided by the places, over events whose places are known and to which somebody came or had a ticket."
          " Cancelled events are left out."),
        Unit.SHARE, SOURCE, seats_filled, Level.INPUT, ("event",), is_missing=nobody_let_in,
    ),
    Measure(
        "audience_vote", 1, _("Vote of the audience"),
        _("The mean of all votes from 1 to 5 by people who were let in, with a 90 % interval for everybody who was there; no"
          " mean where fewer than eight voted."),
        Unit.SCORE, _("Votes by the link of a ticket or badge that was let in"), audience_vote, Level.REACTION, ("event",),
        is_missing=too_few_votes,
    ),
    Measure(
        "titles_met", 1, _("Titles with a meeting"),
        _("Titles of the catalogue that at least one held meeting was about; seasons and episodes count with their series,"
          " withdrawn titles do not count, their meetings do. One-sided: only if meetings count that one side confirms."),
        Unit.COUNT, _("Meeting requests and how the meetings stand"), titles_met("titles_met", 1), Level.LEARNING,
        is_missing=without_meetings,
    ),
    Measure(
        "titles_met_thrice", 1, _("Titles with three meetings or more"),
        _("As “Titles with a meeting”, with at least three."),
        Unit.COUNT, _("Meeting requests and how the meetings stand"), titles_met("titles_met_thrice", 3), Level.LEARNING,
        is_missing=without_meetings,
    ),
)  # fmt: skip
