"""The organiser's repair: what happened, the search for the smallest change, the proposal, accepting or leaving it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from madang.kit import progress
from madang.markets.actions import notice_interrupted
from madang.markets.pages import organiser_page
from madang.meetings import tasks
from madang.meetings.actions import repair as repairing
from madang.meetings.actions.live import refusal_words
from madang.meetings.actions.refusals import Clash, Refused
from madang.meetings.models import RepairRun
from madang.meetings.queries.reasons import violation_sentences
from madang.meetings.queries.repair import Happened, counts_of, people_of, rows_of
from madang.meetings.queries.timetable import published_of
from madang.meetings.repair_forms import HappenedForm
from madang.meetings.views.timetable import OrganiserRequest

PAGE = 50
LATEST = 20
SETTLED = gettext_lazy("This proposal was settled in the meantime, as you see here.")


@organiser_page
def repairs(request: OrganiserRequest) -> HttpResponse:
    """Say what happened; the repairs of before."""
    edition = request.edition
    published = published_of(edition)
    initial = {"person": request.GET.get("person", "")[:40], "kind": request.GET.get("kind", "left")[:20]}
    form = HappenedForm(request.POST if request.method == "POST" else None, edition=edition, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():  # the fact, the run and its task: all or none
                run, is_new = repairing.start_repair(request.user, edition, form.cleaned_data["kind"], **form.facts())
                if is_new:
                    tasks.search_repair.enqueue(run.key)
        except Refused as refused:
            messages.warning(request, refusal_words(refused))
            return redirect("meetings:repairs", edition.slug)
        if not is_new:
            messages.info(request, _("A search is going on already; here it is. What you wrote was not taken down."))
        return redirect("meetings:repair", edition.slug, run.key)
    runs = list(RepairRun.objects.filter(edition=edition).select_related("asked_by", "accepted_by")[:LATEST])
    told = Happened(edition, runs)
    context = {"form": form, "published": published, "runs": [(run, told.words(run)) for run in runs], "tab": "repair"}
    return render(request, "meetings/repairs.html", context, status=422 if request.method == "POST" else 200)


def _found(request: OrganiserRequest, key: str) -> RepairRun:
    runs = RepairRun.objects.filter(edition=request.edition).select_related("asked_by", "accepted_by", "timetable", "edition")
    return get_object_or_404(runs, key=key)


@require_safe
@organiser_page
def repair(request: OrganiserRequest, key: str) -> HttpResponse:
    """How far the search is; then the proposal."""
    run = _found(request, key)
    notice_interrupted(run)
    if request.headers.get("HX-Request"):
        if not run.is_open:
            return HttpResponseClientRefresh()
        return render(request, "meetings/repair.html#progress", {"run": run, "told": progress.told(run.key)})
    return render(request, "meetings/repair.html", _context(request, run))


def _context(request: OrganiserRequest, run: RepairRun) -> dict[str, Any]:
    changes: list[dict[str, Any]] = run.proposal.get("changes", [])
    page = Paginator(changes, PAGE).get_page(request.GET.get("page"))
    is_settled = run.accepted_at is not None or bool(run.proposal.get("left"))
    people = people_of(request.edition, run.proposal.get("people", []))
    return {
        "run": run,
        "told": progress.told(run.key),
        "happened": Happened(request.edition, [run]).words(run),
        "proposal": run.proposal,
        "page": page,
        "rows": rows_of(request.edition, list(page.object_list)),
        "counts": counts_of(changes),
        "people": people,
        "is_settled": is_settled,
        "is_stale": not is_settled and run.timetable is not None and run.timetable.revision != run.revision,
        "may_accept": run.state == "done" and not is_settled and bool(changes),
        "tab": "repair",
    }


@require_POST
@organiser_page
def accept(request: OrganiserRequest, key: str) -> HttpResponse:
    """Make the changes of the proposal."""
    run = _found(request, key)
    try:
        with transaction.atomic():
            changes = repairing.accept_repair(request.user, run)
            tasks.mail_notices.enqueue(request.build_absolute_uri("/"))
    except Clash as clash:
        _explain(request, clash)
    except Refused as refused:
        messages.warning(request, refusal_words(refused))
    else:
        words = ngettext(
            "One meeting has changed; its people are told.",
            "%(count)s meetings have changed; their people are told.",
            len(changes),
        )
        if changes:
            messages.success(request, words % {"count": len(changes)})
        else:
            messages.info(request, SETTLED)
    return redirect("meetings:repair", request.edition.slug, key)


def _explain(request: OrganiserRequest, clash: Clash) -> None:
    messages.error(request, _("This does not fit any more, so nothing was changed. Search again."))
    found = clash.situation
    for sentence in violation_sentences(request.edition, found.maps, found.plan, clash.violations)[:5]:
        messages.error(request, sentence)


@require_POST
@organiser_page
def leave(request: OrganiserRequest, key: str) -> HttpResponse:
    """Leave the timetable as it is; with `undo`, take back what was written down."""
    happened = "undo" not in request.POST
    if not repairing.leave_repair(request.user, _found(request, key), happened=happened):
        messages.info(request, SETTLED)
        return redirect("meetings:repair", request.edition.slug, key)
    said = _("The timetable stays as it is.") if happened else _("Taken back: it did not happen. The timetable stays as it is.")
    messages.success(request, said)
    return redirect("meetings:repairs", request.edition.slug)


@require_POST
@organiser_page
def again(request: OrganiserRequest, key: str) -> HttpResponse:
    """Search again, for the timetable as it is now."""
    try:
        with transaction.atomic():
            run, is_new = repairing.search_again(request.user, _found(request, key))
            if is_new:
                tasks.search_repair.enqueue(run.key)
    except Refused as refused:
        messages.warning(request, refusal_words(refused))
        return redirect("meetings:repairs", request.edition.slug)
    return redirect("meetings:repair", request.edition.slug, run.key)
