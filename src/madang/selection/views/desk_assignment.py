"""Dealing out readings: computed as a proposal, looked at, taken."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from madang.kit import progress
from madang.markets.actions import notice_interrupted
from madang.markets.pages import organiser_page
from madang.selection import tasks
from madang.selection.actions import assignment as dealing
from madang.selection.actions.refusals import Refused
from madang.selection.forms_jury import AssignmentForm
from madang.selection.models import AssignmentRun, Call
from madang.selection.queries.assignment import latest_assignment
from madang.selection.queries.jury import board_figures
from madang.selection.queries.proposal import proposal_of
from madang.selection.views.desk_jury import OrganiserRequest, desk_call


@require_safe
@organiser_page
def assignment(request: OrganiserRequest, call: str) -> HttpResponse:
    """Where the dealing out stands: being computed, a proposal to look at, taken."""
    found = desk_call(request, call)
    run = latest_assignment(found)
    context = {
        **_state(found, run),
        "figures": board_figures(found),
        "form": AssignmentForm(),
        "proposal": proposal_of(run) if run and "pairs" in run.report else None,
    }
    return render(request, "selection/desk_assignment.html", context)


def _state(call: Call, run: AssignmentRun | None) -> dict[str, Any]:
    if run is None:
        return {"call": call, "tab": "assignment", "run": None}
    told = progress.told(run.key)
    notice_interrupted(run)
    stopping = run.is_open and progress.stop_asked(run.key)
    return {"call": call, "tab": "assignment", "run": run, "told": told, "stopping": stopping}


@require_POST
@organiser_page
def start(request: OrganiserRequest, call: str) -> HttpResponse:
    """Compute a proposal; where one is being computed already, show that."""
    found, settings = desk_call(request, call), AssignmentForm(request.POST).settings()
    with transaction.atomic():  # the run and its task: both or none
        run, is_new = dealing.start_assignment(request.user, found, **settings)
        if is_new:
            tasks.compute_assignment.enqueue(run.key)
    if not is_new:
        messages.info(request, _("It is being computed already; here it is."))
    return redirect("selection:desk_assignment", request.edition.slug, call)


def _run(request: OrganiserRequest, call: str, key: str) -> AssignmentRun:
    rows = AssignmentRun.objects.select_related("call__edition__market", "edition")
    return get_object_or_404(rows, call__edition=request.edition, call__code=call, key=key)


@require_safe
@organiser_page
def run_progress(request: OrganiserRequest, call: str, key: str) -> HttpResponse:
    """How far it is: a part of the page for htmx, else the page. When it has ended: the proposal."""
    run = _run(request, call, key)
    context = _state(run.call, run)
    address = reverse("selection:desk_assignment", args=[request.edition.slug, call])
    if not run.is_open:
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    if not request.htmx:
        return redirect(address)
    return render(request, "selection/desk_assignment.html#progress", context)


@require_POST
@organiser_page
def stop(request: OrganiserRequest, call: str, key: str) -> HttpResponse:
    """End it after the step in hand."""
    dealing.stop_assignment(request.user, _run(request, call, key))
    return redirect("selection:desk_assignment", request.edition.slug, call)


@require_POST
@organiser_page
def take(request: OrganiserRequest, call: str, key: str) -> HttpResponse:
    """Make the proposal true; jurors are told."""
    try:
        new = dealing.take_assignment(request.user, _run(request, call, key))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        text = ngettext("%(n)s new reading.", "%(n)s new readings.", new) % {"n": new}
        messages.success(request, text + " " + _("Jurors are told."))
    return redirect("selection:desk_assignment", request.edition.slug, call)


@require_POST
@organiser_page
def undo(request: OrganiserRequest, call: str, key: str) -> HttpResponse:
    """Deal back what was taken last."""
    try:
        gone, back = dealing.undo_assignment(request.user, _run(request, call, key))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        went = ngettext("Undone: %(n)s reading is gone.", "Undone: %(n)s readings are gone.", gone) % {"n": gone}
        came = ngettext("%(n)s is back.", "%(n)s are back.", back) % {"n": back}
        messages.success(request, f"{went} {came}" if back else went)
    return redirect("selection:desk_assignment", request.edition.slug, call)
