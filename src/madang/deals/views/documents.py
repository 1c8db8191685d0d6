"""Documents of deals: written, checked while they are written, read in several languages, compared, as PDF."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.deals.actions.offers import NOT_NOW, save_draft, send_document
from madang.deals.actions.refusals import DealRefused
from madang.deals.forms_offer import OfferForm, offer_differences
from madang.deals.models import Deal, Document, DocumentKind, DocumentState
from madang.deals.pages import DealerRequest, dealer_page
from madang.deals.queries import deals as queries
from madang.deals.queries import texts
from madang.deals.queries.checks import check_content, seen_by
from madang.deals.queries.contents import Content, content_of
from madang.deals.queries.differences import differences
from madang.deals.queries.findings import Told, told
from madang.deals.rules import deal_titles, may_sign, visible_documents
from madang.deals.views.deals import found_deal
from madang.kernels.rights import RightsError, Severity
from madang.kit.editing import Difference, Overtaken, seen_in
from madang.kit.languages import LANGUAGES

MOST = 2**31 - 1


@require_http_methods(["GET", "HEAD", "POST"])
@dealer_page
def write(request: DealerRequest, code: str) -> HttpResponse:
    """Write the next document of a deal: buttons add and drop rows, keep a draft, or send."""
    deal = found_deal(request, code)
    kind = queries.next_kind(deal, request.company.pk)
    if kind is None:
        return _too_late(request, deal)
    form = _form(request, deal, kind)
    act = request.POST.get("act", "")
    if request.method != "POST" or form.change(act):
        return _writing(request, deal, kind, form)
    if form.is_valid() and not _unaware(request, deal, kind, form):
        try:
            return _kept(request, deal, form.content(), sends=act == "send")
        except Overtaken as overtaken:
            return _writing(request, deal, kind, form, overtaken=overtaken)
        except DealRefused as refused:
            form.faults.append(refused.text)
            return _writing(request, deal, kind, form, refused=told(refused.findings, request.company))
    return _writing(request, deal, kind, form)


def _too_late(request: DealerRequest, deal: Deal) -> HttpResponse:
    """Somebody sent or settled something meanwhile; what was typed still stands in the form, to be copied."""
    if request.method != "POST":
        messages.error(request, str(NOT_NOW))
        return redirect("deals:deal", request.edition.slug, deal.code)
    waiting = queries.open_document(deal)
    kind = DocumentKind(waiting.kind) if waiting else DocumentKind.OFFER
    form = _form(request, deal, kind)
    fault: str | Promise = NOT_NOW
    if waiting is not None and waiting.company_id == request.company.pk:
        text = _("%(who)s has sent something to the other side. What you wrote is not kept, but still stands here to be copied.")
        fault = text % {"who": waiting.author}
    form.faults.append(fault)
    return _writing(request, deal, kind, form)


@require_POST
@dealer_page
def check(request: DealerRequest, code: str) -> HttpResponse:
    """What is being written, read and held against rights; nothing is kept."""
    deal = found_deal(request, code)
    kind = queries.next_kind(deal, request.company.pk) or DocumentKind.OFFER
    opens = {"opens": kind in queries.SIGNED_KINDS}
    return render(request, "deals/write.html#check", opens | _checked(request, deal, _form(request, deal, kind)))


@require_safe
@dealer_page
def document(request: DealerRequest, code: str, number: int) -> HttpResponse:
    """One version, in one of its languages; `?language=`."""
    found = found_document(request, code, number)
    languages = texts.languages_of(found)
    language = _language(request, languages)
    blocks = texts.blocks_of(texts.shown_text(found, language))
    context = {
        "deal": found.deal,
        "document": found,
        "title": blocks[0].text,
        "blocks": blocks[1:],
        "language": language,
        "languages": [(code, name) for code, name in LANGUAGES if code in languages],
        "mark": texts.status_text(found),
        "signatures": list(found.signatures.select_related("company", "participant")),
        "is_intact": texts.is_intact(found) if found.texts else None,
        "before": _before(found),
        "may_sign": may_sign(request.user, found),
        "is_draft": found.state == DocumentState.DRAFT,
    }
    return render(request, "deals/document.html", context)


@require_safe
@dealer_page
def changes(request: DealerRequest, code: str, number: int) -> HttpResponse:
    """What is different from the version before."""
    found = found_document(request, code, number)
    before = _before(found)
    if before is None:
        raise Http404
    language = _language(request, texts.languages_of(found))
    rows = differences(before, found, language)
    context = {"deal": found.deal, "document": found, "before": before, "rows": rows, "changed": sum(r.is_changed for r in rows)}
    return render(request, "deals/changes.html", context)


@require_safe
@dealer_page
def document_pdf(request: DealerRequest, code: str, number: int) -> HttpResponse:
    """The same as a PDF."""
    found = found_document(request, code, number)
    language = _language(request, texts.languages_of(found))
    name = found.code if found.state != DocumentState.DRAFT else f"{code}-draft"
    return _file(texts.pdf_of(found, language), "application/pdf", f"{name}-{language}.pdf")


@require_safe
@dealer_page
def document_text(request: DealerRequest, code: str, number: int) -> HttpResponse:
    """The file whose SHA-256 was signed."""
    found = found_document(request, code, number)
    if not found.texts:
        raise Http404
    return _file(texts.signed_file(found.texts), "text/plain; charset=utf-8", f"{found.code}.txt")


def found_document(request: DealerRequest, code: str, number: int) -> Document:
    """A version that the reader may read: 404 for the rest."""
    if number > MOST:
        raise Http404
    deal = found_deal(request, code)
    rows = visible_documents(request.user, request.edition).filter(deal=deal)
    rows = rows.select_related(
        "edition__market", "company", "author", "deal__licensor", "deal__licensee", "deal__edition", "amends"
    )
    return get_object_or_404(rows, number=number)


def _form(request: DealerRequest, deal: Deal, kind: DocumentKind) -> OfferForm:
    posted = request.POST if request.method == "POST" else None
    return OfferForm(posted, **_facts(request, deal, kind), content=None if posted is not None else _begun(request, deal))


def _facts(request: DealerRequest, deal: Deal, kind: DocumentKind) -> dict[str, Any]:
    titles = list(deal_titles(request.participant, deal))
    milestones = queries.milestones_for(request.participant, deal)
    return {"deal": deal, "kind": kind, "company": request.company, "titles": titles, "milestones": milestones}


def _differences(request: DealerRequest, deal: Deal, kind: DocumentKind, mine: OfferForm) -> list[Difference]:
    """Where the draft that stands there now and what was typed say something else."""
    facts = _facts(request, deal, kind)
    theirs = OfferForm(OfferForm(**facts, content=_begun(request, deal)).as_sent(), **facts)
    return offer_differences(theirs, mine)


def _begun(request: DealerRequest, deal: Deal) -> Content | None:
    """What a form begins with: one's draft, else what it answers or takes further."""
    draft = queries.draft_of(deal, request.company.pk)
    if draft is not None:
        return content_of(draft)
    base = queries.base_of(deal, request.company.pk)
    return queries.taken_over(content_of(base)) if base else None


