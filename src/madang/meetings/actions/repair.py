"""Repair: the smallest change of the published timetable after something happened, as a proposal that the organiser accepts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.kernels import timetable as kernel
from madang.kernels.timetable.problem import Progress
from madang.kernels.timetable.repair import Repair, check_since
from madang.kit import progress
from madang.markets.actions import close_run, notice_interrupted, record
from madang.markets.models import Edition, RunState, Slot, Table
from madang.markets.runs import carry_out, edition_of
from madang.meetings.actions.drafts import guard, lock_edition
from madang.meetings.actions.happened import take_back, take_note
from madang.meetings.actions.live import Step, change_meetings, refusal_words
from madang.meetings.actions.refusals import FactsRefused, NotPossible, NotPublished, Refused, StaleDraft
from madang.meetings.actions.requests.closing import close_abandoned
from madang.meetings.models import (
    Attendance,
    Cause,
    Change,
    Meeting,
    MeetingRequest,
    RepairRun,
    RequestStatus,
    Timetable,
)
from madang.meetings.queries.attendees import abandoned
from madang.meetings.queries.past import checked_in, first_to_come
from madang.meetings.queries.timetable import Maps, plan_of, published_of, timetable_problem

LIMIT = 5.0
"""Seconds that the search for the smallest change may take."""


@transaction.atomic
def start_repair(actor: User, edition: Edition, kind: str, **facts: Any) -> tuple[RepairRun, bool]:
    """Write down what happened (see `take_note`) and open the search for what follows; True if it is new.

    An edition has one search at a time: a second click gets the one that is open. Raises NotPublished.
    """
    return _open_run(actor, edition, kind, lambda: take_note(actor, edition, kind, **facts))


def _open_run(actor: User, edition: Edition, kind: str, what: Callable[[], dict[str, Any]]) -> tuple[RepairRun, bool]:
    guard(actor, edition)
    lock_edition(edition)
    latest = RepairRun.objects.filter(edition=edition).first()
    if latest is not None and notice_interrupted(latest).is_open:
        return latest, False
    published = published_of(edition)
    if published is None:
        raise NotPublished
    run = RepairRun.objects.create(
        edition=edition, asked_by=actor, what=what(), timetable=published, revision=published.revision, created_at=edition.now()
    )
    record(edition, actor, "start_repair", run.key, kind=kind)
    return run, True


@transaction.atomic
def search_again(actor: User, run: RepairRun) -> tuple[RepairRun, bool]:
    """The same search for the timetable as it is now; the fact is written already."""
    return _open_run(actor, edition_of(run), run.what.get("kind", ""), lambda: run.what)


def search_repair(run_key: str) -> RepairRun | None:
    """Search for the run's proposal. None if the run is not waiting to be started. Nothing of the timetable is changed."""
    return carry_out(RepairRun, run_key, _search_or_say_why)


def _search_or_say_why(run: RepairRun) -> None:
    try:
        _search(run)
    except Refused as refused:
        close_run(run, RunState.FAILED, _words(refused))


def _words(refused: Refused) -> str:
    return "\n".join(refused.sentences) if isinstance(refused, FactsRefused) else refusal_words(refused)


def _search(run: RepairRun) -> None:
    edition = edition_of(run)
    progress.tell(run.key, phase="reading")
    published = published_of(edition)
    if published is None:
        raise NotPublished
    problem, maps = timetable_problem(edition)
    plan, strays = plan_of(published, maps)
    since = first_to_come(edition, maps)
    found = kernel.repair(
        problem, plan, since=since, locked=checked_in(published), limit=LIMIT, progress=lambda now: _tell(run.key, now)
    )
    progress.tell(run.key, phase="checking")
    _ensure_sound(problem, found, since)
    run.timetable, run.revision = published, published.revision
    others = {int(one.request) for one in found.changes}.union(strays)
    run.proposal = _proposal(found, maps, _stray_changes(published, strays, maps) + _gone_changes(published, others))
    close_run(run, RunState.DONE)


def _tell(key: str, now: Progress) -> bool:
    progress.tell(key, phase="solving", seconds=now.seconds)
    return False


def _ensure_sound(problem: kernel.Problem, found: Repair, since: int) -> None:
    """A proposal is refereed before it is shown, always."""
    wrong = [one for one in check_since(problem, found.plan, since) if one.rule != "not_placed"]
    if wrong:
        raise FactsRefused([_("The proposal did not pass the check, so it is not shown."), *(one.text for one in wrong[:3])])


def _stray_changes(published: Timetable, strays: list[int], maps: Maps) -> list[dict[str, Any]]:
    """Meetings to come whose request is no part of the problem any more: nobody comes for a side, or it was withdrawn."""
    now = published.edition.now()
    rows = Meeting.objects.filter(timetable=published, request__in=strays, is_cancelled=False, slot__starts_at__gt=now)
    rows = rows.prefetch_related("attendances").order_by("request_id")
    return [
        {
            "request": row.request_id, "kind": "cancelled", "from": [row.slot_id, row.table_id], "to": [None, None],
            "people": [one.participant_id for one in row.attendances.all()],
            "reason": maps.left_out.get(row.request_id, "withdrawn"), "because": None,
        }
        for row in rows
    ]  # fmt: skip


