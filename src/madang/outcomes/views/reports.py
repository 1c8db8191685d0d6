"""Reports on the organiser's desk: freeze one, read it, open its rows, say why it differs, publish it, take its files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from madang.kit import progress
from madang.kit.languages import LANGUAGES
from madang.markets.actions import notice_interrupted
from madang.markets.pages import organiser_page
from madang.outcomes import tasks_reports as tasks
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.actions.report_files import start_files
from madang.outcomes.actions.reports import (
    give_reasons,
    publish_report,
    start_freezing,
    stop_run,
    unpublish_report,
)
from madang.outcomes.forms_reports import ReasonsForm, ReportForm
from madang.outcomes.measures.words import COLUMNS, fact_label
from madang.outcomes.models import FrozenFigure, FrozenRow, Report, ReportRun
from madang.outcomes.queries.evidence import EVIDENCE, evidence_of
from madang.outcomes.queries.reports import newest_files, recompute, word_of
from madang.outcomes.reports.document import correction_text, document_of
from madang.outcomes.reports.files import KINDS, TYPES, taken
from madang.outcomes.reports.snapshot import row_of
from madang.outcomes.reports.wording import shown
from madang.outcomes.rules import visible_report_runs, visible_reports
from madang.outcomes.views.figures import PARTS, row_name
from madang.outcomes.views.goals import OrganiserRequest

PAGE = 50
CODES = [code for code, _name in LANGUAGES]


def _report(request: OrganiserRequest, number: int) -> Report:
    return get_object_or_404(visible_reports(request.user, request.edition), number=number)


@require_safe
@organiser_page
def reports(request: OrganiserRequest) -> HttpResponse:
    """All of them, the newest first, and what is being made."""
    rows = visible_reports(request.user, request.edition).select_related("replaced_by")
    runs = [notice_interrupted(run) for run in visible_report_runs(request.user, request.edition).filter(language="")[:3]]
    context = {"reports": rows, "runs": [run for run in runs if run.state != "done"]}
    return render(request, "outcomes/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def new_report(request: OrganiserRequest) -> HttpResponse:
    """Its names, and what it corrects; the rest is done by a worker."""
    asked = request.GET.get("corrects", "")
    before = Report.objects.filter(edition=request.edition, number=int(asked)).first() if _is_number(asked) else None
    names = {name: getattr(before, name) for name in ("name", "name_ko", "name_fr")} if before else {}
    given = request.POST if request.method == "POST" else None
    form = ReportForm(given, edition=request.edition, initial={**names, "replaces": before})
    if form.is_valid():
        with transaction.atomic():  # the run and its task: both or none
            run, is_new = start_freezing(request.user, request.edition)
            if is_new:
                tasks.freeze.enqueue(run.key, form.names, form.number)
        return redirect("outcomes:report_run", request.edition.slug, run.key)
    return render(request, "outcomes/report_new.html", {"form": form, "before": before}, status=422 if form.errors else 200)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6


@require_safe
@organiser_page
def report_run(request: OrganiserRequest, key: str) -> HttpResponse:
    """How far a freezing or the making of files is; done, it leads to the report."""
    run = get_object_or_404(visible_report_runs(request.user, request.edition), key=key)
    notice_interrupted(run)
    here = reverse("outcomes:report_run", args=[request.edition.slug, key])
    there = reverse("outcomes:report", args=[request.edition.slug, run.report.number]) if run.report else here
    if run.state == "done" and run.report:
        return HttpResponseClientRedirect(there) if request.htmx else redirect(there)
    if request.htmx and not run.is_open:
        return HttpResponseClientRedirect(here)
    told = progress.told(run.key)
    context = {"run": run, "told": told, "stopping": run.is_open and progress.stop_asked(run.key), "back": there}
    return render(request, "outcomes/report_run.html#progress" if request.htmx else "outcomes/report_run.html", context)


@require_POST
@organiser_page
def stop_report(request: OrganiserRequest, key: str) -> HttpResponse:
    """Stop; nothing is kept."""
    run = get_object_or_404(visible_report_runs(request.user, request.edition), key=key)
    stop_run(request.user, run)
    return redirect("outcomes:report_run", request.edition.slug, key)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def report(request: OrganiserRequest, number: int) -> HttpResponse:
    """One report whole, with all its measures; reasons of corrections while they are open."""
    found = _report(request, number)
    form = _reasons_form(request, found)
    if form is not None and form.is_valid():
        try:
            give_reasons(request.user, found, form.reasons)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("The reasons are saved."))
        return redirect("outcomes:report", request.edition.slug, number)
    slug = request.edition.slug

    def link_of(figure: FrozenFigure, column: str) -> str:
        return reverse("outcomes:report_figure", args=[slug, number, figure.position]) + f"?column={column}"

    context = {
        "report": found,
        "document": document_of(found, link_of),
        "form": form,
        "later": Report.objects.filter(replaces=found).first(),
        "files": _files(found),
        "kinds": file_kinds(),
    }
    return render(request, "outcomes/report.html", context, status=422 if form is not None and form.errors else 200)


def _reasons_form(request: OrganiserRequest, report: Report) -> ReasonsForm | None:
    """None where there is nothing to say, or it is closed."""
    if report.is_published:
        return None
    corrections = [(one, _correction_label(report, one)) for one in report.corrections.all()]
    if not corrections:
        return None
    return ReasonsForm(request.POST if request.method == "POST" else None, corrections=corrections)


def _correction_label(report: Report, one: Any) -> str:
    """Contract value (EUR): Confirmed: 3 → Confirmed: 4."""
    inputs = report.inputs if one.after or report.replaces is None else report.replaces.inputs
    name = word_of(inputs, one.measure, "name")
    of = FrozenFigure.objects.filter(report__in=[report.pk, report.replaces_id], measure=one.measure, currency=one.currency)
    unit = of.values_list("unit", flat=True).first() or "count"
    before, after = (correction_text(side, unit, one.currency, set()) for side in (one.before, one.after))
    return f"{name} {one.currency}".strip() + f": {before} → {after}"


def _files(report: Report) -> list[dict[str, Any]]:
    """By language: what can be downloaded, and what is being made."""
    made = newest_files(report)
    latest = {run.language: notice_interrupted(run) for run in report.runs.exclude(language="").order_by("pk")}
    return [{"code": code, "name": name, "run": made.get(code), "latest": latest.get(code)} for code, name in LANGUAGES]


def file_kinds() -> list[tuple[str, str]]:
    return [("pdf", _("PDF")), ("html", _("Web page")), ("xlsx", _("Excel")), ("data", _("Open data")), ("all", _("All"))]


@require_safe
@organiser_page
def report_figure(request: OrganiserRequest, number: int, position: int) -> HttpResponse:
    """The frozen rows of a figure, or of one of its columns."""
    figure = _figure(request, number, position)
    column = request.GET.get("column", "")
    rows = FrozenRow.objects.filter(figure=figure).order_by("position")
    rows = rows.filter(column=column) if column in COLUMNS else rows
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "report": figure.report,
        "figure": figure,
        "name": word_of(figure.report.inputs, figure.measure, "name"),
        "definition": word_of(figure.report.inputs, figure.measure, "definition"),
        "page": page,
        "rows": [_line(figure, row) for row in page],
        "columns": [
            (code, label, shown(figure.columns.get(code), figure.unit, figure.currency)) for code, label in COLUMNS.items()
        ],
        "column": column,
    }
    return render(request, "outcomes/report_figure.html", context)


def _figure(request: OrganiserRequest, number: int, position: int) -> FrozenFigure:
    figures = FrozenFigure.objects.select_related("report__edition", "report__replaces")
    return get_object_or_404(figures, report=_report(request, number), position=position)


def _line(figure: FrozenFigure, frozen: FrozenRow) -> dict[str, Any]:
    """A row for the page."""
    row = row_of(frozen.kind, frozen.key, frozen.column, frozen.amount, frozen.facts)
    return {
        "position": frozen.position,
        "name": row_name(row),
        "column": COLUMNS[row.column],
        "amount": shown(frozen.amount, "count" if row.part else figure.unit, figure.currency),
        "part": PARTS.get(row.part, ""),
        "facts": [(fact_label(name), text) for name, text in row.facts.items()],
    }


@require_safe
@organiser_page
def report_row(request: OrganiserRequest, number: int, position: int, row: int) -> HttpResponse:
    """A frozen row with all its facts, and the live thing behind it where it still is."""
    figure = _figure(request, number, position)
    found = get_object_or_404(FrozenRow, figure=figure, position=row)
    evidence = evidence_of(request.user, request.edition, found.kind, found.key)
    context = {
        "report": figure.report,
        "figure": figure,
        "measure": word_of(figure.report.inputs, figure.measure, "name"),
        "line": _line(figure, found),
        "evidence": evidence,
        "has_kind": found.kind in EVIDENCE,
    }
    return render(request, "outcomes/report_row.html", context)


@require_safe
@organiser_page
def check_report(request: OrganiserRequest, number: int) -> HttpResponse:
    """Compute it anew from its rows, now."""
    found = _report(request, number)
    checked = recompute(found)
    rows = sum(len(snap.rows) for snap in checked.snaps)
    names = [word_of(found.inputs, measure, "name") for measure, _currency in checked.differing]
    context = {"report": found, "checked": checked, "rows": rows, "figures": len(checked.snaps), "names": names}
    return render(request, "outcomes/report_check.html", context)


@require_POST
@organiser_page
def publish(request: OrganiserRequest, number: int) -> HttpResponse:
    """Funders may read it; its files are made in the languages that have none."""
    found = _report(request, number)
    try:
        with transaction.atomic():
            publish_report(request.user, found)
            for code in CODES:
                _start(request, found, code, only_missing=True)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Published: whoever has a funder's link reads it. Its files are being made."))
    return redirect("outcomes:report", request.edition.slug, number)


def _start(request: OrganiserRequest, report: Report, language: str, *, only_missing: bool = False) -> ReportRun | None:
    if only_missing and language in newest_files(report):
        return None
    run, is_new = start_files(request.user, report, language)
    if is_new:
        tasks.make_files.enqueue(run.key)
    return run


@require_POST
@organiser_page
def unpublish(request: OrganiserRequest, number: int) -> HttpResponse:
    """Funders no longer read it."""
    unpublish_report(request.user, _report(request, number))
    messages.success(request, _("No funder reads it any more. Who downloaded it still has it."))
    return redirect("outcomes:report", request.edition.slug, number)


@require_POST
@organiser_page
def make_files(request: OrganiserRequest, number: int) -> HttpResponse:
    """Make the files in one language."""
    found = _report(request, number)
    language = request.POST.get("language", "")
    if language not in CODES:
        raise Http404
    try:
        with transaction.atomic():  # the run and its task: both or none
            run = _start(request, found, language)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("outcomes:report", request.edition.slug, number)
    return redirect("outcomes:report_run", request.edition.slug, run.key if run else "")


@require_safe
@organiser_page
def report_file(request: OrganiserRequest, number: int, language: str, kind: str) -> HttpResponse:
    """A file of the report."""
    return file_of(_report(request, number), language, kind)


def file_of(report: Report, language: str, kind: str) -> HttpResponse:
    """The newest file of the kind in the language, to be saved; 404 where there is none."""
    run = newest_files(report).get(language)
    if kind not in KINDS or run is None or not default_storage.exists(run.stored):
        raise Http404
    with default_storage.open(run.stored) as file:
        content = taken(file.read(), kind)
    ending = "zip" if kind in ("data", "all") else kind
    name = f"{report.edition.slug}-report-{report.number}-{language}{'-data' if kind == 'data' else ''}.{ending}"
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
