"""The budget: activities, lines, postings, warnings, what if, money over time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.accounts.models import User
from madang.kit.choices import LONGEST
from madang.markets.pages import EditionRequest, organiser_page
from madang.outcomes.actions import budget as actions
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.forms_money import ActivityForm, LineForm, PostingForm, ScenarioForm, WithdrawForm
from madang.outcomes.models import Activity, BudgetLine, Posting, PostingKind
from madang.outcomes.queries.budget import budget_of, current_postings
from madang.outcomes.queries.cash import burn_picture, cash_of, cash_picture
from madang.outcomes.queries.scenario import DRIVERS, counts_today, scenario_of
from madang.outcomes.queries.warnings import in_short, warnings_of

PAGE = 50


class OrganiserRequest(EditionRequest):
    """An organiser's; she is signed in."""

    user: User


def form_page(
    request: OrganiserRequest,
    form: forms.BaseForm,
    save: Callable[[], Any],
    texts: Mapping[str, Any],
    back: str | Callable[[Any], str],
) -> HttpResponse:
    """A page with one form: shown, refused at its fields (422), or saved. `texts`: tab, title, lead, submit, delete."""
    if request.method == "POST" and form.is_valid():
        try:
            saved = save()
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect(back if isinstance(back, str) else back(saved))
    cancel = texts.get("cancel") or (back if isinstance(back, str) else "")
    context = {"submit": _("Save"), **texts, "form": form, "cancel_url": cancel}
    return render(request, "outcomes/money_form.html", context, status=422 if form.errors else 200)


def said(request: HttpRequest) -> Any:
    """What was sent, or None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def row_or_404(rows: QuerySet[Any], number: int) -> Any:
    """A row by its number; a number longer than any row's is none."""
    if len(str(number)) > LONGEST:
        raise Http404
    return get_object_or_404(rows, pk=number)


def delete_and_leave(request: OrganiserRequest, delete: Callable[[], Any], stay: str, leave: str) -> HttpResponse:
    """Delete, or say why not."""
    try:
        delete()
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect(stay)
    messages.success(request, _("Deleted."))
    return redirect(leave)


def _url(request: EditionRequest, name: str, *args: object) -> str:
    return reverse(f"outcomes:{name}", args=[request.edition.slug, *args])


@require_safe
@organiser_page
def budget(request: OrganiserRequest) -> HttpResponse:
    """Every activity with its stages side by side."""
    found = budget_of(request.edition)
    warned = warnings_of(request.edition, (get_language() or "en")[:2], found)
    context = {"tab": "budget", "budget": found, "warned": warned, "warned_words": in_short(warned)}
    return render(request, "outcomes/budget.html", context)


@require_safe
@organiser_page
def warnings(request: OrganiserRequest) -> HttpResponse:
    """Everything that is about to go wrong with money and people."""
    found = warnings_of(request.edition, (get_language() or "en")[:2])
    return render(request, "outcomes/warnings.html", {"tab": "warnings", "warned": found})


# --- Activities -----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def new_activity(request: OrganiserRequest) -> HttpResponse:
    """An activity to come."""
    form = ActivityForm(said(request), instance=Activity(edition=request.edition), edition=request.edition)
    return _save_activity(request, form, None, {"title": _("New activity")})


@require_safe
@organiser_page
def activity(request: OrganiserRequest, activity: str) -> HttpResponse:
    """Its lines, with their stages side by side."""
    found = budget_of(request.edition)
    one = next((one for one in found.activities if one.activity.code == activity), None)
    if one is None:
        raise Http404
    return render(request, "outcomes/activity.html", {"tab": "budget", "budget": found, "one": one})


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def change_activity(request: OrganiserRequest, activity: str) -> HttpResponse:
    """Its names and goals."""
    found = get_object_or_404(Activity, edition=request.edition, code=activity)
    form = ActivityForm(said(request), instance=found, edition=request.edition)
    delete = {"delete_url": _url(request, "delete_activity", activity), "delete_words": _("Delete this activity?")}
    return _save_activity(request, form, found, {"title": str(found), **delete})


