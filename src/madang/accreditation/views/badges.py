"""The organiser's badges: found, printed, handed out, replaced; and the holder's word that hers is lost."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from madang.accreditation import tasks
from madang.accreditation.actions import badges as actions
from madang.accreditation.actions import printing
from madang.accreditation.actions.refusals import Refused
from madang.accreditation.badge_pdf import FORMATS
from madang.accreditation.forms_badges import PrintForm
from madang.accreditation.models import Badge, BadgeRun
from madang.accreditation.queries_badges import (
    COLUMNS,
    ORDERS,
    TONES,
    filters_of,
    listed,
    lost_on,
    scanned_badge,
    valid_badge,
    without_badge,
)
from madang.accreditation.rules_badges import visible_badge_runs, visible_badges
from madang.kit import progress as telling
from madang.kit.facets import search
from madang.markets.actions import notice_interrupted
from madang.markets.models import RunState
from madang.markets.pages import organiser_page
from madang.people.pages import ParticipantRequest, SignedInRequest, participant_page

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def badges(request: SignedInRequest) -> HttpResponse:
    """All badges with filters; what is listed or ticked can be printed. A scanned badge leads to its own page."""
    rows = listed(visible_badges(request.user, request.edition))
    if request.method != "POST" and (badge := scanned_badge(rows, request.GET.get("q", ""))):
        return redirect("accreditation:desk_badge", request.edition.slug, badge.number)
    found = search(rows, request.GET, filters_of(request.edition), COLUMNS)
    form = PrintForm(request.POST or None, initial={"format": "a6", "order": "name"})
    if request.method == "POST" and form.is_valid():
        try:
            return _started(request, form, found.rows)
        except Refused as refused:
            form.add_error(None, str(refused))
    page = Paginator(found.rows.order_by(*ORDERS["name"]), PAGE).get_page(request.GET.get("page"))
    context = {
        "found": found,
        "page": page,
        "form": form,
        "rows": [(badge, lost_on(badge)) for badge in page],
        "tones": TONES,
        "facets": [found.facets[key] for key in ("type", "state", "unprinted", "waiting")],
        "ticked": request.POST.getlist("number"),
        "without": without_badge(request.edition).count(),
        "runs": [_named(run) for run in visible_badge_runs(request.user, request.edition)[:5]],
    }
    return render(request, "accreditation/desk_badges.html", context, status=422 if form.errors else 200)


def _named(run: BadgeRun) -> tuple[Any, str]:
    """A print and its format in words."""
    return notice_interrupted(run), str(FORMATS[run.format].label)


def _started(request: SignedInRequest, form: PrintForm, rows: QuerySet[Badge]) -> HttpResponse:
    """Those that are ticked; none ticked: all that are listed."""
    ticked = [int(text) for text in request.POST.getlist("number") if text.isascii() and text.isdigit() and len(text) <= 9]
    numbers = rows.filter(number__in=ticked) if ticked else rows
    given = form.cleaned_data
    with transaction.atomic():  # the run and its task: both or none
        run = printing.start_badge_run(
            request.user, request.edition, given["format"], numbers.order_by().values_list("number", flat=True),
            order=given["order"], both_sides=given["both_sides"], site=request.build_absolute_uri("/"),
        )  # fmt: skip
        tasks.print_badges.enqueue(run.key)
    return redirect("accreditation:badge_run", request.edition.slug, run.key)


@require_POST
@organiser_page
def issue(request: SignedInRequest) -> HttpResponse:
    """Badges for everybody who has none."""
    issued, left = actions.issue_missing(request.user, request.edition)
    messages.success(request, ngettext("One badge issued.", "%(n)s badges issued.", issued) % {"n": issued})
    if left:
        words = ngettext("One person has no role of a badge type.", "%(n)s people have no role of a badge type.", left)
        messages.warning(request, words % {"n": left})
    return redirect("accreditation:desk_badges", request.edition.slug)


def _run(request: SignedInRequest, key: str) -> BadgeRun:
    run = get_object_or_404(visible_badge_runs(request.user, request.edition), key=key)
    notice_interrupted(run)
    return run


@require_safe
@organiser_page
def badge_run(request: SignedInRequest, key: str) -> HttpResponse:
    """One print: being drawn, the file, what the badges do not show as it was written. For htmx, the part that moves."""
    run = _run(request, key)
    if request.htmx and not run.is_open:
        return HttpResponseClientRedirect(reverse("accreditation:badge_run", args=[request.edition.slug, key]))
    context: dict[str, Any] = {
        "run": run,
        "told": telling.told(run.key) if run.is_open else {},
        "stopping": run.is_open and telling.stop_asked(run.key),
        "format": FORMATS[run.format].label,
        "remarks": run.asked.get("told", []),
        "remark_count": run.asked.get("told_count", 0),
    }
    return render(request, "accreditation/badge_run.html#progress" if request.htmx else "accreditation/badge_run.html", context)


@require_safe
@organiser_page
def badge_file(request: SignedInRequest, key: str) -> HttpResponse:
    """The PDF; some hundred kilobytes."""
    run = _run(request, key)
    if run.state != RunState.DONE or not run.stored or not default_storage.exists(run.stored):
        raise Http404
    name = f"badges-{request.edition.slug}-{run.format}-{run.created_at:%Y%m%d-%H%M}.pdf"
    with default_storage.open(run.stored) as file:
        content = file.read()
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_POST
@organiser_page
def stop(request: SignedInRequest, key: str) -> HttpResponse:
    """No PDF after all."""
    printing.stop_badge_run(request.user, _run(request, key))
    return redirect("accreditation:badge_run", request.edition.slug, key)


@require_POST
@organiser_page
def printed(request: SignedInRequest, key: str) -> HttpResponse:
    """They are on paper."""
    run = _run(request, key)
    if run.state != RunState.DONE:
        raise Http404
    count = actions.mark_printed(request.user, run)
    messages.success(request, ngettext("One badge marked as printed.", "%(n)s badges marked as printed.", count) % {"n": count})
    return redirect("accreditation:badge_run", request.edition.slug, key)


def _badge(request: SignedInRequest, number: int) -> Badge:
    return get_object_or_404(visible_badges(request.user, request.edition), number=number)


@require_safe
@organiser_page
def desk_badge(request: SignedInRequest, number: int) -> HttpResponse:
    """One badge, what happened to it, and the person's others."""
    badge = _badge(request, number)
    others = visible_badges(request.user, request.edition).filter(participant=badge.participant_id).order_by("-number")
    context = {"badge": badge, "others": others, "tones": TONES, "lost": lost_on(badge)}
    return render(request, "accreditation/desk_badge.html", context)


