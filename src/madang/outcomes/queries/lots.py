"""Lotteries: their record as the kernel sees it, the check that anybody can repeat, and what a place was worth."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from madang.kernels.impact import Draw, Experiment, ImpactError, experiment, number, verify
from madang.markets.models import Edition
from madang.outcomes.models import Lot, Lottery


def lotteries_of(edition: Edition) -> QuerySet[Lottery]:
    """With the number of candidates."""
    return Lottery.objects.filter(edition=edition).select_related("edition").annotate(n_lots=Count("lots"))


def public_lotteries(edition: Edition) -> QuerySet[Lottery]:
    """Those whose list is closed: anybody who sees the edition may check them."""
    return Lottery.objects.filter(edition=edition, closed_at__isnull=False).select_related("edition")


@dataclass(frozen=True, slots=True)
class Proof:
    """A lottery with its candidates. Before the draw `ranked` is the list by code; `holds` is None until then."""

    lottery: Lottery
    ranked: tuple[tuple[Lot, str], ...]
    record: Draw | None
    holds: bool | None


def proof_of(lottery: Lottery) -> Proof:
    """The candidates with their numbers in the order of drawing, checked anew from the seed. One query."""
    lots = list(lottery.lots.all())
    if not lottery.drawn_at:
        return Proof(lottery, tuple((lot, "") for lot in sorted(lots, key=lambda lot: lot.code)), None, None)
    ranked = sorted(lots, key=lambda lot: lot.place or 0)
    record = Draw(lottery.seed, lottery.places, tuple(lot.code for lot in ranked))
    try:
        holds = verify(record, [lot.code for lot in lots], lottery.commitment)
    except ImpactError:
        holds = False
    holds = holds and [lot.code for lot in ranked if lot.is_drawn] == list(record.winners)
    return Proof(lottery, tuple((lot, number(lottery.seed, lot.code)) for lot in ranked), record, holds)


def worth_of(proof: Proof) -> tuple[Experiment | None, str]:
    """What a place was worth, or in words what is missing for that."""
    if proof.record is None:
        return None, ""
    outcomes = {lot.code: float(lot.outcome) for lot, _number in proof.ranked if lot.outcome is not None}
    if not outcomes:
        return None, _("Nothing is entered yet of what was counted afterwards.")
    try:
        return experiment(proof.record, outcomes), ""
    except ImpactError:
        return None, _("Two who were drawn and two who were not are the least of whom something must be entered.")


def proof_facts(proof: Proof) -> dict[str, object]:
    """The record for programs: everything the check needs, and nothing of anybody's name."""
    lottery = proof.lottery
    return {
        "lottery": lottery.code,
        "edition": lottery.edition.slug,
        "places": lottery.places,
        "commitment": lottery.commitment,
        "closed_at": lottery.closed_at.isoformat() if lottery.closed_at else None,
        "drawn_at": lottery.drawn_at.isoformat() if lottery.drawn_at else None,
        "seed": lottery.seed if lottery.drawn_at else None,
        "candidates": sorted(lot.code for lot, _number in proof.ranked),
        "drawn": list(proof.record.winners) if proof.record else [],
    }