def _save_activity(request: OrganiserRequest, form: ActivityForm, found: Activity | None, texts: dict[str, Any]) -> HttpResponse:
    def save() -> Activity:
        goals = form.cleaned_data["goals"]
        return actions.save_activity(request.user, request.edition, form.facts("goals"), goals, found)

    cancel = _url(request, "activity", found.code) if found and not form.errors else _url(request, "budget")
    texts |= {"tab": "budget", "cancel": cancel}
    return form_page(request, form, save, texts, lambda row: _url(request, "activity", row.code))


@require_POST
@organiser_page
def delete_activity(request: OrganiserRequest, activity: str) -> HttpResponse:
    """Away with it, if nothing hangs on it."""
    found = get_object_or_404(Activity.objects.select_related("edition"), edition=request.edition, code=activity)
    stay = _url(request, "change_activity", activity)
    return delete_and_leave(request, lambda: actions.delete_activity(request.user, found), stay, _url(request, "budget"))


# --- Lines ----------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def new_line(request: OrganiserRequest) -> HttpResponse:
    """A line; `?activity=` says of which."""
    wanted = Activity.objects.filter(edition=request.edition, code=request.GET.get("activity", "")[:40]).first()
    start = {"activity": wanted, "currency": budget_of(request.edition).currency}
    form = LineForm(said(request), instance=BudgetLine(edition=request.edition), edition=request.edition, initial=start)
    cancel = _url(request, "activity", wanted.code) if wanted else _url(request, "budget")
    return _save_line(request, form, None, {"title": _("New budget line"), "cancel": cancel})


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def line(request: OrganiserRequest, line: str) -> HttpResponse:
    """Its stages, its postings, and a form for the next one."""
    found = _line(request, line)
    budget = budget_of(request.edition)
    start = {"currency": found.currency, "on": request.edition.now().astimezone(request.edition.zone).date()}
    form = PostingForm(said(request), line=found, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_posting(request.user, found, form.facts(), settles=form.cleaned_data.get("settles"))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Posted."))
            return redirect(_url(request, "line", line))
    context = {"tab": "budget", "one": budget.lines[found.pk], "budget": budget, "form": form, "gone": _gone(found)}
    return render(request, "outcomes/line.html", context, status=422 if form.errors else 200)


def _gone(line: BudgetLine) -> list[Posting]:
    """Postings that do not stand any more."""
    stands = current_postings(line.edition).values("pk")
    return list(Posting.objects.filter(line=line).exclude(pk__in=stands).select_related("replaced_by", "by"))


def _line(request: EditionRequest, code: str) -> BudgetLine:
    rows = BudgetLine.objects.select_related("edition", "activity", "grant")
    return get_object_or_404(rows, edition=request.edition, code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def change_line(request: OrganiserRequest, line: str) -> HttpResponse:
    """Its plan; what was posted stays."""
    found = _line(request, line)
    form = LineForm(said(request), instance=found, edition=request.edition)
    delete = {"delete_url": _url(request, "delete_line", line), "delete_words": _("Delete this budget line?")}
    return _save_line(request, form, found, {"title": found.name, "cancel": _url(request, "line", line), **delete})


def _save_line(request: OrganiserRequest, form: LineForm, found: BudgetLine | None, texts: dict[str, Any]) -> HttpResponse:
    def save() -> BudgetLine:
        return actions.save_line(request.user, request.edition, form.facts(), found)

    return form_page(request, form, save, {"tab": "budget", **texts}, lambda row: _url(request, "line", row.code))


@require_POST
@organiser_page
def delete_line(request: OrganiserRequest, line: str) -> HttpResponse:
    """Away with it, if nothing was ever posted on it."""
    found = _line(request, line)
    leave = _url(request, "activity", found.activity.code)
    return delete_and_leave(request, lambda: actions.delete_line(request.user, found), _url(request, "change_line", line), leave)


# --- Postings -------------------------------------------------------------------------------------------------------------


@require_safe
@organiser_page
def postings(request: OrganiserRequest) -> HttpResponse:
    """Those that stand, the newest first; by kind, by word."""
    rows = current_postings(request.edition).select_related("line__activity", "settles").order_by("-on", "-pk")
    text, kind = request.GET.get("q", "")[:100].strip(), request.GET.get("kind", "")
    if text:
        rows = rows.filter(reference__icontains=text) | rows.filter(counterparty__icontains=text)
        rows = rows | current_postings(request.edition).filter(line__name__icontains=text)
        rows = rows.select_related("line__activity", "settles").order_by("-on", "-pk")
    if kind in PostingKind.values:
        rows = rows.filter(kind=kind)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"tab": "postings", "page": page, "q": text, "kind": kind, "kinds": PostingKind.choices}
    return render(request, "outcomes/postings.html", context)


@require_safe
@organiser_page
def posting(request: OrganiserRequest, posting: int) -> HttpResponse:
    """One posting with what it settles, what settles it, and what became of it."""
    found = _posting(request, posting)
    stands = found.withdrawn_at is None and not hasattr(found, "replaced_by")
    settled = found.settled_by.select_related("replaced_by").order_by("on", "pk")
    context = {"tab": "postings", "found": found, "stands": stands, "settled": settled, "form": WithdrawForm()}
    return render(request, "outcomes/posting.html", context)


def _posting(request: EditionRequest, number: int) -> Posting:
    rows = Posting.objects.filter(line__edition=request.edition)
    rows = rows.select_related("line__edition", "line__activity", "settles", "replaces", "replaced_by", "by")
    return cast(Posting, row_or_404(rows, number))


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def replace_posting(request: OrganiserRequest, posting: int) -> HttpResponse:
    """A new posting in the place of one that is wrong."""
    found = _posting(request, posting)
    names = ("kind", "amount", "currency", "on", "reference", "counterparty", "settles")
    start = {name: getattr(found, name) for name in names}
    form = PostingForm(said(request), line=found.line, replaces=found, initial=start)

    def save() -> Posting:
        settles = form.cleaned_data.get("settles")
        return actions.add_posting(request.user, found.line, form.facts(), settles=settles, replaces=found)

    texts = {
        "tab": "postings", "title": _("Replace posting %(number)s") % {"number": found.pk},
        "lead": _("The old one stays to be seen and counts no more."), "submit": _("Replace it"),
        "cancel": _url(request, "posting", found.pk),
    }  # fmt: skip
    return form_page(request, form, save, texts, lambda row: _url(request, "posting", row.pk))


@require_POST
@organiser_page
def withdraw_posting(request: OrganiserRequest, posting: int) -> HttpResponse:
    """It counts no more."""
    found, form = _posting(request, posting), WithdrawForm(request.POST)
    if form.is_valid():
        try:
            actions.withdraw_posting(request.user, found, form.cleaned_data["because"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Withdrawn: it stays to be seen and counts no more."))
            return redirect(_url(request, "posting", found.pk))
    settled = found.settled_by.select_related("replaced_by").order_by("on", "pk")
    stands = found.withdrawn_at is None and not hasattr(found, "replaced_by")
    context = {"tab": "postings", "found": found, "stands": stands, "settled": settled, "form": form}
    return render(request, "outcomes/posting.html", context, status=422)


# --- What if, and over time -----------------------------------------------------------------------------------------------


@require_safe
@organiser_page
def scenario(request: OrganiserRequest) -> HttpResponse:
    """The plan with 20 % fewer exhibitors, or whatever is asked for; nothing is kept."""
    asked = any(driver.value in request.GET for driver in DRIVERS)
    form = ScenarioForm(request.GET if asked else {"exhibitors": "-20"})
    found = budget_of(request.edition)
    changes = form.changes() if form.is_valid() else {}
    counts = counts_today(request.edition)
    rows = [(driver.label, counts[driver], counts[driver] * (100 + changes.get(driver, 0)) // 100) for driver in DRIVERS]
    context = {"tab": "scenario", "form": form, "budget": found, "scenario": scenario_of(found, changes), "counts": rows}
    return render(request, "outcomes/scenario.html", context, status=422 if form.errors else 200)


@require_safe
@organiser_page
def cash(request: OrganiserRequest) -> HttpResponse:
    """Burn and cash flow, by month or week."""
    by = "week" if request.GET.get("by") == "week" else "month"
    found = budget_of(request.edition)
    flow = cash_of(found, by)
    context = {"tab": "cash", "by": by, "budget": found, "cash": flow, "burn": burn_picture(flow), "flow": cash_picture(flow)}
    return render(request, "outcomes/cash.html", context)
