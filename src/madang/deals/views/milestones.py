"""Pages of what dates of contracts hang on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from madang.deals.actions import milestones as actions
from madang.deals.actions.refusals import DealRefused
from madang.deals.forms_statements import MilestoneForm
from madang.deals.rules import own_titles, visible_milestones
from madang.people.pages import BusinessRequest, business_page


@require_http_methods(["GET", "HEAD", "POST"])
@business_page
def milestones(request: BusinessRequest, title: str) -> HttpResponse:
    """Those of one title; POST adds one."""
    shown = get_object_or_404(own_titles(request.user, request.edition), code=title)
    form = MilestoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_milestone(request.user, shown, **form.cleaned_data)
        messages.success(request, _("Added: dates of contracts can hang on it now."))
        return redirect("deals:milestones", request.edition.slug, shown.code)
    rows = visible_milestones(request.user, request.edition).filter(title=shown)
    context = {"title": shown, "rows": rows, "form": form}
    return render(request, "deals/milestones.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@business_page
def change(request: BusinessRequest, milestone: str) -> HttpResponse:
    """A better estimate, the day on which it happened; or away with it."""
    rows = visible_milestones(request.user, request.edition).select_related("title", "edition")
    row = get_object_or_404(rows, code=milestone)
    back = redirect("deals:milestones", request.edition.slug, row.title.code)
    if request.POST.get("act") == "drop":
        try:
            actions.drop_milestone(request.user, row)
        except DealRefused as refused:
            messages.error(request, str(refused.text))
        return back
    form = MilestoneForm(request.POST or None, initial={name: getattr(row, name) for name in actions.FIELDS})
    if request.method == "POST" and form.is_valid():
        actions.change_milestone(request.user, row, **form.cleaned_data)
        messages.success(request, _("Saved. What hangs on it has moved with it."))
        return back
    return render(request, "deals/milestone.html", {"row": row, "form": form}, status=422 if form.errors else 200)