def _gone_changes(published: Timetable, others: set[int]) -> list[dict[str, Any]]:
    """Meetings to come that stand without somebody who dropped out: a colleague comes for her side. `others`: changed already."""
    here = Attendance.objects.filter(timetable=published, slot__starts_at__gt=published.edition.now()).order_by("meeting", "pk")
    gone = here.filter(participant__left_at__isnull=False).exclude(meeting__request__in=others).select_related("meeting")
    return [
        {
            "request": one.meeting.request_id, "kind": "reassigned", "from": [one.slot_id, one.meeting.table_id],
            "to": [one.slot_id, one.meeting.table_id], "people": [one.participant_id], "reason": "dropped_out", "because": None,
        }
        for one in gone
    ]  # fmt: skip


def _proposal(found: Repair, maps: Maps, strays: list[dict[str, Any]]) -> dict[str, Any]:
    """The proposal as JSON; places are primary keys."""
    changes = strays + [
        {
            "request": int(one.request), "kind": str(one.kind), "from": _place(one.before, maps), "to": _place(one.after, maps),
            "people": list(one.people), "reason": one.reason, "because": one.because,
        }
        for one in found.changes
    ]  # fmt: skip
    people = sorted({person for change in changes for person in change["people"]})
    return {
        "changes": changes,
        "people": people,
        "missed": list(found.missed),
        "cost": found.cost,
        "bound": found.bound,
        "is_least": found.bound is not None and found.cost <= found.bound,
        "seconds": round(found.seconds, 2),
    }


def _place(meeting: kernel.Meeting | None, maps: Maps) -> list[Any]:
    return [None, None] if meeting is None else [maps.slot(meeting.slot).pk, meeting.table]


@transaction.atomic
def accept_repair(actor: User, run: RepairRun) -> list[Change]:
    """Make every change of the proposal, in one transaction; StaleDraft where the timetable has changed since. Twice is once."""
    edition = edition_of(run)
    guard(actor, edition)
    lock_edition(edition)
    run = RepairRun.objects.select_related("timetable", "edition").get(pk=run.pk)
    if run.accepted_at is not None:
        return []
    if run.state != RunState.DONE or run.timetable is None:
        raise NotPossible(_("There is no proposal to accept."))
    run.timetable.edition = edition
    if run.timetable.revision != run.revision:
        raise StaleDraft
    steps = _steps(edition, run)
    _end_abandoned(steps)
    changes = change_meetings(
        run.timetable, steps, cause=Cause.REPAIR, by=actor, words=run.what.get("reason", ""), revision=run.revision
    )
    run.accepted_at, run.accepted_by = edition.now(), actor
    run.save(update_fields=["accepted_at", "accepted_by"])
    record(edition, actor, "accept_repair", run.key, changes=len(changes))
    close_abandoned(actor, edition)
    return changes


def _end_abandoned(steps: list[Step]) -> None:
    """A meeting that is cancelled because its side has dropped out leaves no wish behind."""
    lost = [step.request.pk for step in steps if step.slot is None]
    ended = set(abandoned(MeetingRequest.objects.filter(pk__in=lost)).values_list("pk", flat=True))
    for step in steps:
        if step.request.pk in ended:
            step.request.status = RequestStatus.WITHDRAWN
            step.request.save(update_fields=["status"])


def _steps(edition: Edition, run: RepairRun) -> list[Step]:
    changes: list[dict[str, Any]] = run.proposal.get("changes", [])
    requests = MeetingRequest.objects.filter(edition=edition).in_bulk([change["request"] for change in changes])
    slots, tables = Slot.objects.filter(edition=edition).in_bulk(), Table.objects.filter(edition=edition).in_bulk()
    steps = []
    for change in changes:
        slot, table = change["to"]
        steps.append(Step(requests[change["request"]], slots.get(slot), tables.get(table)))
    return steps


@transaction.atomic
def leave_repair(actor: User, run: RepairRun, *, happened: bool = True) -> bool:
    """Leave the timetable as it is. `happened` False: it was a mistake, and what was written down is taken back.

    False where the run was settled before, or still searches, or what it wrote down is part of a repair that was accepted
    later: then nothing is done.
    """
    edition = edition_of(run)
    guard(actor, edition)
    lock_edition(edition)
    run = RepairRun.objects.select_related("edition").get(pk=run.pk)
    if run.accepted_at is not None or run.proposal.get("left") or run.is_open:
        return False
    if not happened:
        if RepairRun.objects.filter(edition=edition, pk__gt=run.pk, accepted_at__isnull=False).exists():
            return False
        take_back(actor, edition, run.what)
    else:
        close_abandoned(actor, edition)
    run.proposal = {**run.proposal, "left": "kept" if happened else "taken_back"}
    run.save(update_fields=["proposal"])
    record(edition, actor, "leave_repair", run.key)
    return True
