"""Goals on the organiser's desk: the overview, the tree, what it starts with, targets and their freezing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.accounts.models import User
from madang.markets.pages import EditionRequest, organiser_page
from madang.outcomes.actions import goals as actions
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.forms_goals import GoalForm, ReasonForm, SegmentForm, TargetForm, TemplateForm
from madang.outcomes.measures.composed import measures_of
from madang.outcomes.models import Accounts, Goal, Segment, Target
from madang.outcomes.queries.goals import goal_branch, goal_tree
from madang.outcomes.starting import TEMPLATES


class OrganiserRequest(EditionRequest):
    """A request that has come through `organiser_page`."""

    user: User


@require_safe
@organiser_page
def goals(request: OrganiserRequest) -> HttpResponse:
    """The tree with targets, whom it serves, and what changed since the targets were frozen."""
    tree = goal_tree(request.edition)
    measures = {code: str(one.name) for code, one in measures_of(request.edition).items()}
    context = {"tree": tree, "form": TemplateForm(), "templates": TEMPLATES.values(), "measures": measures}
    return render(request, "outcomes/goals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def start(request: OrganiserRequest) -> HttpResponse:
    """The goals of a template."""
    form = TemplateForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        count = actions.start_goals(request.user, request.edition, form.cleaned_data["template"])
        messages.success(request, _("Goals added: %(count)s.") % {"count": count})
        return redirect("outcomes:goals", request.edition.slug)
    context = {"form": form, "templates": TEMPLATES.values()}
    return render(request, "outcomes/goal_start.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def freeze(request: OrganiserRequest) -> HttpResponse:
    """What freezing means, the targets once more, and the button."""
    if request.method == "POST":
        try:
            actions.freeze_targets(request.user, request.edition)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The targets are frozen."))
        return redirect("outcomes:goals", request.edition.slug)
    tree = goal_tree(request.edition)
    has_begun = request.edition.now().astimezone(request.edition.zone).date() >= request.edition.starts_on
    return render(request, "outcomes/goal_freeze.html", {"tree": tree, "has_begun": has_begun})


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def add_goal(request: OrganiserRequest) -> HttpResponse:
    """A new goal; `part_of` in the address is what it is part of."""
    parent = Goal.objects.filter(edition=request.edition, code=request.GET.get("part_of", "")[:40]).first()
    return _goal(request, Goal(edition=request.edition, parent=parent))


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def goal(request: OrganiserRequest, goal: str) -> HttpResponse:
    """A goal: its words, its targets, what it could be measured by."""
    return _goal(request, get_object_or_404(Goal.objects.select_related("edition"), edition=request.edition, code=goal))


def _goal(request: OrganiserRequest, found: Goal) -> HttpResponse:
    def save(form: Any) -> str:
        kept = actions.save_goal(request.user, form.instance, form.cleaned_data["segments"])
        return reverse("outcomes:goal", args=[request.edition.slug, kept.code])

    is_new = found.pk is None
    form = GoalForm(request.POST if request.method == "POST" else None, instance=found)
    if done := _saved(request, form, save, _("The goal is saved.")):
        return done
    branch = None if is_new else goal_branch(request.edition, found)
    measures = measures_of(request.edition)
    fitting = [measures[code] for code in branch.suggested if code in measures] if branch else []
    context = {"form": form, "branch": branch, "fitting": fitting, "is_new": is_new}
    return render(request, "outcomes/goal.html", context, status=422 if form.is_bound else 200)


@require_POST
@organiser_page
def remove_goal(request: OrganiserRequest, goal: str) -> HttpResponse:
    """Only what has neither parts nor targets."""
    found = get_object_or_404(Goal.objects.select_related("edition"), edition=request.edition, code=goal)
    try:
        actions.remove_goal(request.user, found)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("outcomes:goal", request.edition.slug, found.code)
    messages.success(request, _("The goal is deleted."))
    return redirect("outcomes:goals", request.edition.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def add_segment(request: OrganiserRequest) -> HttpResponse:
    """Whom else the edition serves."""
    return _segment(request, Segment(edition=request.edition))


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def segment(request: OrganiserRequest, segment: str) -> HttpResponse:
    """Its names and who they are."""
    found = get_object_or_404(Segment.objects.select_related("edition"), edition=request.edition, code=segment)
    return _segment(request, found)


def _segment(request: OrganiserRequest, found: Segment) -> HttpResponse:
    def save(form: Any) -> str:
        actions.save_segment(request.user, form.instance)
        return reverse("outcomes:goals", args=[request.edition.slug])

    form = SegmentForm(request.POST if request.method == "POST" else None, instance=found)
    if done := _saved(request, form, save, _("Saved.")):
        return done
    context = {"form": form, "segment": found if found.pk else None}
    return render(request, "outcomes/goal_segment.html", context, status=422 if form.is_bound else 200)


@require_POST
@organiser_page
def remove_segment(request: OrganiserRequest, segment: str) -> HttpResponse:
    """Goals stay, without it."""
    found = get_object_or_404(Segment.objects.select_related("edition"), edition=request.edition, code=segment)
    actions.remove_segment(request.user, found)
    messages.success(request, _("Deleted."))
    return redirect("outcomes:goals", request.edition.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def add_target(request: OrganiserRequest, goal: str) -> HttpResponse:
    """A target of a goal; `measure` in the address is chosen already."""
    found = get_object_or_404(Goal.objects.select_related("edition"), edition=request.edition, code=goal)
    new = Target(goal=found, measure=request.GET.get("measure", "")[:60], due_on=request.edition.ends_on)
    return _target(request, new)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def target(request: OrganiserRequest, number: int) -> HttpResponse:
    """A target and its changes; frozen, it asks for a reason."""
    return _target(request, _target_of(request, number))


def _target(request: OrganiserRequest, found: Target) -> HttpResponse:
    def save(form: Any) -> str:
        actions.save_target(request.user, form.instance, form.cleaned_data.get("reason", ""))
        return reverse("outcomes:goal", args=[request.edition.slug, found.goal.code])

    frozen = Accounts.objects.filter(edition=request.edition, frozen_at__isnull=False).exists()
    sent = request.POST if request.method == "POST" else None
    form = TargetForm(sent, instance=found, edition=request.edition, is_frozen=frozen)
    if done := _saved(request, form, save, _("The target is saved.")):
        return done
    changes = found.changes.select_related("by") if found.pk else []
    context = {"form": form, "target": found, "frozen": frozen, "changes": changes, "reason": ReasonForm(auto_id="remove_%s")}
    return render(request, "outcomes/goal_target.html", context, status=422 if form.is_bound else 200)


@require_POST
@organiser_page
def remove_target(request: OrganiserRequest, number: int) -> HttpResponse:
    """Frozen, with its reason."""
    found = _target_of(request, number)
    try:
        actions.remove_target(request.user, found, request.POST.get("reason", "").replace("\0", "")[:300])
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("outcomes:target", request.edition.slug, number)
    messages.success(request, _("The target is deleted."))
    return redirect("outcomes:goal", request.edition.slug, found.goal.code)


def _target_of(request: OrganiserRequest, number: int) -> Target:
    if number > 2**62:
        raise Http404
    return get_object_or_404(Target.objects.select_related("goal__edition"), goal__edition=request.edition, pk=number)


def _saved(request: OrganiserRequest, form: BaseForm, save: Callable[[Any], str], text: str) -> HttpResponse | None:
    """The redirect to what `save` gives; None where the form is not sent, not valid, or refused (which it then says)."""
    if not form.is_valid():
        return None
    try:
        address = save(form)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, text)
    return redirect(address)
