"""Changing a draft by hand: each change is checked by the kernel, counted, logged, and can be undone."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from madang.accounts.models import User
from madang.kernels import timetable as kernel
from madang.kernels.timetable.problem import Meeting as Placed
from madang.kernels.timetable.problem import Plan, Reason, Violation
from madang.markets.actions import record
from madang.markets.models import Edition, Slot, Table
from madang.meetings.actions.drafts import (
    guard,
    lock_edition,
    locked_draft,
    new_draft,
    reason_details,
    refresh_figures,
    write_attendances,
)
from madang.meetings.actions.keeping import copy_meetings
from madang.meetings.actions.refusals import Clash, InThePast, NoDraft, NothingToUndo, NotInTimetable, Situation, StaleDraft
from madang.meetings.models import Attendance, Meeting, MeetingRequest, Move, Timetable, TimetableState, Unplaced
from madang.meetings.queries.timetable import (
    draft_of,
    may_begin_after,
    plan_of,
    published_of,
    standing_meetings,
    timetable_problem,
)

BY_HAND = "removed_by_hand"
"""The code of a request that an organiser took off the draft."""


@transaction.atomic
def move_meeting(
    actor: User, edition: Edition, revision: int, request: MeetingRequest, slot: Slot | None, table: Table | None = None
) -> Timetable:
    """Put a request's meeting of the draft at `slot` and `table`, wherever it stood, or place it if it did not stand.

    `slot` None takes it off the draft. `table` is None for a meeting at a booth. Raises StaleDraft, NotInTimetable or Clash,
    and then nothing has changed; a move to where it stands changes nothing either.
    """
    guard(actor, edition)
    try:
        draft = locked_draft(edition, revision)
    except StaleDraft:
        newer = draft_of(edition)
        if newer is not None and _place_of(newer, request) == (slot, table):  # a double click: it stands there already
            return newer
        raise
    before = _place_of(draft, request)
    if before == (slot, table):
        return draft
    _ensure_to_come(edition, before[0], slot)
    _put(draft, request, slot, table)
    Move.objects.create(
        timetable=draft, request=request, by=actor, at=edition.now(),
        from_slot=before[0], from_table=before[1], to_slot=slot, to_table=table,
    )  # fmt: skip
    record(edition, actor, "move_meeting", request.code, before=_words(*before), after=_words(slot, table))
    return draft


@transaction.atomic
def undo_move(actor: User, edition: Edition, revision: int) -> Move:
    """Take back the newest change by hand; again, and the one before it. Raises NothingToUndo, StaleDraft or Clash."""
    guard(actor, edition)
    draft = locked_draft(edition, revision)
    moves = Move.objects.filter(timetable=draft).select_related("request", "from_slot", "from_table", "to_slot", "to_table")
    newest = moves.first()
    if newest is None:
        raise NothingToUndo
    _put(draft, newest.request, newest.from_slot, newest.from_table)
    Move.objects.filter(pk=newest.pk).delete()
    after, before = _words(newest.from_slot, newest.from_table), _words(newest.to_slot, newest.to_table)
    record(edition, actor, "undo_move", newest.request.code, before=before, after=after)
    return newest


def _ensure_to_come(edition: Edition, *slots: Slot | None) -> None:
    bound = may_begin_after(edition)
    if bound is not None and any(slot is not None and slot.starts_at <= bound for slot in slots):
        raise InThePast


def _place_of(draft: Timetable, request: MeetingRequest) -> tuple[Slot | None, Table | None]:
    meeting = standing_meetings(draft).filter(request=request).select_related("slot", "table").first()
    return (meeting.slot, meeting.table) if meeting else (None, None)


def _words(slot: Slot | None, table: Table | None) -> str:
    return " ".join(part.code for part in (slot, table) if part is not None)


def _put(draft: Timetable, request: MeetingRequest, slot: Slot | None, table: Table | None) -> None:
    """The change itself, checked against the facts of now; the draft's revision and figures follow."""
    problem, maps = timetable_problem(draft.edition)
    plan, _ = plan_of(draft, maps)
    situation = Situation(problem, plan, maps)
    if slot is not None:
        if request.pk not in maps.asked:
            raise NotInTimetable
        number = maps.number[slot.pk]
        violations = kernel.clashes(problem, plan, request.pk, number, table.pk if table else None)
        violations = violations or list(_in_the_way_of_rows(draft, request, slot, table, number))
        if violations:
            raise Clash(situation, request.pk, slot, table, violations)
    after = _with(
        plan, request.pk, None if slot is None else Placed(request.pk, maps.number[slot.pk], table.pk if table else None)
    )
    situation = Situation(problem, after, maps)
    _write(draft, request, slot, table, situation)
    refresh_figures(draft, situation)
    draft.revision += 1
    draft.save(update_fields=["revision", "result"])


