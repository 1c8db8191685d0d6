"""A seller's own workbook: her rights to take along, and to bring back."""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madang.deals.rules import may_state_rights
from madang.kit.sheets import UnreadableFile
from madang.people.pages import BusinessRequest, business_page
from madang.workbook.actions.load import NotLoaded
from madang.workbook.actions.rights import load_rights
from madang.workbook.faults import Fault
from madang.workbook.rights import export_rights, plan_of, read_rights_book
from madang.workbook.rights_forms import RightsBookForm

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 300


@require_http_methods(["GET", "HEAD", "POST"])
@business_page
def rights_workbook(request: BusinessRequest) -> HttpResponse:
    """The upload; what the file would do; done, once that was seen."""
    if not may_state_rights(request.user, request.edition):
        raise Http404
    is_sent = request.method == "POST"
    form = RightsBookForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if not form.is_valid():
        return render(request, "workbook/rights.html", {"form": form}, status=422 if form.errors else 200)
    try:
        reading = read_rights_book(form.book)
    except UnreadableFile as fault:
        form.add_error("file", fault.text(gettext))
        return render(request, "workbook/rights.html", {"form": form}, status=422)
    plan = plan_of(request.user, request.edition, reading)
    if request.POST.get("act") == "load" and plan.may_load:
        try:
            counts = load_rights(request.user, request.edition, reading)
        except NotLoaded as refused:
            plan.faults = refused.faults
        else:
            messages.success(request, _("Loaded: %(new)s new rows, %(changed)s changed, %(unchanged)s as they were.") % counts)
            return redirect("deals:rights", request.edition.slug)
    faults = sorted(plan.faults, key=lambda fault: (fault.severity != "error", fault.sheet, fault.row))
    context = {
        "form": form,
        "plan": plan,
        "faults": [(fault, *_worded(fault)) for fault in faults[:MOST_SHOWN]],
        "fault_number": len(faults),
        "kept": form.packed,
        "name": form.file_name,
    }
    return render(request, "workbook/rights.html", context)


@require_safe
@business_page
def export(request: BusinessRequest) -> HttpResponse:
    """Her rights as they stand, in the reader's language: also the template for more."""
    if not may_state_rights(request.user, request.edition):
        raise Http404
    file = io.BytesIO()
    export_rights(request.user, request.edition, file, _language())
    answer = HttpResponse(file.getvalue(), content_type=EXCEL)
    answer["Content-Disposition"] = f'attachment; filename="{request.edition.slug}-rights.xlsx"'
    return answer


def _worded(fault: Fault) -> tuple[str, str]:
    return fault.message(gettext, _language()), fault.mend(gettext, _language())


def _language() -> str:
    return (get_language() or "en")[:2]
