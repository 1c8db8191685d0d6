"""What one means to do after the meetings."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from madang.meetings.actions import followups as actions
from madang.meetings.forms_held import FollowUpForm, NewFollowUpForm
from madang.meetings.models import FollowUp
from madang.meetings.queries.followups import follow_up_list, my_meetings_so_far, without_outcome
from madang.meetings.rules import visible_follow_ups
from madang.people.pages import ParticipantRequest, participant_page


@require_http_methods(["GET", "HEAD", "POST"])
@participant_page
def follow_ups(request: ParticipantRequest) -> HttpResponse:
    """One's list; POST adds to it."""
    meetings = my_meetings_so_far(request.participant)
    form = NewFollowUpForm(request.POST if request.method == "POST" else None, me=request.participant, meetings=meetings)
    if request.method == "POST" and form.is_valid():
        meeting = form.meeting()
        actions.add_follow_up(request.user, meeting, what=form.cleaned_data["what"], due_on=form.cleaned_data["due_on"])
        messages.success(request, _("It is on your list."))
        return redirect("meetings:follow_ups", request.edition.slug)
    items = follow_up_list(request.user, request.edition)
    context = {
        "todo": [item for item in items if item.row.done_at is None],
        "done": [item for item in items if item.row.done_at is not None],
        "due": sum(item.is_due for item in items),
        "unsaid": without_outcome(request.participant, meetings),
        "form": form,
        "may_add": bool(meetings),
    }
    return render(request, "meetings/follow_ups.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@participant_page
def change(request: ParticipantRequest, number: int) -> HttpResponse:
    """Other words or another day."""
    found = _found(request, number)
    initial = {"what": found.what, "due_on": found.due_on}
    form = FollowUpForm(request.POST if request.method == "POST" else None, initial=initial, edition=request.edition)
    if request.method == "POST" and form.is_valid():
        actions.change_follow_up(request.user, found, **form.cleaned_data)
        return redirect("meetings:follow_ups", request.edition.slug)
    status = 422 if request.method == "POST" else 200
    return render(request, "meetings/follow_up.html", {"row": found, "form": form}, status=status)


@require_POST
@participant_page
def finish(request: ParticipantRequest, number: int) -> HttpResponse:
    """Done, or not after all."""
    actions.finish_follow_up(request.user, _found(request, number), done=request.POST.get("done") == "1")
    return redirect("meetings:follow_ups", request.edition.slug)


@require_POST
@participant_page
def drop(request: ParticipantRequest, number: int) -> HttpResponse:
    """Off the list."""
    actions.drop_follow_up(request.user, _found(request, number))
    messages.success(request, _("It is off your list."))
    return redirect("meetings:follow_ups", request.edition.slug)


def _found(request: ParticipantRequest, number: int) -> FollowUp:
    if number > 2**62:
        raise Http404
    rows = visible_follow_ups(request.user, request.edition).select_related("attendee__request__edition")
    return get_object_or_404(rows, pk=number)
