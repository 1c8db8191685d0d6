"""The budget as tables, out and in."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.kit.sheets import UnreadableFile
from madang.kit.tables import table_file
from madang.kit.uploads import takes_files
from madang.markets.pages import organiser_page
from madang.outcomes.actions.budget_import import Preview, discard_budget, load_budget, look_again, preview_budget
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.budget_preview import Effect, told_effects
from madang.outcomes.budget_sheets import LINES, POSTINGS, head_of, line_rows, posting_rows
from madang.outcomes.forms_money import MOST_BYTES, ImportForm
from madang.outcomes.models import BudgetImport
from madang.outcomes.queries.budget import budget_of
from madang.outcomes.rules import visible_budget_imports
from madang.outcomes.views.budget import OrganiserRequest

MOST_SHOWN = 300
TABLES = {"lines": LINES, "postings": POSTINGS}


@require_safe
@organiser_page
def budget_table(request: OrganiserRequest, table: str, ending: str) -> HttpResponse:
    """Lines or postings, as CSV or Excel, in the reader's language; also the template for more."""
    if table not in TABLES:
        raise Http404
    labels = TABLES[table]
    budget = budget_of(request.edition)
    rows = line_rows(one.line for one in budget.lines.values()) if table == "lines" else posting_rows(budget)
    return table_file(f"{request.edition.slug}-budget-{table}", ending, head_of(labels), rows)


@takes_files(MOST_BYTES + 1)
@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def budget_import(request: OrganiserRequest) -> HttpResponse:
    """Bring tables in: what the file would do is shown first."""
    form = ImportForm(*(request.POST, request.FILES) if request.method == "POST" else ())
    preview = None
    if request.method == "POST" and form.is_valid():
        try:
            preview = preview_budget(request.user, request.edition, form.data_of_file, form.cleaned_data["file"].name)
        except UnreadableFile as fault:
            form.add_error("file", fault.text(gettext))
        else:
            if preview.kept:
                return redirect("outcomes:budget_preview", request.edition.slug, preview.kept.key)
    return _page(request, form, preview)


def _page(request: OrganiserRequest, form: ImportForm, preview: Preview | None) -> HttpResponse:
    faults = preview.reading.faults if preview else []
    context = {"tab": "tables", "form": form, "preview": preview, "faults": faults[:MOST_SHOWN], "fault_number": len(faults)}
    context |= _effects(preview.effects) if preview else {}
    return render(request, "outcomes/budget_import.html", context, status=422 if form.errors or faults else 200)


def _effects(effects: list[Effect]) -> dict[str, Any]:
    """What a template shows of them: all counted, the first ones in words."""
    return {"counts": Counter(one["kind"] for one in effects), "effects": told_effects(effects[:MOST_SHOWN])}


def _waiting(request: OrganiserRequest, key: str) -> BudgetImport:
    return get_object_or_404(visible_budget_imports(request.user, request.edition), key=key)


@require_safe
@organiser_page
def budget_preview(request: OrganiserRequest, budget_import: str) -> HttpResponse:
    """What a file would do, until it is done or thrown away."""
    waiting = _waiting(request, budget_import)
    context = {"tab": "tables", "waiting": waiting, "same": waiting.report["same"]}
    return render(request, "outcomes/budget_preview.html", context | _effects(waiting.report["effects"]))


@require_POST
@organiser_page
def load(request: OrganiserRequest, budget_import: str) -> HttpResponse:
    """Write what was shown; where the budget has changed since, show it anew."""
    waiting = _waiting(request, budget_import)
    try:
        is_new = load_budget(request.user, waiting)
    except Refused as refused:
        messages.warning(request, f"{refused} " + _("This is what the file would do now."))
        preview = look_again(request.user, waiting)
        if preview.kept:
            return redirect("outcomes:budget_preview", request.edition.slug, preview.kept.key)
        return _page(request, ImportForm(), preview)
    if is_new:
        messages.success(request, _("The file is in the budget."))
    return redirect("outcomes:budget", request.edition.slug)


@require_POST
@organiser_page
def discard(request: OrganiserRequest, budget_import: str) -> HttpResponse:
    """Leave the budget as it is."""
    discard_budget(request.user, _waiting(request, budget_import))
    messages.success(request, _("The file is thrown away; the budget stays as it was."))
    return redirect("outcomes:budget_import", request.edition.slug)
