"""Changes of a published timetable: placed, moved, cancelled, or with other people. The one way in which it changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from madang.accounts.models import User
from madang.kernels import timetable as kernel
from madang.kernels.timetable.problem import Violation
from madang.markets.actions import record
from madang.markets.models import Edition, Slot, Table
from madang.meetings.actions.drafts import lock_edition
from madang.meetings.actions.proposal_rows import withdraw_proposals_of
from madang.meetings.actions.refusals import (
    Clash,
    InThePast,
    NotInTimetable,
    NotPossible,
    NotPublished,
    Situation,
    StaleDraft,
    Taken,
)
from madang.meetings.actions.standby import offer_freed, offer_next
from madang.meetings.actions.tellings import meeting_tellings
from madang.meetings.models import (
    Attendance,
    Attendee,
    Cause,
    Change,
    ChangeKind,
    Meeting,
    MeetingRequest,
    RequestStatus,
    Timetable,
    TimetableState,
    Unplaced,
)
from madang.meetings.queries.attendees import COMES
from madang.meetings.queries.timetable import plan_around, plan_of, problem_around, timetable_problem
from madang.people.actions import notify_many

FEW = 4
"""So many meetings are checked one by one; more of them against the whole timetable at once."""
CANCELLED = "cancelled"
"""The code of a request whose meeting was cancelled after publication."""


@dataclass(frozen=True)
class Step:
    """Where a request's meeting goes: `slot` None cancels it; `table` None is a booth, or online."""

    request: MeetingRequest
    slot: Slot | None
    table: Table | None = None


@dataclass
class _Change:
    """A step under way: what stood before, and who came."""

    step: Step
    meeting: Meeting | None
    before: tuple[Slot | None, Table | None]
    came: frozenset[int]
    coming: frozenset[int] = field(default=frozenset())

    @property
    def kind(self) -> str:
        if self.step.slot is None:
            return ChangeKind.CANCELLED
        if self.before[0] is None:
            return ChangeKind.PLACED
        return ChangeKind.PEOPLE if self.before == (self.step.slot, self.step.table) else ChangeKind.MOVED

    @property
    def is_none(self) -> bool:
        return self.before == (self.step.slot, self.step.table) and (self.step.slot is None or self.came == self.coming)


def change_meeting(
    published: Timetable,
    request: MeetingRequest,
    *,
    slot: Slot | None,
    table: Table | None = None,
    people: Iterable[int] | None = None,
    cause: str,
    by: User | None,
    words: str = "",
) -> Meeting | None:
    """Put the request's meeting of the published timetable at `slot` and `table`; `slot` None cancels it.

    Who comes is read from the rows of `Attendee`, which the caller has written in the same transaction where they change;
    `people` (ids of participants), if given, must say the same. None is returned where there is and was no meeting.
    Raises NotPublished, InThePast, NotInTimetable, Clash or Taken, and then nothing has changed; twice the same is once.
    """
    with transaction.atomic():
        if people is not None and frozenset(people) != _coming([request])[request.pk]:
            raise ValueError("the people of a meeting are its attendees who come: write those first")
        change_meetings(published, [Step(request, slot, table)], cause=cause, by=by, words=words)
        return Meeting.objects.filter(timetable=published, request=request).select_related("slot", "table").first()


@transaction.atomic
def change_meetings(
    published: Timetable, steps: Sequence[Step], *, cause: str, by: User | None, words: str = "", revision: int | None = None
) -> list[Change]:
    """As `change_meeting`, for several meetings that change together: all of them or none. They share one revision.

    `revision`: the state that the steps were made for; StaleDraft where the timetable has changed since.
    """
    edition = lock_edition(published.edition)
    timetable = Timetable.objects.select_for_update().get(pk=published.pk)
    timetable.edition = edition
    if timetable.state != TimetableState.PUBLISHED:
        raise NotPublished
    if revision is not None and timetable.revision != revision:
        raise StaleDraft
    changes = [change for change in _changes(timetable, steps) if not change.is_none]
    if not changes:
        return []
    for change in changes:
        _ensure_to_come(edition, change)
    before = _situation(timetable) if len(changes) > FEW else None
    _lift(changes)
    _place_all(timetable, changes, before)
    return _conclude(timetable, changes, cause, by, words)