@require_POST
@organiser_page
def change(request: SignedInRequest, number: int) -> HttpResponse:
    """Hand it out, take that back, report it lost, replace it."""
    badge, act = _badge(request, number), request.POST.get("act", "")
    try:
        badge = _changed(request, badge, act)
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("accreditation:desk_badge", request.edition.slug, badge.number)


def _changed(request: SignedInRequest, badge: Badge, act: str) -> Badge:
    if act == "hand_out":
        done = actions.hand_out(request.user, badge)
        messages.success(request, _("Handed out.") if done else _("It was handed out before."))
    elif act == "take_back":
        actions.take_back(request.user, badge)
    elif act in ("lost", "replace"):
        badge = actions.replace_badge(request.user, badge, is_lost=act == "lost")
        messages.success(request, _("The old badge is void. This is the new one, number %(number)s.") % {"number": badge})
    else:
        raise Http404
    return badge


@require_http_methods(["GET", "HEAD", "POST"])
@participant_page
def report_lost(request: ParticipantRequest) -> HttpResponse:
    """One's own badge is lost: asked once more, then void at once, and there is a new one."""
    badge = valid_badge(request.participant)
    if badge is None:
        raise Http404
    if request.method == "POST":
        return _reported(request, badge)
    return render(request, "accreditation/report_lost.html", {"badge": badge})


def _reported(request: ParticipantRequest, badge: Badge) -> HttpResponse:
    """The number that the page showed is void; pressed twice, it is the first that counts."""
    if request.POST.get("number") != str(badge):
        return redirect("meetings:badge", request.edition.slug)
    try:
        new = actions.replace_badge(request.user, badge, is_lost=True)
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        words = _("Badge %(old)s is void. Your new one is %(new)s: show it on your phone, or fetch it at the desk.")
        messages.success(request, words % {"old": badge, "new": new})
    return redirect("meetings:badge", request.edition.slug)
