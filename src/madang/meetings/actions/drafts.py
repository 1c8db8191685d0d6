"""What every action on a draft does: guard, lock, write its rows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied

from madang.accounts.models import User
from madang.kernels.timetable.problem import Meeting as Placed
from madang.kernels.timetable.problem import Reason
from madang.markets.models import Edition
from madang.meetings.actions.refusals import NoDraft, Situation, StaleDraft
from madang.meetings.models import Attendance, Meeting, Timetable, TimetableState, Unplaced
from madang.meetings.queries.figures import figures_of
from madang.meetings.queries.timetable import Maps, next_revision, published_of
from madang.meetings.rules import may_edit_timetable


def guard(actor: User | None, edition: Edition) -> None:
    """Raise PermissionDenied unless the actor may edit the timetable. None is the command line on the server itself."""
    if actor is not None and not may_edit_timetable(actor, edition):
        raise PermissionDenied


def lock_edition(edition: Edition) -> Edition:
    """Wait for our turn: whoever changes timetables of an edition locks its row first, and so nobody waits crosswise."""
    return Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)


def locked_draft(edition: Edition, revision: int) -> Timetable:
    """The edition's draft, for us alone; refused if there is none or if it is no longer at that revision."""
    lock_edition(edition)
    draft = Timetable.objects.select_for_update().filter(edition=edition, state=TimetableState.DRAFT).first()
    if draft is None:
        raise NoDraft
    if draft.revision != revision:
        raise StaleDraft
    draft.edition = edition
    return draft


def new_draft(edition: Edition, result: dict[str, Any], base: Timetable | None = None) -> Timetable:
    """An empty draft in place of the one there is. Its revision is higher than any before.

    `base`: the published timetable as it was when the draft was begun, if that is not now.
    """
    base = base or published_of(edition)
    revision = next_revision(edition)
    Timetable.objects.filter(edition=edition, state=TimetableState.DRAFT).delete()
    return Timetable.objects.create(
        edition=edition, revision=revision, created_at=edition.now(), result=result,
        base=base, base_revision=base.revision if base else 0,
    )  # fmt: skip


def write_meetings(draft: Timetable, placed: Iterable[Placed], maps: Maps) -> None:
    """Rows for the meetings of a plan, with their people."""
    now = draft.edition.now()
    rows = [
        Meeting(timetable=draft, request_id=int(one.id), slot=maps.slot(one.slot), table_id=one.table, changed_at=now)
        for one in placed
    ]
    Meeting.objects.bulk_create(rows, batch_size=1000)
    write_attendances(rows, maps)


def write_attendances(meetings: Iterable[Meeting], maps: Maps) -> None:
    """Everybody who comes to each meeting; the database itself refuses a person in two places."""
    rows = [
        Attendance(timetable_id=meeting.timetable_id, slot_id=meeting.slot_id, meeting=meeting, participant_id=person)
        for meeting in meetings
        for person in maps.asked[meeting.request_id].people
    ]
    Attendance.objects.bulk_create(rows, batch_size=1000)


def renew_attendances(draft: Timetable, maps: Maps, since: dt.datetime | None = None) -> None:
    """Who comes to the draft's meetings as it is now: colleagues may have changed places since it was made. Three queries.

    `since`: only meetings that begin after that; who came to the others is history.
    """
    after = {"slot__starts_at__gt": since} if since else {}
    came: defaultdict[int, set[int]] = defaultdict(set)
    for meeting, person in Attendance.objects.filter(timetable=draft).values_list("meeting_id", "participant_id"):
        came[meeting].add(person)
    stale = [
        meeting
        for meeting in Meeting.objects.filter(timetable=draft, is_cancelled=False, **after)
        if meeting.request_id in maps.asked and came[meeting.pk] != set(maps.asked[meeting.request_id].people)
    ]
    Attendance.objects.filter(timetable=draft, meeting__in=[meeting.pk for meeting in stale]).delete()
    write_attendances(stale, maps)


def write_unplaced(draft: Timetable, reasons: Iterable[Reason], maps: Maps) -> None:
    """Why each request that is not placed is not: the kernel's reasons, and those that never came to the kernel."""
    rows = [
        Unplaced(timetable=draft, request_id=int(reason.request), code=reason.code, details=reason_details(reason))
        for reason in reasons
    ]
    rows += [Unplaced(timetable=draft, request_id=pk, code=code) for pk, code in maps.left_out.items()]
    Unplaced.objects.bulk_create(rows, batch_size=1000)


def reason_details(reason: Reason) -> dict[str, Any]:
    """A reason as JSON: people, and how many slots each kind of obstacle closed."""
    obstacles: dict[str, int] = {}
    for _, code, _ in reason.blockers:
        obstacles[code] = obstacles.get(code, 0) + 1
    return {"people": list(reason.people), "obstacles": obstacles}


def refresh_figures(draft: Timetable, situation: Situation) -> None:
    """Write what the draft now amounts to into its result, beside what the kernel once said of it. Not saved here."""
    draft.result = {**draft.result, "figures": figures_of(situation.problem, situation.plan, situation.maps)}