def _in_the_way_of_rows(
    draft: Timetable, request: MeetingRequest, slot: Slot, table: Table | None, number: int
) -> Iterator[Violation]:
    """Meetings of the draft whose request has gone are nothing to the kernel, and still hold their people and table."""
    standing = standing_meetings(draft).filter(slot=slot).exclude(request=request)
    people = Attendance.objects.filter(meeting__in=standing, participant__in=(request.sender_id, request.receiver_id))
    for person, other in people.values_list("participant_id", "meeting__request_id"):
        yield Violation("double_booked", (person, number, request.pk, other), f"{person} is in meeting {other}")
    if table is not None:
        for other in standing.filter(table=table).values_list("request_id", flat=True):
            yield Violation("table_twice", (table.pk, number, request.pk, other), f"the table has meeting {other}")


def _with(plan: Plan, request_id: int, placed: Placed | None) -> Plan:
    others = tuple(meeting for meeting in plan.meetings if meeting.id != request_id)
    return Plan(plan.status, None, None, 0.0, (*others, placed) if placed else others)


def _write(draft: Timetable, request: MeetingRequest, slot: Slot | None, table: Table | None, situation: Situation) -> None:
    """The rows of one request: its meeting and its people, or the reason why it is not placed."""
    if slot is None:
        Meeting.objects.filter(timetable=draft, request=request).delete()
        reason = _reason(request, situation)
        facts = {"code": reason.code, "details": reason_details(reason)}
        Unplaced.objects.update_or_create(timetable=draft, request=request, defaults=facts)
        return
    Unplaced.objects.filter(timetable=draft, request=request).delete()
    meeting, _ = Meeting.objects.update_or_create(
        timetable=draft, request=request, defaults={"slot": slot, "table": table, "changed_at": draft.edition.now()}
    )
    Attendance.objects.filter(meeting=meeting).delete()
    write_attendances([meeting], situation.maps)


def _reason(request: MeetingRequest, situation: Situation) -> Reason:
    """Why the request is not placed now: taken off by hand while there was room, or the kernel's reason if there is none."""
    if request.pk not in situation.maps.asked:
        return Reason(request.pk, situation.maps.left_out.get(request.pk, "no_longer_accepted"))
    if kernel.free_places(situation.problem, situation.plan, request.pk):
        return Reason(request.pk, BY_HAND)
    reasons = kernel.explain(situation.problem, situation.plan)
    return next((reason for reason in reasons if reason.request == request.pk), Reason(request.pk, BY_HAND))


@transaction.atomic
def revise_published(actor: User, edition: Edition) -> Timetable:
    """Begin a change of the published timetable: a draft with its meetings. The draft that there is, if there is one."""
    guard(actor, edition)
    lock_edition(edition)
    if (draft := draft_of(edition)) is not None:
        return draft
    published = published_of(edition)
    if published is None:
        raise NoDraft
    draft = new_draft(edition, published.result)
    copy_meetings(draft, list(standing_meetings(published)))
    _copy_reasons(published, draft)
    record(edition, actor, "revise_timetable", f"{published.version}")
    return draft


def _copy_reasons(published: Timetable, draft: Timetable) -> None:
    """Why it could not place what it did not place."""
    unplaced = Unplaced.objects.filter(timetable=published).values_list("request_id", "code", "details")
    rows = [Unplaced(timetable=draft, request_id=request, code=code, details=details) for request, code, details in unplaced]
    Unplaced.objects.bulk_create(rows, batch_size=1000)


@transaction.atomic
def discard_draft(actor: User, edition: Edition, revision: int) -> None:
    """Throw the draft away; what is published stays."""
    guard(actor, edition)
    draft = locked_draft(edition, revision)
    Timetable.objects.filter(pk=draft.pk, state=TimetableState.DRAFT).delete()
    record(edition, actor, "discard_draft_timetable", revision)
