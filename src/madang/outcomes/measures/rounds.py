"""Measures of what came of it: how many answer, how useful they found it, what the meetings led to, licences by age."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madang.kernels.impact import AGES, Bounds, rate, response
from madang.markets.models import Edition
from madang.meetings.models import Side
from madang.outcomes.measures.face import Column, Figure, Measure, Row, Unit
from madang.outcomes.measures.sums import DENOMINATOR, NUMERATOR, SAID, SURE, facts, figure_of, once, unknown
from madang.outcomes.models import Asked, Came, Level, Round
from madang.outcomes.queries.clock import MONTH, SOONEST, signed_starts
from madang.outcomes.queries.rounds import (
    LED_ON,
    Pair,
    meetings_asked_of,
    newest_round,
    pairs_of,
    said_of_meetings,
    satisfaction_of,
)

ANSWERS = _("What people answer some months after the event, each by a link of her own; the newest round that has opened")
SIGNED = _("Licences signed here by both sides, of the meetings that they came from")
ONE = (Column.ONE_SIDED,)
CERTAIN = Decimal(1)
"""The level of bounds: they hold whatever the silent would have said."""


@once
def asked_people(edition: Edition) -> list[Asked]:
    """Everybody who is asked in the newest round. Two queries."""
    asking = newest_round(edition)
    rows = Asked.objects.filter(round=asking) if asking else Asked.objects.none()
    return list(rows.select_related("round", "participant__company").order_by("pk"))


@once
def newest_pairs(edition: Edition) -> tuple[Round, list[Pair]] | None:
    asking = newest_round(edition)
    return (asking, pairs_of(asking)) if asking else None


read_starts = once(signed_starts)


def without_round(edition: Edition) -> str | Promise:
    return "" if newest_round(edition) else _("No round of questions has opened yet.")


def _person(asked: Asked, column: Column, amount: int, part: str) -> Row:
    company = asked.participant.company
    told = facts(
        months=asked.round.months, company=company.code if company else "", country=company.country if company else "",
        answered_at=asked.answered_at,
    )  # fmt: skip
    return Row("answer", f"{asked.round.months}|{asked.participant.code}", column, Decimal(amount), part, told)


def _ends(bounds: Bounds) -> dict[str, Any]:
    low, high = (Decimal(str(round(end, 6))) for end in bounds.worst)
    told = facts(asked=bounds.response.asked, answered=bounds.response.answered, bounds="worst")
    return {"low": low, "high": high, "level": CERTAIN, "facts": told}


def response_rate(edition: Edition) -> list[Figure]:
    rows = asked_people(edition)
    kept = [_person(one, Column.CONFIRMED, 1, NUMERATOR) for one in rows if one.answered_at]
    found = response(len(kept), len(rows))
    kept += [_person(one, Column.CONFIRMED, 1, DENOMINATOR) for one in rows]
    told = facts(asked=found.asked, answered=found.answered, months=rows[0].round.months if rows else "")
    return [figure_of("follow_up_response", 1, Unit.SHARE, kept, SURE, facts=told)]


def satisfaction(edition: Edition) -> list[Figure]:
    """The mean of those who said it; its bounds are those of everybody who was asked."""
    asking = newest_round(edition)
    bounds = satisfaction_of(asking) if asking else None
    if bounds is None:
        return [unknown("usefulness", 1, Unit.SCORE, ONE)]
    told = [one for one in asked_people(edition) if one.satisfaction is not None]
    rows = [_person(one, Column.ONE_SIDED, one.satisfaction or 0, NUMERATOR) for one in told]
    rows += [_person(one, Column.ONE_SIDED, 1, DENOMINATOR) for one in told]
    return [figure_of("usefulness", 1, Unit.SCORE, rows, ONE, of=Column.ONE_SIDED, **_ends(bounds))]


def came_of(code: str, wanted: tuple[Came, ...]) -> Callable[[Edition], list[Figure]]:
    """Of all held meetings that the newest round asks about: those of which both sides, or one, say one of these."""

    def compute(edition: Edition) -> list[Figure]:
        newest = newest_pairs(edition)
        said = said_of_meetings(*newest, wanted) if newest else None
        if newest is None or said is None:
            return [unknown(code, 1, Unit.SHARE, SAID)]
        asking, pairs = newest
        rows = []
        for pair in pairs:
            sides = pair.sides_that_say(wanted) if pair.request else 0
            if sides:
                column = Column.CONFIRMED if sides == 2 else Column.ONE_SIDED
                rows.append(_meeting(asking, pair, column))
        below = meetings_asked_of(asking)
        rows += [Row("meeting", one, Column.CONFIRMED, Decimal(1), DENOMINATOR) for one in below]
        return [figure_of(code, 1, Unit.SHARE, rows, SAID, **_ends(said.agreed))]

    return compute


def _meeting(asking: Round, pair: Pair, column: Column) -> Row:
    sides = zip(Side.values, (pair.ours, pair.theirs), strict=True)
    told = {f"{side}_says": "; ".join(sorted({answer.came for answer in answers})) for side, answers in sides}
    code = pair.request.code if pair.request else ""
    return Row("meeting", code, column, Decimal(1), NUMERATOR, facts(months=asking.months, **told))


def by_age(code: str, age: float) -> Callable[[Edition], list[Figure]]:
    """Of the held meetings that are that old: those that led to a licence by that age."""

    def compute(edition: Edition) -> list[Figure]:
        starts = [one for one in read_starts(edition) if one.age >= age]
        if not starts:
            return [unknown(code, 1, Unit.SHARE, SURE)]
        early = {one.code: one.happened and one.months <= age for one in starts}
        rows = [Row("meeting", one.code, Column.CONFIRMED, Decimal(1), NUMERATOR) for one in starts if early[one.code]]
        rows += [Row("meeting", one.code, Column.CONFIRMED, Decimal(1), DENOMINATOR) for one in starts]
        buyers: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for one in starts:
            buyers[one.buyer][0] += early[one.code]
            buyers[one.buyer][1] += 1
        found = rate([events for events, _all in buyers.values()], [trials for _one, trials in buyers.values()])
        ends = {"low": Decimal(str(round(found.rate.low, 6))), "high": Decimal(str(round(found.rate.high, 6)))}
        told = facts(numerator=found.events, denominator=found.trials, buyers=found.clusters, months=int(age))
        return [figure_of(code, 1, Unit.SHARE, rows, SURE, facts=told, **ends)]

    return compute


def too_young(age: float) -> Callable[[Edition], str | Promise]:
    def missing(edition: Edition) -> str | Promise:
        months = max(SOONEST, (edition.now().date() - edition.ends_on).days * 86400 / MONTH.total_seconds())
        return "" if months >= age else _("The edition is not that old yet.")

    return missing


AGE_MEASURES = tuple(
    Measure(
        f"licences_by_{int(age)}_months", 1, name,
        _(
            "Of the held meetings that are this old: the share that led to a licence signed here within this time. "
            "A young edition has no such number."
        ),
        Unit.SHARE, SIGNED, by_age(f"licences_by_{int(age)}_months", age), Level.IMPACT, is_missing=too_young(age),
    )
    for age, name in zip(
        AGES,
        (
            _("Meetings that led to a licence within 3 months"), _("Meetings that led to a licence within 6 months"),
            _("Meetings that led to a licence within 12 months"), _("Meetings that led to a licence within 24 months"),
        ),
        strict=True,
    )
)  # fmt: skip

MEASURES: tuple[Measure, ...] = (
    Measure(
        "follow_up_response", 1, _("Answers to the questions afterwards"),
        _(
            "Of everybody who is asked in the newest round: the share that has answered. "
            "Whoever cannot be reached counts as silent."
        ),
        Unit.SHARE, ANSWERS, response_rate, Level.REACTION, is_missing=without_round,
    ),
    Measure(
        "usefulness", 1, _("How useful the event was"),
        _(
            "The mean of those who say it, 1 to 5. The bounds hold for everybody who was asked, "
            "whatever the silent would have said."
        ),
        Unit.SCORE, ANSWERS, satisfaction, Level.REACTION, is_missing=without_round,
    ),
    Measure(
        "meetings_led_on", 1, _("Meetings that led to something"),
        _(
            "Of the held meetings asked about: an offer, a memo, a contract or a deal elsewhere, "
            "as both sides or one side say. Bounds for both."
        ),
        Unit.SHARE, ANSWERS, came_of("meetings_led_on", LED_ON), Level.IMPACT, is_missing=without_round,
    ),
    Measure(
        "meetings_signed", 1, _("Meetings that led to a contract, as people say"),
        _(
            "Of the held meetings asked about: those of which both sides or one side say that a contract is signed. "
            "Bounds for both."
        ),
        Unit.SHARE, ANSWERS, came_of("meetings_signed", (Came.SIGNED,)), Level.IMPACT, is_missing=without_round,
    ),
    *AGE_MEASURES,
)  # fmt: skip
