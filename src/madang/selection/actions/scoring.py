"""A juror at work: scores on both axes, done, given back, and the discussion after."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.markets.actions import record
from madang.selection.actions.jury import add_conflict
from madang.selection.actions.refusals import Refused
from madang.selection.models import Criterion, Entry, Reading, ReadingState, Remark, Score
from madang.selection.rules.jury import OPEN, is_scoring_open, juror_of, may_remark, own_readings


@transaction.atomic
def save_scores(actor: User, reading: Reading, values: Mapping[int, int | None], comment: str) -> Reading:
    """Keep what the juror has written so far; a value of None takes a score back. Values outside a scale are refused."""
    row = _open(actor, reading)
    scales = {criterion.pk: criterion for criterion in row.juror.call.criteria.all()}
    for criterion, value in values.items():
        _ensure_on_scale(scales[criterion], value)
    gone = [pk for pk, value in values.items() if value is None]
    Score.objects.filter(reading=row, criterion__in=gone).delete()
    rows = [Score(reading=row, criterion_id=pk, value=value) for pk, value in values.items() if value is not None]
    Score.objects.bulk_create(rows, update_conflicts=True, unique_fields=["reading", "criterion"], update_fields=["value"])
    row.comment = comment
    if row.state == ReadingState.ASSIGNED and (rows or comment):
        row.state = ReadingState.BEGUN
    row.save(update_fields=["comment", "state"])
    return row


def _ensure_on_scale(criterion: Criterion, value: int | None) -> None:
    if value is not None and not criterion.low <= value <= criterion.high:
        raise Refused(
            _("“%(name)s” goes from %(low)s to %(high)s.") % {"name": criterion, "low": criterion.low, "high": criterion.high}
        )


@transaction.atomic
def finish_reading(actor: User, reading: Reading) -> Reading:
    """All criteria scored: final, and the discussion opens."""
    row = _open(actor, reading)
    call = row.juror.call
    criteria = list(call.criteria.all())
    given = set(row.scores.values_list("criterion", flat=True))
    missing = [str(criterion) for criterion in criteria if criterion.pk not in given]
    if missing or not criteria:
        raise Refused(_("Not scored yet: %(names)s.") % {"names": ", ".join(missing) or _("there are no criteria")})
    row.state, row.done_at = ReadingState.DONE, call.edition.now()
    row.save(update_fields=["state", "done_at"])
    record(call.edition, actor, "finish_reading", row.entry.code, call=call.code)
    return row


@transaction.atomic
def recuse(actor: User, reading: Reading, reason: str, *, is_conflict: bool) -> None:
    """Give a reading back, with the reason; a conflict of interest is written down as one."""
    row = _open(actor, reading)
    call = row.juror.call
    if not reason.strip():
        raise Refused(_("Say why: the organiser needs the reason."))
    if is_conflict:
        add_conflict(actor, row.juror, row.entry, reason)
    Reading.objects.filter(pk=row.pk).update(state=ReadingState.RECUSED, recused_because=reason)
    record(call.edition, actor, "recuse", row.entry.code, call=call.code)


@transaction.atomic
def add_remark(actor: User, entry: Entry, text: str) -> Remark:
    """Say something in the discussion of an entry: only whoever has scored it."""
    juror = juror_of(actor, entry.call)
    if juror is None or not may_remark(actor, entry):
        raise PermissionDenied
    remark = Remark.objects.create(entry=entry, juror=juror, text=text, at=entry.call.edition.now())
    record(entry.call.edition, actor, "add_remark", entry.code, call=entry.call.code)
    return remark


def _open(actor: User, reading: Reading) -> Reading:
    """The reading, locked, if it is the actor's and may still be written."""
    if not own_readings(actor, reading.juror.call).filter(pk=reading.pk).exists():
        raise PermissionDenied
    rows = Reading.objects.select_for_update(of=("self",)).select_related("juror__call__edition", "entry")
    row = rows.get(pk=reading.pk)
    if row.state not in OPEN:
        raise Refused(_("This entry is scored already; scores stay as they are once the discussion is open."))
    if not is_scoring_open(row.juror.call):
        raise Refused(_("The time for scoring is over."))
    return row
