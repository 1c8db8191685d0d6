"""What happened before the reader opens the demo: log lines and notices, each at its time in the edition's own history."""

from __future__ import annotations

import datetime as dt

from madang.accounts.models import User
from madang.markets.models import Edition, LogEntry
from madang.meetings.models import MeetingRequest, RequestStatus
from madang.people.models import Notice, Participant
from madang.people.notices import person_facts
from madang.site.demo.sizes import ZONE

ANSWERED = (RequestStatus.ACCEPTED, RequestStatus.DECLINED)
LINES = 400
"""Request lines in the log: the newest ones."""
RECENT = dt.timedelta(days=20)
"""Answers of this long before the moment are still told in notices."""


def write_history(
    edition: Edition, organiser: User, requests: list[MeetingRequest], counts: dict[str, int], now: dt.datetime
) -> None:
    """The import of the organiser's workbook, then what people did with their requests, up to `now`.

    What actions logged while the demo was built happened by its moment.
    """
    LogEntry.objects.filter(edition=edition, at__gt=now).update(at=now)
    imported = dt.datetime(2025, 3, 3, 8, 20, tzinfo=ZONE)
    lines = [
        LogEntry(edition=edition, at=imported, actor=organiser, verb="import_workbook", subject="bcm-2025.xlsx", details=counts)
    ]
    for request in requests:
        lines += log_lines(request)
    newest = sorted((line for line in lines if line.at <= now), key=lambda line: line.at)
    LogEntry.objects.bulk_create([*newest[:1], *newest[1:][-LINES:]], batch_size=500)
    notices = [notice for request in requests if (notice := newest_notice(request, now))]
    Notice.objects.bulk_create(notices, batch_size=500)


def log_lines(request: MeetingRequest) -> list[LogEntry]:
    """Asked, and answered if it was."""
    edition, code = request.edition, request.code
    asked = LogEntry(edition=edition, at=request.created_at, actor=request.sender.user, verb="request_meeting", subject=code)
    asked.details = {"receiver": request.receiver.code}
    if not request.answered_at:
        return [asked]
    answered = LogEntry(edition=edition, at=request.answered_at, actor=request.receiver.user, verb="answer_request", subject=code)
    answered.details = {"status": str(request.status)}
    return [asked, answered]


def newest_notice(request: MeetingRequest, now: dt.datetime) -> Notice | None:
    """What is still to be told of the request: that it waits for an answer, or a recent answer. It has been mailed long ago."""
    if request.status == RequestStatus.SENT:
        return notice(request, request.receiver, request.sender, "request_received", request.created_at)
    if request.status == RequestStatus.EXPIRED and request.expires_at and request.expires_at > now - RECENT:
        return notice(request, request.receiver, request.sender, "request_expired", request.expires_at)
    if request.status in ANSWERED and request.answered_at and request.answered_at > now - RECENT:
        kind = "request_accepted" if request.status == RequestStatus.ACCEPTED else "request_declined"
        return notice(request, request.sender, request.receiver, kind, request.answered_at)
    return None


def notice(request: MeetingRequest, to: Participant, other: Participant, kind: str, at: dt.datetime) -> Notice:
    """One notice; some have been read."""
    facts = {**person_facts(other), "request": request.code}
    if kind == "request_declined" and request.answer:
        facts["answer"] = request.answer
    read_at = at + dt.timedelta(hours=3) if kind != "request_received" and int(request.code[1:]) % 3 else None
    return Notice(
        edition=request.edition,
        recipient=to,
        kind=kind,
        key=request.code,
        data=facts,
        created_at=at,
        read_at=read_at,
        mailed_at=at,
    )
