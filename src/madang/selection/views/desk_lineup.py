"""Rankings, decisions, the reserve list, letters; and the applicant's page with what became of her entry."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.kit.search import matching
from madang.markets.pages import organiser_page
from madang.people.mail import SITE
from madang.people.pages import SignedInRequest, signed_in_page
from madang.selection.actions import lineup as deciding
from madang.selection.actions.ranking import make_ranking
from madang.selection.actions.refusals import Refused
from madang.selection.forms_jury import LONGEST, TAKE_BACK, DecisionForm
from madang.selection.models import Axis, Call, Decision, Entry, Rank, Ranking, Selection
from madang.selection.queries.lineup import (
    TOLD,
    Letter,
    decision_counts,
    letter_of,
    lineup_rows,
    reserve_list,
    untold,
    withdrawn_from,
)
from madang.selection.queries.ranking import dots, latest_ranking, lines, strictness
from madang.selection.views.desk_jury import OrganiserRequest, attempt, desk_call

PAGE = 50


@require_safe
@organiser_page
def ranking(request: OrganiserRequest, call: str) -> HttpResponse:
    """The latest ranking, or an earlier one: one axis at a time, and both as a picture."""
    found = desk_call(request, call)
    number = request.GET.get("number", "")
    rows = Ranking.objects.filter(call=found).select_related("made_by")
    shown = rows.filter(number=int(number)).first() if number.isdecimal() and len(number) < 9 else latest_ranking(found)
    view = request.GET.get("axis", "")
    view = view if view in (*Axis.values, "both", "jurors") else Axis.AUTHORSHIP.value
    context: dict[str, Any] = {
        "call": found,
        "tab": "ranking",
        "ranking": shown,
        "view": view,
        "axes": Axis.choices,
        "earlier": rows[:20],
    }
    if shown is not None:
        context |= _shown(request, found, shown, view)
    return render(request, "selection/desk_ranking.html", context)


def _shown(request: OrganiserRequest, call: Call, shown: Ranking, view: str) -> dict[str, Any]:
    facts = {axis: shown.facts.get(axis, {}) for axis in Axis.values}
    if view == "both":
        return {"facts": facts, "dots": dots(shown)}
    if view == "jurors":
        jurors = {j.pk: j for j in call.jurors.select_related("participant__edition")}
        found = [(label, strictness(shown, axis, jurors), facts[axis]) for axis, label in Axis.choices]
        return {"facts": facts, "strict": found}
    ranks = Rank.objects.filter(ranking=shown, axis=view).select_related("entry__selection", "entry__call__edition")
    page = Paginator(ranks, PAGE).get_page(request.GET.get("page"))
    return {"facts": facts, "own": facts[view], "page": page, "lines": lines(shown, view, list(page))}


@require_POST
@organiser_page
def rank(request: OrganiserRequest, call: str) -> HttpResponse:
    """Freeze the scores as they stand now."""
    try:
        made, is_new = make_ranking(request.user, desk_call(request, call))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        text = _("Ranking %(n)s is made.") if is_new else _("No score has changed since ranking %(n)s: here it is.")
        messages.success(request, text % {"n": made.number})
    return redirect("selection:desk_ranking", request.edition.slug, call)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def lineup(request: OrganiserRequest, call: str) -> HttpResponse:
    """Every entry with both places and what was decided; decide about those that are ticked."""
    found = desk_call(request, call)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _decide(request, found, form)
    chosen, words = request.GET.get("decision", ""), request.GET.get("q", "").replace("\x00", "")[:100]
    rows = matching(lineup_rows(found, latest_ranking(found)), words)
    if chosen in Decision.values:
        rows = rows.filter(selection__decision=chosen)
    elif chosen == "none":
        rows = rows.filter(selection=None)
    if request.GET.get("order") == Axis.AUDIENCE:
        rows = rows.order_by(F("audience").asc(nulls_last=True), "code")
    counts = decision_counts(found)
    context = {
        "call": found,
        "tab": "lineup",
        "form": form,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "choices": [(value, label, counts[value]) for value, label in Decision.choices],
        "undecided": counts[""],
        "chosen": chosen,
        "words": words,
        "order": request.GET.get("order", ""),
        "reserve": list(reserve_list(found)[:30]),
        "waiting": untold(found).count(),
        "gone": list(withdrawn_from(found)[:30]),
    }
    return render(request, "selection/desk_lineup.html", context, status=422 if form.errors else 200)


def _decide(request: OrganiserRequest, call: Call, form: DecisionForm) -> HttpResponse:
    picked = [int(pk) for pk in request.POST.getlist("entry") if pk.isdecimal() and len(pk) <= LONGEST]
    facts = {name: form.cleaned_data[name] for name in ("reason", "section", "words")}
    decision = form.cleaned_data["decision"]
    done = deciding.decide(request.user, call, picked, "" if decision == TAKE_BACK else decision, **facts)
    text = ngettext("%(n)s decision is kept.", "%(n)s decisions are kept.", done.changed) % {"n": done.changed}
    if done.kept:
        text += " " + ngettext(
            "%(n)s stays: the applicant has been told.", "%(n)s stay: the applicants have been told.", done.kept
        ) % {"n": done.kept}
    (messages.success if done.changed else messages.error)(request, text if picked else _("Tick the entries first."))
    query = request.META.get("QUERY_STRING", "")
    answer = redirect("selection:desk_lineup", request.edition.slug, call.code)
    answer["Location"] += f"?{query}" if query else ""
    return answer


@require_POST
@organiser_page
def reserve(request: OrganiserRequest, call: str, code: str) -> HttpResponse:
    """One place up or down, or into the line-up."""
    found = desk_call(request, call)
    row = get_object_or_404(reserve_list(found), entry__code=code)
    act = request.POST.get("act", "")
    if act == "promote":
        words = _("%(title)s is in the line-up. Its letter waits to be written.") % {"title": row.entry}
        attempt(request, lambda: deciding.promote_next(request.user, found, row.entry_id), words)
    elif act in ("up", "down"):
        attempt(request, lambda: deciding.move_reserve(request.user, row, up=act == "up"), _("Saved."))
    return redirect("selection:desk_lineup", request.edition.slug, call)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def letters(request: OrganiserRequest, call: str) -> HttpResponse:
    """Every letter as it will be written; then written, once."""
    found = desk_call(request, call)
    if request.method == "POST":
        decisions = [value for value in request.POST.getlist("decision") if value in TOLD]
        told = deciding.write_letters(request.user, found, decisions)
        messages.success(request, ngettext("%(n)s letter is written.", "%(n)s letters are written.", told) % {"n": told})
        return redirect("selection:desk_letters", request.edition.slug, call)
    waiting = untold(found)
    kinds = [(value, label) for value, label in Decision.choices if value in TOLD]
    page = Paginator(waiting, 10).get_page(request.GET.get("page"))
    context = {
        "call": found,
        "tab": "lineup",
        "kinds": [(value, label, waiting.filter(decision=value).count()) for value, label in kinds],
        "page": page,
        "letters": [(selection, _as_mailed(letter_of(selection), request.build_absolute_uri("/"))) for selection in page],
    }
    return render(request, "selection/desk_letters.html", context)


def _as_mailed(letter: Letter, site: str) -> Letter:
    """With this site's address where the mail will have it."""
    return letter._replace(body=letter.body.replace(SITE, site.rstrip("/")))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def outcome(request: SignedInRequest, call: str, code: str) -> HttpResponse:
    """What became of an entry, for whoever entered it; where it is accepted she says whether it comes."""
    rows = Selection.objects.filter(told_at__isnull=False, entry__user=request.user)
    rows = rows.select_related("entry__call__edition", "entry__title")
    row = get_object_or_404(rows, entry__call__edition=request.edition, entry__call__code=call, entry__code=code)
    if request.method == "POST":
        comes = request.POST.get("comes", "")
        if comes not in ("yes", "no"):
            raise Http404
        entry: Entry = row.entry
        said = _("Thank you: see you there.") if comes == "yes" else _("Thank you for telling us.")
        attempt(request, lambda: deciding.answer_outcome(request.user, entry, comes=comes == "yes"), said)
        return redirect("selection:outcome", request.edition.slug, call, code)
    return render(request, "selection/outcome.html", {"selection": row, "entry": row.entry, "call": row.entry.call})
