"""The applicant's pages: which badges there are, the form, how an application stands."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.accounts.models import User
from madang.accreditation.actions import applying, transferring
from madang.accreditation.actions.refusals import Refused
from madang.accreditation.forms_applying import AnswerForm, ColleagueForm
from madang.accreditation.models import Application, ApplicationState, BadgeState
from madang.accreditation.pages import applicant_page
from madang.accreditation.proofs import BIGGEST, media_type
from madang.accreditation.queries import TONES, prices_of, rooms, waiting_rank
from madang.accreditation.rules import (
    may_edit,
    may_transfer,
    may_withdraw,
    open_badge_types,
    own_applications,
    visible_badge_types,
    visible_inquiry_files,
    visible_proofs,
)
from madang.kit.uploads import refused_limit, takes_files
from madang.markets.pages import EditionRequest, edition_page


@require_safe
@edition_page
def badges(request: EditionRequest) -> HttpResponse:
    """Badge types that may be applied for, those to come, and one's own applications."""
    edition = request.edition
    types = list(visible_badge_types(request.user, edition).filter(by_invitation=False))
    now_open = set(open_badge_types(edition).values_list("pk", flat=True))
    room = rooms(types)
    mine = list(own_applications(request.user, edition).order_by("-created_at"))
    now = edition.now()
    context = {
        "open": [(row, room[row.pk], prices_of(row, now)) for row in types if row.pk in now_open],
        "coming": [row for row in types if row.pk not in now_open and row.opens_at and row.opens_at > now],
        "mine": [(row, TONES[row.state]) for row in mine],
    }
    return render(request, "accreditation/badges.html", context)


@require_safe
@applicant_page
def application(request: EditionRequest, code: str) -> HttpResponse:
    """How an application stands, what was asked, what is left to do."""
    row = get_object_or_404(own_applications(request.user, request.edition), code=code)
    return application_page(request, row)


def application_page(request: EditionRequest, row: Application, form: AnswerForm | None = None, asked: int = 0) -> HttpResponse:
    """The page; `form` is the answer with faults to the inquiry `asked`."""
    is_writer = row.user_id == request.user.pk
    badge = row.badges.filter(state=BadgeState.VALID).first() if row.state == ApplicationState.ACCEPTED else None
    if badge is None and row.state == ApplicationState.ACCEPTED and row.participant_id:
        badge = row.participant.badges.filter(state=BadgeState.VALID).first() if row.participant else None
    inquiries = list(row.inquiries.all())
    context = {
        "application": row,
        "tone": TONES[row.state],
        "badge": badge,
        "rank": waiting_rank(row) if row.state == ApplicationState.WAITING else 0,
        "inquiries": [(one, _answer_form(one.pk, form if one.pk == asked else None)) for one in inquiries],
        "answers": list(row.answers.select_related("question").order_by("question__position")) if is_writer else [],
        "is_writer": is_writer,
        "may_edit": may_edit(request.user, row),
        "may_withdraw": may_withdraw(request.user, row),
        "may_transfer": may_transfer(request.user, row),
    }
    return render(request, "accreditation/application.html", context, status=422 if form else 200)


def _answer_form(number: int, form: AnswerForm | None) -> AnswerForm:
    return form or AnswerForm(auto_id=f"id_{number}_%s")


@require_POST
@takes_files(BIGGEST)
@applicant_page
def answer(request: EditionRequest, code: str) -> HttpResponse:
    """Answer an inquiry."""
    user = cast(User, request.user)
    row = get_object_or_404(own_applications(user, request.edition).filter(user=user), code=code)
    number = request.POST.get("inquiry", "")
    inquiry = get_object_or_404(row.inquiries, pk=int(number) if number.isdecimal() and len(number) < 19 else 0)
    form = AnswerForm(request.POST, request.FILES, auto_id=f"id_{inquiry.pk}_%s")
    if refused_limit(request):
        form.add_error("file", _("The file is too big: %(limit)s MB are allowed.") % {"limit": BIGGEST // 1_000_000})
    if not form.is_valid():
        return application_page(request, row, form, inquiry.pk)
    if inquiry.answered_at is None:
        applying.answer_inquiry(user, inquiry, form.cleaned_data["answer"], form.cleaned_data["file"])
        messages.success(request, _("Thank you: the organiser reads your answer."))
    return redirect("accreditation:application", request.edition.slug, code)


@require_POST
@applicant_page
def withdraw(request: EditionRequest, code: str) -> HttpResponse:
    """Give up the application, or throw the draft away."""
    row = get_object_or_404(own_applications(request.user, request.edition), code=code)
    user = cast(User, request.user)
    if may_edit(user, row):
        applying.drop_draft(user, row)
        messages.success(request, _("The draft is gone."))
        return redirect("accreditation:badges", request.edition.slug)
    if may_withdraw(user, row):
        applying.withdraw_application(user, row)
        messages.success(request, _("Your application is withdrawn."))
    return redirect("accreditation:application", request.edition.slug, code)


@require_http_methods(["GET", "HEAD", "POST"])
@applicant_page
def transfer(request: EditionRequest, code: str) -> HttpResponse:
    """Give the badge to a colleague."""
    row = get_object_or_404(own_applications(request.user, request.edition), code=code)
    if not may_transfer(request.user, row):
        raise Http404
    return transfer_page(request, row, "accreditation:application")


def transfer_page(request: EditionRequest, row: Application, back: str) -> HttpResponse:
    """The form for the colleague, of applicants and organisers; `back` is the page that follows."""
    form = ColleagueForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            transferring.transfer_application(cast(User, request.user), row, form.colleague)
        except Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("The badge went to %(name)s.") % {"name": form.colleague.family_name})
            return redirect(back, request.edition.slug, row.code)
    context = {"form": form, "application": row, "back": back}
    return render(request, "accreditation/transfer.html", context, status=422 if form.errors else 200)


@require_safe
@applicant_page
def proof(request: EditionRequest, number: int) -> HttpResponse:
    """The file of an answer."""
    found = get_object_or_404(visible_proofs(request.user, request.edition), pk=_row(number))
    return _file(found.file.name or "", found.file_name)


@require_safe
@applicant_page
def inquiry_file(request: EditionRequest, number: int) -> HttpResponse:
    """The file of an answer to an inquiry."""
    found = get_object_or_404(visible_inquiry_files(request.user, request.edition), pk=_row(number))
    return _file(found.file.name or "", found.file_name)


def _row(number: int) -> int:
    """A number longer than any row's is none."""
    return number if number < 10**18 else 0


def _file(stored: str, name: str) -> HttpResponse:
    """To be saved, never shown by the browser as a page of ours."""
    if not stored or not default_storage.exists(stored):
        raise Http404
    with default_storage.open(stored) as file:
        response = HttpResponse(file.read(), content_type=media_type(stored))
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name or "proof")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
