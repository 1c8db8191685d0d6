"""Publishing: a draft becomes a frozen version, and those whose meetings changed are told. Whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from madang.accounts.models import User
from madang.kernels import timetable as kernel
from madang.kernels.timetable.problem import Plan
from madang.kernels.timetable.repair import check_since
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.meetings.actions.drafts import guard, lock_edition, locked_draft, refresh_figures, renew_attendances
from madang.meetings.actions.keeping import ensure_current, keep_the_past
from madang.meetings.actions.refusals import AlreadyPublished, NoDraft, Situation, StaleDraft, Unfit
from madang.meetings.actions.tellings import tellings
from madang.meetings.models import Meeting, MeetingRequest, RequestStatus, Timetable, TimetableState, Unplaced
from madang.meetings.queries.past import first_to_come
from madang.meetings.queries.timetable import plan_of, published_of, timetable_problem
from madang.meetings.queries.versions import opening_revision
from madang.people.actions import Telling, notify_many

DROPPED = "dropped_at_publishing"
"""The code of a request whose meeting had to be dropped because the facts had changed."""
NOT_PLACED = "not_placed"
"""The referee's word for a fixed meeting that is missing: there is nothing to drop, so with `drop` it is let pass."""
LATE = "accepted_later"
"""The code of a request that was accepted after the timetable was computed."""


Tell = Callable[[str], None]


@dataclass(frozen=True)
class Changes:
    """How a version differs from the one before it: requests by what happened to their meeting."""

    placed: list[Meeting]
    moved: list[Meeting]
    cancelled: list[Meeting]
    kept: list[Meeting]


@transaction.atomic
def publish_timetable(
    actor: User | None, edition: Edition, revision: int, *, drop: bool = False, tell: Tell = lambda phase: None
) -> tuple[Timetable, Changes]:
    """Make the draft at `revision` the edition's published timetable, as a new version.

    It is checked against the facts of now. Where it no longer fits them, Unfit is raised; with `drop`, the meetings that do not
    fit are left out instead, each with its reason. AlreadyPublished: this draft has been published (a double click, another
    organiser). Outdated: the published timetable has changed since the draft was begun. StaleDraft, NoDraft: as named.

    What has begun stands as it was published. `tell` hears of each phase. One transaction: a server killed in the middle leaves
    the version of before.
    """
    guard(actor, edition)
    lock_edition(edition)
    draft = _draft_to_publish(edition, revision)
    previous = published_of(edition)
    ensure_current(draft, previous)
    keep_the_past(draft, previous)
    tell("checking")
    situation = _fit(draft, previous, drop=drop)
    tell("writing")
    renew_attendances(draft, situation.maps, since=edition.now() if previous else None)
    _account_for_the_rest(draft, situation)
    changes = _number_the_meetings(draft, previous)
    _turn(actor, draft, previous)
    tell("telling")
    notify_many(_tellings(draft, changes))
    counts = {
        "placed": len(changes.placed),
        "moved": len(changes.moved),
        "cancelled": len(changes.cancelled),
        "kept": len(changes.kept),
    }
    record(edition, actor, "publish_timetable", f"{draft.version}", **counts)
    return draft, changes


def _draft_to_publish(edition: Edition, revision: int) -> Timetable:
    try:
        return locked_draft(edition, revision)
    except (NoDraft, StaleDraft):
        published = published_of(edition)
        if published is not None and opening_revision(published) >= revision:
            raise AlreadyPublished(published) from None
        raise


def _fit(draft: Timetable, previous: Timetable | None, *, drop: bool) -> Situation:
    """The draft against the facts of now: refused, or made to fit, where requests have gone or rules are broken."""
    problem, maps = timetable_problem(draft.edition)
    plan, strays = plan_of(draft, maps)
    since = first_to_come(draft.edition, maps) if previous else 1
    strays = _to_come(draft, strays) if previous else strays
    situation = Situation(problem, plan, maps)
    violations = check_since(problem, plan, since)
    if (strays or violations) and not drop:
        raise Unfit(situation, strays, violations)
    if violations:
        misfits = misfitting_requests(situation, since)
        fitting = Plan(plan.status, None, None, 0.0, tuple(m for m in plan.meetings if m.id not in misfits))
        situation = Situation(problem, fitting, maps)
        if left := [one for one in check_since(problem, fitting, since) if one.rule != NOT_PLACED]:
            raise Unfit(situation, strays, left)
        _drop(draft, misfits)
    if strays:
        Meeting.objects.filter(timetable=draft, request__in=strays).delete()
    return situation


def _to_come(draft: Timetable, requests: list[int]) -> list[int]:
    """Those of the requests whose meeting has not begun."""
    rows = Meeting.objects.filter(timetable=draft, request__in=requests, slot__starts_at__gt=draft.edition.now())
    return sorted(rows.values_list("request_id", flat=True))


