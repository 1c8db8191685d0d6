"""What happened before the reader opens the demo: log lines and notices, each at its time in the edition's own history."""

from __future__ import annotations

import datetime as dt

from madang.accounts.models import User
from madang.markets.models import Edition, LogEntry
from madang.meetings.models import MeetingRequest, RequestStatus
from madang.site.demo.sizes import ZONE

VERBS = {RequestStatus.ACCEPTED: "accept_request", RequestStatus.DECLINED: "decline_request"}
LINES = 400
"""Request lines in the log: the newest ones."""


def write_history(
    edition: Edition, organiser: User, requests: list[MeetingRequest], counts: dict[str, int], now: dt.datetime
) -> None:
    """The import of the organiser's workbook, then what people did with their requests, up to `now`."""
    imported = dt.datetime(2025, 3, 3, 11, 20, tzinfo=ZONE)
    lines = [
        LogEntry(edition=edition, at=imported, actor=organiser, verb="import_workbook", subject="bcm-2025.xlsx", details=counts)
    ]
    for request in requests:
        lines.append(
            LogEntry(
                edition=edition, at=request.created_at, actor=request.sender.user, verb="request_meeting", subject=request.code
            )
        )
        if request.answered_at and request.status in VERBS:
            verb = VERBS[RequestStatus(request.status)]
            lines.append(
                LogEntry(edition=edition, at=request.answered_at, actor=request.receiver.user, verb=verb, subject=request.code)
            )
    newest = sorted((line for line in lines if line.at <= now), key=lambda line: line.at)
    LogEntry.objects.bulk_create([*newest[:1], *newest[1:][-LINES:]], batch_size=500)
