"""Suggesting a programme: start, wait, look at it, take it over or leave it."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from madang.kit import progress
from madang.markets.actions import notice_interrupted
from madang.markets.pages import organiser_page
from madang.programming import tasks
from madang.programming.actions.refusals import Refused
from madang.programming.actions.suggesting import start_suggestion, stop_suggestion, take_suggestion
from madang.programming.forms import SuggestForm
from madang.programming.queries.problem import desk_of
from madang.programming.queries.suggestion import is_stale, proposals
from madang.programming.rules import visible_suggestions
from madang.programming.views.grid import OrganiserRequest, to_grid
from madang.programming.views.undoing import forget_suggestion, remember_suggestion, undo_taken

LATEST = 10


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def suggestions(request: OrganiserRequest) -> HttpResponse:
    """Ask for a suggestion; those of before."""
    form = SuggestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():  # the run and its task: both or none
            run, is_new = start_suggestion(request.user, request.edition, form.cleaned_data)
            if is_new:
                tasks.suggest_programme.enqueue(run.key)
        return redirect("programming:suggestion", request.edition.slug, run.key)
    runs = visible_suggestions(request.user, request.edition).select_related("asked_by")[:LATEST]
    context = {"tab": "suggest", "form": form, "runs": [notice_interrupted(run) for run in runs]}
    return render(request, "programming/suggestions.html", context, status=422 if form.errors else 200)


@require_safe
@organiser_page
def suggestion(request: OrganiserRequest, key: str) -> HttpResponse:
    """How far the search is; then what it would do, and why."""
    run = get_object_or_404(visible_suggestions(request.user, request.edition).select_related("edition"), key=key)
    notice_interrupted(run)
    context = {"tab": "suggest", "run": run, "told": progress.told(run.key), "stopping": progress.stop_asked(run.key)}
    if request.headers.get("HX-Request"):
        return render(request, "programming/suggestion.html#progress", context) if run.is_open else HttpResponseClientRefresh()
    if not run.is_open and "places" in run.report:
        desk = desk_of(request.edition)
        rows = proposals(desk, run)
        context["is_stale"] = run.taken_at is None and is_stale(desk, run)
        context["moves"] = [row for row in rows if row.after is not None]
        context["left_out"] = [row for row in rows if row.after is None]
        context["saved"] = run.report["overlap_now"] - run.report["overlap_then"]
    return render(request, "programming/suggestion.html", context)


@require_POST
@organiser_page
def stop(request: OrganiserRequest, key: str) -> HttpResponse:
    """Stop, and keep the best found so far."""
    run = get_object_or_404(visible_suggestions(request.user, request.edition).select_related("edition"), key=key)
    stop_suggestion(request.user, run)
    return redirect("programming:suggestion", request.edition.slug, key)


@require_POST
@organiser_page
def take(request: OrganiserRequest, key: str) -> HttpResponse:
    """Take the suggestion over into the draft."""
    run = get_object_or_404(visible_suggestions(request.user, request.edition).select_related("edition"), key=key)
    try:
        moved = take_suggestion(request.user, run)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("programming:suggestion", request.edition.slug, key)
    remember_suggestion(request, run)
    told = ngettext("Taken over: %(count)s item has a new place.", "Taken over: %(count)s items have a new place.", moved)
    messages.success(request, told % {"count": moved} + " " + _("Nobody but the organisers sees it until it is published."))
    return to_grid(request)


@require_POST
@organiser_page
def give_back(request: OrganiserRequest, key: str) -> HttpResponse:
    """Undo what was taken over, from the suggestion's own page: by any organiser, and later than the grid remembers."""
    run = get_object_or_404(visible_suggestions(request.user, request.edition).select_related("edition"), key=key)
    try:
        undo_taken(request, request.user, run)
    except Refused as refused:
        messages.warning(request, str(refused))
    forget_suggestion(request, run)
    return redirect("programming:suggestion", request.edition.slug, key)
