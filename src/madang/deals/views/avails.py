"""A seller brings avails files in, looks at what they would do, and takes her rights out as such files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from madang.avails.files import Target, written
from madang.catalogue.models import Title
from madang.deals import tasks
from madang.deals.actions import avails_runs as actions
from madang.deals.forms_avails import AvailsForm
from madang.deals.models import AvailsImport
from madang.deals.pages import DealerRequest, dealer_page
from madang.deals.queries.avails_records import company_records
from madang.deals.queries.avails_reports import visible_avails_imports
from madang.deals.rules import may_state_rights
from madang.kit import progress as telling
from madang.markets.actions import notice_interrupted
from madang.markets.files import may_confirm

PAGE = 50
TYPES = {
    Target.WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Target.RIGHTS: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Target.XML: "application/xml",
}


def _stating(request: DealerRequest) -> None:
    if not may_state_rights(request.user, request.edition):
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@dealer_page
def avails(request: DealerRequest) -> HttpResponse:
    """The form, what can be taken out, and the imports so far."""
    _stating(request)
    form = AvailsForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = AvailsForm(request.POST, request.FILES)
        if form.is_valid():
            return _started(request, form)
    runs = visible_avails_imports(request.user, request.edition).defer("report")
    page = Paginator(runs, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "company": request.company}
    return render(request, "deals/avails.html", context, status=422 if form.errors else 200)


def _started(request: DealerRequest, form: AvailsForm) -> HttpResponse:
    given = form.cleaned_data
    with transaction.atomic():  # the run and its task: both or none
        run, is_new = actions.start_avails_import(
            request.user, request.edition, given["file"], given["matching"], create_parts=given["create_parts"]
        )
        if is_new:
            tasks.read_avails.enqueue(run.key)
    return redirect("deals:avails_import", request.edition.slug, run.key)


def _run(request: DealerRequest, key: str) -> AvailsImport:
    _stating(request)
    run = get_object_or_404(visible_avails_imports(request.user, request.edition), key=key)
    notice_interrupted(run)
    return run


@require_safe
@dealer_page
def avails_import(request: DealerRequest, key: str) -> HttpResponse:
    """One import: being read, its preview, being loaded, what it did."""
    run = _run(request, key)
    findings = run.report.get("findings", [])
    chosen = [f for f in findings if request.GET.get("kind") in (None, "", _kind(f))]
    titles = dict(run.report.get("titles", []))
    context = {
        **_progress(run),
        "report": run.report,
        "counts": run.report.get("outcome") or run.report.get("counts") or {},
        "page": Paginator(chosen, PAGE).get_page(request.GET.get("page")),
        "kinds": _kinds(findings),
        "cut": len(findings) if len(findings) < run.report.get("found", 0) else 0,
        "titles": [(title, titles[title.code]) for title in _titles(request, titles)],
        "may_confirm": may_confirm(run),
    }
    return render(request, "deals/avails_import.html", context)


def _titles(request: DealerRequest, codes: dict[str, int]) -> list[Title]:
    return list(Title.objects.filter(edition=request.edition, company=request.company, code__in=codes).select_related("edition"))


def _progress(run: AvailsImport) -> dict[str, Any]:
    return {"run": run, "told": telling.told(run.key) if run.is_open else {}}


def _kind(finding: dict[str, Any]) -> str:
    return "blocks" if finding["blocks"] else str(finding["severity"])


def _kinds(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    labels = {
        "blocks": _("Keeps the file out"),
        "error": _("Against the format"),
        "warning": _("Warnings"),
        "info": _("Notes"),
    }
    counts = {kind: sum(_kind(finding) == kind for finding in findings) for kind in labels}
    return [{"value": kind, "label": label, "count": counts[kind]} for kind, label in labels.items() if counts[kind]]


@require_POST
@dealer_page
def confirm(request: DealerRequest, key: str) -> HttpResponse:
    """Load it; a second click changes nothing."""
    run = _run(request, key)
    with transaction.atomic():
        is_new = actions.confirm_avails_import(request.user, run)
        if is_new:
            tasks.load_avails.enqueue(run.key)
    if not is_new:
        messages.info(request, _("This file is being loaded, or was loaded before; nothing was done twice."))
    return redirect("deals:avails_import", request.edition.slug, run.key)


@require_safe
@dealer_page
def progress(request: DealerRequest, key: str) -> HttpResponse:
    """How far it is: a part of the page for htmx; when it has ended, the page itself."""
    run = _run(request, key)
    address = reverse("deals:avails_import", args=[request.edition.slug, run.key])
    if not request.headers.get("HX-Request"):
        return redirect(address)
    if not run.is_open:
        return HttpResponseClientRedirect(address)
    return render(request, "deals/avails_import.html#progress", _progress(run))


@require_safe
@dealer_page
def export(request: DealerRequest, target: str) -> HttpResponse:
    """What the company holds, as Excel 1.9, XML 2.7, or our workbook of what Avails has no word for."""
    _stating(request)
    if target not in TYPES:
        raise Http404
    kind = Target(target)
    data, _left = written(company_records(request.company), kind)
    name = f"{request.edition.slug}-{request.company.code}-{'rights' if kind is Target.RIGHTS else 'avails'}"
    ending = "xml" if kind is Target.XML else "xlsx"
    return HttpResponse(
        data, content_type=TYPES[kind], headers={"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    )
