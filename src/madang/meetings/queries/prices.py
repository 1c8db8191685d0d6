"""What each dial costs, in words and figures for the organiser."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from madang.meetings.aims import AIM_WORDS
from madang.meetings.models import PriceRun


@dataclass(frozen=True)
class DialRow:
    """One dial: per cent of the wishes fulfilled, and how many points of per cent less than the most of all dials.

    `fairness`: 100 where everybody gets the same share of her wishes. `moved`: published meetings that would move or fall away.
    """

    words: str | Promise
    share: float
    less: float
    placed: int
    breaks: int
    fairness: int
    moved: int | None


def dial_rows(run: PriceRun) -> list[DialRow]:
    """The comparison as it was kept."""
    most = max((row["weight"] for row in run.rows), default=0)
    return [
        DialRow(
            AIM_WORDS[row["name"]],
            100 * row["weight"] / max(1, row["wanted"]),
            100 * (most - row["weight"]) / max(1, row["wanted"]),
            row["placed"],
            row["breaks"],
            round(100 * row["fairness"]),
            row["moved"],
        )
        for row in run.rows
    ]
