"""A draft and the published timetable that lives on beside it: the past stands, and what changed meanwhile is taken over."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.meetings.actions.drafts import guard, locked_draft, refresh_figures
from madang.meetings.actions.refusals import NoDraft, Outdated, Situation
from madang.meetings.models import Attendance, Change, Meeting, Timetable, Unplaced
from madang.meetings.queries.timetable import plan_of, published_of, standing_meetings, timetable_problem

TIME_PASSED = "time_passed"
"""The code of a request whose place in the draft had begun before it was published."""
MADE_ROOM = "made_room"
"""The code of a request that left its place in the draft to what was agreed meanwhile."""


def keep_the_past(draft: Timetable, published: Timetable | None) -> None:
    """What has begun is in the draft as it was published; what the draft itself had put there has no place any more."""
    if published is None:
        return
    now = draft.edition.now()
    held = list(Meeting.objects.filter(timetable=published, is_cancelled=False, slot__starts_at__lte=now).order_by("pk"))
    settled = [meeting.request_id for meeting in held]
    mine = Meeting.objects.filter(timetable=draft)
    late = mine.filter(slot__starts_at__lte=now).exclude(request__in=settled)
    Unplaced.objects.bulk_create(
        [
            Unplaced(timetable=draft, request_id=request, code=TIME_PASSED)
            for request in late.values_list("request_id", flat=True)
        ],
        ignore_conflicts=True,
    )
    mine.filter(Q(slot__starts_at__lte=now) | Q(request__in=settled)).delete()
    Unplaced.objects.filter(timetable=draft, request__in=settled).delete()
    copy_meetings(draft, held)


def copy_meetings(draft: Timetable, meetings: Sequence[Meeting]) -> None:
    """The same meetings, with the same people, in the draft."""
    copies = {
        old.pk: Meeting(
            timetable=draft, request_id=old.request_id, slot_id=old.slot_id, table_id=old.table_id, changed_at=old.changed_at
        )
        for old in meetings
    }
    Meeting.objects.bulk_create(copies.values(), batch_size=1000)
    timetables = {old.timetable_id for old in meetings}
    people = Attendance.objects.filter(timetable__in=timetables).order_by().values_list("meeting_id", "participant_id")
    Attendance.objects.bulk_create(
        [
            Attendance(timetable=draft, slot_id=copies[meeting].slot_id, meeting=copies[meeting], participant_id=person)
            for meeting, person in people
            if meeting in copies
        ],
        batch_size=1000,
    )


def changed_since(draft: Timetable, published: Timetable | None) -> list[int]:
    """Requests whose published meeting changed after the draft was begun."""
    if published is None:
        return []
    seen = draft.base_revision if draft.base_id == published.pk else 0
    rows = Change.objects.filter(timetable=published, revision__gt=seen).order_by()
    return sorted(set(rows.values_list("request_id", flat=True)))


def ensure_current(draft: Timetable, published: Timetable | None) -> None:
    """A draft is not published over changes that came after it was begun. Raises Outdated."""
    if requests := changed_since(draft, published):
        raise Outdated(draft, requests)


@transaction.atomic
def take_changes_over(actor: User, edition: Edition, revision: int) -> tuple[Timetable, int, int]:
    """Put each meeting that changed since the draft was begun where it stands now; what is in its way loses its place.

    Gives the draft, how many meetings were taken over, and how many made room. Raises NoDraft or StaleDraft.
    """
    guard(actor, edition)
    draft, published = locked_draft(edition, revision), published_of(edition)
    if published is None:
        raise NoDraft
    requests = changed_since(draft, published)
    Meeting.objects.filter(timetable=draft, request__in=requests).delete()
    Unplaced.objects.filter(timetable=draft, request__in=requests).delete()
    standing = list(standing_meetings(published).filter(request__in=requests))
    displaced = _make_room(draft, standing)
    copy_meetings(draft, standing)
    lost = set(requests) - {meeting.request_id for meeting in standing}
    codes = dict(Unplaced.objects.filter(timetable=published, request__in=lost).values_list("request_id", "code"))
    rows = [Unplaced(timetable=draft, request_id=pk, code=code) for pk, code in codes.items()]
    Unplaced.objects.bulk_create([*rows, *(Unplaced(timetable=draft, request_id=pk, code=MADE_ROOM) for pk in displaced)])
    problem, maps = timetable_problem(edition)
    refresh_figures(draft, Situation(problem, plan_of(draft, maps)[0], maps))
    draft.base, draft.base_revision, draft.revision = published, published.revision, draft.revision + 1
    draft.save(update_fields=["base", "base_revision", "revision", "result"])
    record(edition, actor, "take_changes_over", draft.revision, count=len(requests), displaced=len(displaced))
    return draft, len(requests), len(displaced)


def _make_room(draft: Timetable, standing: list[Meeting]) -> list[int]:
    """Take off the draft what has one of the tables, or one of the people, at one of the times; gives those requests."""
    people = dict.fromkeys(Attendance.objects.filter(meeting__in=standing).values_list("slot_id", "participant_id"))
    places = {(meeting.slot_id, meeting.table_id) for meeting in standing if meeting.table_id is not None}
    slots = {meeting.slot_id for meeting in standing}
    there = Meeting.objects.filter(timetable=draft, slot__in=slots)
    displaced = {row.pk: row.request_id for row in there if (row.slot_id, row.table_id) in places}
    attending = Attendance.objects.filter(timetable=draft, slot__in=slots).values_list("slot_id", "participant_id", "meeting_id")
    busy = {meeting for slot, person, meeting in attending if (slot, person) in people}
    displaced |= dict(Meeting.objects.filter(pk__in=busy).values_list("pk", "request_id"))
    Meeting.objects.filter(pk__in=list(displaced)).delete()
    return sorted(displaced.values())
