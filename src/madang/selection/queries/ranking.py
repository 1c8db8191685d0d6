"""Scores into ratings, axis by axis, and a ranking as its page shows it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from madang.kernels.jury import severity as kernel
from madang.selection.models import Axis, Call, Criterion, EntryState, Juror, Rank, Ranking, ReadingState, Score

AXES = tuple(axis.value for axis in Axis)
ODD = 2.5
"""Standard deviations of surprise from which a juror is pointed out."""


@dataclass(frozen=True)
class Scored:
    """What a ranking rests on; `digest` is of every score."""

    problem: kernel.Problem
    digest: str
    readings: int


def scored(call: Call) -> Scored:
    """Ratings of all readings that are done, one an axis: the weighted mean of its criteria on the first one's scale."""
    criteria = list(call.criteria.all())
    rows = Score.objects.filter(reading__juror__call=call, reading__state=ReadingState.DONE)
    rows = rows.filter(reading__entry__state=EntryState.SUBMITTED).order_by("reading", "criterion")
    cells = list(rows.values_list("reading__entry", "reading__juror", "criterion", "value"))
    by_reading: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for entry, juror, criterion, value in cells:
        by_reading[entry, juror][criterion] = value
    ratings = [
        kernel.Rating(entry, juror, axis, mark)
        for (entry, juror), given in by_reading.items()
        for axis in AXES
        if (mark := axis_mark([c for c in criteria if c.axis == axis], given)) is not None
    ]
    entries = tuple(call.entries.filter(state=EntryState.SUBMITTED).order_by("pk").values_list("pk", flat=True))
    weights = [(c.pk, c.axis, c.low, c.high, str(c.weight)) for c in criteria]
    digest = hashlib.sha256(repr((weights, cells, entries)).encode()).hexdigest()
    return Scored(kernel.Problem(tuple(ratings), AXES, entries), digest, len(by_reading))


def axis_mark(criteria: list[Criterion], given: dict[int, int]) -> float | None:
    """The weighted mean of one axis, every criterion stretched to the scale of the first; None where one is missing."""
    total = sum(float(criterion.weight) for criterion in criteria)
    if not criteria or total <= 0 or any(criterion.pk not in given for criterion in criteria):
        return None
    low, high = criteria[0].low, criteria[0].high
    parts = (float(c.weight) * (given[c.pk] - c.low) / (c.high - c.low) for c in criteria)
    return low + (high - low) * sum(parts) / total


def facts_of(axis: kernel.Axis) -> dict[str, Any]:
    """What a ranking keeps of an axis beside its ranks: agreement, jurors; of each entry band, group, chance to beat the next."""
    agreement = axis.agreement
    return {
        "code": axis.code,
        "level": axis.level,
        "quality": axis.quality,
        "severity": axis.severity,
        "noise": axis.noise,
        "agreement": None if agreement is None else {
            "alpha": agreement.alpha, "low": agreement.low, "high": agreement.high,
            "consistency": agreement.consistency, "average": agreement.average,
        },
        "jurors": [
            [j.juror, j.readings, j.mean, j.spread, j.severity, j.low, j.high, j.infit, j.surprise]
            for j in axis.jurors
            if j.readings
        ],
        "groups": [[len(group.entries), list(group.jurors)] for group in axis.groups],
        "unread": len(axis.unread),
        "rows": {str(score.entry): [score.band, score.group, above_next(axis, n)] for n, score in enumerate(axis.scores)},
    }  # fmt: skip


def above_next(axis: kernel.Axis, row: int) -> float | None:
    """The chance that an entry is better than the one behind it in its group."""
    if axis.draws is None or row + 1 >= len(axis.scores) or axis.scores[row + 1].group != axis.scores[row].group:
        return None
    return round(float((axis.draws[row] > axis.draws[row + 1]).mean()), 3)


def latest_ranking(call: Call) -> Ranking | None:
    return Ranking.objects.filter(call=call).select_related("made_by").first()


@dataclass(frozen=True)
class Line:
    """A rank as it is drawn: its interval from 0 to 100, whether a band begins, the chance (%) to be above the next."""

    rank: Rank
    low: float
    fair: float
    high: float
    begins_band: bool
    band: int
    group: int
    above_next: int | None

    @property
    def width(self) -> float:
        return self.high - self.low


def lines(ranking: Ranking, axis: str, ranks: list[Rank]) -> list[Line]:
    """A page of ranks, in their order."""
    facts = ranking.facts.get(axis, {})
    rows, (bottom, top) = facts.get("rows", {}), facts.get("scale", (0.0, 10.0))
    found: list[Line] = []
    for rank in ranks:
        band, group, chance = rows.get(str(rank.entry_id), (0, 0, None))
        begins = not found or (band, group) != (found[-1].band, found[-1].group)
        low, fair, high = ((value - bottom) / ((top - bottom) or 1) * 100 for value in (rank.low, rank.fair, rank.high))
        found.append(Line(rank, low, fair, high, begins, band, group, None if chance is None else round(100 * chance)))
    return found


@dataclass(frozen=True)
class Strictness:
    """A juror's severity on an axis: `code` is strict, mild, even or unknown; `odd`: her scores surprise more than chance."""

    juror: Juror
    readings: int
    mean: float
    severity: float | None
    low: float | None
    high: float | None
    code: str
    odd: bool
    reach: float

    @property
    def milder(self) -> float:
        return -(self.severity or 0.0)

    @property
    def left(self) -> float:
        """Where her interval begins, from -100 to 100 of the picture: strict is to the left, as scores are lower."""
        return -100 * ((self.high or 0.0) / self.reach)

    @property
    def breadth(self) -> float:
        return 100 * (((self.high or 0.0) - (self.low or 0.0)) / self.reach)

    @property
    def middle(self) -> float:
        return -100 * ((self.severity or 0.0) / self.reach) - 2


def strictness(ranking: Ranking, axis: str, jurors: dict[int, Juror]) -> list[Strictness]:
    """The strictest first, on one scale."""
    rows = [row for row in ranking.facts.get(axis, {}).get("jurors", []) if row[0] in jurors]
    reach = max([0.5, *(abs(edge) for row in rows for edge in row[5:7] if edge is not None)])
    found = []
    for pk, readings, mean, _spread, severity, low, high, _infit, surprise in rows:
        code = "unknown" if severity is None else "strict" if low > 0 else "mild" if high < 0 else "even"
        found.append(Strictness(jurors[pk], readings, mean, severity, low, high, code, (surprise or 0) > ODD, reach))
    return found


@dataclass(frozen=True)
class Dot:
    """An entry on both axes, each from 0 to 100 on the picture; the two are never added."""

    authorship: Rank
    audience: Rank
    x: float
    y: float


def dots(ranking: Ranking, most: int = 300) -> list[Dot]:
    """Entries that stand on both axes: the best `most` places of either."""
    rows: dict[int, dict[str, Rank]] = defaultdict(dict)
    for rank in Rank.objects.filter(ranking=ranking, place__lte=most).select_related("entry"):
        rows[rank.entry_id][rank.axis] = rank
    both = [r for r in rows.values() if len(r) == len(AXES)]

    def at(rank: Rank) -> float:
        bottom, top = ranking.facts.get(rank.axis, {}).get("scale", (0.0, 10.0))
        return float((rank.fair - bottom) / ((top - bottom) or 1) * 100)

    found = [Dot(r["authorship"], r["audience"], at(r["authorship"]), at(r["audience"])) for r in both]
    return sorted(found, key=lambda dot: dot.authorship.place)[:most]
