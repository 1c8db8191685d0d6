"""The yard's meetings: requests of each status, a published timetable and a draft, finished work, a proposal and a repair."""

from __future__ import annotations

import datetime as dt
from typing import Any

from factories import MeetingRequestFactory

from madang.markets.actions import record
from madang.markets.models import RunState, Slot, Table
from madang.meetings.actions.proposal_rows import make_proposal
from madang.meetings.models import (
    Attendance,
    Attendee,
    FollowUp,
    Meeting,
    MeetingRequest,
    ProposalKind,
    PublishRun,
    RepairRun,
    RequestStatus,
    Timetable,
    TimetableRun,
    TimetableState,
    Unavailability,
    Unplaced,
)
from madang.meetings.queries.figures import figures_of
from madang.meetings.queries.timetable import plan_of, timetable_problem
from madang.people.models import Letter, Notice, Participant
from madang.workbook.models import ImportRun

PARTS = {
    ("meetings", "code"): "request",
    ("meetings", "key"): "run",
    ("meetings", "version"): "version",
}
SPECIAL = {
    ("meetings:ask", "code"): "stranger",
    ("meetings:agenda_of", "code"): "participant",
    ("meetings:block_company", "code"): "company",
    ("meetings:unblock_company", "code"): "company",
    ("meetings:leave", "code"): "participant",
    ("meetings:block", "code"): "participant",
    ("meetings:unblock", "code"): "participant",
    ("meetings:visit", "code"): "participant",
    ("meetings:calendar_feed", "key"): "feed",
    ("meetings:scan", "key"): "badge",
    ("meetings:publishing", "key"): "publishing",
    ("meetings:repair_again", "key"): "repair",
    ("meetings:leave_repair", "key"): "repair",
    ("meetings:accept_repair", "key"): "repair",
    ("meetings:repair", "key"): "repair",
    ("meetings:proposal", "key"): "proposal",
    ("meetings:answer_proposal", "key"): "proposal",
    ("meetings:withdraw_proposal", "key"): "proposal",
    ("meetings:card", "person"): "participant",
    ("meetings:gap", "slot"): "slot",
    ("meetings:change_follow_up", "number"): "follow_up",
    ("meetings:finish_follow_up", "number"): "follow_up",
    ("meetings:drop_follow_up", "number"): "follow_up",
}


def add_requests(yard: Any) -> list[MeetingRequest]:
    """One of each status for the buyer and the seller; the accepted ones are returned."""
    buyer, seller = yard.people["buyer"], yard.people["seller"]
    others = list(Participant.objects.filter(edition=yard.edition, code__in=[f"P-{n}" for n in range(6)]).order_by("code"))
    pairs = [(buyer, seller, RequestStatus.ACCEPTED)]
    pairs += [(other, seller, RequestStatus.ACCEPTED) for other in others[0:4:2]]
    pairs += [(others[4], seller, RequestStatus.SENT), (buyer, others[1], RequestStatus.DECLINED)]
    pairs += [(buyer, others[3], RequestStatus.WITHDRAWN), (buyer, others[5], RequestStatus.ACCEPTED)]
    rows = [
        MeetingRequestFactory(
            edition=yard.edition,
            code=f"R-{number}",
            sender=sender,
            receiver=receiver,
            status=status,
            reason="Your slate fits ours. " + "가" * 60,  # a word that no line is wide enough for
        )
        for number, (sender, receiver, status) in enumerate(pairs)
    ]
    yard.codes |= {"request": "R-0"}
    return [row for row in rows if row.status == RequestStatus.ACCEPTED]


def add_meetings(yard: Any, requests: list[MeetingRequest], tables: list[Table], slots: list[Slot]) -> None:
    """A published version, and a draft in which one request has not been placed."""
    at_booth, also_at_booth, left, at_table = requests
    placed = [at_booth, also_at_booth, at_table]
    busy = yard.people["buyer"]
    Unavailability.objects.create(participant=busy, starts_at=slots[8].starts_at, ends_at=slots[11].ends_at, reason="Flight")
    moment = slots[0].starts_at - dt.timedelta(days=2)
    facts = {"status": "optimal", "objective": 3, "bound": 3, "seconds": 0.1}
    published = Timetable.objects.create(
        edition=yard.edition, state=TimetableState.PUBLISHED, version=1, published_at=moment, result=facts
    )
    draft = Timetable.objects.create(edition=yard.edition, state=TimetableState.DRAFT, revision=1, result=facts)
    for timetable in (published, draft):
        for number, request in enumerate(placed):
            is_booth = request.receiver.company.booth_id is not None
            table = None if is_booth else tables[number]
            place(Meeting.objects.create(timetable=timetable, request=request, slot=slots[3 + number], table=table))
        Unplaced.objects.create(timetable=timetable, request=left, code="no_common_slot")
        write_figures(timetable)
    yard.codes |= {"version": 1}


