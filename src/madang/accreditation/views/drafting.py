"""The form of an application: it saves itself while it is typed, and is handed in."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from madang.accounts.models import User
from madang.accreditation.actions import applying
from madang.accreditation.actions.refusals import Refused
from madang.accreditation.badge_fit import lost_letters
from madang.accreditation.forms_applying import PERSON, ApplicationForm
from madang.accreditation.models import Application, BadgeType, Invitation
from madang.accreditation.pages import applicant_page, invitation_of
from madang.accreditation.proofs import BIGGEST, too_big
from madang.accreditation.queries import draft_mark, rooms
from madang.accreditation.rules import OPEN, is_open, may_edit, own_applications, visible_badge_types
from madang.kit.uploads import refused_fields, takes_files
from madang.markets.pages import EditionRequest
from madang.people.rules import participant_of


@require_http_methods(["GET", "HEAD", "POST"])
@takes_files(BIGGEST)
@applicant_page
def apply(request: EditionRequest, kind: str) -> HttpResponse:
    """Begin an application; who has begun or handed one in is led there, and what she typed is kept."""
    invitation = invitation_of(request, request.GET.get("invitation", ""))
    edition, user = request.edition, cast(User, request.user)
    types = BadgeType.objects.filter(edition=edition) if invitation else visible_badge_types(user, edition)
    badge_type = get_object_or_404(types.select_related("edition"), code=kind)
    mine = own_applications(user, edition).filter(user=user, badge_type=badge_type, invitation=invitation)
    begun = mine.filter(state__in=["draft", *OPEN]).first()
    if begun and begun.state != "draft":
        return _lead(request, "accreditation:application", begun)
    if begun and request.method != "POST":
        return _lead(request, "accreditation:edit", begun)
    if not begun and not is_open(badge_type, invitation):
        return render(request, "accreditation/closed.html", {"badge_type": badge_type}, status=410)
    return _form_page(request, badge_type, begun, invitation)


@require_http_methods(["GET", "HEAD", "POST"])
@takes_files(BIGGEST)
@applicant_page
def edit(request: EditionRequest, code: str) -> HttpResponse:
    """Go on with a draft."""
    row = get_object_or_404(own_applications(request.user, request.edition), code=code)
    if not may_edit(request.user, row):
        return _lead(request, "accreditation:application", row)
    return _form_page(request, row.badge_type, row, row.invitation)


def _lead(request: EditionRequest, page: str, row: Application) -> HttpResponse:
    """On to a page of the application, also where htmx sent the form."""
    address = reverse(page, args=[request.edition.slug, row.code])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _form_page(
    request: EditionRequest, badge_type: BadgeType, row: Application | None, invitation: Invitation | None
) -> HttpResponse:
    if request.method != "POST":
        return _page(request, _form(request, badge_type, row), badge_type, row, invitation)
    is_draft = "submit" not in request.POST
    form = _form(request, badge_type, row, is_draft=is_draft)
    for name in refused_fields(request):
        form.errors.pop(name, None)
        form.add_error(name if name in form.fields else None, too_big())
    if request.htmx and not {"save", "submit"} & set(request.POST):
        return _save_itself(request, form, badge_type, row, invitation)
    if form.is_valid():
        try:
            row = _keep(request, form, badge_type, row, invitation)
            if not is_draft:
                row = applying.submit_application(cast(User, request.user), row)
        except applying.Outdated as refusal:
            form.add_error(None, str(refusal))
            row = refusal.application
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved.") if is_draft else _("Your application has arrived. A letter says so too."))
            return _lead(request, "accreditation:edit" if is_draft else "accreditation:application", row)
    return _page(request, form, badge_type, row, invitation)


def _form(request: EditionRequest, badge_type: BadgeType, row: Application | None, *, is_draft: bool = False) -> ApplicationForm:
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return ApplicationForm(
        *data, badge_type=badge_type, application=row, initial=_initial(request, row), is_draft=is_draft, saves_itself=True
    )


def _keep(
    request: EditionRequest, form: ApplicationForm, badge_type: BadgeType, row: Application | None, invitation: Invitation | None
) -> Application:
    user = cast(User, request.user)
    language = user.language or (get_language() or "en")[:2]
    return applying.save_draft(
        user, badge_type, form.person, form.answers, language=language, application=row, invitation=invitation,
        seen=request.POST.get("seen"),
    )  # fmt: skip


def _save_itself(
    request: EditionRequest, form: ApplicationForm, badge_type: BadgeType, row: Application | None, invitation: Invitation | None
) -> HttpResponse:
    """What makes sense of what was typed is kept; the answer holds the parts of the page that tell."""
    fault, mark = too_big() if refused_fields(request) else "", request.POST.get("seen", "")
    form.is_valid()
    files = [name for name in request.FILES if form.cleaned_data.get(name)]
    if not fault:
        try:
            row = _keep(request, form, badge_type, row, invitation)
            mark = draft_mark(row)
        except Refused as refusal:
            fault = str(refusal)
    kept = ApplicationForm(badge_type=badge_type, application=row, initial={}, saves_itself=True)
    context = {
        "form": form,
        "fault": fault,
        "application": row,
        "mark": mark,
        "lost": lost_letters(form.data.get("native_name", "")[:200]),
        "kept": [] if fault else [kept[name] for name in files],
    }
    return render(request, "accreditation/apply_told.html", context)


def _page(
    request: EditionRequest, form: ApplicationForm, badge_type: BadgeType, row: Application | None, invitation: Invitation | None
) -> HttpResponse:
    context = {
        "form": form,
        "badge_type": badge_type,
        "application": row,
        "invitation": invitation,
        "room": rooms([badge_type])[badge_type.pk],
        "mark": draft_mark(row),
        "lost": lost_letters(str(form["native_name"].value() or "")[:200]),
    }
    response = render(request, "accreditation/apply.html", context, status=422 if form.errors else 200)
    if request.htmx:
        response["HX-Retarget"] = response["HX-Reselect"] = "#main"
        response["HX-Reswap"] = "outerHTML show:window:top"
    return response


def _initial(request: EditionRequest, row: Application | None) -> dict[str, Any]:
    """What is known of her: the draft, else what she is at this edition, else her last application anywhere."""
    if row:
        return {name: getattr(row, name) for name in PERSON}
    me = participant_of(request.user, request.edition)
    if me:
        names = [name for name in PERSON if not name.startswith("company_")]
        own = {"company_name": str(me.company), "company_size": me.company.size} if me.company else {}
        return {name: getattr(me, name) for name in names} | own
    last = Application.objects.filter(user=cast(User, request.user)).order_by("-saved_at").first()
    return {name: getattr(last, name) for name in PERSON} if last else {}
