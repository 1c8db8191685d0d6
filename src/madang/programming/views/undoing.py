"""The last moves by hand are undone one after the other; each organiser's own, as long as she is signed in."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from madang.markets.models import Edition
from madang.markets.pages import EditionRequest, organiser_page
from madang.people.pages import SignedInRequest
from madang.programming.actions.placing import Spot, place_item
from madang.programming.actions.refusals import Refused
from madang.programming.models import Item
from madang.programming.queries.problem import programme_halls

MOST = 20
"""Moves that are remembered."""
Move = tuple[str, str, str]
"""An item's code, where it stood and where it was put: hall's id and moment, or nothing."""


def remember(request: EditionRequest, item: Item, before: Spot) -> None:
    """Somebody has moved an item by hand."""
    after: Spot = (item.hall_id, item.starts_at)
    if before != after:
        moves = [*moves_of(request), (item.code, _written(before), _written(after))]
        request.session[_name(request.edition)] = moves[-MOST:]


def moves_of(request: EditionRequest) -> list[Move]:
    """Those that may be undone, the last one at the end."""
    return [(code, before, after) for code, before, after in request.session.get(_name(request.edition), [])]


def last_moved(request: EditionRequest) -> Item | None:
    """What "undo" would put back; one query where there is something to undo."""
    moves = moves_of(request)
    return Item.objects.filter(edition=request.edition, code=moves[-1][0]).first() if moves else None


@require_POST
@organiser_page
def undo(request: SignedInRequest) -> HttpResponse:
    """Put the item of the last move back where it stood, unless somebody has moved it since."""
    moves = moves_of(request)
    if not moves:
        messages.info(request, _("There is nothing to undo."))
        return _to_grid(request, "")
    code, before, after = moves[-1]
    request.session[_name(request.edition)] = moves[:-1]
    item = Item.objects.filter(edition=request.edition, code=code).first()
    hall_id, starts_at = _read(before)
    hall = programme_halls(request.edition).filter(pk=hall_id).first() if hall_id else None
    if item is None or (hall is None and hall_id is not None):
        messages.warning(request, _("What was moved is not there any more: nothing was undone."))
        return _to_grid(request, "")
    try:
        place_item(request.user, item, hall, starts_at, was=_read(after))
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Undone: “%(item)s” is back where it was.") % {"item": item})
    return _to_grid(request, item.code)


def _to_grid(request: EditionRequest, pick: str) -> HttpResponse:
    """The day on which the item stands; else the one that was shown."""
    query = {"pick": pick} if pick else {"day": request.POST.get("shown", "")[:10]}
    return redirect(reverse("programming:grid", args=[request.edition.slug]) + "?" + urlencode(query))


def _name(edition: Edition) -> str:
    return f"programming-moves-{edition.pk}"


def _written(spot: Spot) -> str:
    hall, moment = spot
    return f"{hall}|{moment.isoformat()}" if hall and moment else ""


def _read(text: str) -> Spot:
    hall, _bar, moment = text.partition("|")
    return (int(hall), dt.datetime.fromisoformat(moment)) if hall else (None, None)
