"""The programmer's grid: a day of the draft, halls down, time across; placing by hand, checked as one goes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madang.accounts.models import User
from madang.kernels.programme import check_move, explain
from madang.markets.pages import EditionRequest, organiser_page
from madang.programme.models import Event
from madang.programming.actions.items import items_from_events
from madang.programming.actions.placing import lock_item, place_item
from madang.programming.actions.refusals import Refused
from madang.programming.forms import PlaceForm
from madang.programming.models import Item
from madang.programming.queries.conflicts import Trouble, summary_words, told, troubles_of, worst_levels
from madang.programming.queries.grid import Day, day_at, day_of, programme_day
from madang.programming.queries.problem import Desk, desk_of
from madang.programming.views.undoing import last_moved, remember

CHOICES = 6
"""Places that are offered to a picked item."""


class OrganiserRequest(EditionRequest):
    """A request that has come through `organiser_page`."""

    user: User


def language() -> str:
    return (get_language() or "en")[:2]


@require_safe
@organiser_page
def grid(request: OrganiserRequest) -> HttpResponse:
    """A day, with what is wrong with it; an item that is picked, with places for it."""
    desk = desk_of(request.edition)
    code = request.GET.get("pick", "")[:40]
    picked = next((item for item in desk.items.values() if item.code == code), None)
    troubles = troubles_of(desk, language())
    day = day_of(desk, _date(request, desk, picked), worst_levels(troubles), picked)
    context = {
        "tab": "grid",
        "day": day,
        "halls": list(desk.halls.values()),
        "picked": picked,
        "summary": summary_words(troubles),
        "troubles": [one for one in troubles if _is_of_day(desk, one, day)],
        "waiting_events": Event.objects.filter(edition=request.edition, item=None, is_cancelled=False).count(),
        "has_items": bool(desk.items),
        "last_moved": last_moved(request),
        **(_picked(desk, picked, troubles) if picked else {}),
    }
    return render(request, "programming/grid.html", context)


def _date(request: OrganiserRequest, desk: Desk, picked: Item | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return programme_day(desk, picked) if picked else None


def _is_of_day(desk: Desk, trouble: Trouble, day: Day) -> bool:
    return any(programme_day(desk, item) == day.date for item in trouble.items)


def _picked(desk: Desk, picked: Item, troubles: list[Trouble]) -> dict[str, Any]:
    """What is wrong with it, what it costs elsewhere, and where it could stand."""
    why = explain(desk.problem, desk.plan, picked.pk, most=CHOICES)
    choices = [
        {
            "hall": desk.halls[int(choice.place.hall)],
            "starts_at": desk.line.moment(choice.place.start),
            "day": day_at(desk, desk.line.moment(choice.place.start)),
            "extra": choice.extra,
            "troubles": told(desk, choice.conflicts),
        }
        for choice in why.choices
    ]
    return {
        "picked_troubles": [one for one in troubles if picked in one.items],
        "choices": choices,
        "picked_day": programme_day(desk, picked),
        "guests": [desk.people[guest.participant_id] for guest in picked.guests.all()],
    }


@require_safe
@organiser_page
def verdict(request: OrganiserRequest) -> HttpResponse:
    """What would be wrong if an item stood there: the part that follows a dragged or pushed item."""
    form = PlaceForm(request.GET, edition=request.edition)
    context: dict[str, Any] = {"form": form}
    if form.is_valid() and form.found and form.place and form.starts_at:
        desk = desk_of(request.edition)
        start = desk.line.minute(form.starts_at)
        found = told(desk, check_move(desk.problem, desk.plan, form.found.pk, form.place.pk, start))
        context |= {"item": form.found, "hall": form.place, "starts_at": form.starts_at, "troubles": found}
    return render(request, "programming/verdict.html", context)


@require_POST
@organiser_page
def place(request: OrganiserRequest) -> HttpResponse:
    """Put an item somewhere, or take it off; what is wrong with that is told, and refuses nothing but publishing."""
    form = PlaceForm(request.POST, edition=request.edition)
    if not form.is_valid() or form.found is None:
        messages.warning(request, " ".join(map(str, form.non_field_errors())) or _("Choose a hall, a day and a time."))
        return to_grid(request, pick=request.POST.get("item", "")[:40])
    try:
        before = (form.found.hall_id, form.found.starts_at)
        row = place_item(request.user, form.found, form.place, form.starts_at, was=form.spot())
    except Refused as refused:
        messages.warning(request, str(refused))
        return to_grid(request, pick=form.found.code)
    remember(request, row, before)
    _tell(request, row)
    return to_grid(request, pick=row.code if request.POST.get("keep") else "")


def _tell(request: OrganiserRequest, item: Item) -> None:
    """Where it stands now, and what is wrong with it there."""
    if item.hall is None:
        messages.success(request, _("“%(item)s” is taken off the grid.") % {"item": item})
        return
    desk = desk_of(request.edition)
    mine = [trouble for trouble in troubles_of(desk, language()) if any(one.pk == item.pk for one in trouble.items)]
    if not mine:
        messages.success(request, _("“%(item)s” is placed, without conflicts.") % {"item": item})
    for trouble in mine[:5]:
        (messages.error if trouble.blocks else messages.warning)(request, trouble.sentence)


@require_POST
@organiser_page
def lock(request: OrganiserRequest) -> HttpResponse:
    """Lock an item where it is, or unlock it."""
    form = PlaceForm({"item": request.POST.get("item", "")}, edition=request.edition)
    if form.is_valid() and form.found:
        try:
            lock_item(request.user, form.found, is_locked=request.POST.get("lock") == "yes")
        except Refused as refused:
            messages.warning(request, str(refused))
    return to_grid(request, pick=request.POST.get("item", "")[:40])


@require_POST
@organiser_page
def take_events(request: OrganiserRequest) -> HttpResponse:
    """Make items of the events that have none."""
    count = items_from_events(request.user, request.edition)
    messages.success(request, _("Taken over from the programme: %(count)s.") % {"count": count})
    return to_grid(request)


def to_grid(request: OrganiserRequest, *, pick: str = "") -> HttpResponse:
    """Back to the day that the form came from."""
    given = {"day": request.POST.get("shown", "")[:10], "pick": pick}
    query = urlencode({name: value for name, value in given.items() if value})
    url = reverse("programming:grid", args=[request.edition.slug])
    return redirect(f"{url}?{query}" if query else url)
