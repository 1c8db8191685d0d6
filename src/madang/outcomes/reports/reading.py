"""Reads every measure of an edition, as it is to be frozen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db.models import Max
from django.utils.translation import gettext as _

from madang.markets.models import Edition, LogEntry
from madang.outcomes.measures.face import Figure, Measure
from madang.outcomes.measures.sums import reading_once
from madang.outcomes.reports.snapshot import Snap, snap_of

Tell = Callable[[str, int, int], None]


def quietly(_what: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


class Unsound(Exception):
    """A measure whose figures cannot be frozen; the text names it, and says why."""


class Stopped(Exception):
    """Somebody asked to stop."""


def read_snaps_of(edition: Edition, measures: Sequence[Measure], tell: Tell) -> list[Snap]:
    """Every figure with its rows. Raises Unsound. `tell` may raise Stopped."""
    snaps: list[Snap] = []
    with reading_once():
        for number, measure in enumerate(measures):
            tell(measure.code, number, len(measures))
            for figure in measure.compute(edition):
                snaps.append(_snap(len(snaps), measure, figure))
    _look_for_doubles(snaps)
    return snaps


def _snap(position: int, measure: Measure, figure: Figure) -> Snap:
    try:
        if figure.measure != measure.code:
            raise ValueError(f"a figure of {figure.measure}")
        return snap_of(position, figure, is_public=measure.is_public)
    except ValueError as fault:
        words = _("%(measure)s (%(code)s) cannot be frozen, its rows do not add up to its number: %(fault)s.")
        raise Unsound(words % {"measure": measure.name, "code": measure.code, "fault": fault}) from fault


def _look_for_doubles(snaps: Sequence[Snap]) -> None:
    seen: set[tuple[str, str]] = set()
    for snap in snaps:
        if (snap.measure, snap.currency) in seen:
            raise Unsound(_("%(measure)s gives two figures in one currency.") % {"measure": snap.measure})
        seen.add((snap.measure, snap.currency))


def last_line(edition: Edition) -> int:
    """The last line of the edition's log: as long as it stays, nothing has changed between two measures."""
    return LogEntry.objects.filter(edition=edition).aggregate(last=Max("pk"))["last"] or 0
