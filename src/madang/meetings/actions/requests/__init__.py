"""Asking for a meeting, answering, taking back, and what closes requests by itself."""

from madang.meetings.actions.requests.answering import answer_request, change_wish
from madang.meetings.actions.requests.asking import edit_request, request_meeting, save_draft, send_draft
from madang.meetings.actions.requests.checks import MANDATE_GONE, REASON_LENGTH, TITLE_GONE, RequestRefused, next_code
from madang.meetings.actions.requests.closing import delete_draft, withdraw_request
from madang.meetings.actions.requests.expiry import expire_requests, remind_receivers

__all__ = [
    "MANDATE_GONE",
    "REASON_LENGTH",
    "TITLE_GONE",
    "RequestRefused",
    "answer_request",
    "change_wish",
    "delete_draft",
    "edit_request",
    "expire_requests",
    "next_code",
    "remind_receivers",
    "request_meeting",
    "save_draft",
    "send_draft",
    "withdraw_request",
]