def misfitting_requests(situation: Situation, since: int = 1) -> set[int]:
    """Requests whose meetings have to go so that the rest fits: those of little weight first, no more than needed."""
    problem, meetings, misfits = situation.problem, list(situation.plan.meetings), set()
    weight = {request.id: request.weight for request in problem.requests}
    people = {request.id: request.participants for request in problem.requests}
    named = {one for violation in check_since(problem, situation.plan, since) for one in violation.ids}
    to_come = [meeting for meeting in situation.plan.meetings if meeting.slot >= since]
    for meeting in sorted(to_come, key=lambda one: (weight[one.id], one.id)):
        if not named.intersection((meeting.id, meeting.table, *people[meeting.id])):
            continue
        plan = Plan(situation.plan.status, None, None, 0.0, tuple(meetings))
        if kernel.clashes(problem, plan, meeting.id, meeting.slot, meeting.table):
            meetings.remove(meeting)
            misfits.add(int(meeting.id))
    return misfits


def _drop(draft: Timetable, requests: Iterable[int]) -> None:
    dropped = sorted(requests)
    Meeting.objects.filter(timetable=draft, request__in=dropped).delete()
    Unplaced.objects.filter(timetable=draft, request__in=dropped).delete()
    Unplaced.objects.bulk_create([Unplaced(timetable=draft, request_id=pk, code=DROPPED) for pk in dropped])


def _account_for_the_rest(draft: Timetable, situation: Situation) -> None:
    """Each accepted request is placed or has its reason; a request that is no longer accepted has neither."""
    maps = situation.maps
    unplaced = Unplaced.objects.filter(timetable=draft)
    unplaced.exclude(request__in=MeetingRequest.objects.filter(edition=draft.edition, status=RequestStatus.ACCEPTED)).delete()
    known = {meeting.id for meeting in situation.plan.meetings} | set(unplaced.values_list("request_id", flat=True))
    late = dict.fromkeys(maps.asked, LATE) | maps.left_out
    rows = [Unplaced(timetable=draft, request_id=pk, code=code) for pk, code in late.items() if pk not in known]
    Unplaced.objects.bulk_create(rows, batch_size=1000)
    refresh_figures(draft, situation)


def _number_the_meetings(draft: Timetable, previous: Timetable | None) -> Changes:
    """Sequences for calendars: kept where nothing changed, one higher where a meeting moved, fell away, or came back."""
    now, changes = draft.edition.now(), Changes([], [], [], [])
    before = {old.request_id: old for old in Meeting.objects.filter(timetable=previous)} if previous else {}
    for meeting in Meeting.objects.filter(timetable=draft):
        _number(meeting, before.pop(meeting.request_id, None), now, changes)
    _save_numbers([*changes.placed, *changes.moved, *changes.kept])
    gone = [_gone(draft, old, now) for old in before.values()]
    Meeting.objects.bulk_create(gone, batch_size=1000)
    changes.cancelled.extend(meeting for meeting, old in zip(gone, before.values(), strict=True) if not old.is_cancelled)
    return changes


def _number(meeting: Meeting, old: Meeting | None, now: dt.datetime, changes: Changes) -> None:
    """The meeting's sequence and time of change, from what it was in the version before."""
    meeting.sequence, meeting.changed_at = (old.sequence + 1 if old else 0), now
    if old is None or old.is_cancelled:
        changes.placed.append(meeting)
    elif (old.slot_id, old.table_id) != (meeting.slot_id, meeting.table_id):
        changes.moved.append(meeting)
    else:
        meeting.sequence, meeting.changed_at = old.sequence, old.changed_at
        changes.kept.append(meeting)


def _gone(draft: Timetable, old: Meeting, now: dt.datetime) -> Meeting:
    """A meeting that fell away, now or in an earlier version, stays as cancelled, so that calendars can be told."""
    sequence, changed_at = (old.sequence, old.changed_at) if old.is_cancelled else (old.sequence + 1, now)
    return Meeting(
        timetable=draft, request_id=old.request_id, slot_id=old.slot_id, table_id=old.table_id,
        sequence=sequence, changed_at=changed_at, is_cancelled=True,
    )  # fmt: skip


def _save_numbers(meetings: list[Meeting]) -> None:
    """One update for all meetings of the same sequence and time: there are about as many of these as versions."""
    alike: defaultdict[tuple[int, dt.datetime], list[int]] = defaultdict(list)
    for meeting in meetings:
        alike[meeting.sequence, meeting.changed_at].append(meeting.pk)
    for (sequence, changed_at), ids in alike.items():
        for start in range(0, len(ids), 5000):  # databases take so many parameters, not any number
            Meeting.objects.filter(pk__in=ids[start : start + 5000]).update(sequence=sequence, changed_at=changed_at)


def _turn(actor: User | None, draft: Timetable, previous: Timetable | None) -> None:
    """The version of before makes room, then the draft takes its place. Moves by hand end here: a version cannot be undone."""
    if previous is not None:
        Timetable.objects.filter(pk=previous.pk).update(state=TimetableState.SUPERSEDED)
    newest = Timetable.objects.filter(edition=draft.edition).aggregate(newest=Max("version"))["newest"]
    draft.state, draft.version = TimetableState.PUBLISHED, (newest or 0) + 1
    draft.published_at, draft.published_by = draft.edition.now(), actor
    draft.save()


def _tellings(draft: Timetable, changes: Changes) -> list[Telling]:
    """What the people of each changed meeting are told."""
    changed = {
        meeting.request_id: (kind, meeting)
        for kind, meetings in (
            ("meeting_placed", changes.placed),
            ("meeting_moved", changes.moved),
            ("meeting_cancelled", changes.cancelled),
        )
        for meeting in meetings
    }
    return tellings(draft, changed, f"v{draft.version}")
