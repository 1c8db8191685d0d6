"""Suggesting a roster: start, wait, look at it, take it over or leave it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from madang.kit import progress
from madang.markets.actions import notice_interrupted
from madang.markets.pages import organiser_page
from madang.outcomes import tasks_rosters as tasks
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.actions.rosters import start_roster, stop_roster, take_roster
from madang.outcomes.forms_staffing import SuggestForm
from madang.outcomes.models import RosterRun
from madang.outcomes.queries.staffing import Roster, Row, roster_of
from madang.outcomes.views.budget import OrganiserRequest

LATEST = 10
WHY = {
    "skill": gettext_lazy("without the skill: %(count)s"),
    "overlap": gettext_lazy("in another shift at that time: %(count)s"),
    "rest": gettext_lazy("with too little rest: %(count)s"),
    "day": gettext_lazy("with enough hours that day: %(count)s"),
    "all": gettext_lazy("with enough hours in all: %(count)s"),
    "": gettext_lazy("free, to be asked by hand: %(count)s"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def rosters(request: OrganiserRequest) -> HttpResponse:
    """Ask for a roster; those of before."""
    form = SuggestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():  # the run and its task: both or none
            run, is_new = start_roster(request.user, request.edition, form.cleaned_data["limit"])
            if is_new:
                tasks.suggest_roster.enqueue(run.key)
        return redirect("outcomes:suggested_roster", request.edition.slug, run.key)
    runs = RosterRun.objects.filter(edition=request.edition).select_related("asked_by")[:LATEST]
    found = roster_of(request.edition)
    context = {"tab": "suggest", "form": form, "runs": [notice_interrupted(run) for run in runs], "roster": found}
    return render(request, "outcomes/rosters.html", context, status=422 if form.errors else 200)


def _run(request: OrganiserRequest, key: str) -> RosterRun:
    return get_object_or_404(RosterRun.objects.select_related("edition"), edition=request.edition, key=key)


@require_safe
@organiser_page
def suggested_roster(request: OrganiserRequest, roster_run: str) -> HttpResponse:
    """How far the search is; then who would hold what, how even the hours are, and what stays open and why."""
    run = _run(request, roster_run)
    notice_interrupted(run)
    context: dict[str, Any] = {
        "tab": "suggest",
        "run": run,
        "told": progress.told(run.key),
        "stopping": progress.stop_asked(run.key),
    }
    if request.headers.get("HX-Request"):
        return render(request, "outcomes/roster_run.html#progress", context) if run.is_open else HttpResponseClientRefresh()
    if not run.is_open and "pairs" in run.report:
        context |= _proposed(roster_of(request.edition), run.report)
    return render(request, "outcomes/roster_run.html", context)


def _proposed(roster: Roster, report: dict[str, Any]) -> dict[str, Any]:
    """Rows of shifts with those who would come, shifts that stay open, and everybody's hours then."""
    rows, people = {row.shift.pk: row for row in roster.rows}, {one.worker.pk: one for one in roster.people}
    pairs = [(shift, hand) for shift, hand in report["pairs"] if shift in rows and hand in people]
    come: dict[int, list[str]] = {}
    for shift, hand in pairs:
        come.setdefault(shift, []).append(people[hand].worker.name)
    taken = {(row.shift.pk, duty.worker_id) for row in roster.rows for duty in row.duties}
    then = sorted(
        (one.minutes + sum(rows[s].work.minutes for s, h in pairs if h == one.worker.pk and (s, h) not in taken)) / 60
        for one in roster.people
        if one.worker.left_at is None
    )
    return {
        "rows": [(rows[shift], names) for shift, names in come.items()],
        "left": [(rows[int(pk)], _why(rows[int(pk)], counts)) for pk, counts in report["why"].items() if int(pk) in rows],
        "least": then[0] if then else 0, "most": then[-1] if then else 0,
    }  # fmt: skip


def _why(row: Row, counts: dict[str, int]) -> str:
    if row.shift.skill is not None and set(counts) == {"skill"}:
        return _("Nobody has the skill.")
    return "; ".join(str(WHY[reason]) % {"count": count} for reason, count in counts.items() if count)


@require_POST
@organiser_page
def stop(request: OrganiserRequest, roster_run: str) -> HttpResponse:
    """Stop, and keep the best found so far."""
    stop_roster(request.user, _run(request, roster_run))
    return redirect("outcomes:suggested_roster", request.edition.slug, roster_run)


@require_POST
@organiser_page
def take(request: OrganiserRequest, roster_run: str) -> HttpResponse:
    """Assign the shifts as suggested."""
    try:
        count = take_roster(request.user, _run(request, roster_run))
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("outcomes:suggested_roster", request.edition.slug, roster_run)
    messages.success(
        request, ngettext("%(count)s shift is assigned.", "%(count)s shifts are assigned.", count) % {"count": count}
    )
    return redirect("outcomes:roster", request.edition.slug)
