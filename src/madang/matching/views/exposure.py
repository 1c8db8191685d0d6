"""The organiser's exposure: dials with their price, runs, the proposed meetings of a run, two runs side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from madang.accounts.models import User
from madang.kit import progress
from madang.kit.facets import Search, search
from madang.kit.tables import table_file
from madang.markets.actions import notice_interrupted
from madang.markets.models import RunState
from madang.markets.pages import EditionRequest, organiser_page
from madang.matching import tasks
from madang.matching.actions.exposure import start_proposals, stop_proposals, turn_dials
from madang.matching.actions.suggestions import drop_suggestion, restore_suggestion, show_suggestions
from madang.matching.cards import Card, card_of
from madang.matching.forms_exposure import DialsForm
from madang.matching.models import ProposeRun, Suggestion, SuggestionState
from madang.matching.queries.exposure import asked_of, dials_of
from madang.matching.queries.exposure_results import (
    SUGGESTION_COLUMNS,
    SUGGESTION_FILTERS,
    compared,
    country_floors,
    counts_of,
    lacks_of,
    lost_of,
    prices_of,
    reason_words,
    table_of,
    with_all,
)
from madang.matching.queries.pairs import matches_of
from madang.matching.queries.past import past_of_market
from madang.matching.queries.readings import read_mandates
from madang.matching.queries.suggestions import requests_of
from madang.matching.rules_exposure import visible_runs
from madang.meetings.rules import ASKING_STAGES
from madang.meetings.tasks import mail_notices

LATEST = 20
A_PAGE = 30
CHIPS = ("state", "floor", "first")
"""Filters with few choices."""


class OrganiserRequest(EditionRequest):
    user: User


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def exposure(request: OrganiserRequest) -> HttpResponse:
    """The dials with what each floor costs; POST keeps them and computes."""
    runs = list(visible_runs(request.user, request.edition).select_related("asked_by", "edition")[:LATEST])
    for one in runs:
        notice_interrupted(one)
    done = [run for run in runs if run.state == RunState.DONE]
    latest = done[0] if done else None
    data = request.POST if request.method == "POST" else None
    form = DialsForm(data, instance=dials_of(request.edition), edition=request.edition, latest=latest)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():  # the dials, the run and its task: all or none
            dials = turn_dials(request.user, request.edition, **form.facts())
            run, is_new = start_proposals(request.user, request.edition, asked_of(dials))
            if is_new:
                tasks.propose_meetings.enqueue(run.key)
        return redirect("matching:exposure_run", request.edition.slug, run.key)
    context = {
        "form": form,
        "runs": runs,
        "latest": latest,
        "prices": prices_of(latest),
        "done": done,
        "open": next((run for run in runs if run.is_open), None),
    }
    return render(request, "matching/exposure.html", context, status=422 if form.errors else 200)


@require_safe
@organiser_page
def run(request: OrganiserRequest, key: str) -> HttpResponse:
    """How far a run is; then its figures, what lacks, and the proposed meetings."""
    found = _run(request, key)
    notice_interrupted(found)
    context: dict[str, Any] = {"run": found, "told": progress.told(key), "stopping": progress.stop_asked(key)}
    if found.is_open:
        part = "#progress" if request.headers.get("HX-Request") else ""
        return render(request, f"matching/exposure_run.html{part}", context)
    if request.headers.get("HX-Request"):
        return HttpResponseClientRefresh()
    if found.state == RunState.DONE:
        context |= _results(request, found)
    return render(request, "matching/exposure_run.html", context)


def _results(request: OrganiserRequest, found: ProposeRun) -> dict[str, Any]:
    asked = _search(request, found)
    drafts = asked.rows.filter(state=SuggestionState.DRAFT).count()
    page = Paginator(with_all(asked.rows.order_by("-chance", "pk")), A_PAGE).get_page(request.GET.get("page"))
    requests = requests_of(request.edition, list(page))
    return {
        "found": asked,
        "chips": [asked.facets[name] for name in CHIPS],
        "selects": [facet for name, facet in asked.facets.items() if name not in CHIPS],
        "kept": [(name, asked.chosen.get(name, "")) for name in CHIPS],
        "page": page,
        "rows": [(one, reason_words(one), requests.get(one.pk)) for one in page],
        "drafts": drafts,
        "counts": counts_of(found),
        "lacks": lacks_of(found),
        "lost": 100 * lost_of(found),
        "prices": prices_of(found),
        "floors": country_floors(found.asked.get("countries", {})),
        "others": visible_runs(request.user, request.edition).filter(state=RunState.DONE).exclude(pk=found.pk)[:LATEST],
    }


@require_POST
@organiser_page
def stop(request: OrganiserRequest, key: str) -> HttpResponse:
    """Stop: nothing of it is kept."""
    stop_proposals(request.user, _run(request, key))
    return redirect("matching:exposure_run", request.edition.slug, key)


@require_POST
@organiser_page
def show(request: OrganiserRequest, key: str) -> HttpResponse:
    """Show the drafts that fit the filters of the page to both sides."""
    found = _run(request, key)
    drafts = _search(request, found).rows.filter(state=SuggestionState.DRAFT)
    shown = show_suggestions(request.user, found, drafts.order_by().values_list("pk", flat=True))
    if shown.meetings:
        mail_notices.enqueue(request.build_absolute_uri("/"))
        words = ngettext("%(count)s meeting is suggested;", "%(count)s meetings are suggested;", shown.meetings)
        told = ngettext("%(count)s person is told.", "%(count)s people are told.", shown.people)
        said = [words % {"count": shown.meetings}, told % {"count": shown.people}, _("Nothing is booked by it.")]
        messages.success(request, " ".join(said))
    if shown.left and request.edition.stage not in ASKING_STAGES:
        messages.warning(
            request, _("Meetings are suggested while people may ask for them: from the registration to the last slot.")
        )
    elif shown.left:
        left = ngettext(
            "%(count)s draft was left: it was shown before, or somebody has gone.",
            "%(count)s drafts were left: they were shown before, or somebody has gone.",
            shown.left,
        )
        messages.info(request, left % {"count": shown.left})
    return _to_run(request, key)


@require_POST
@organiser_page
def drop(request: OrganiserRequest, key: str, number: int) -> HttpResponse:
    """Take one meeting out."""
    return _moved(request, drop_suggestion(request.user, _suggestion(request, key, number)))


@require_POST
@organiser_page
def restore(request: OrganiserRequest, key: str, number: int) -> HttpResponse:
    """Make what was dropped a draft again."""
    return _moved(request, restore_suggestion(request.user, _suggestion(request, key, number)))


def _moved(request: OrganiserRequest, one: Suggestion) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return _to_run(request, one.run.key)
    asked = requests_of(request.edition, [one]).get(one.pk)
    return render(
        request, "matching/exposure_row.html", {"one": one, "reasons": reason_words(one), "asked": asked, "run": one.run}
    )


@require_safe
@organiser_page
def why(request: OrganiserRequest, key: str, number: int) -> HttpResponse:
    """The gates of one meeting and what adds up to its chance, as they are today; for htmx the part alone."""
    one = _suggestion(request, key, number)
    card = _card(request.user, one)
    part = "#card" if request.headers.get("HX-Request") else ""
    return render(request, f"matching/exposure_why.html{part}", {"one": one, "run": one.run, "card": card})


def _card(user: User, one: Suggestion) -> Card | None:
    """The pair as the organiser may know it: with what the buyer asked for, without deals and feedback."""
    if one.mandate is None:
        return None
    past = [sign for sign in past_of_market(one.mandate.edition) if sign.buyer == one.buyer_id]
    reading = read_mandates([one.mandate], user, past)
    pairs = [n for n, title in enumerate(reading.titles) if title == one.title_id]
    reading.look(pairs)
    for match in matches_of(reading, pairs):
        return card_of(match)
    return None


@require_safe
@organiser_page
def compare(request: OrganiserRequest) -> HttpResponse:
    """Two finished runs side by side: the two newest where none are named."""
    runs = list(visible_runs(request.user, request.edition).filter(state=RunState.DONE)[:LATEST])
    chosen = [_chosen(runs, request.GET.get(name, ""), n) for n, name in enumerate(("one", "other"))]
    one, other = (*chosen,)
    context: dict[str, Any] = {"runs": runs, "one": one, "other": other}
    if one and other and one.pk != other.pk:
        context["comparison"] = compared(one, other)
    return render(request, "matching/exposure_compare.html", context)


def _chosen(runs: list[ProposeRun], key: str, place: int) -> ProposeRun | None:
    named = [run for run in runs if run.key == key]
    return next(iter([*named, *runs[place : place + 1]]), None)


@require_safe
@organiser_page
def table(request: OrganiserRequest, key: str, kind: str) -> HttpResponse:
    """The meetings of the list as it is narrowed, to take away."""
    found = _run(request, key)
    head, rows = table_of(with_all(_search(request, found).rows.order_by("-chance", "pk")))
    return table_file(f"proposed-{request.edition.slug}", kind, head, rows, _("Proposed meetings"))


def _run(request: OrganiserRequest, key: str) -> ProposeRun:
    return get_object_or_404(visible_runs(request.user, request.edition).select_related("edition", "asked_by"), key=key)


def _suggestion(request: OrganiserRequest, key: str, number: int) -> Suggestion:
    return get_object_or_404(with_all(_run(request, key).suggestions.all()), pk=number)


def _search(request: HttpRequest, found: ProposeRun) -> Search:
    return search(Suggestion.objects.filter(run=found), request.GET, SUGGESTION_FILTERS, SUGGESTION_COLUMNS)


def _to_run(request: OrganiserRequest, key: str) -> HttpResponse:
    answer = redirect("matching:exposure_run", request.edition.slug, key)
    if asked := request.GET.urlencode():
        answer["Location"] += f"?{asked}"
    return answer
