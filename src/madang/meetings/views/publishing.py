"""Publishing a draft: the press, the progress, what was refused and the ways out."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from madang.kit import progress
from madang.markets.actions import notice_interrupted
from madang.markets.models import RunState
from madang.markets.pages import organiser_page
from madang.meetings import tasks
from madang.meetings.actions import keeping
from madang.meetings.actions import publishing as actions
from madang.meetings.actions.refusals import NoDraft, Refused
from madang.meetings.models import PublishRun
from madang.meetings.queries.timetable import draft_of, published_of
from madang.meetings.queries.versions import upset_of
from madang.meetings.timetable_forms import DraftForm, PublishForm
from madang.meetings.views.timetable import OrganiserRequest, stale, to_timetable


@require_POST
@organiser_page
def publish(request: OrganiserRequest) -> HttpResponse:
    """Publish the draft that the page showed, asking again where many move; the next page says how it went."""
    form = PublishForm(request.POST)
    if not form.is_valid():
        return stale(request)
    draft, published = draft_of(request.edition), published_of(request.edition)
    is_current = draft and published and not keeping.changed_since(draft, published)  # else publishing itself refuses
    if draft and published and is_current and not form.cleaned_data["sure"] and (upset := upset_of(draft, published)).is_large:
        context = {"upset": upset, "published": published, "revision": form.cleaned_data["revision"], "tab": "timetable"}
        return render(request, "meetings/publish_sure.html", context | {"drop": form.cleaned_data["drop"]}, status=409)
    with transaction.atomic():  # the run and its task: both or none
        facts = {"drop": form.cleaned_data["drop"]}
        run, is_new = actions.start_publishing(request.user, request.edition, form.cleaned_data["revision"], **facts)
        if is_new:
            tasks.publish_timetable.enqueue(run.key, request.build_absolute_uri("/"))
    return redirect("meetings:publishing", request.edition.slug, run.key)


@require_safe
@organiser_page
def publishing(request: OrganiserRequest, key: str) -> HttpResponse:
    """How far the publication is; then what came of it."""
    run = get_object_or_404(PublishRun.objects.filter(edition=request.edition).select_related("timetable"), key=key)
    notice_interrupted(run)
    if run.is_open:
        name = "meetings/publishing.html#progress" if request.headers.get("HX-Request") else "meetings/publishing.html"
        return render(request, name, {"run": run, "told": progress.told(run.key), "tab": "timetable"})
    if request.headers.get("HX-Request"):
        return HttpResponseClientRefresh()
    kind = run.refusal.get("kind")
    if run.state == RunState.DONE or kind in ("already", "stale", "no_draft"):
        return _told(request, run)
    context = {
        "run": run,
        "refusal": run.refusal,
        "revision": run.revision,
        "tab": "timetable",
    }
    if kind == "unfit":
        facts = {"sentences": run.refusal["sentences"], "more": run.refusal["more"]}
        return render(request, "meetings/timetable_unfit.html", context | facts, status=409)
    return render(request, "meetings/publishing.html", context, status=409 if kind else 200)


def _told(request: OrganiserRequest, run: PublishRun) -> HttpResponse:
    """Back to the timetable, with a sentence about how it went."""
    kind = run.refusal.get("kind")
    if kind == "already":
        words = _("This timetable was already published by %(who)s, as version %(version)s.") % run.refusal
        messages.info(request, words)
        return to_timetable(request)
    if run.state != RunState.DONE:
        return stale(request, NoDraft() if kind == "no_draft" else None)
    told = sum(run.changes.get(name, 0) for name in ("placed", "moved", "cancelled"))
    words = ngettext(
        "Version %(version)s is published. One meeting is new or has changed; its people are told.",
        "Version %(version)s is published. %(count)s meetings are new or have changed; their people are told.",
        told,
    )
    messages.success(request, words % {"version": run.timetable.version if run.timetable else "?", "count": told})
    return to_timetable(request)


@require_POST
@organiser_page
def take_over(request: OrganiserRequest) -> HttpResponse:
    """Bring into the draft what has changed in the published timetable since it was begun."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        return stale(request)
    try:
        _draft, taken, displaced = keeping.take_changes_over(request.user, request.edition, form.cleaned_data["revision"])
    except Refused as refused:
        return stale(request, refused)
    words = ngettext("One change was taken over.", "%(count)s changes were taken over.", taken) % {"count": taken}
    if displaced:
        room = ngettext(
            "One meeting of the draft made room for them and has no place now.",
            "%(count)s meetings of the draft made room for them and have no place now.",
            displaced,
        )
        words += " " + room % {"count": displaced}
    messages.success(request, words)
    return to_timetable(request)
