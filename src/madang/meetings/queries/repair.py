"""A repair in words: what happened, each change before and after, why, and who is affected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from madang.kit import calendar
from madang.markets.models import Edition, Hall, Slot, Table
from madang.meetings.models import MeetingRequest, RepairRun
from madang.meetings.queries.places import booth_of, place_words
from madang.meetings.queries.versions import SHOWN
from madang.people.models import Participant

KIND_WORDS: dict[str, str | Promise] = {
    "cancelled": _("Cancelled"),
    "moved": _("Other time"),
    "reseated": _("Other table, same time"),
    "reassigned": _("Other people"),
    "placed": _("New: it waited for a place"),
}
REASONS: dict[str, str | Promise] = {
    "withdrawn": _("the request is no longer accepted"),
    "title_withdrawn": _("its title was withdrawn"),
    "nobody_named": _("nobody comes for one side"),
    "dropped_out": _("somebody dropped out, and a colleague comes"),
    "away": _("somebody cannot come then"),
    "asleep": _("it would be night where somebody is"),
    "busy": _("somebody is in another meeting then"),
    "day_cap": _("somebody would have more meetings than wished on that day"),
    "table_closed": _("its table is closed"),
    "table_full": _("its table is taken"),
    "session": _("it asked for the other half of the day"),
    "fixed": _("it is fixed to another time"),
    "length": _("it is longer than the time there is"),
    "order": _("it has to come before or after another meeting"),
    "pause": _("somebody would have no lunch"),
    "rest": _("somebody would have no rest"),
    "travel": _("the way between two halls is too long"),
    "delegates": _("the people who would come do not fit"),
    "room_made_for": _("it makes room for a meeting that could not stay"),
    "standby": _("a place is free for it now"),
    "required": _("it is fixed to that time"),
}


@dataclass(frozen=True)
class Row:
    """One change: the meeting, its place before and after (empty: none), why."""

    request: MeetingRequest
    kind: str
    kind_words: str
    before: Slot | None
    before_place: str
    after: Slot | None
    after_place: str
    reason: str


def rows_of(edition: Edition, changes: Sequence[dict[str, Any]]) -> list[Row]:
    """The changes of a page. Three queries."""
    wanted = [pk for change in changes for pk in (change["request"], change["because"]) if pk is not None]
    requests = MeetingRequest.objects.filter(edition=edition).select_related(*SHOWN).in_bulk(wanted)
    slots = {slot.pk: slot for slot in edition.slots.all()}
    tables = {table.pk: table for table in edition.tables.all()}
    return [_row(change, requests, slots, tables) for change in changes if change["request"] in requests]


def _row(change: dict[str, Any], requests: dict[int, MeetingRequest], slots: dict[int, Slot], tables: dict[int, Table]) -> Row:
    request, kind = requests[change["request"]], change["kind"]
    places = [
        place_words(tables.get(table) or booth_of(request)) if slot else "" for slot, table in (change["from"], change["to"])
    ]
    reason = str(REASONS.get(change["reason"], change["reason"]))
    if because := requests.get(change["because"] or 0):
        words = {"one": because.sender.name, "other": because.receiver.name}
        reason = gettext("it makes room for %(one)s and %(other)s") % words
    return Row(
        request, kind, str(KIND_WORDS.get(kind, kind)), slots.get(change["from"][0]), places[0], slots.get(change["to"][0]),
        places[1], reason,
    )  # fmt: skip


def counts_of(changes: Sequence[dict[str, Any]]) -> list[tuple[str, int]]:
    """How many changes of each kind, in words, those there are."""
    return [(str(words), sum(change["kind"] == kind for change in changes)) for kind, words in KIND_WORDS.items()]


def people_of(edition: Edition, ids: Sequence[int]) -> list[Participant]:
    """Everybody whose agenda changes. One query."""
    people = Participant.objects.filter(edition=edition, pk__in=list(ids)).select_related("company")
    return list(people.order_by("family_name", "given_name", "code"))


class Happened:
    """What happened, in a sentence, for any number of runs. Three queries."""

    def __init__(self, edition: Edition, runs: Sequence[RepairRun]) -> None:
        def ids(name: str) -> list[int]:
            return [run.what[name] for run in runs if run.what.get(name)]

        self.edition = edition
        self.people = Participant.objects.filter(edition=edition).in_bulk(ids("participant"))
        self.tables = Table.objects.filter(edition=edition).in_bulk(ids("table"))
        self.halls = Hall.objects.filter(edition=edition).in_bulk(ids("hall"))

    def words(self, run: RepairRun) -> str:
        """E.g. "Table 12 is closed from Wed 28 May, 10:00 until Wed 28 May, 12:00 KST"."""
        what = run.what
        person, table = self.people.get(what.get("participant", 0)), self.tables.get(what.get("table", 0))
        hall = self.halls.get(what.get("hall", 0))
        names = {
            "person": person.name if person else "?", "place": place_words(table) if table else str(hall or "?"),
            "start": self._moment(what.get("starts_at")), "end": self._moment(what.get("ends_at")),
        }  # fmt: skip
        return str(HAPPENED.get(what.get("kind", ""), HAPPENED["anything"])) % names

    def _moment(self, text: str | None) -> str:
        if not text:
            return ""
        here = calendar.in_zone(dt.datetime.fromisoformat(text), self.edition.time_zone)
        return f"{calendar.moment_text(here, (get_language() or 'en')[:2])} {calendar.zone_mark(here)}"


HAPPENED: dict[str, str | Promise] = {
    "left": _("%(person)s has dropped out."),
    "away": _("%(person)s cannot meet from %(start)s until %(end)s."),
    "late": _("%(person)s is late and comes at %(end)s."),
    "table_closed": _("%(place)s is closed from %(start)s until %(end)s."),
    "hall_closed": _("%(place)s is closed from %(start)s until %(end)s."),
    "anything": _("What no longer fits, and what waits for a place."),
}
