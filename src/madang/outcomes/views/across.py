"""Edition against edition, for whoever organises them: what the files say, how old they are, and bringing them up to date."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from madang.accounts.models import User
from madang.kit import progress
from madang.markets.actions import notice_interrupted
from madang.markets.models import Edition
from madang.outcomes import tasks_across as tasks
from madang.outcomes.across.dictionary import resources
from madang.outcomes.actions.across import start_across, stop_across
from madang.outcomes.forms_across import AcrossForm
from madang.outcomes.models import AcrossRun
from madang.outcomes.queries.across import Board, Wanted, bars_of, board_of, permitted
from madang.outcomes.rules import visible_across_runs

PAGE = 20
"""Editions in the tables of one page; pictures and sums are of all of them."""
SEPARATE = 12
"""More editions than that are drawn by year."""
TONES = {"requested": "plain", "accepted": "info", "held": "ok"}
"""What the first picture draws, and how."""


class AcrossRequest(HttpRequest):
    """A request of somebody who organises editions: `editions`, with their markets and files."""

    user: User
    editions: list[Edition]


def across_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view `request.editions`; 404 for whoever organises none, while a visitor is asked to sign in."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        editions = permitted(request.user)
        if not editions:
            raise Http404
        cast(AcrossRequest, request).editions = editions
        return view(request, *args, **kwargs)

    return wrapped


@require_safe
@across_page
def across(request: AcrossRequest) -> HttpResponse:
    """The dashboard: funnel, shares, money, countries, hours, activity; from files, never from the tables behind the pages."""
    form = AcrossForm(request.GET or None, {edition.market for edition in request.editions})
    board = board_of(request.editions, form.wanted() if form.is_bound else Wanted())
    context = {
        "form": form, "board": board, "page": Paginator(board.lines, PAGE).get_page(request.GET.get("page")),
        "pictures": _pictures(board), "only": board.lines[0] if len(board.lines) == 1 else None,
    }  # fmt: skip
    return render(request, "outcomes/across.html", context, status=422 if form.errors else 200)


def _pictures(board: Board) -> dict[str, Any]:
    """Each picture's bars, by the tone in which they are drawn."""
    if len(board.lines) > SEPARATE:
        steps = [(str(year), counts) for year, _editions, counts in reversed(board.years)]
    else:
        steps = [(str(line.edition), {name: int(line.counts.get(name) or 0) for name in TONES}) for line in reversed(board.lines)]
    return {
        "steps": bars_of([(label, {tone: counts[name] for name, tone in TONES.items()}) for label, counts in steps]),
        "hours": bars_of([(_hour(row["hour"]), {"plain": row["planned"], "ok": row["held"]}) for row in board.hours]),
        "months": bars_of([(_month(row["month"]), {"accent": row["lines"]}) for row in board.months]),
        "hour_rows": [(_hour(row["hour"]), row) for row in board.hours],
        "month_rows": [(_month(row["month"]), row) for row in board.months],
    }


def _hour(number: int) -> str:
    return f"{number:02}:00"


def _month(number: int) -> str:
    """202505 as "2025-05"."""
    return f"{number // 100}-{number % 100:02}"


@require_safe
@across_page
def files(request: AcrossRequest) -> HttpResponse:
    """The files of each edition: how old they are, how many rows, what they hold; and the runs of before."""
    runs = [notice_interrupted(run) for run in visible_across_runs(request.user)[:10]]
    page = Paginator(request.editions, 50).get_page(request.GET.get("page"))
    context = {"page": page, "runs": runs, "open": next((run for run in runs if run.is_open), None), "resources": resources()}
    return render(request, "outcomes/across_files.html", context)


@require_POST
@across_page
def start(request: AcrossRequest) -> HttpResponse:
    """Bring the files up to date."""
    with transaction.atomic():  # the run and its task: both or none
        run, is_new = start_across(request.user)
        if is_new:
            tasks.bring_up_to_date.enqueue(run.key)
    return redirect("across:run", run.key)


@require_safe
@across_page
def run(request: AcrossRequest, key: str) -> HttpResponse:
    """How far it is, and how it ended."""
    run = notice_interrupted(_run(request, key))
    context = {"run": run, "told": progress.told(run.key), "stopping": progress.stop_asked(run.key)}
    if request.headers.get("HX-Request"):
        return render(request, "outcomes/across_run.html#progress", context) if run.is_open else HttpResponseClientRefresh()
    return render(request, "outcomes/across_run.html", context)


@require_POST
@across_page
def stop(request: AcrossRequest, key: str) -> HttpResponse:
    """Stop; what is done stays."""
    stop_across(request.user, _run(request, key))
    return redirect("across:run", key)


def _run(request: AcrossRequest, key: str) -> AcrossRun:
    return get_object_or_404(visible_across_runs(request.user), key=key)
