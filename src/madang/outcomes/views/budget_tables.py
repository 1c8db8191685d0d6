"""The budget as tables, out and in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madang.kit.sheets import UnreadableFile
from madang.kit.tables import CSV, XLSX, csv_bytes, xlsx_bytes
from madang.kit.uploads import takes_files
from madang.markets.pages import organiser_page
from madang.outcomes.actions.budget_import import import_budget
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.budget_sheets import LINES, POSTINGS, Fault, counted, head_of, line_rows, posting_rows
from madang.outcomes.forms_money import MOST_BYTES, ImportForm
from madang.outcomes.queries.budget import budget_of
from madang.outcomes.views.budget import OrganiserRequest

MOST_SHOWN = 300
TABLES = {"lines": (LINES, "Budget lines"), "postings": (POSTINGS, "Postings")}


@require_safe
@organiser_page
def budget_table(request: OrganiserRequest, table: str, ending: str) -> HttpResponse:
    """Lines or postings, as CSV or Excel, in the reader's language; also the template for more."""
    if table not in TABLES or ending not in ("csv", "xlsx"):
        raise Http404
    labels, name = TABLES[table]
    budget = budget_of(request.edition)
    rows = line_rows(one.line for one in budget.lines.values()) if table == "lines" else posting_rows(budget)
    head = head_of(labels)
    content = csv_bytes(head, rows) if ending == "csv" else xlsx_bytes(name, head, rows)
    response = HttpResponse(content, content_type=CSV if ending == "csv" else XLSX)
    response["Content-Disposition"] = f'attachment; filename="{request.edition.slug}-budget-{table}.{ending}"'
    return response


@takes_files(MOST_BYTES + 1)
@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def budget_import(request: OrganiserRequest) -> HttpResponse:
    """Bring tables in: whole, or not at all."""
    form = ImportForm(*(request.POST, request.FILES) if request.method == "POST" else ())
    faults: list[Fault] = []
    if request.method == "POST" and form.is_valid():
        try:
            reading = import_budget(request.user, request.edition, form.book)
        except UnreadableFile as fault:
            form.add_error("file", fault.text(gettext))
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            faults = reading.faults
            if not faults:
                lines, changed, postings = counted(reading)
                told = _("Loaded: %(lines)s new lines, %(changed)s changed, %(postings)s postings.")
                messages.success(request, told % {"lines": lines, "changed": changed, "postings": postings})
                return redirect("outcomes:budget", request.edition.slug)
    context = {"tab": "tables", "form": form, "faults": faults[:MOST_SHOWN], "fault_number": len(faults)}
    return render(request, "outcomes/budget_import.html", context, status=422 if form.errors or faults else 200)
