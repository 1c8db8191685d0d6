"""The organiser's timetable: compute, read the result, publish; what was not placed; versions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from madang.accounts.models import User
from madang.kit import progress
from madang.markets.actions import notice_interrupted
from madang.markets.pages import EditionRequest, organiser_page
from madang.meetings import tasks
from madang.meetings.actions import compute as computing
from madang.meetings.actions import moves
from madang.meetings.actions.refusals import NoDraft, Refused, StaleDraft
from madang.meetings.models import TimetableRun, TimetableState
from madang.meetings.queries import results
from madang.meetings.queries.prices import dial_rows
from madang.meetings.queries.timetable import draft_of, latest_prices, latest_run, published_of, published_versions
from madang.meetings.queries.versions import KINDS, changed_rows, difference, upset_of, version_before
from madang.meetings.timetable_forms import ComputeForm, DraftForm

PAGE = 50


class OrganiserRequest(EditionRequest):
    """A request that has come through `organiser_page`."""

    user: User


@require_safe
@organiser_page
def timetable(request: OrganiserRequest) -> HttpResponse:
    """Where the timetable stands: being computed, a draft to look at, versions that are published."""
    return render(request, "meetings/timetable.html", _state(request))


def _state(request: OrganiserRequest) -> dict[str, Any]:
    edition = request.edition
    run, draft, published = latest_run(edition), draft_of(edition), published_of(edition)
    shown, prices = draft or published, latest_prices(edition)
    if prices is not None:
        notice_interrupted(prices)
    return {
        **_progress(run),
        "draft": draft,
        "published": published,
        "versions": list(published_versions(edition)),
        "result": results.result_of(shown, edition) if shown else None,
        "changes": difference(draft, published) if draft and published else None,
        "upset": upset_of(draft, published) if draft and published else None,
        "form": ComputeForm(edition=edition),
        "price_run": prices,
        "dials": dial_rows(prices) if prices else [],
        "tab": "timetable",
    }


def _progress(run: TimetableRun | None) -> dict[str, Any]:
    if run is None:
        return {"run": None}
    told = progress.told(run.key)
    notice_interrupted(run)
    bound = results.percent(told.get("objective"), told.get("bound"))
    return {"run": run, "told": told, "bound": bound, "stopping": run.is_open and progress.stop_asked(run.key)}


@require_POST
@organiser_page
def compute(request: OrganiserRequest) -> HttpResponse:
    """Start a computation; where one is open already, show that."""
    form = ComputeForm(request.POST, edition=request.edition)
    limit = form.cleaned_data["limit"] if form.is_valid() else form.fields["limit"].initial
    with transaction.atomic():  # the run and its task: both or none
        run, is_new = computing.start_run(request.user, request.edition, limit, aims=form.aims())
        if is_new:
            tasks.compute_timetable.enqueue(run.key)
    if not is_new:
        messages.info(request, _("A timetable is being computed already; here it is."))
    return to_timetable(request)


@require_safe
@organiser_page
def run_progress(request: OrganiserRequest, key: str) -> HttpResponse:
    """How far the computation is: a part of the page for htmx, else a page of its own. When it has ended: the result."""
    run = get_object_or_404(TimetableRun.objects.filter(edition=request.edition).select_related("asked_by"), key=key)
    context = _progress(run)
    if not context["run"].is_open:
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(reverse("meetings:timetable", args=[request.edition.slug]))
        return to_timetable(request)
    name = "meetings/run.html#progress" if request.headers.get("HX-Request") else "meetings/run.html"
    return render(request, name, context | {"tab": "timetable"})


@require_POST
@organiser_page
def stop(request: OrganiserRequest, key: str) -> HttpResponse:
    """Stop, and keep the best found so far."""
    run = get_object_or_404(TimetableRun, edition=request.edition, key=key)
    computing.stop_run(request.user, run)
    return to_timetable(request)


@require_POST
@organiser_page
def revise(request: OrganiserRequest) -> HttpResponse:
    """Begin to change the published timetable: a draft with its meetings, on the grid."""
    try:
        moves.revise_published(request.user, request.edition)
    except NoDraft as refused:
        return stale(request, refused)
    return redirect("meetings:grid", request.edition.slug)


@require_POST
@organiser_page
def discard(request: OrganiserRequest) -> HttpResponse:
    """Throw the draft away."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        return stale(request)
    try:
        moves.discard_draft(request.user, request.edition, form.cleaned_data["revision"])
    except Refused as refused:
        return stale(request, refused)
    messages.success(request, _("The draft is discarded. What is published stays as it is."))
    return to_timetable(request)


@require_safe
@organiser_page
def unplaced(request: OrganiserRequest) -> HttpResponse:
    """Every accepted request that is not in the timetable, with its reason in words."""
    shown = draft_of(request.edition) or published_of(request.edition)
    if shown is None:
        return render(request, "meetings/unplaced.html", {"shown": None, "tab": "unplaced"})
    text, code = request.GET.get("q", "")[:100].strip(), request.GET.get("code", "")
    nobody = request.GET.get("people") == "none"
    found = results.unplaced_requests(shown, text, only_without_meeting=nobody)
    counts = results.code_counts(found)
    page = Paginator(found.filter(code=code) if code else found, PAGE).get_page(request.GET.get("page"))
    context = {
        "shown": shown,
        "is_draft": shown.state == TimetableState.DRAFT,
        "page": page,
        "rows": results.unplaced_rows(page.object_list, request.edition),
        "chips": [(name, results.code_words(name), number) for name, number in counts],
        "total": sum(number for _name, number in counts),
        "q": text,
        "code": code,
        "nobody": nobody,
        "tab": "unplaced",
    }
    return render(request, "meetings/unplaced.html", context)


@require_safe
@organiser_page
def version(request: OrganiserRequest, version: int) -> HttpResponse:
    """A published version: what it changed against the one before."""
    found = get_object_or_404(published_versions(request.edition), version=version)
    before = version_before(found)
    changes = difference(found, before)
    counts = {kind: len(getattr(changes, kind)) for kind in KINDS}
    kind = request.GET.get("kind", "") or next((name for name in KINDS if counts[name]), "placed")
    if kind not in KINDS:
        raise Http404
    page = Paginator(getattr(changes, kind), PAGE).get_page(request.GET.get("page"))
    context = {
        "found": found,
        "before": before,
        "changes": changes,
        "kind": kind,
        "tabs": [(name, results.KIND_WORDS[name], counts[name]) for name in KINDS],
        "page": page,
        "rows": changed_rows(page.object_list, found, before),
        "tab": "timetable",
    }
    return render(request, "meetings/version.html", context)


def stale(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    """Somebody else was quicker, or there is nothing to change: say so and show what there is now."""
    if isinstance(refused, NoDraft):
        messages.warning(request, _("There is no draft now. Compute a timetable, or begin to change the published one."))
    elif refused is None or isinstance(refused, StaleDraft):
        messages.warning(
            request, _("Somebody else has changed the draft in the meantime. This is how it stands now; please look again.")
        )
    return to_timetable(request)


def to_timetable(request: Any) -> HttpResponse:
    return redirect("meetings:timetable", request.edition.slug)