def _changes(timetable: Timetable, steps: Sequence[Step]) -> list[_Change]:
    """Each step with what stands now. Three queries."""
    requests = [step.request for step in steps]
    standing = Meeting.objects.filter(timetable=timetable, request__in=requests).select_related("slot", "table")
    meetings = {meeting.request_id: meeting for meeting in standing}
    came: dict[int, set[int]] = {}
    rows = Attendance.objects.filter(timetable=timetable, meeting__in=list(meetings.values()))
    for request, person in rows.values_list("meeting__request_id", "participant_id"):
        came.setdefault(request, set()).add(person)
    coming = _coming(requests)
    found = []
    for step in steps:
        meeting = meetings.get(step.request.pk)
        stands = meeting is not None and not meeting.is_cancelled
        before = (meeting.slot, meeting.table) if meeting is not None and stands else (None, None)
        found.append(_Change(step, meeting, before, frozenset(came.get(step.request.pk, ())), coming[step.request.pk]))
    return found


def _coming(requests: Sequence[MeetingRequest]) -> dict[int, frozenset[int]]:
    rows = Attendee.objects.filter(COMES, request__in=requests).order_by()
    people: dict[int, set[int]] = {request.pk: set() for request in requests}
    for request, person in rows.values_list("request_id", "participant_id"):
        people[request].add(person)
    return {request: frozenset(coming) for request, coming in people.items()}


def _ensure_to_come(edition: Edition, change: _Change) -> None:
    """What has begun stands as it is, and nothing begins in the past."""
    now = edition.now()
    if any(slot is not None and slot.starts_at <= now for slot in (change.before[0], change.step.slot)):
        raise InThePast


def _situation(timetable: Timetable) -> Situation:
    problem, maps = timetable_problem(timetable.edition)
    return Situation(problem, plan_of(timetable, maps)[0], maps)


def _lift(changes: list[_Change]) -> None:
    """Take every meeting that changes off its place, so that one may go where another stood."""
    meetings = [change.meeting.pk for change in changes if change.meeting is not None]
    Attendance.objects.filter(meeting__in=meetings).delete()
    Meeting.objects.filter(pk__in=meetings).update(is_cancelled=True)


def _place_all(timetable: Timetable, changes: list[_Change], before: Situation | None) -> None:
    try:
        with transaction.atomic():
            for change in changes:
                if before is None and change.step.slot is not None:
                    _ensure_free(timetable, change.step)
                _write(timetable, change)
    except IntegrityError:  # the database has the last word
        raise Taken from None
    if before is not None:
        _ensure_no_worse(timetable, changes, before)


def _ensure_free(timetable: Timetable, step: Step) -> None:
    """The kernel sees nothing in the way of this one meeting, the rest of the timetable as it is."""
    request, slot, table = step.request, step.slot, step.table
    request.edition = timetable.edition
    problem, maps = problem_around(request, timetable)
    if request.pk not in maps.asked or slot is None:
        raise NotInTimetable
    plan = plan_around(timetable, maps)
    violations = kernel.clashes(problem, plan, request.pk, maps.number[slot.pk], table.pk if table else None)
    if violations:
        raise Clash(Situation(problem, plan, maps), request.pk, slot, table, violations)


def _ensure_no_worse(timetable: Timetable, changes: list[_Change], before: Situation) -> None:
    """All together break no rule that was not broken before."""
    if any(change.step.slot is not None and change.step.request.pk not in before.maps.asked for change in changes):
        raise NotInTimetable
    plan, _strays = plan_of(timetable, before.maps)
    known = set(kernel.check(before.problem, before.plan))
    violations = [one for one in kernel.check(before.problem, plan) if one not in known and not _is_lost_fix(one, changes)]
    if violations:
        request, slot, table = _first_place(changes)
        raise Clash(Situation(before.problem, plan, before.maps), request, slot, table, violations)


def _is_lost_fix(violation: Violation, changes: list[_Change]) -> bool:
    """A fixed meeting that is being cancelled is not placed any more: that is what was asked."""
    cancelled = {change.step.request.pk for change in changes if change.step.slot is None}
    return violation.rule == "not_placed" and set(violation.ids) <= cancelled


def _first_place(changes: list[_Change]) -> tuple[int, Slot, Table | None]:
    for change in changes:
        slot = change.step.slot or change.before[0]
        if slot is not None:
            return change.step.request.pk, slot, change.step.table
    raise NotInTimetable


