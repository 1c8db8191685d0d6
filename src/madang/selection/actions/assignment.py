"""Dealing out readings: computed as a proposal, taken by the organiser, changed by hand."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.kernels.jury import assignment as kernel
from madang.kit import progress
from madang.markets.actions import close_run, notice_interrupted, record
from madang.markets.models import RunState
from madang.markets.runs import carry_out
from madang.people.actions import Telling, notify_many
from madang.selection.actions.jury import guard
from madang.selection.actions.refusals import Refused
from madang.selection.models import AssignmentRun, Call, Conflict, Entry, EntryState, Juror, Reading, ReadingState
from madang.selection.queries.assignment import board_of, latest_assignment, report_of
from madang.selection.rules.jury import OPEN

LIMIT = 120.0
"""Seconds after which an assignment is ended with the best so far."""


@transaction.atomic
def start_assignment(actor: User, call: Call, *, anew: bool, most_compatriots: int | None) -> tuple[AssignmentRun, bool]:
    """Open a run; True if it is new. A call has one at a time: a second click gets the one that is open."""
    guard(actor, call)
    Call.objects.select_for_update().get(pk=call.pk)
    latest = latest_assignment(call)
    if latest is not None and notice_interrupted(latest).is_open:
        return latest, False
    settings = {"anew": anew, "most_compatriots": most_compatriots}
    facts = {"asked_by": actor, "created_at": call.edition.now(), "report": {"settings": settings}}
    run = AssignmentRun.objects.create(edition=call.edition, call=call, **facts)
    record(call.edition, actor, "compute_assignment", call.code, anew=anew)
    return run, True


@transaction.atomic
def stop_assignment(actor: User, run: AssignmentRun) -> None:
    """Ask an open run to end; one that has not begun is closed at once."""
    guard(actor, run.call)
    progress.ask_stop(run.key)
    if AssignmentRun.objects.filter(pk=run.pk, state=RunState.QUEUED).update(state=RunState.STOPPED):
        run.refresh_from_db()
        close_run(run, RunState.STOPPED)


def compute_assignment(run_key: str) -> AssignmentRun | None:
    """Compute the proposal of a run; None if it does not wait to be started. Readings stay as they are."""
    return carry_out(AssignmentRun, run_key, _compute)


def _compute(run: AssignmentRun) -> None:
    settings = run.report["settings"]
    say = progress.teller(run.key)
    say("reading", 0, 3)
    board = board_of(run.call, **settings)

    def listen(seen: kernel.Progress) -> bool:
        say(seen.stage, seen.step, seen.steps)
        return progress.stop_asked(run.key)

    try:
        if board.before.pairs and not settings["anew"]:
            plan = kernel.repair(board.problem, board.before, limit=LIMIT).plan
        else:
            plan = kernel.solve(board.problem, seed=run.call.pk, limit=LIMIT, progress=listen, partial=True)
    except kernel.ProblemError as fault:
        close_run(run, RunState.FAILED, str(fault))
        return
    broken = kernel.check(board.problem, plan)
    if broken:
        close_run(run, RunState.FAILED, "\n".join(v.text for v in broken[:5]))
        return
    run.report = report_of(board, plan, settings)
    close_run(run, RunState.STOPPED if progress.stop_asked(run.key) else RunState.DONE)


@transaction.atomic
def take_assignment(actor: User, run: AssignmentRun) -> int:
    """Write the proposal as readings, whole or not at all; jurors are told once. Gives how many readings are new."""
    call = Call.objects.select_for_update().select_related("edition").get(pk=run.call_id)
    guard(actor, call)
    run = AssignmentRun.objects.select_for_update().get(pk=run.pk)
    if run.taken_at or "pairs" not in run.report:
        raise Refused(_("This proposal was taken before, or there is nothing in it."))
    if board_of(call, **run.report["settings"]).digest != run.report["digest"]:
        raise Refused(_("Entries, jurors, conflicts or readings have changed since. Have it computed again."))
    new = _write(call, run.report)
    run.taken_at = call.edition.now()
    run.save(update_fields=["taken_at", "report"])
    record(call.edition, actor, "take_assignment", call.code, new=len(new), gone=run.report["gone"])
    tell_jurors(call, {reading.juror_id for reading in new}, run.key)
    return len(new)


def _write(call: Call, report: dict[str, Any]) -> list[Reading]:
    """New readings in, those that moved out; one given back is revived where its conflict was found harmless.

    What it changes is kept in the report, so that it can be undone.
    """
    reasons = {tuple(pair): reason for pair, reason in zip(report["pairs"], report["reasons"], strict=True)}
    rows = {(r.entry_id, r.juror_id): r for r in Reading.objects.filter(juror__call=call)}
    gone = [r for key, r in rows.items() if r.state == ReadingState.ASSIGNED and not r.is_locked and key not in reasons]
    Reading.objects.filter(pk__in=[r.pk for r in gone], state=ReadingState.ASSIGNED).delete()
    report["gone_rows"], report["back_rows"] = [_kept(row) for row in gone], []
    now, new, again = call.edition.now(), [], []
    for (entry, juror), (code, points) in reasons.items():
        reason = {"code": code, "points": points}
        row = rows.get((entry, juror))
        if row is None:
            new.append(Reading(entry_id=entry, juror_id=juror, reason=reason, assigned_at=now))
        elif row.state == ReadingState.RECUSED:
            report["back_rows"].append(_kept(row))
            row.state, row.recused_because, row.reason, row.assigned_at = ReadingState.ASSIGNED, "", reason, now
            again.append(row)
    Reading.objects.bulk_create(new, batch_size=500)
    Reading.objects.bulk_update(again, ["state", "recused_because", "reason", "assigned_at"], batch_size=500)
    report["new_rows"] = [[row.entry_id, row.juror_id] for row in new]
    return [*new, *again]


def _kept(row: Reading) -> list[Any]:
    """A reading as a report keeps it."""
    return [row.entry_id, row.juror_id, row.reason, row.recused_because, row.assigned_at.isoformat()]


@transaction.atomic
def undo_assignment(actor: User, run: AssignmentRun) -> tuple[int, int]:
    """Take what a proposal brought away again and give back what it took; how many readings went, and how many came back.

    What a juror has begun, scored or given back since stays, and what was set by hand; nothing comes back to a juror who has
    left or has a conflict of interest by now, or to an entry that has its readers. Refused unless it is the last one taken.
    """
    call = Call.objects.select_for_update().select_related("edition").get(pk=run.call_id)
    guard(actor, call)
    run = AssignmentRun.objects.select_for_update().get(pk=run.pk)
    later = AssignmentRun.objects.filter(call=call, pk__gt=run.pk).exclude(taken_at=None).exists()
    if later or run.taken_at is None or "new_rows" not in run.report:
        raise Refused(_("This is not the last proposal that was taken: there is nothing to undo."))
    gone = _take_away(call, run.report)
    back = _bring_back(call, run.report)
    run.taken_at = None
    run.save(update_fields=["taken_at"])
    record(call.edition, actor, "undo_assignment", call.code, gone=gone, back=len(back))
    tell_jurors(call, {row.juror_id for row in back}, f"{run.key}:{_stamp(call)}")
    return gone, len(back)


def _take_away(call: Call, report: dict[str, Any]) -> int:
    """New readings that nobody has touched go; revived ones are given back again."""
    waiting = Reading.objects.filter(juror__call=call, state=ReadingState.ASSIGNED, is_locked=False)
    rows = {(row.entry_id, row.juror_id): row for row in waiting}
    new = [rows[key].pk for key in map(tuple, report["new_rows"]) if key in rows]
    Reading.objects.filter(pk__in=new).delete()
    again = []
    for entry, juror, reason, because, at in report["back_rows"]:
        if row := rows.get((entry, juror)):
            row.state, row.reason, row.recused_because = ReadingState.RECUSED, reason, because
            row.assigned_at = dt.datetime.fromisoformat(at)
            again.append(row)
    Reading.objects.bulk_update(again, ["state", "reason", "recused_because", "assigned_at"], batch_size=500)
    return len(new) + len(again)


def _bring_back(call: Call, report: dict[str, Any]) -> list[Reading]:
    """Readings that moved away, where they still may stand."""
    entries = set(call.entries.filter(state=EntryState.SUBMITTED).values_list("pk", flat=True))
    jurors = set(call.jurors.filter(left_at=None).values_list("pk", flat=True))
    barred = set(Conflict.objects.filter(juror__call=call, is_waived=False).values_list("entry", "juror"))
    rows = list(Reading.objects.filter(juror__call=call).values_list("entry", "juror", "state"))
    taken = barred | {(entry, juror) for entry, juror, _state in rows}
    readers = Counter(entry for entry, _juror, state in rows if state != ReadingState.RECUSED)
    back = []
    for entry, juror, reason, _because, at in report["gone_rows"]:
        if entry in entries and juror in jurors and (entry, juror) not in taken and readers[entry] < call.readers:
            readers[entry] += 1
            back.append(Reading(entry_id=entry, juror_id=juror, reason=reason, assigned_at=dt.datetime.fromisoformat(at)))
    return Reading.objects.bulk_create(back, batch_size=500)


def tell_jurors(call: Call, jurors: Iterable[int], key: str) -> None:
    """That there is something for them to read."""
    rows = Juror.objects.filter(pk__in=list(jurors)).select_related("participant__edition")
    facts = {"what": call.name, "what_ko": call.name_ko, "what_fr": call.name_fr, "call": call.code}
    notify_many(Telling(juror.participant, "readings_assigned", key, facts) for juror in rows)


@transaction.atomic
def add_reading(actor: User, juror: Juror, entry: Entry) -> Reading:
    """A reading by hand, kept when dealt out anew; a language that the juror does not read is the organiser's risk."""
    call = juror.call
    guard(actor, call)
    Call.objects.select_for_update().get(pk=call.pk)
    if entry.call_id != call.pk or entry.state != EntryState.SUBMITTED or juror.left_at is not None:
        raise Refused(_("The entry was withdrawn, or the juror has left the jury."))
    if Conflict.objects.filter(juror=juror, entry=entry, is_waived=False).exists():
        raise Refused(_("%(juror)s has a conflict of interest with this entry.") % {"juror": juror})
    reading, is_new = Reading.objects.get_or_create(
        juror=juror, entry=entry, defaults={"is_locked": True, "reason": {"code": "locked"}, "assigned_at": call.edition.now()}
    )
    if not is_new and reading.state != ReadingState.RECUSED:
        raise Refused(_("%(juror)s reads this entry already.") % {"juror": juror})
    if not is_new:
        facts = {"state": ReadingState.ASSIGNED, "is_locked": True, "recused_because": "", "reason": {"code": "locked"}}
        Reading.objects.filter(pk=reading.pk).update(**facts)
    record(call.edition, actor, "add_reading", entry.code, juror=juror.participant.code)
    tell_jurors(call, [juror.pk], f"{reading.pk}:{_stamp(call)}")
    return reading


def _stamp(call: Call) -> str:
    return call.edition.now().astimezone(dt.UTC).isoformat(timespec="seconds")


@transaction.atomic
def remove_reading(actor: User, reading: Reading) -> None:
    """Take a reading away that is not scored."""
    call = reading.juror.call
    guard(actor, call)
    gone, _rows = Reading.objects.filter(pk=reading.pk, state__in=OPEN).delete()
    if not gone:
        raise Refused(_("It has been scored, or given back: it stays for the record."))
    record(call.edition, actor, "remove_reading", reading.entry.code, juror=reading.juror.participant.code)


@transaction.atomic
def lock_reading(actor: User, reading: Reading, *, locked: bool) -> None:
    """Keep it when readings are dealt out anew, or let it move again."""
    call = reading.juror.call
    guard(actor, call)
    if Reading.objects.filter(pk=reading.pk).exclude(is_locked=locked).update(is_locked=locked):
        record(call.edition, actor, "lock_reading", reading.entry.code, juror=reading.juror.participant.code, locked=locked)
