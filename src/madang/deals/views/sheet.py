"""Sales sheets: one's own, or that of a seller, as a page to print and as PDF."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from madang.catalogue.queries import BY_NAME
from madang.deals.forms_free import QuestionForm, asked, media_choices, usual_question
from madang.deals.pages import DealerRequest, dealer_page
from madang.deals.queries.asking import own_mandates
from madang.deals.queries.sheet import Sheet, sheet_blocks, sheet_of
from madang.deals.rules import answered_titles, visible_sellers
from madang.deals.views.free import chosen_mandate, usual_territories
from madang.kit.pdf import pdf_bytes
from madang.people.models import Company

MOST = 200
"""Titles of a sheet."""


@require_safe
@dealer_page
def sheets(request: DealerRequest) -> HttpResponse:
    """The sellers whose sheets a buyer reads; a seller comes to her own."""
    if not request.participant.is_buyer:
        return redirect("deals:sheet", request.edition.slug, request.company.code)
    sellers = visible_sellers(request.user, request.edition).order_by("search_text", "code")
    return render(request, "deals/sheets.html", {"sellers": sellers})


@require_safe
@dealer_page
def sheet(request: DealerRequest, code: str) -> HttpResponse:
    """What of a seller's titles is free for the question in the address."""
    seller, form = _seller(request, code), _form(request)
    context = {"seller": seller, "form": form, "media": media_choices(), "is_own": seller.pk == request.company.pk}
    if form.is_valid():
        context["sheet"] = _sheet(request, seller, form)
    return render(request, "deals/sheet.html", context, status=422 if form.errors else 200)


@require_safe
@dealer_page
def sheet_pdf(request: DealerRequest, code: str) -> HttpResponse:
    """The same as PDF, in the reader's language."""
    seller, form = _seller(request, code), _form(request)
    if not form.is_valid():
        raise Http404
    found = _sheet(request, seller, form)
    language = (get_language() or "en")[:2]
    title = _("%(company)s: what is free") % {"company": seller}
    footer = _("%(edition)s · as of %(day)s") % {"edition": request.edition, "day": request.edition.now().date().isoformat()}
    pdf = pdf_bytes(title, sheet_blocks(found), language=language, footer=footer, wide=True)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{request.edition.slug}-{seller.code}.pdf"'
    return response


def _seller(request: DealerRequest, code: str) -> Company:
    """A seller whose titles the reader may ask about: for a buyer all of them, for others her own company."""
    sellers = visible_sellers(request.user, request.edition)
    if not request.participant.is_buyer:
        sellers = sellers.filter(pk=request.company.pk)
    return get_object_or_404(sellers, code=code)


def _form(request: DealerRequest) -> QuestionForm:
    me = request.participant
    mandate = chosen_mandate(request.GET, list(own_mandates(me))) if me.is_buyer else None
    usual = usual_question(usual_territories(me, mandate, is_own=not me.is_buyer), request.edition.now().date())
    return QuestionForm(asked(request.GET, usual))


def _sheet(request: DealerRequest, seller: Company, form: QuestionForm) -> Sheet:
    titles = answered_titles(request.user, request.edition).filter(company=seller, part_of=None).order_by(*BY_NAME)[:MOST]
    buyer = request.company if seller.pk != request.company.pk and request.participant.is_buyer else None
    return sheet_of(seller, list(titles), form.question(), buyer)