def _write(timetable: Timetable, change: _Change) -> None:
    """The rows of one meeting: its place and its people, one sequence higher."""
    step, meeting = change.step, change.meeting
    facts: dict[str, Any] = {"is_cancelled": step.slot is None, "changed_at": timetable.edition.now()}
    if step.slot is not None:
        facts |= {"slot": step.slot, "table": step.table}
    if meeting is None:
        if step.slot is None:
            return
        meeting = Meeting.objects.create(timetable=timetable, request=step.request, **facts)
    else:
        for name, value in facts.items():
            setattr(meeting, name, value)
        meeting.sequence += 1
        meeting.save()
    change.meeting = meeting
    if step.slot is not None:
        rows = [
            Attendance(timetable=timetable, slot=step.slot, meeting=meeting, participant_id=person)
            for person in sorted(change.coming)
        ]
        Attendance.objects.bulk_create(rows)


def _conclude(timetable: Timetable, changes: list[_Change], cause: str, by: User | None, words: str) -> list[Change]:
    """The numbered rows of what changed, the reasons of those without a place, the log, and the notices."""
    timetable.revision += 1
    timetable.save(update_fields=["revision"])
    now = timetable.edition.now()
    rows = Change.objects.bulk_create(
        [
            Change(
                timetable=timetable, revision=timetable.revision, request=change.step.request, kind=change.kind, cause=cause,
                from_slot=change.before[0], from_table=change.before[1], to_slot=change.step.slot, to_table=change.step.table,
                by=by, words=words[:300], at=now,
            )
            for change in changes
        ]
    )  # fmt: skip
    _account(timetable, changes)
    for row in rows:
        _log(timetable.edition, by, row)
    told = [(row, change.meeting) for row, change in zip(rows, changes, strict=True) if row.kind != ChangeKind.PEOPLE]
    notify_many(meeting_tellings(timetable, told, but=by))
    _offer(timetable, rows, cause)
    return rows


def _offer(timetable: Timetable, rows: list[Change], cause: str) -> None:
    """What was proposed for these meetings is over; the places that they, or those proposals, leave go to the standby list."""
    taken = {(row.to_slot_id, row.to_table_id) for row in rows}
    passed_on = [
        proposal
        for proposal in withdraw_proposals_of([row.request for row in rows])
        if (proposal.slot_id, proposal.table_id) not in taken
    ]
    if cause == Cause.REPAIR:  # a repair fills the places itself
        return
    offer_freed(timetable, rows)
    for proposal in passed_on:
        offer_next(proposal)


def _account(timetable: Timetable, changes: list[_Change]) -> None:
    """A request that has a place needs no reason any more; one that lost its place, and is still wanted, has this one."""
    requests = [change.step.request.pk for change in changes]
    Unplaced.objects.filter(timetable=timetable, request__in=requests).delete()
    lost = [change.step.request for change in changes if change.step.slot is None]
    wanted = [request for request in lost if request.status == RequestStatus.ACCEPTED]
    Unplaced.objects.bulk_create([Unplaced(timetable=timetable, request=request, code=CANCELLED) for request in wanted])


def _log(edition: Edition, by: User | None, row: Change) -> None:
    before, after = _place(row.from_slot, row.from_table), _place(row.to_slot, row.to_table)
    record(edition, by, "change_meeting", row.request.code, before=before, after=after, cause=row.cause)


def _place(slot: Slot | None, table: Table | None) -> str:
    return " ".join(part.code for part in (slot, table) if part is not None)


def refusal_words(refused: Exception) -> str:
    """Why a change of the published timetable was not made, in a sentence for whoever wanted it."""
    if isinstance(refused, NotPossible):
        return str(refused)
    words = next((words for kind, words in _WORDS.items() if isinstance(refused, kind)), _OTHERWISE)
    return str(words)


_TAKEN = _("That time has just been taken. Choose another one.")
_WORDS = {
    InThePast: _("What has begun cannot be changed any more."),
    NotInTimetable: _("This request is no longer accepted, or its title has been withdrawn: it cannot be placed."),
    NotPublished: _("The timetable has been published anew in the meantime. This is how it stands now."),
    StaleDraft: _("The timetable has changed in the meantime. This is how it stands now; please look again."),
    Clash: _TAKEN,
    Taken: _TAKEN,
}
_OTHERWISE = _("That is not possible any more. This is how it stands now.")
