"""The organiser's calls: made, changed, and how entries come in."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madang.accounts.models import User
from madang.markets.pages import EditionRequest, organiser_page
from madang.markets.rules import organised_editions
from madang.selection.actions import calls as actions
from madang.selection.actions.refusals import Refused
from madang.selection.forms_calls import COPIED, CallForm
from madang.selection.models import Call, EntryState
from madang.selection.queries.entries import asked_of, by_day, call_counts, call_state
from madang.selection.rules.entries import visible_calls


@require_safe
@organiser_page
def calls(request: EditionRequest) -> HttpResponse:
    """All calls with their numbers; earlier ones to copy from."""
    rows = call_counts(visible_calls(request.user, request.edition)).order_by("closes_at", "code")
    context = {"calls": [(row, call_state(row)) for row in rows], "earlier": _copied_from(request)}
    return render(request, "selection/desk_calls.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def new(request: EditionRequest) -> HttpResponse:
    """A call, empty or as an earlier one."""
    wanted = request.GET.get("like", "")
    like = _copied_from(request).filter(pk=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 18 else None
    initial = {name: getattr(like, name) for name in COPIED} if like else {}
    form = CallForm(request.edition, request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_call(cast(User, request.user), request.edition, form.cleaned_data, like=like)
        except Refused as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, _("The call is there."))
            return redirect("selection:desk_call", request.edition.slug, made.code)
    return render(request, "selection/desk_change_call.html", {"form": form, "like": like}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def change(request: EditionRequest, call: str) -> HttpResponse:
    """The same form for a call that is there."""
    found = get_object_or_404(visible_calls(request.user, request.edition), code=call)
    form = CallForm(request.edition, request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        actions.change_call(cast(User, request.user), found, form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("selection:desk_call", request.edition.slug, found.code)
    return render(request, "selection/desk_change_call.html", {"form": form, "call": found}, status=422 if form.errors else 200)


@require_safe
@organiser_page
def call(request: EditionRequest, call: str) -> HttpResponse:
    """How entries come in, by day, and what the call asks for."""
    found = get_object_or_404(call_counts(visible_calls(request.user, request.edition)), code=call)
    days = by_day(found)
    numbers = [(EntryState(state), getattr(found, f"number_{state}")) for state in EntryState.values]
    context = {
        "call": found,
        "state": call_state(found),
        "asked": asked_of(found),
        "days": days,
        "picture": _picture(days),
        "numbers": numbers,
    }
    return render(request, "selection/desk_call.html", context)


def _picture(days: list[tuple[Any, int, int]]) -> dict[str, Any]:
    """Where the line of the sum and the bars of the days stand, in a box of 100 × 40."""
    if not days:
        return {}
    most, highest = max(number for _day, number, _whole in days), days[-1][2]
    step = 100 / len(days)
    heights = [40 * number / most for _day, number, _whole in days]
    bars = [(f"{n * step:.2f}", f"{40 - height:.2f}", f"{height:.2f}") for n, height in enumerate(heights)]
    line = " ".join(f"{(n + 0.5) * step:.2f},{40 - 38 * whole / highest:.2f}" for n, (_day, _number, whole) in enumerate(days))
    return {"bars": bars, "width": f"{max(step * 0.8, 0.2):.2f}", "line": line, "most": most, "highest": highest}


def _copied_from(request: EditionRequest) -> Any:
    """Calls of every edition that the reader organises, the newest first."""
    return Call.objects.filter(edition__in=organised_editions(request.user)).select_related("edition").order_by("-closes_at")
