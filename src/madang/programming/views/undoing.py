"""The last moves by hand are undone one after the other; each organiser's own, as long as she is signed in."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from madang.accounts.models import User
from madang.markets.models import Edition
from madang.markets.pages import EditionRequest, organiser_page
from madang.people.pages import SignedInRequest
from madang.programming.actions.placing import Spot, place_item
from madang.programming.actions.refusals import Refused
from madang.programming.actions.suggesting import undo_suggestion
from madang.programming.models import Item, SuggestRun
from madang.programming.queries.problem import programme_halls

MOST = 20
"""Moves that are remembered."""
Move = tuple[str, str, str]
"""An item's code, where it stood and where it was put: hall's id and moment, or nothing. A suggestion: no code, and its key."""


def remember(request: EditionRequest, item: Item, before: Spot) -> None:
    """Somebody has moved an item by hand."""
    after: Spot = (item.hall_id, item.starts_at)
    if before != after:
        _keep(request, [*moves_of(request), (item.code, _written(before), _written(after))])


def remember_suggestion(request: EditionRequest, run: SuggestRun) -> None:
    """Somebody has taken a suggestion over: one step, however many items it moved."""
    _keep(request, [*moves_of(request), ("", run.key, "")])


def forget_suggestion(request: EditionRequest, run: SuggestRun) -> None:
    """It has been undone: "undo" goes on with what was before."""
    _keep(request, [move for move in moves_of(request) if move != ("", run.key, "")])


def moves_of(request: EditionRequest) -> list[Move]:
    """Those that may be undone, the last one at the end."""
    return [(code, before, after) for code, before, after in request.session.get(_name(request.edition), [])]


def last_moved(request: EditionRequest) -> str:
    """What "undo" would put back, in words; one query where there is something to undo."""
    code, key, _after = (moves_of(request) or [("", "", "")])[-1]
    if key and not code:
        return _("the suggestion") if SuggestRun.objects.filter(edition=request.edition, key=key).exists() else ""
    return str(Item.objects.filter(edition=request.edition, code=code).first() or "") if code else ""


@require_POST
@organiser_page
def undo(request: SignedInRequest) -> HttpResponse:
    """Undo the last move, or the last suggestion that was taken over."""
    moves = moves_of(request)
    if not moves:
        messages.info(request, _("There is nothing to undo."))
        return _to_grid(request, "")
    _keep(request, moves[:-1])
    code, before, after = moves[-1]
    try:
        if not code:
            undo_taken(request, request.user, SuggestRun.objects.get(edition=request.edition, key=before))
            return _to_grid(request, "")
        item = _put_back(request, code, before, after)
    except (Refused, ObjectDoesNotExist) as fault:
        gone = _("What was moved is not there any more: nothing was undone.")
        messages.warning(request, str(fault) if isinstance(fault, Refused) else gone)
        return _to_grid(request, code)
    messages.success(request, _("Undone: “%(item)s” is back where it was.") % {"item": item})
    return _to_grid(request, item.code)


def undo_taken(request: EditionRequest, actor: User, run: SuggestRun) -> None:
    """Undo a suggestion that was taken over, and say what went back and what did not."""
    back, stayed = undo_suggestion(actor, run)
    went = ngettext("Undone: %(count)s item is back where it was.", "Undone: %(count)s items are back where they were.", back)
    messages.success(request, went % {"count": back})
    if stayed:
        told = ngettext(
            "%(count)s item has been moved or locked since: it stays where it is.",
            "%(count)s items have been moved or locked since: they stay where they are.",
            stayed,
        )
        messages.warning(request, told % {"count": stayed})


def _put_back(request: SignedInRequest, code: str, before: str, after: str) -> Item:
    """The item where it stood, unless somebody has moved it since."""
    item = Item.objects.get(edition=request.edition, code=code)
    hall_id, starts_at = _read(before)
    hall = programme_halls(request.edition).get(pk=hall_id) if hall_id else None
    return place_item(request.user, item, hall, starts_at, was=_read(after))


def _keep(request: EditionRequest, moves: list[Move]) -> None:
    request.session[_name(request.edition)] = moves[-MOST:]


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
