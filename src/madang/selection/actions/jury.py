"""The jury of a call: its members, its criteria, and conflicts of interest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.markets.actions import record
from madang.people.models import Participant
from madang.selection.actions.refusals import Refused
from madang.selection.criteria import STANDARD
from madang.selection.models import Call, Conflict, ConflictKind, Criterion, Entry, Juror, Reading, ReadingState
from madang.selection.queries.conflicts import detected_conflicts
from madang.selection.rules.jury import OPEN, juror_of, may_run_jury


def guard(actor: User, call: Call) -> None:
    """Whoever does not run the jury goes no further."""
    if not may_run_jury(actor, call):
        raise PermissionDenied


@transaction.atomic
def seat_juror(actor: User, call: Call, participant: Participant, facts: Mapping[str, Any]) -> Juror:
    """Put a participant into the jury, or change her languages, load and chair; who had left comes back."""
    guard(actor, call)
    if participant.edition_id != call.edition_id or not participant.is_juror or participant.left_at:
        raise Refused(_("Only a participant of this edition with the role of a juror sits in a jury."))
    juror, is_new = Juror.objects.update_or_create(call=call, participant=participant, defaults={**facts, "left_at": None})
    record(call.edition, actor, "seat_juror" if is_new else "change_juror", participant.code, call=call.code)
    return juror


@transaction.atomic
def leave_jury(actor: User, juror: Juror) -> int:
    """She reads no more: what she has not scored is taken from her, what she scored stays. Gives how many readings came free."""
    guard(actor, juror.call)
    now = juror.call.edition.now()
    if not Juror.objects.filter(pk=juror.pk, left_at=None).update(left_at=now):
        return 0
    freed, _rows = Reading.objects.filter(juror=juror, state__in=OPEN).delete()
    record(juror.call.edition, actor, "leave_jury", juror.participant.code, call=juror.call.code, readings=freed)
    return freed


@transaction.atomic
def save_criterion(actor: User, call: Call, facts: Mapping[str, Any], criterion: Criterion | None = None) -> Criterion:
    """Add or change a criterion; its scale stays as it is once somebody has used it."""
    guard(actor, call)
    if criterion is None and Reading.objects.filter(juror__call=call, state=ReadingState.DONE).exists():
        raise Refused(_("Jurors have scored entries to the end already: a new criterion would leave them unscored."))
    row = criterion or Criterion(call=call, position=call.criteria.count())
    used = criterion is not None and criterion.scores.exists()
    if used and any(getattr(row, name) != facts[name] for name in ("axis", "low", "high")):
        raise Refused(_("Jurors have used this criterion: its axis and scale stay. Add another one instead."))
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()
    record(call.edition, actor, "save_criterion", row.code, call=call.code)
    return row


@transaction.atomic
def drop_criterion(actor: User, criterion: Criterion) -> None:
    """Take a criterion away that nobody has used."""
    guard(actor, criterion.call)
    if criterion.scores.exists():
        raise Refused(_("Jurors have used this criterion: it stays."))
    criterion.delete()
    record(criterion.call.edition, actor, "drop_criterion", criterion.code, call=criterion.call.code)


@transaction.atomic
def take_standard_criteria(actor: User, call: Call) -> int:
    """Add those of the standard set that the call does not have; gives how many."""
    guard(actor, call)
    known = set(call.criteria.values_list("code", flat=True))
    rows = [Criterion(call=call, position=n, **facts) for n, facts in enumerate(STANDARD) if facts["code"] not in known]
    Criterion.objects.bulk_create(rows)
    if rows:
        record(call.edition, actor, "take_standard_criteria", call.code, count=len(rows))
    return len(rows)


@transaction.atomic
def detect_conflicts(actor: User, call: Call) -> int:
    """Write down what the rows show; what was found harmless stays so. Gives how many are new."""
    guard(actor, call)
    known = set(Conflict.objects.filter(juror__call=call).values_list("juror", "entry", "kind"))
    found = [f for f in detected_conflicts(call) if (f.juror.pk, f.entry.pk, f.kind.value) not in known]
    now = call.edition.now()
    rows = [Conflict(juror=f.juror, entry=f.entry, kind=f.kind, note=f.note, created_at=now) for f in found]
    Conflict.objects.bulk_create(rows, ignore_conflicts=True)
    _give_back({(f.juror.pk, f.entry.pk): f.note for f in found})
    record(call.edition, actor, "detect_conflicts", call.code, count=len(rows))
    return len(rows)


@transaction.atomic
def add_conflict(actor: User, juror: Juror, entry: Entry, note: str) -> Conflict:
    """A conflict that the organiser knows of, or that the juror declares herself; the reading goes back."""
    own = juror_of(actor, juror.call)
    if own != juror:
        guard(actor, juror.call)
    kind = ConflictKind.DECLARED if own == juror else ConflictKind.HAND
    facts = {"note": note, "is_waived": False, "created_at": juror.call.edition.now()}
    conflict, _new = Conflict.objects.update_or_create(juror=juror, entry=entry, kind=kind, defaults=facts)
    _give_back({(juror.pk, entry.pk): note})
    record(juror.call.edition, actor, "add_conflict", entry.code, juror=juror.participant.code)
    return conflict


@transaction.atomic
def waive_conflict(actor: User, conflict: Conflict, reason: str) -> None:
    """Found harmless, with the reason for the record: the juror may read the entry."""
    call = conflict.juror.call
    guard(actor, call)
    if not reason.strip():
        raise Refused(_("Say why it is harmless: the reason stays in the log."))
    Conflict.objects.filter(pk=conflict.pk).update(is_waived=True)
    details = {"juror": conflict.juror.participant.code, "kind": conflict.kind, "reason": reason}
    record(call.edition, actor, "waive_conflict", conflict.entry.code, **details)


@transaction.atomic
def restore_conflict(actor: User, conflict: Conflict) -> None:
    """It counts again; a reading that was given meanwhile goes back."""
    call = conflict.juror.call
    guard(actor, call)
    Conflict.objects.filter(pk=conflict.pk).update(is_waived=False)
    _give_back({(conflict.juror_id, conflict.entry_id): conflict.note})
    record(call.edition, actor, "restore_conflict", conflict.entry.code, juror=conflict.juror.participant.code)


def _give_back(pairs: dict[tuple[int, int], str]) -> None:
    """Readings in conflict count no more, whether scored or not."""
    for (juror, entry), note in pairs.items():
        live = Reading.objects.filter(juror=juror, entry=entry).exclude(state=ReadingState.RECUSED)
        live.update(state=ReadingState.RECUSED, recused_because=note)
