"""The chair of a jury: how far everybody has come, and the discussions that she leads."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from madang.kit.search import matching
from madang.people.pages import SignedInRequest, signed_in_page
from madang.selection.actions import scoring
from madang.selection.forms_jury import RemarkForm
from madang.selection.models import Call
from madang.selection.queries.blind import jury_view
from madang.selection.queries.jury import board_figures, comments_on, discussion_rows, juror_rows
from madang.selection.rules.jury import chaired, discussed_entries, may_see_makers, visible_remarks
from madang.selection.views.jury import jury_call

PAGE = 50


def _chaired_call(request: SignedInRequest, code: str) -> Call:
    """The call whose jury the user chairs; 404 for everybody else."""
    call = jury_call(request, code)
    if chaired(request.user, call) is None:
        raise Http404
    return call


@require_safe
@signed_in_page
def overview(request: SignedInRequest, call: str) -> HttpResponse:
    """Jurors with what they have left, entries with what was said of them."""
    found = _chaired_call(request, call)
    words = request.GET.get("q", "").replace("\x00", "")[:100]
    entries = discussion_rows(discussed_entries(request.user, found))
    entries = matching(entries, words) if may_see_makers(request.user, found) else entries.filter(name__icontains=words)
    context = {
        "call": found,
        "figures": board_figures(found),
        "jurors": [row for row in juror_rows(found) if row.juror.left_at is None],
        "words": words,
        "page": Paginator(entries, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "selection/chair.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def discussion(request: SignedInRequest, call: str, code: str) -> HttpResponse:
    """What the jury says of an entry, which the chair has scored or does not read."""
    found = _chaired_call(request, call)
    entry = get_object_or_404(discussed_entries(request.user, found).select_related("call__edition"), code=code)
    form = RemarkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        scoring.add_remark(request.user, entry, form.cleaned_data["text"])
        return redirect("selection:discussion", request.edition.slug, call, code)
    context = {
        "call": found,
        "entry": entry,
        "remarks": list(visible_remarks(request.user, entry)),
        "comments": list(comments_on(entry)),
        "remark_form": form,
        "action": request.path,
        **jury_view(entry, shows_makers=may_see_makers(request.user, found)),
    }
    return render(request, "selection/discussion.html", context, status=422 if form.errors else 200)
