"""Publishing, and what each version changed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madang.markets.pages import organiser_page
from madang.meetings.tasks import mail_notices
from madang.programming.actions.publishing import publish_programme
from madang.programming.actions.refusals import Refused
from madang.programming.forms import PublishForm
from madang.programming.queries.conflicts import summary_words, troubles_of
from madang.programming.queries.problem import desk_of
from madang.programming.queries.versions import difference, latest_version, published_rows, rows_of, version_before
from madang.programming.queries.words import change_rows
from madang.programming.rules import visible_versions
from madang.programming.views.grid import OrganiserRequest, language


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def versions(request: OrganiserRequest) -> HttpResponse:
    """What publishing would change, publishing itself, and the versions of before."""
    edition, refused = request.edition, None
    form = PublishForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            outcome = publish_programme(request.user, edition, form.cleaned_data["note"])
        except Refused as fault:
            refused = fault
        else:
            mail_notices.enqueue(request.build_absolute_uri("/"))
            messages.success(request, _("Version %(number)s is published.") % {"number": outcome.version.number})
            return redirect("programming:versions", edition.slug)
    desk = desk_of(edition)
    troubles = troubles_of(desk, language())
    changes = difference(published_rows(edition), rows_of(desk.items.values()))
    context = {
        "tab": "versions",
        "form": form,
        "refused": refused,
        "summary": summary_words(troubles),
        "blocking": [trouble for trouble in troubles if trouble.blocks],
        "changes": changes,
        "rows": change_rows(edition, changes),
        "latest": latest_version(edition),
        "versions": visible_versions(request.user, edition).select_related("published_by").defer("items"),
    }
    return render(request, "programming/versions.html", context, status=409 if refused else 422 if form.errors else 200)


@require_safe
@organiser_page
def version(request: OrganiserRequest, number: int) -> HttpResponse:
    """One version: what it changed against the one before."""
    found = get_object_or_404(visible_versions(request.user, request.edition).select_related("published_by"), number=number)
    before = version_before(found)
    changes = difference(before.items if before else [], found.items)
    context = {
        "tab": "versions",
        "found": found,
        "before": before,
        "changes": changes,
        "rows": change_rows(request.edition, changes),
    }
    return render(request, "programming/version.html", context)
