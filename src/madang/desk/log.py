"""The log in words: who did what."""

from __future__ import annotations

from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext

from madang.desk.log_sentences import SENTENCES
from madang.desk.log_verbs import VERBS
from madang.mandates.models import Mandate
from madang.markets.models import Edition, LogEntry
from madang.meetings.models import MeetingPolicy, MeetingRequest, RequestStatus

ABOUT_REQUESTS = {
    "request_meeting",
    "answer_request",
    "withdraw_request",
    "move_meeting",
    "change_meeting",
    "undo_move",
    "propose_time",
    "answer_proposal",
    "name_colleague",
    "invite_guest",
    "answer_invitation",
    "take_back_invitation",
    "leave_meeting",
    "set_place",
}


def sentence(entry: LogEntry) -> str:
    """One line of the log in the active language."""
    if entry.verb not in SENTENCES:
        return gettext("%(who)s: %(verb)s %(subject)s") % _words(entry)
    return str(SENTENCES[entry.verb]) % _words(entry)


def link(entry: LogEntry, edition: Edition) -> str:
    """The page of what the line is about, where there is one."""
    if entry.verb in ABOUT_REQUESTS and entry.subject:
        return reverse("meetings:request", args=[edition.slug, entry.subject])
    if entry.verb in ("write_mandate", "change_mandate") and entry.subject:
        return reverse("mandates:mandate", args=[edition.slug, entry.subject])
    if entry.verb == "publish_timetable" and entry.subject.isdecimal():
        return reverse("meetings:version", args=[edition.slug, entry.subject])
    return ""


def verb_words(verb: str) -> str:
    return str(VERBS.get(verb, verb))


class _Words(dict[str, Any]):
    """A detail that an older line did not keep reads as a question mark."""

    def __missing__(self, key: str) -> str:
        return "?"


def _words(entry: LogEntry) -> _Words:
    details = {key: _plain(value) for key, value in entry.details.items()}
    if entry.details.get("status") in RequestStatus.values:
        details["status"] = str(RequestStatus(entry.details["status"]).label)
    for key, model in FIELDS_OF.items():
        if isinstance(entry.details.get(key), list):
            details[key] = ", ".join(_field_words(name, model) for name in entry.details[key])
    who = str(entry.actor) if entry.actor else gettext("Madang itself")
    return _Words(details, who=who, subject=entry.subject or "", verb=entry.verb)


FIELDS_OF: dict[str, tuple[type[Model], ...]] = {"fields": (Edition, MeetingPolicy), "changed": (MeetingRequest, Mandate)}
"""A detail that lists fields -> the models in which they may be."""


def _field_words(name: str, models: tuple[type[Model], ...]) -> str:
    for model in models:
        if name in {field.name for field in [*model._meta.fields, *model._meta.many_to_many]}:
            return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # plain fields of ours
    return name


def _plain(value: Any) -> str:
    """As text; a dash for nothing, such as where a meeting stood that had no place."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(intcomma(value))
    return (", ".join(str(part) for part in value) if isinstance(value, list) else str(value)) or "–"
