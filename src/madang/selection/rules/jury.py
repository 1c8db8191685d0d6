"""Who reads which entry, who sees who made it, who scores and who takes part in the discussion."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from madang.markets.models import Edition
from madang.markets.rules import Visitor, may_organise
from madang.selection.models import Call, Conflict, Entry, EntryState, Juror, Reading, ReadingState, Remark

OPEN = (ReadingState.ASSIGNED, ReadingState.BEGUN)
"""States of a reading that still waits for its juror."""


def may_run_jury(user: Visitor, call: Call) -> bool:
    """Organisers: jurors, conflicts, who reads what, rankings, decisions."""
    return may_organise(user, call.edition)


def own_juries(user: Visitor, edition: Edition) -> QuerySet[Juror]:
    """The user's seats in juries of the edition that she has not left."""
    if not user.is_authenticated:
        return Juror.objects.none()
    seats = Juror.objects.filter(call__edition=edition, participant__user=user, left_at=None, participant__left_at=None)
    return seats.select_related("call__edition", "participant")


def juror_of(user: Visitor, call: Call) -> Juror | None:
    """The user's seat in the jury of the call."""
    return own_juries(user, call.edition).filter(call=call).first()


def sits_in_jury(user: Visitor, edition: Edition) -> bool:
    """Whether the edition's navigation leads her to a jury."""
    return own_juries(user, edition).exists()


def own_readings(user: Visitor, call: Call) -> QuerySet[Reading]:
    """What a juror reads; what she gave back, and what was withdrawn or found not eligible, is not among it."""
    juror = juror_of(user, call)
    if juror is None:
        return Reading.objects.none()
    return Reading.objects.filter(juror=juror, entry__state=EntryState.SUBMITTED).exclude(state=ReadingState.RECUSED)


def visible_readings(user: Visitor, call: Call) -> QuerySet[Reading]:
    """Organisers see all readings of the call, a juror her own."""
    if may_run_jury(user, call):
        return Reading.objects.filter(juror__call=call)
    return own_readings(user, call)


def may_see_makers(user: Visitor, call: Call) -> bool:
    """Who made an entry: organisers always, jurors where the call is not blind."""
    return may_run_jury(user, call) or not call.is_blind


def is_scoring_open(call: Call) -> bool:
    return call.scoring_until is None or call.edition.now() < call.scoring_until


def may_score(user: Visitor, reading: Reading) -> bool:
    """Her own reading, until it is done and while jurors score."""
    call = reading.juror.call
    return reading.state in OPEN and is_scoring_open(call) and own_readings(user, call).filter(pk=reading.pk).exists()


def chaired(user: Visitor, call: Call) -> Juror | None:
    """The user's seat in the jury, where she chairs it."""
    juror = juror_of(user, call)
    return juror if juror and juror.is_chair else None


def discussed_entries(user: Visitor, call: Call) -> QuerySet[Entry]:
    """Entries whose discussion the user reads: a juror those she scored, organisers all.

    A chair reads all but those that she is still to score, gave back, or has a conflict of interest in.
    """
    entries = Entry.objects.filter(call=call)
    if may_run_jury(user, call):
        return entries
    juror = juror_of(user, call)
    if juror is None:
        return entries.none()
    mine = Reading.objects.filter(juror=juror, entry=OuterRef("pk"))
    scored = Q(Exists(mine.filter(state=ReadingState.DONE)))
    if not juror.is_chair:
        return entries.filter(scored)
    conflict = Conflict.objects.filter(juror=juror, entry=OuterRef("pk"), is_waived=False)
    return entries.filter(scored | (~Q(Exists(mine)) & ~Q(Exists(conflict))), state=EntryState.SUBMITTED)


def visible_remarks(user: Visitor, entry: Entry) -> QuerySet[Remark]:
    """The discussion of an entry, for whoever may read it."""
    if not discussed_entries(user, entry.call).filter(pk=entry.pk).exists():
        return Remark.objects.none()
    return Remark.objects.filter(entry=entry).select_related("juror__participant__edition")


def may_remark(user: Visitor, entry: Entry) -> bool:
    """A juror who reads the discussion speaks in it; organisers only listen."""
    return juror_of(user, entry.call) is not None and discussed_entries(user, entry.call).filter(pk=entry.pk).exists()
