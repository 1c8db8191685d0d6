"""The organiser brings an edition in as a workbook, looks at what it would do, and takes it out again."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from madang.accounts.models import User
from madang.kit import progress as telling
from madang.kit.sheets.faults import REFUSALS
from madang.kit.tables import harmless
from madang.markets.actions import notice_interrupted
from madang.markets.files import may_confirm
from madang.markets.pages import EditionRequest, organiser_page
from madang.workbook import actions, tasks
from madang.workbook.columns import SHEETS, spec_of
from madang.workbook.exporting import export_edition
from madang.workbook.faults import Fault
from madang.workbook.forms import UploadForm
from madang.workbook.models import ImportRun
from madang.workbook.reporting import faults_of
from madang.workbook.rules import visible_imports
from madang.workbook.template import write_template

PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class OrganiserRequest(EditionRequest):
    """A request that has come through `organiser_page`."""

    user: User


def _language() -> str:
    return (get_language() or "en")[:2]


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def uploads(request: OrganiserRequest) -> HttpResponse:
    """The form, and the imports so far."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            return _started(request, form)
    runs = visible_imports(request.user, request.edition).defer("report")
    page = Paginator(runs, PAGE).get_page(request.GET.get("page"))
    return render(request, "workbook/uploads.html", {"form": form, "page": page}, status=422 if form.errors else 200)


def _started(request: OrganiserRequest, form: UploadForm) -> HttpResponse:
    with transaction.atomic():  # the run and its task: both or none
        run, is_new = actions.start_import(request.user, request.edition, form.cleaned_data["file"])
        if is_new:
            tasks.read_workbook.enqueue(run.key)
    return redirect("workbook:upload_page", request.edition.slug, run.key)


def _run(request: OrganiserRequest, key: str) -> ImportRun:
    run = get_object_or_404(visible_imports(request.user, request.edition), key=key)
    notice_interrupted(run)
    return run


@require_safe
@organiser_page
def upload_page(request: OrganiserRequest, key: str) -> HttpResponse:
    """One import: being read, its preview, being loaded, what it did."""
    run = _run(request, key)
    faults = faults_of(run.report)
    late = faults_of(run.report, "late_faults")
    chosen = _chosen(request, faults)
    page = Paginator(chosen, PAGE).get_page(request.GET.get("page"))
    context = {
        **_progress(run),
        "report": run.report,
        "sheets": _sheets(run.report.get("sheets", [])),
        "totals": _totals(run.report.get("sheets", [])),
        "page": page,
        "faults": [_worded(fault) for fault in page.object_list],
        "cut": len(faults) if len(faults) < run.report.get("errors", 0) + run.report.get("warnings", 0) else 0,
        "kinds": _kinds(run.report, faults),
        "late": [_worded(fault) for fault in late],
        "refusal": _refusal(run),
        "may_confirm": may_confirm(run),
    }
    return render(request, "workbook/upload.html", context)


def _progress(run: ImportRun) -> dict[str, Any]:
    told = telling.told(run.key) if run.is_open else {}
    what = told.get("what", "")
    spec = next((spec for spec in SHEETS if spec.key == what), None)
    return {"run": run, "told": told, "sheet": spec.name.of(_language()) if spec else ""}


def _chosen(request: HttpRequest, faults: list[Fault]) -> list[Fault]:
    sheet, severity = request.GET.get("sheet"), request.GET.get("kind")
    return [f for f in faults if (not sheet or f.sheet == sheet) and (not severity or f.severity == severity)]


def _worded(fault: Fault) -> dict[str, Any]:
    language = _language()
    return {
        "sheet": fault.sheet,
        "row": fault.row or "",
        "column": fault.column,
        "header": fault.header,
        "value": fault.value,
        "message": fault.message(gettext, language),
        "mend": fault.mend(gettext, language),
        "is_error": fault.severity == "error",
    }


def _sheets(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {"label": spec_of(row["key"]).name.of(_language())} for row in rows]


def _totals(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {name: sum(row[name] for row in rows) for name in ("created", "changed", "unchanged", "refused", "absent")}


def _kinds(report: dict[str, Any], faults: list[Fault]) -> list[dict[str, Any]]:
    """Filters of the list of faults: by severity, by sheet."""
    kinds = [
        {"name": "kind", "value": "error", "label": _("Faults"), "count": report.get("errors", 0)},
        {"name": "kind", "value": "warning", "label": _("Hints"), "count": report.get("warnings", 0)},
    ]
    for sheet in dict.fromkeys(fault.sheet for fault in faults):
        count = sum(fault.sheet == sheet for fault in faults)
        kinds.append({"name": "sheet", "value": sheet, "label": sheet, "count": count})
    return [kind for kind in kinds if kind["count"]]


def _refusal(run: ImportRun) -> str:
    told = run.report.get("refusal")
    return gettext(REFUSALS[told["code"]]) % told["params"] if told else ""


@require_POST
@organiser_page
def confirm(request: OrganiserRequest, key: str) -> HttpResponse:
    """Load it; a second click changes nothing."""
    run = _run(request, key)
    with transaction.atomic():
        is_new = actions.confirm_import(request.user, run)
        if is_new:
            tasks.load_workbook.enqueue(run.key)
    if not is_new:
        messages.info(request, _("This workbook is being loaded, or was loaded before; nothing was done twice."))
    return redirect("workbook:upload_page", request.edition.slug, run.key)


@require_safe
@organiser_page
def progress(request: OrganiserRequest, key: str) -> HttpResponse:
    """How far it is: a part of the page for htmx; when it has ended, the page itself."""
    run = _run(request, key)
    address = reverse("workbook:upload_page", args=[request.edition.slug, run.key])
    if not request.headers.get("HX-Request"):
        return redirect(address)
    if not run.is_open:
        return HttpResponseClientRedirect(address)
    return render(request, "workbook/upload.html#progress", _progress(run))


@require_safe
@organiser_page
def faults_csv(request: OrganiserRequest, key: str) -> HttpResponse:
    """All faults as a table for the spreadsheet program."""
    run = _run(request, key)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="faults-{run.key[:8]}.csv"'
    response.write("\ufeff")  # so that Excel reads Hangul
    lines = csv.writer(response)
    lines.writerow([_("Sheet"), _("Row"), _("Column"), _("Header"), _("Value"), _("What is wrong"), _("How to mend it")])
    for fault in faults_of(run.report):
        worded = _worded(fault)
        lines.writerow([harmless(worded[name]) for name in ("sheet", "row", "column", "header", "value", "message", "mend")])
    return response


@require_safe
@organiser_page
def template(request: OrganiserRequest) -> HttpResponse:
    """The workbook to fill in, in the reader's language."""
    file = io.BytesIO()
    write_template(file, _language())
    return _download(file, "madang.xlsx")


@require_safe
@organiser_page
def export(request: OrganiserRequest) -> HttpResponse:
    """The edition as it stands, as the workbook that can be imported again."""
    file = io.BytesIO()
    export_edition(request.edition, file, _language())
    return _download(file, f"{request.edition.slug}-{request.edition.now():%Y%m%d-%H%M}.xlsx")


def _download(file: io.BytesIO, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(file.getvalue(), content_type=XLSX, headers=headers)
