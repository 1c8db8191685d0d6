"""Studies on the organiser's desk: settled before the event, counted afterwards, told in words."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.kit.tables import CSV, csv_bytes
from madang.kit.uploads import takes_files
from madang.markets.pages import organiser_page
from madang.outcomes.actions import studies as actions
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.forms_studies import FILE_MOST, CountsForm, StudyForm, WithdrawForm
from madang.outcomes.models import StudiedTitle, Study
from madang.outcomes.queries.studies import is_late, month_table, month_text, result_before, result_of, studies_of
from madang.outcomes.views.rounds import OrganiserRequest


def _study(request: OrganiserRequest, study: str) -> Study:
    rows = Study.objects.select_related("edition__market", "registered_by").prefetch_related("titles")
    return get_object_or_404(rows, edition=request.edition, code=study)


@require_safe
@organiser_page
def studies(request: OrganiserRequest) -> HttpResponse:
    """Every study of the edition."""
    rows = [(study, is_late(study)) for study in studies_of(request.edition)]
    return render(request, "outcomes/studies.html", {"tab": "studies", "rows": rows})


@takes_files(FILE_MOST)
@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def new_study(request: OrganiserRequest) -> HttpResponse:
    """Write a study down."""
    return _write(request, None)


@takes_files(FILE_MOST)
@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def change_study(request: OrganiserRequest, study: str) -> HttpResponse:
    """Change a study that is not registered."""
    found = _study(request, study)
    if found.registered_at:
        return redirect("outcomes:study", request.edition.slug, study)
    return _write(request, found)


def _write(request: OrganiserRequest, study: Study | None) -> HttpResponse:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = StudyForm(*sent, edition=request.edition, study=study)
    if form.is_valid():
        try:
            saved = _saved(request, form, study)
        except Refused as refused:
            form.add_error("code", str(refused))
        else:
            messages.success(request, _("Saved. It can change until it is registered."))
            return redirect("outcomes:study", request.edition.slug, saved.code)
    context = {"tab": "studies", "form": form, "study": study, "troubles": form.read.troubles}
    return render(request, "outcomes/study_form.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _saved(request: OrganiserRequest, form: StudyForm, study: Study | None) -> Study:
    """The study, with the counts that stood in a file beside its titles: both or none."""
    saved = actions.save_study(request.user, request.edition, form.facts(), form.titles(), study)
    if form.read.counts:
        actions.import_counts(request.user, saved, form.read.counts, file=form.cleaned_data["file"].name)
    return saved


@require_safe
@organiser_page
def study(request: OrganiserRequest, study: str) -> HttpResponse:
    """What was settled, and what was found."""
    found = _study(request, study)
    return _page(request, found, CountsForm(study=found))


def _page(request: OrganiserRequest, found: Study, form: CountsForm) -> HttpResponse:
    result = result_of(found)
    context = {
        "tab": "studies",
        "study": found,
        "result": result,
        "before": None if result.uplift else result_before(found),
        "is_late": is_late(found),
        "has_begun": month_text(request.edition.now().astimezone(request.edition.zone).date()) >= month_text(found.event),
        "titles": month_table(found),
        "counts_form": form,
        "troubles": form.read.troubles,
    }
    return render(request, "outcomes/study.html", context, status=422 if form.errors else 200)


@require_POST
@organiser_page
def register(request: OrganiserRequest, study: str) -> HttpResponse:
    """Freeze it; late only where the organiser says so."""
    try:
        actions.register_study(request.user, _study(request, study), late=request.POST.get("late") == "1")
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Registered. Publish the digest: then anybody can see that nothing was changed."))
    return redirect("outcomes:study", request.edition.slug, study)


@require_POST
@organiser_page
def discard(request: OrganiserRequest, study: str) -> HttpResponse:
    """Throw away what was never registered."""
    try:
        actions.discard_study(request.user, _study(request, study))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("outcomes:study", request.edition.slug, study)
    messages.success(request, _("The study is gone."))
    return redirect("outcomes:studies", request.edition.slug)


@require_POST
@takes_files(FILE_MOST)
@organiser_page
def take_counts(request: OrganiserRequest, study: str) -> HttpResponse:
    """A file of counts, whole or not at all."""
    found = _study(request, study)
    form = CountsForm(request.POST, request.FILES, study=found)
    if not form.is_valid():
        return _page(request, found, form)
    counts = form.read.counts
    changed = actions.import_counts(request.user, found, counts, file=form.cleaned_data["file"].name)
    text = ngettext("%(n)s count is in.", "%(n)s counts are in.", len(counts)) % {"n": len(counts)}
    if changed:
        text += " " + ngettext("%(n)s was another before.", "%(n)s were others before.", changed) % {"n": changed}
    messages.success(request, text)
    return redirect("outcomes:study", request.edition.slug, study)


@require_safe
@organiser_page
def counts_template(request: OrganiserRequest, study: str) -> HttpResponse:
    """An empty table to fill in: a row a title, a column a month."""
    found = _study(request, study)
    event = found.event.year * 12 + found.event.month - 1
    last = event + int(found.way.get("skip", 0)) + found.months_after
    months = [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(event - found.months_before, last)]
    body = csv_bytes(["code", *months], [[row.code, *[None] * len(months)] for row in found.titles.all()])
    response = HttpResponse(body, content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="{found.code}-counts.csv"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def withdrawn(request: OrganiserRequest, study: str, title: str) -> HttpResponse:
    """When a title was withdrawn."""
    found = _study(request, study)
    row = get_object_or_404(StudiedTitle.objects.select_related("study__edition__market"), study=found, code=title)
    form = WithdrawForm(request.POST if request.method == "POST" else None, initial={"withdrawn_on": row.withdrawn_on})
    if form.is_valid():
        actions.withdraw_studied(request.user, row, form.cleaned_data["withdrawn_on"])
        messages.success(request, _("Saved."))
        return redirect("outcomes:study", request.edition.slug, study)
    context = {"tab": "studies", "study": found, "title": row, "form": form}
    return render(request, "outcomes/study_withdrawn.html", context, status=422 if form.errors else 200)