def write_figures(timetable: Timetable) -> None:
    """What the timetable amounts to, as a computation would have left it."""
    problem, maps = timetable_problem(timetable.edition)
    plan, _strays = plan_of(timetable, maps)
    timetable.result["figures"] = figures_of(problem, plan, maps)
    timetable.save()


def place(meeting: Meeting) -> None:
    for participant in (meeting.request.sender, meeting.request.receiver):
        Attendance.objects.create(timetable=meeting.timetable, slot=meeting.slot, participant=participant, meeting=meeting)


def add_runs(yard: Any) -> None:
    """Finished work, a log line and an unread notice."""
    organiser = yard.accounts["organiser"]
    end = {"state": RunState.DONE, "finished_at": yard.edition.now()}
    run = TimetableRun.objects.create(edition=yard.edition, asked_by=organiser, **end)
    load = ImportRun.objects.create(
        edition=yard.edition,
        asked_by=organiser,
        file_name="edition.xlsx",
        stored="none",
        digest="0" * 64,
        is_confirmed=True,
        **end,
    )
    record(yard.edition, organiser, "publish_timetable", "1")
    Notice.objects.create(edition=yard.edition, recipient=yard.people["seller"], kind="request_received", key="R-0", data={})
    add_proposal(yard)
    add_repair(yard)
    yard.codes |= {"run": run.key, "import": load.key, "feed": yard.people["buyer"].feed_key}
    letter = Letter.objects.create(edition=yard.edition, recipient=yard.people["seller"], state="uncertain", fault="timed out")
    yard.codes["letter"] = letter.pk
    yard.codes["badge"] = yard.people["seller"].badge_key
    mine = Attendee.objects.get(request__edition=yard.edition, request__code="R-0", participant=yard.people["buyer"])
    Attendee.objects.filter(request=mine.request).update(shares_card=True)
    yard.codes["follow_up"] = FollowUp.objects.create(attendee=mine, what="Write to Haneul", due_on=yard.edition.ends_on).pk


def add_proposal(yard: Any) -> None:
    """A time that the seller proposes to the buyer for their meeting."""
    asked = MeetingRequest.objects.get(edition=yard.edition, code="R-0")
    slot, until = yard.edition.slots.last(), yard.edition.now() + dt.timedelta(hours=1)
    proposal = make_proposal(ProposalKind.MOVE, asked, slot, until, by=yard.people["seller"])
    yard.codes["proposal"] = proposal.key


def add_repair(yard: Any) -> None:
    """A table that closes, and what would follow from it."""
    published = Timetable.objects.get(edition=yard.edition, state=TimetableState.PUBLISHED)
    meeting = Meeting.objects.filter(timetable=published, table__isnull=False).select_related("request").first()
    change = {
        "request": meeting.request_id, "kind": "moved", "from": [meeting.slot_id, meeting.table_id],
        "to": [yard.edition.slots.last().pk, meeting.table_id], "people": [meeting.request.sender_id],
        "reason": "table_closed", "because": None,
    }  # fmt: skip
    facts = {"changes": [change], "people": change["people"], "missed": [], "cost": 10, "bound": 10, "is_least": True}
    run = RepairRun.objects.create(
        edition=yard.edition, state=RunState.DONE, timetable=published, revision=published.revision,
        what={"kind": "table_closed", "table": meeting.table_id}, proposal=facts | {"seconds": 0.1},
    )  # fmt: skip
    yard.codes["repair"] = run.key
    refused = PublishRun.objects.create(edition=yard.edition, state=RunState.INTERRUPTED, revision=1)
    yard.codes["publishing"] = refused.key
