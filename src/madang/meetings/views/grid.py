"""The organiser's grid: one day, tables or people down, slots across; moving by hand, undo."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madang.markets.models import Edition, Slot, Table
from madang.markets.pages import organiser_page
from madang.meetings.actions import moves
from madang.meetings.actions.refusals import Clash, InThePast, NoDraft, NothingToUndo, NotInTimetable, Refused
from madang.meetings.models import Move, Timetable, TimetableState
from madang.meetings.queries import grid as queries
from madang.meetings.queries.picked import Picked, pick, place_of
from madang.meetings.queries.places import place_words
from madang.meetings.queries.reasons import moment_words, violation_sentences
from madang.meetings.queries.timetable import draft_of, published_of, slot_day
from madang.meetings.timetable_forms import DraftForm, MoveForm
from madang.meetings.views.timetable import OrganiserRequest


@require_safe
@organiser_page
def grid(request: OrganiserRequest) -> HttpResponse:
    """A day of the draft, to be changed; of the published timetable, to be looked at, where there is no draft."""
    edition = request.edition
    shown = draft_of(edition) or published_of(edition)
    if shown is None:
        return render(request, "meetings/grid.html", {"shown": None, "tab": "grid"})
    is_draft, code = shown.state == TimetableState.DRAFT, request.GET.get("pick", "")[:40]
    day = queries.day_of(shown, edition, _date(request, shown, code))
    picked = pick(shown, edition, code, day.slots) if code and is_draft else None
    context = {
        "shown": shown,
        "is_draft": is_draft,
        "day": day,
        "days": queries.free_by_day(day, picked),
        "picked": picked,
        "newest": Move.objects.filter(timetable=shown).select_related("request", "by").first() if is_draft else None,
        "view": "booths" if request.GET.get("view") == "booths" else "tables",
        "counts": {"tables": len(day.at_tables), "booths": sum(map(len, day.at_booths.values()))},
        "tab": "grid",
        **_picked(day, picked),
        **_rows(request, day, picked),
    }
    return render(request, "meetings/grid.html", context)


def _date(request: OrganiserRequest, shown: Timetable, code: str) -> dt.date | None:
    """The day that was asked for; else that of the picked meeting."""
    try:
        return dt.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        place = place_of(shown, request.edition, code) if code else None
        return slot_day(place[0], request.edition) if place else None


def _rows(request: OrganiserRequest, day: queries.Day, picked: Picked | None) -> dict[str, Any]:
    """The people who were looked for, else the booths or the tables."""
    text, code = request.GET.get("q", "")[:100].strip(), picked.request.code if picked else ""
    if text:
        places = {0: _("at a booth")} | {table.pk: place_words(table) for table in day.tables}
        people, has_more = queries.people_rows(day, text)
        return {
            "q": text,
            "people": [(row.person, queries.person_cells(day, row, places, code)) for row in people],
            "has_more": has_more,
        }
    if request.GET.get("view") == "booths":
        at_booths = day.at_booths
        return {"booths": [(slot, [queries.cell_of(day, one, code) for one in at_booths.get(slot.pk, [])]) for slot in day.slots]}
    return {"rows": queries.table_rows(day, picked)}


def _picked(day: queries.Day, picked: Picked | None) -> dict[str, Any]:
    """For each slot of the day the free places of the picked meeting, or what is in the way; times that need no table."""
    if picked is None:
        return {}
    free = picked.free_tables
    standing = picked.standing.slot_id if picked.standing else None
    return {
        "slot_states": [(slot, free[slot.pk], picked.in_the_way.get(slot.pk, [])) for slot in day.slots],
        "booth_slots": [slot for slot in day.slots if (slot.pk, None) in picked.free and slot.pk != standing],
        "has_free_today": any(slot.pk in free for slot in day.slots),
    }


@require_POST
@organiser_page
def move(request: OrganiserRequest) -> HttpResponse:
    """Put a meeting somewhere else, place one, or take one off. A clash is explained, and nothing has changed."""
    form = MoveForm(request.POST, edition=request.edition)
    if not form.is_valid() or form.found is None:
        messages.warning(
            request, " ".join(map(str, form.non_field_errors())) or _("That was not a place on the grid; please choose again.")
        )
        return _to_grid(request)
    found, slot, table = form.found, form.slot, form.table
    try:
        moves.move_meeting(request.user, request.edition, form.cleaned_data["revision"], found, slot, table)
    except Clash as clash:
        _explain(request, clash)
        return _to_grid(request, pick=found.code, slot=slot)
    except Refused as refused:
        return _refused(request, refused)
    messages.success(request, _moved_words(request.edition, found.sender.name, found.receiver.name, slot, table))
    return _to_grid(request, slot=slot)


def _moved_words(edition: Edition, one: str, other: str, slot: Slot | None, table: Table | None) -> str:
    if slot is None:
        return _("The meeting of %(one)s and %(other)s is taken off the draft.") % {"one": one, "other": other}
    words = {"one": one, "other": other, "when": moment_words(slot, edition), "place": place_words(table) or _("at the booth")}
    return _("%(one)s and %(other)s now meet: %(when)s, %(place)s.") % words


def _explain(request: OrganiserRequest, clash: Clash) -> None:
    messages.error(request, _("This does not fit, so nothing was changed."))
    for sentence in violation_sentences(request.edition, clash.situation.maps, clash.situation.plan, clash.violations):
        messages.error(request, sentence)


@require_POST
@organiser_page
def undo(request: OrganiserRequest) -> HttpResponse:
    """Take back the newest change by hand."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _refused(request, Refused())
    try:
        undone = moves.undo_move(request.user, request.edition, form.cleaned_data["revision"])
    except Clash as clash:
        _explain(request, clash)
        return _to_grid(request)
    except Refused as refused:
        return _refused(request, refused)
    people = {"one": undone.request.sender.name, "other": undone.request.receiver.name}
    messages.success(request, _("Taken back: the meeting of %(one)s and %(other)s is as it was before.") % people)
    return _to_grid(request, slot=undone.from_slot or undone.to_slot)


def _refused(request: OrganiserRequest, refused: Refused) -> HttpResponse:
    words = {
        NoDraft: _("There is no draft now. Compute a timetable, or begin to change the published one."),
        InThePast: _("What has begun stands as it was published, and nothing is put into the past."),
        NothingToUndo: _("There is no change by hand left to take back."),
        NotInTimetable: _("This request is no longer accepted, or its title has been withdrawn: it cannot be placed."),
    }
    stale = _("Somebody else has changed the draft in the meantime. This is how it stands now; please look again.")
    messages.warning(request, words.get(type(refused), stale))
    return _to_grid(request)


def _to_grid(request: OrganiserRequest, *, slot: Slot | None = None, pick: str = "") -> HttpResponse:
    """Back to where she was: the day of the slot, else the day that the form came from."""
    day = slot_day(slot, request.edition).isoformat() if slot else request.POST.get("day", "")[:10]
    given = {"day": day, "pick": pick, "view": request.POST.get("view", "")[:10], "q": request.POST.get("q", "")[:100]}
    query = urlencode({name: value for name, value in given.items() if value})
    url = reverse("meetings:grid", args=[request.edition.slug])
    return redirect(f"{url}?{query}" if query else url)
