"""Reports as pages and files read them: the newest, figures in columns, what a check found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from madang.markets.models import Edition, RunState
from madang.outcomes.models import Report, ReportRun
from madang.outcomes.reports.snapshot import Snap, digest_of_report, read_snaps

Name = tuple[str, str]
"""(measure, currency) of a figure."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A report computed anew from the rows of its snapshot alone."""

    report: Report
    snaps: tuple[Snap, ...]
    digest: str
    differing: tuple[Name, ...]

    @property
    def is_same(self) -> bool:
        return self.digest == self.report.digest and not self.differing


def recompute(report: Report) -> Checked:
    """The figures from their frozen rows, and the digest over them. Nothing of the edition's live rows is asked. Two queries."""
    kept = list(read_snaps(report))
    anew = tuple(snap.added_up() for snap in kept)
    differing = tuple((a.measure, a.currency) for a, b in zip(kept, anew, strict=True) if a.columns != b.columns)
    return Checked(report, anew, digest_of_report(report, anew), differing)


def columns_by_figure(snaps: Iterable[Snap]) -> dict[Name, dict[str, Any]]:
    """What a correction compares: version and numbers of each figure."""
    return {(snap.measure, snap.currency): {"version": snap.version, "columns": dict(snap.columns)} for snap in snaps}


def newest_published(edition: Edition) -> Report | None:
    return Report.objects.filter(edition=edition, is_published=True).select_related("edition", "replaces").first()


def newest_files(report: Report) -> dict[str, ReportRun]:
    """Language -> the newest run whose files are there. One query."""
    runs = ReportRun.objects.filter(report=report, state=RunState.DONE).exclude(stored="").order_by("pk")
    return {run.language: run for run in runs}


def word_of(inputs: Mapping[str, Any], measure: str, what: str) -> str:
    """Name, definition, source or missing of a measure as it was frozen, in the active language."""
    words = inputs.get("words", {}).get(measure, {})
    language = (get_language() or "en")[:2]
    text = words.get(language, {}).get(what) or words.get("en", {}).get(what) or ""
    return str(text or (measure if what == "name" else ""))


def frozen_name(facts: Mapping[str, str]) -> str:
    """`name_<language>` of frozen facts, else `name`."""
    language = (get_language() or "en")[:2]
    return facts.get(f"name_{language}") or facts.get("name", "")
