"""The organiser's list of applications, one application with everything, and decisions."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.accounts.models import User
from madang.accreditation.actions import deciding
from madang.accreditation.actions.refusals import Refused
from madang.accreditation.forms_desk import MOST, AskForm, CompanyForm, DecideForm, RevokeForm
from madang.accreditation.models import Application, BadgeType
from madang.accreditation.queries import APPLICATION_COLUMNS, TONES, filters_of, in_turn, rooms
from madang.accreditation.rules import UNDECIDED, may_transfer, visible_applications
from madang.accreditation.views.applying import transfer_page
from madang.kit.facets import Search, search
from madang.kit.search import matching
from madang.markets.models import LogEntry
from madang.markets.pages import EditionRequest, organiser_page
from madang.people.models import Company

PAGE = 50


def _found(request: EditionRequest) -> Search:
    rows = visible_applications(request.user, request.edition)
    return search(rows, request.GET, filters_of(request.edition), APPLICATION_COLUMNS)


@require_safe
@organiser_page
def applications(request: EditionRequest) -> HttpResponse:
    """Everybody who applied, with filters, counts, and a box to tick beside each."""
    return _list_page(request, DecideForm())


def _list_page(request: EditionRequest, form: DecideForm, chosen: frozenset[int] = frozenset()) -> HttpResponse:
    found = _found(request)
    page = Paginator(in_turn(found.rows), PAGE).get_page(request.GET.get("page"))
    types = list(BadgeType.objects.filter(edition=request.edition))
    room = rooms(types)
    context = {
        "found": found,
        "page": page,
        "rows": [(row, TONES[row.state], row.pk in chosen) for row in page],
        "selects": [found.facets["role"], found.facets["country"]],
        "kept": [("state", found.chosen.get("state", "")), ("type", found.chosen.get("type", ""))],
        "types": [(row, room[row.pk]) for row in types],
        "form": form,
        "most": min(MOST, page.paginator.count),
        "is_narrowed": found.is_narrowed,
        "query": request.GET.urlencode(),
    }
    return render(request, "accreditation/desk_applications.html", context, status=422 if form.errors else 200)


@require_http_methods(["POST"])
@organiser_page
def decide(request: EditionRequest) -> HttpResponse:
    """Decide the ticked applications, or all that the search found."""
    pks = _chosen(request)
    form = DecideForm(request.POST)
    if form.is_valid() and not pks:
        form.add_error(None, _("Tick at least one application."))
    if not form.is_valid():
        return _list_page(request, form, frozenset(pks))
    decision = deciding.Decision(form.cleaned_data["decision"])
    outcome = deciding.decide(cast(User, request.user), request.edition, pks, decision, reason=form.cleaned_data["reason"])
    _tell(request, outcome)
    query = request.GET.urlencode()
    return redirect(reverse("accreditation:desk_applications", args=[request.edition.slug]) + (f"?{query}" if query else ""))


def _chosen(request: EditionRequest) -> list[int]:
    if request.POST.get("all"):
        return list(in_turn(_found(request).rows).values_list("pk", flat=True)[:MOST])
    return [int(text) for text in request.POST.getlist("pk")[:MOST] if text.isdecimal() and len(text) < 19]


def _tell(request: EditionRequest, outcome: deciding.Outcome) -> None:
    counted = [
        (outcome.accepted, ngettext("%(n)s application accepted.", "%(n)s applications accepted.", len(outcome.accepted))),
        (outcome.waiting, ngettext("%(n)s is on the waiting list.", "%(n)s are on the waiting list.", len(outcome.waiting))),
        (outcome.declined, ngettext("%(n)s application declined.", "%(n)s applications declined.", len(outcome.declined))),
    ]
    for codes, words in counted:
        if codes:
            messages.success(request, words % {"n": len(codes)})
    if outcome.left:
        text = _("Left as they are, because they are decided already or have no place: %(codes)s")
        messages.warning(request, text % {"codes": ", ".join(outcome.left[:20]) + (" …" if len(outcome.left) > 20 else "")})


def _application(request: EditionRequest, code: str) -> Application:
    return get_object_or_404(visible_applications(request.user, request.edition).select_related("participant"), code=code)


@require_safe
@organiser_page
def application(request: EditionRequest, code: str) -> HttpResponse:
    """One application with everything and its log."""
    return _one(request, _application(request, code))


def _one(request: EditionRequest, row: Application, **forms: object) -> HttpResponse:
    log = LogEntry.objects.filter(edition=request.edition, subject=row.code, verb__in=VERBS)
    words = row.company_name.split()[:1]
    similar = matching(Company.objects.filter(edition=request.edition), words[0])[:20] if words else Company.objects.none()
    context = {
        "application": row,
        "tone": TONES[row.state],
        "room": rooms([row.badge_type])[row.badge_type_id],
        "answers": list(row.answers.select_related("question").order_by("question__position")),
        "inquiries": list(row.inquiries.select_related("asked_by")),
        "badges": list(row.badges.order_by("number")),
        "orders": list(row.orders.order_by("code", "position")),
        "others": list(visible_applications(request.user, request.edition).filter(email=row.email).exclude(pk=row.pk)[:20]),
        "log": [(entry, VERBS[entry.verb]) for entry in log.select_related("actor").order_by("at", "pk")[:100]],
        "is_undecided": row.state in UNDECIDED,
        "may_decide": row.state in (*UNDECIDED, "declined"),
        "may_transfer": may_transfer(request.user, row),
        "companies": list(similar),
        "decide_form": DecideForm(),
        "ask_form": AskForm(auto_id="id_ask_%s"),
        "revoke_form": RevokeForm(auto_id="id_revoke_%s"),
        "company_form": CompanyForm(request.edition, initial={"company": row.company.code if row.company else ""}),
    } | forms
    return render(request, "accreditation/desk_application.html", context, status=422 if forms else 200)


@require_POST
@organiser_page
def decide_one(request: EditionRequest, code: str) -> HttpResponse:
    """Decide this one."""
    row, form = _application(request, code), DecideForm(request.POST)
    if not form.is_valid():
        return _one(request, row, decide_form=form)
    decision = deciding.Decision(form.cleaned_data["decision"])
    _tell(
        request,
        deciding.decide(cast(User, request.user), request.edition, [row.pk], decision, reason=form.cleaned_data["reason"]),
    )
    return redirect("accreditation:desk_application", request.edition.slug, code)


@require_POST
@organiser_page
def ask(request: EditionRequest, code: str) -> HttpResponse:
    """Ask the applicant for more."""
    row, form = _application(request, code), AskForm(request.POST, auto_id="id_ask_%s")
    if form.is_valid():
        try:
            deciding.ask_applicant(cast(User, request.user), row, form.cleaned_data["text"])
            messages.success(request, _("Asked: a letter is on its way."))
            return redirect("accreditation:desk_application", request.edition.slug, code)
        except Refused as refusal:
            form.add_error("text", str(refusal))
    return _one(request, row, ask_form=form)


@require_POST
@organiser_page
def company(request: EditionRequest, code: str) -> HttpResponse:
    """Choose the company of the edition that the applicant means."""
    row, form = _application(request, code), CompanyForm(request.edition, request.POST)
    if form.is_valid():
        try:
            deciding.choose_company(cast(User, request.user), row, form.cleaned_data["company"])
            messages.success(request, _("Saved."))
            return redirect("accreditation:desk_application", request.edition.slug, code)
        except Refused as refusal:
            form.add_error("company", str(refusal))
    return _one(request, row, company_form=form)


@require_POST
@organiser_page
def revoke(request: EditionRequest, code: str) -> HttpResponse:
    """Take an accreditation back."""
    row, form = _application(request, code), RevokeForm(request.POST, auto_id="id_revoke_%s")
    if form.is_valid():
        try:
            deciding.revoke_application(cast(User, request.user), row, reason=form.cleaned_data["reason"])
            messages.success(request, _("Revoked: the badge is void."))
            return redirect("accreditation:desk_application", request.edition.slug, code)
        except Refused as refusal:
            form.add_error("reason", str(refusal))
    return _one(request, row, revoke_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def transfer(request: EditionRequest, code: str) -> HttpResponse:
    """Give a badge to a colleague of its holder."""
    row = _application(request, code)
    if not may_transfer(request.user, row):
        raise Http404
    return transfer_page(request, row, "accreditation:desk_application")


VERBS = {
    "submit_application": pgettext_lazy("application", "Submitted"),
    "ask_applicant": gettext_lazy("Asked to tell more"),
    "answer_inquiry": gettext_lazy("Answered"),
    "choose_company": gettext_lazy("Company chosen"),
    "accept_application": pgettext_lazy("application", "Accepted"),
    "promote_application": gettext_lazy("Moved up from the waiting list"),
    "let_application_wait": gettext_lazy("Put on the waiting list"),
    "decline_application": pgettext_lazy("application", "Declined"),
    "withdraw_application": pgettext_lazy("application", "Withdrawn"),
    "revoke_application": pgettext_lazy("application", "Revoked"),
    "transfer_application": gettext_lazy("Given to a colleague"),
}
"""Lines of the log that are about one application."""
