"""What is known of everybody when some did not answer: bounds, never a silent guess.

The bounds are about those who were asked; they have no level, because nothing is drawn. They are wide when few answered, which
is what few answers mean.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .faults import ImpactError, at_least, figures


@dataclass(frozen=True, slots=True)
class Response:
    """How many of those asked answered; `rate` None where nobody was asked."""

    asked: int
    answered: int
    rate: float | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the answers leave open. `answered`: the figure among those who answered (None without answers), not the answer.

    `worst`: whatever the silent would have said; `assumed`: under the assumption that was stated, None without one.
    """

    response: Response
    answered: float | None
    worst: tuple[float, float]
    assumed: tuple[float, float] | None


def response(answered: int, asked: int) -> Response:
    """The response rate. Raises ImpactError where more answered than were asked, or a number is negative or not whole."""
    for name, value in (("answered", answered), ("asked", asked)):
        if value != math.floor(value) or value < 0:
            raise ImpactError(f"{name}: {value} is not a whole number from 0 on.")
    if answered > asked:
        raise ImpactError(f"answered: {answered} answered, and only {asked} were asked.")
    return Response(asked, answered, answered / asked if asked else None)


def share_bounds(yes: int, answered: int, asked: int, *, ratio: tuple[float, float] | None = None) -> Bounds:
    """Between which shares (0 to 1) of all asked the yes lies.

    `ratio`: the stated assumption, that the silent say yes between `ratio[0]` and `ratio[1]` times as often as those who
    answered: (1, 1) is "the silent are alike", (0, 1) "the silent have at most as much to tell". Raises ImpactError where
    `asked` is 0, more say yes than answer, or the ratio is out of order. Source: Manski, Identification for Prediction and
    Decision (2007), chapters 2 and 3.
    """
    found = response(answered, asked)
    response(yes, answered)
    if not asked:
        raise ImpactError("asked: nobody was asked, so there is no share.")
    silent = asked - answered
    worst = yes / asked, (yes + silent) / asked
    if not answered:
        return Bounds(found, None, worst, None)
    share = yes / answered
    assumed = None
    if ratio is not None:
        low, high = _ordered("ratio", ratio)
        assumed = (yes + min(1.0, low * share) * silent) / asked, (yes + min(1.0, high * share) * silent) / asked
    return Bounds(found, share, worst, assumed)


def total_bounds(
    answers: Sequence[float], asked: int, *, possible: tuple[float, float], likely: tuple[float, float] | None = None
) -> Bounds:
    """Between which totals the sum over all asked lies, in the unit of the answers (money at one stage and currency, deals).

    `possible`: the least and most that one of the silent can have; `likely`: the same as a stated assumption, inside
    `possible`. Raises ImpactError for an answer outside `possible`, or more answers than asked. Source: as `share_bounds`.
    """
    found = response(len(answers), asked)
    low, high = _ordered("possible", possible)
    told = figures("answers", answers) if answers else None
    if told is not None and (told.min() < low or told.max() > high):
        raise ImpactError(f"answers: {told.min()} to {told.max()} goes beyond what is possible, {low} to {high}.")
    if likely is not None and not low <= _ordered("likely", likely)[0] <= likely[1] <= high:
        raise ImpactError(f"likely: {likely} is not inside {possible}.")
    total, silent = math.fsum(answers), asked - len(answers)

    def between(ends: tuple[float, float]) -> tuple[float, float]:
        return total + ends[0] * silent, total + ends[1] * silent

    return Bounds(found, total if answers else None, between(possible), between(likely) if likely else None)


def _ordered(name: str, ends: tuple[float, float]) -> tuple[float, float]:
    """Two finite ends that are not negative and in order."""
    figures(name, ends)
    at_least(name, ends[1], ends[0])
    return ends
