"""The organiser's badge types and their questions."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.accounts.models import User
from madang.accreditation.actions import types as setting
from madang.accreditation.actions.refusals import Refused
from madang.accreditation.forms_types import BadgeTypeForm, QuestionForm
from madang.accreditation.models import ApplicationState, BadgeRole, BadgeType, Question
from madang.accreditation.queries import prices_of, rooms
from madang.accreditation.rules import open_badge_types
from madang.accreditation.sets import STANDARD
from madang.markets.pages import EditionRequest, organiser_page

POST_TOO = ["GET", "HEAD", "POST"]


@require_safe
@organiser_page
def badge_types(request: EditionRequest) -> HttpResponse:
    """Each type with how full it is, and the standard ones that are not there yet."""
    types = list(BadgeType.objects.filter(edition=request.edition).prefetch_related("questions"))
    room, now_open = rooms(types), set(open_badge_types(request.edition).values_list("pk", flat=True))
    known = {row.code for row in types}
    now = request.edition.now()
    context = {
        "types": [(row, room[row.pk], row.pk in now_open, len(row.questions.all()), prices_of(row, now)) for row in types],
        "standard": [(role, BadgeRole(role).label) for role in STANDARD if role not in known],
    }
    return render(request, "accreditation/desk_types.html", context)


@require_POST
@organiser_page
def copy_types(request: EditionRequest) -> HttpResponse:
    """Add standard types."""
    made = setting.copy_standard_types(cast(User, request.user), request.edition, request.POST.getlist("role"))
    if made:
        messages.success(request, _("Added: %(names)s") % {"names": ", ".join(str(row) for row in made)})
    return redirect("accreditation:desk_types", request.edition.slug)


@require_http_methods(POST_TOO)
@organiser_page
def add_type(request: EditionRequest) -> HttpResponse:
    """A badge type of the organiser's own."""
    return _type_page(request, None)


@require_http_methods(POST_TOO)
@organiser_page
def badge_type(request: EditionRequest, kind: str) -> HttpResponse:
    """Change a type; its questions in their order."""
    return _type_page(request, _type(request, kind))


def _type(request: EditionRequest, kind: str) -> BadgeType:
    return get_object_or_404(BadgeType.objects.filter(edition=request.edition).select_related("edition"), code=kind)


def _waiting(row: BadgeType | None) -> int:
    return row.applications.filter(state=ApplicationState.WAITING).count() if row else 0


def _moved_words(moved: int) -> str:
    text = ngettext(
        "Saved. One application of the waiting list is accepted now.",
        "Saved. %(n)s applications of the waiting list are accepted now.",
        moved,
    )
    return text % {"n": moved}


def _type_page(request: EditionRequest, row: BadgeType | None) -> HttpResponse:
    with timezone.override(request.edition.zone):
        form = BadgeTypeForm(request.edition, request.POST or None, instance=row)
        if request.method == "POST" and form.is_valid():
            before = _waiting(row)
            saved = setting.save_badge_type(cast(User, request.user), request.edition, row, form.cleaned_data)
            moved = before - _waiting(saved)
            messages.success(request, _moved_words(moved) if moved > 0 else _("Saved."))
            return redirect("accreditation:desk_type", request.edition.slug, saved.code)
        fresh = _type(request, row.code) if row and not form.errors else row
        context = {"form": form, "type": fresh, "questions": list(row.questions.all()) if row else []}
        return render(request, "accreditation/desk_type.html", context, status=422 if form.errors else 200)


@require_POST
@organiser_page
def remove_type(request: EditionRequest, kind: str) -> HttpResponse:
    """Take a type away that nobody has used."""
    try:
        setting.remove_badge_type(cast(User, request.user), _type(request, kind))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("accreditation:desk_type", request.edition.slug, kind)
    return redirect("accreditation:desk_types", request.edition.slug)


@require_http_methods(POST_TOO)
@organiser_page
def add_question(request: EditionRequest, kind: str) -> HttpResponse:
    """A new question at the end."""
    return _question_page(request, _type(request, kind), None)


@require_http_methods(POST_TOO)
@organiser_page
def question(request: EditionRequest, kind: str, question: str) -> HttpResponse:
    """Change a question."""
    row = _type(request, kind)
    return _question_page(request, row, get_object_or_404(row.questions, code=question))


def _question_page(request: EditionRequest, kind: BadgeType, row: Question | None) -> HttpResponse:
    form = QuestionForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            setting.save_question(cast(User, request.user), kind, row, form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("accreditation:desk_type", request.edition.slug, kind.code)
        except Refused as refusal:
            form.add_error("kind", str(refusal))
    context = {"form": form, "type": kind, "question": row}
    return render(request, "accreditation/desk_question.html", context, status=422 if form.errors else 200)


@require_POST
@organiser_page
def change_question(request: EditionRequest, kind: str, question: str) -> HttpResponse:
    """Move a question up or down, or take it away."""
    row = get_object_or_404(_type(request, kind).questions, code=question)
    try:
        if request.POST.get("do") == "remove":
            setting.remove_question(cast(User, request.user), row)
        else:
            setting.move_question(cast(User, request.user), row, up=request.POST.get("do") == "up")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("accreditation:desk_type", request.edition.slug, kind)
