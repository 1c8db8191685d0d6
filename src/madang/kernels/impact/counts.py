"""Monthly counts of titles: what an uplift is measured on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .faults import FloatArray, ImpactError, figures, no_doubles

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def month_number(month: str) -> int:
    """Months since year 0 of "2026-09". Raises ImpactError where it is not written so."""
    found = _MONTH.fullmatch(month)
    if found is None:
        raise ImpactError(f"{month!r} is not a month; write it like 2026-09.")
    return int(found[1]) * 12 + int(found[2]) - 1


def month_name(number: int) -> str:
    """The inverse of `month_number`."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


@dataclass(frozen=True, eq=False, slots=True)
class Counts:
    """Monthly counts: `counts[i, t]` of `titles[i]` in the month `first` + t, shape (titles, months).

    NaN is a month that was not observed, which is something else than 0. Raises ImpactError for a negative or infinite count, a
    title that stands twice, or rows that do not fit the titles.
    """

    first: str
    titles: tuple[str, ...]
    counts: FloatArray

    def __post_init__(self) -> None:
        month_number(self.first)
        no_doubles("titles", self.titles)
        checked = figures("counts", self.counts, axes=2, missing=True)
        if len(checked) != len(self.titles):
            raise ImpactError(f"There are {len(self.titles)} titles and {len(checked)} rows of counts.")
        checked.setflags(write=False)
        object.__setattr__(self, "counts", checked)

    def rows(self, titles: Sequence[str]) -> FloatArray:
        """The counts of these titles, shape (len(titles), months). Raises ImpactError for a title that is not counted."""
        place = {title: index for index, title in enumerate(self.titles)}
        unknown = [title for title in titles if title not in place]
        if unknown:
            raise ImpactError(f"No counts are given for {', '.join(unknown)}.")
        taken: FloatArray = self.counts[np.array([place[title] for title in titles], dtype=int)]
        return taken

    def columns(self, first: int, months: int) -> slice:
        """The columns of `months` months from the month number `first` on. Raises ImpactError where they are not all
        counted.
        """
        begin = first - month_number(self.first)
        if begin < 0 or begin + months > self.counts.shape[1]:
            last = month_name(month_number(self.first) + self.counts.shape[1] - 1)
            wanted = f"{month_name(first)} to {month_name(first + months - 1)}"
            raise ImpactError(f"Counts of {wanted} are needed; there are those of {self.first} to {last}.")
        return slice(begin, begin + months)


def log_ratios(values: FloatArray, before: slice, after: slice, zero: float) -> FloatArray:
    """log(rate after / rate before) of each row of monthly counts, shape (rows,); NaN where a window was not observed at all.

    A window's rate is its sum over its observed months; `zero` counts in the shorter of both windows are added to both rates,
    so that a sum of 0 has a logarithm and two equal rates give 0. Source of the half count: Haldane, Annals of Human Genetics
    20 (1956) 309; Anscombe, Biometrika 43 (1956) 461.
    """
    pseudo = zero / min(before.stop - before.start, after.stop - after.start)
    earlier, later = rates(values[:, before]), rates(values[:, after])
    if zero == 0 and (np.any(earlier == 0) or np.any(later == 0)):
        raise ImpactError("zero: a window without a count has no logarithm; register 0.5 instead of 0.")
    ratios: FloatArray = np.log(later + pseudo) - np.log(earlier + pseudo)
    return ratios


def rates(values: FloatArray) -> FloatArray:
    """Counts a month over the observed months of each row, shape (rows,); NaN where none was observed."""
    seen = np.sum(~np.isnan(values), axis=1)
    out = np.full(len(values), np.nan)
    np.divide(np.nansum(values, axis=1), seen, out=out, where=seen > 0)
    return out
