"""Answering what the other side sent, and signing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from madang.deals.actions.offers import accept_document, decline_document, withdraw_document
from madang.deals.actions.refusals import DealRefused
from madang.deals.actions.signing import sign_document
from madang.deals.forms_deal import DeclineForm, SignForm
from madang.deals.models import Document, DocumentState
from madang.deals.pages import DealerRequest, dealer_page
from madang.deals.queries import texts
from madang.deals.queries.checks import check_document, seen_by
from madang.deals.queries.findings import told
from madang.deals.rules import is_signatory, may_sign
from madang.deals.views.documents import found_document
from madang.kernels.rights import Finding


@require_POST
@dealer_page
def accept(request: DealerRequest, code: str, number: int) -> HttpResponse:
    """Yes to an offer or a memo."""
    found = found_document(request, code, number)
    try:
        accept_document(request.user, found)
        messages.success(request, _("Accepted. The other side has been told."))
    except DealRefused as refused:
        messages.error(request, str(refused.text))
    return _back(request, found)


@require_http_methods(["GET", "HEAD", "POST"])
@dealer_page
def decline(request: DealerRequest, code: str, number: int) -> HttpResponse:
    """No, and why."""
    found = found_document(request, code, number)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            decline_document(request.user, found, form.cleaned_data["reason"])
            messages.success(request, _("Declined. The other side reads why."))
        except DealRefused as refused:
            messages.error(request, str(refused.text))
        return _back(request, found)
    context = {"deal": found.deal, "document": found, "form": form}
    return render(request, "deals/decline.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@dealer_page
def withdraw(request: DealerRequest, code: str, number: int) -> HttpResponse:
    """Take back what one's own company sent."""
    found = found_document(request, code, number)
    try:
        withdraw_document(request.user, found)
        messages.success(request, _("Taken back. The other side has been told."))
    except DealRefused as refused:
        messages.error(request, str(refused.text))
    return _back(request, found)


@require_http_methods(["GET", "HEAD", "POST"])
@dealer_page
def sign(request: DealerRequest, code: str, number: int) -> HttpResponse:
    """Read, type one's name, sign; what stands in the way is said instead."""
    found = found_document(request, code, number)
    if found.state != DocumentState.SENT:
        return redirect("deals:document", request.edition.slug, code, number)
    form = SignForm(request.POST if request.method == "POST" else None, initial={"name": request.participant.latin_name})
    findings, status = check_document(found), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _signed(request, found, form.cleaned_data["name"])
            except DealRefused as refused:
                form.add_error(None, str(refused.text))
                findings = list(refused.findings) or findings
                status = 409
    return _signing(request, found, form, findings, status)


def _signing(request: DealerRequest, found: Document, form: SignForm, findings: list[Finding], status: int) -> HttpResponse:
    language = request.LANGUAGE_CODE[:2] if request.LANGUAGE_CODE[:2] in found.texts else texts.ALWAYS_IN
    blocks = texts.blocks_of(texts.shown_text(found, language))
    deal = found.deal
    context = {
        "deal": deal,
        "document": found,
        "blocks": blocks[1:],
        "language": language,
        "form": form,
        "findings": told(seen_by(request.company, deal.licensor, findings) if deal else findings, request.company),
        "may_sign": may_sign(request.user, found),
        "is_signatory": is_signatory(request.participant),
        "signatures": list(found.signatures.select_related("company", "participant")),
    }
    return render(request, "deals/sign.html", context, status=status)


def _signed(request: DealerRequest, found: Document, name: str) -> HttpResponse:
    done = sign_document(request.user, found, name=name)
    is_contract = done.state == DocumentState.SIGNED
    words = _("Signed by both sides. It is a contract now.") if is_contract else _("Signed. The other side has been told.")
    messages.success(request, words)
    return _back(request, found)


def _back(request: DealerRequest, found: Document) -> HttpResponse:
    return redirect("deals:deal", request.edition.slug, found.deal.code if found.deal else "")