def _writing(
    request: DealerRequest,
    deal: Deal,
    kind: DocumentKind,
    form: OfferForm,
    refused: list[Told] | None = None,
    overtaken: Overtaken | None = None,
) -> HttpResponse:
    waiting, draft = queries.open_document(deal), queries.draft_of(deal, request.company.pk)
    context = {
        "deal": deal,
        "kind": kind,
        "kind_words": queries.WRITTEN[kind],
        "form": form,
        "refused": refused or [],
        "answers": waiting if waiting and waiting.company_id != request.company.pk else None,
        "has_draft": draft is not None,
        "seen": seen_in(request.POST, queries.draft_mark(draft)),
        "overtaken": overtaken,
        "overtaken_rows": _differences(request, deal, kind, form) if overtaken else [],
        "act": request.POST.get("act", ""),
        "opens": kind in queries.SIGNED_KINDS,
    }
    status = 422 if overtaken or (form.errors and request.POST.get("act") in ("send", "draft")) else 200
    return render(request, "deals/write.html", context | _checked(request, deal, form), status=status)


def _checked(request: DealerRequest, deal: Deal, form: OfferForm) -> dict[str, Any]:
    """What the lines that can be read so far run into, line by line."""
    rows = form.readable_lines()
    findings: list[Told] = []
    if rows and deal.licensee is not None:
        content = Content(tuple(words for _number, words in rows))
        besides = queries.settled_document(deal)
        try:
            found = check_content(deal.licensor, deal.licensee, content, deal=deal, besides=[besides] if besides else [])
        except RightsError:  # a text that the kernel reads otherwise than the form: the form says so when it is sent
            found = []
        findings = told(seen_by(request.company, deal.licensor, found), request.company)
    numbers = {f"new:{n}": number for n, (number, _words) in enumerate(rows, 1)}
    at: dict[int, list[Told]] = {number: [] for number, _words in rows}
    for one in findings:
        at[numbers[str(one.finding.new.id).removesuffix("x")]].append(one)
    checks = [(number, row, at.get(number, []), number in at) for number, row in enumerate(form.lines)]
    return {
        "checks": checks,
        "checked": len(rows),
        "found": len(findings),
        "stops": any(one.finding.severity is Severity.ERROR for one in findings),
        "aware": request.POST.get("aware") == "on",
        "deal": deal,
    }


def _unaware(request: DealerRequest, deal: Deal, kind: DocumentKind, form: OfferForm) -> bool:
    """Whether an offer would be sent over rights that stand in the way, and nobody has said that she knows."""
    if kind in queries.SIGNED_KINDS or request.POST.get("act") != "send" or request.POST.get("aware") == "on":
        return False
    if not _checked(request, deal, form)["stops"]:
        return False
    form.faults.append(_("Rights stand in the way. Change the lines, or say that you send it all the same."))
    return True


def _kept(request: DealerRequest, deal: Deal, content: Content, *, sends: bool) -> HttpResponse:
    seen = seen_in(request.POST)
    if not sends:
        save_draft(request.user, deal, content, seen=seen)
        messages.success(request, _("Your draft is kept. The other side does not see it."))
        return redirect("deals:deal", request.edition.slug, deal.code)
    said = request.POST.get("answers", "")
    answers = int(said) if said.isdecimal() and len(said) < 18 else None
    sent = send_document(request.user, deal, content, answers=answers, seen=seen)
    words = _("It is open for signature.") if sent.kind in queries.SIGNED_KINDS else _("Sent. The other side has been told.")
    messages.success(request, words)
    return redirect("deals:deal", request.edition.slug, deal.code)


def _before(found: Document) -> Document | None:
    """The version before, whatever its kind."""
    if found.deal is None:
        return None
    earlier = found.deal.documents.exclude(state=DocumentState.DRAFT).exclude(pk=found.pk)
    if found.state != DocumentState.DRAFT:
        earlier = earlier.filter(number__lt=found.number)
    return (
        earlier.order_by("-number")
        .select_related("edition__market", "company", "deal__licensor", "deal__licensee", "amends")
        .first()
    )


def _language(request: DealerRequest, offered: list[str]) -> str:
    wanted = request.GET.get("language") or (get_language() or "en")[:2]
    return wanted if wanted in offered else texts.ALWAYS_IN


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition or ""})
