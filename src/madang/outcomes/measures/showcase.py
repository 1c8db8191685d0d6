"""What the showcase changed, as a measure: the gain of the titles of its registered study over their donors."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madang.kernels.impact import Uplift
from madang.markets.models import Edition
from madang.outcomes.measures.face import Column, Figure, Measure, Row, Unit
from madang.outcomes.measures.sums import DENOMINATOR, NUMERATOR, facts, figure_of, once, unknown
from madang.outcomes.models import Level
from madang.outcomes.queries.studies import Result, is_late, result_of, studies_with_titles

CODE = "showcase_gain"
ONE = (Column.ESTIMATE,)


@once
def found_result(edition: Edition) -> Result | None:
    """The first study that was registered in time and has a result; else the first late one, which says so."""
    results = [result_of(study, whole=False) for study in studies_with_titles(edition).order_by("registered_at", "pk")]
    done = [one for one in results if one.uplift]
    return next((one for one in done if not is_late(one.study)), done[0] if done else None)


def doublings(log: float) -> Decimal:
    """Log units as doublings: 1 is twice as much, 0 nothing, -1 half."""
    return Decimal(str(round(log / math.log(2), 6)))


def _rows(code: str, uplift: Uplift) -> Iterator[Row]:
    for one in uplift.titles:
        told = facts(
            study=code, before=round(one.before, 2), after=round(one.after, 2), change=round(one.lift, 4),
            donors_change=round(one.donors_lift, 4), gain=round(one.effect, 4),
        )  # fmt: skip
        key = f"{code}|{one.title}"
        yield Row("count", key, Column.ESTIMATE, doublings(math.log(one.effect)), NUMERATOR, told)
        yield Row("count", key, Column.ESTIMATE, Decimal(1), DENOMINATOR)


def gain(edition: Edition) -> list[Figure]:
    """The mean of the titles' gains, so that its rows add up to it; the interval is the study's."""
    result = found_result(edition)
    if result is None or result.uplift is None:
        return [unknown(CODE, 1, Unit.SCORE, ONE)]
    found = result.uplift
    told = facts(
        study=result.study.code, digest=found.digest, times=round(found.lift.estimate, 3), times_low=round(found.lift.low, 3),
        times_high=round(found.lift.high, 3), titles=len(found.titles), donors=len(found.donors),
        left_out=len(found.left_out), registered_late="yes" if is_late(result.study) else "",
        can_show=round(result.can.smallest, 2) if result.can else "",
    )  # fmt: skip
    ends = {"low": doublings(found.log.low), "high": doublings(found.log.high)}
    rows = _rows(result.study.code, found)
    return [figure_of(CODE, 1, Unit.SCORE, rows, ONE, of=Column.ESTIMATE, facts=told, **ends)]


def without_study(edition: Edition) -> str | Promise:
    if not studies_with_titles(edition).exists():
        return _("No study was registered before the event.")
    return "" if found_result(edition) else _("The counts of the months after the event are not there yet.")


MEASURES: tuple[Measure, ...] = (
    Measure(
        CODE, 1, _("What the showcase’s titles gained, in doublings"),
        _(
            "Mean over the titles that were shown: how much more they are counted after the event than before, beside titles "
            "like them. 0: nothing; 1: twice as much; −1: half. Nine titles can show a doubling, not a gain of 30 %."
        ),
        Unit.SCORE, _("The registered study: its monthly counts, and the titles that it compares with"), gain, Level.IMPACT,
        is_missing=without_study,
    ),
)  # fmt: skip
