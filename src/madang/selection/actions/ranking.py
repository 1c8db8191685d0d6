"""Freezing a ranking: the scores as they stand, severity taken out, axis by axis."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.kernels.jury import severity as kernel
from madang.markets.actions import record
from madang.selection.actions.jury import guard
from madang.selection.actions.refusals import Refused
from madang.selection.models import Call, Rank, Ranking
from madang.selection.queries.ranking import facts_of, latest_ranking, scored


def make_ranking(actor: User, call: Call) -> tuple[Ranking, bool]:
    """A frozen ranking of all readings that are done; True if it is new. Where no score has changed, the last one is given.

    Computed outside the transaction; the digest of the scores is its seed, so that the same scores give the same ranking.
    """
    guard(actor, call)
    found = scored(call)
    if not found.problem.ratings:
        raise Refused(_("Nobody has scored an entry to the end yet: there is nothing to rank."))
    result = kernel.solve(found.problem, seed=int(found.digest[:8], 16))
    faults = kernel.check(found.problem, result)
    if faults:
        raise Refused("\n".join(v.text for v in faults[:3]))
    return _save(actor, call, found.digest, found.readings, result)


@transaction.atomic
def _save(actor: User, call: Call, digest: str, readings: int, result: kernel.Result) -> tuple[Ranking, bool]:
    Call.objects.select_for_update().get(pk=call.pk)
    latest = latest_ranking(call)
    if latest is not None and latest.digest == digest:
        return latest, False
    facts: dict[str, Any] = {axis.name: facts_of(axis) | {"scale": _scale(axis)} for axis in result.axes}
    number = latest.number + 1 if latest else 1
    row = {"made_at": call.edition.now(), "made_by": actor, "digest": digest, "facts": facts | {"readings": readings}}
    ranking = Ranking.objects.create(call=call, number=number, **row)
    Rank.objects.bulk_create([_rank(ranking, axis.name, s) for axis in result.axes for s in axis.scores], batch_size=500)
    record(call.edition, actor, "make_ranking", call.code, number=number, digest=digest[:12])
    return ranking, True


def _scale(axis: kernel.Axis) -> list[float]:
    """From the lowest to the highest end of an interval: what the pictures of the axis span."""
    ends = [end for s in axis.scores for end in (s.low, s.high, s.score) if end is not None]
    return [min(ends, default=0.0), max(ends, default=1.0)]


def _rank(ranking: Ranking, axis: str, score: kernel.Score) -> Rank:
    """Where no interval is known (`facts` says so) it is the score itself."""
    return Rank(
        ranking=ranking,
        entry_id=score.entry,
        axis=axis,
        mean=score.raw,
        fair=score.score,
        low=score.score if score.low is None else score.low,
        high=score.score if score.high is None else score.high,
        place=score.place,
        place_low=score.first,
        place_high=score.last,
        readings=score.readings,
    )
