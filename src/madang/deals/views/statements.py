"""Pages on which a company states what it holds and what it sold elsewhere."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.catalogue.models import Title
from madang.deals.actions import statements as actions
from madang.deals.actions.refusals import DealRefused
from madang.deals.forms_statements import EndForm, LineForm, PaperForm, company_called
from madang.deals.models import Document, DocumentKind, DocumentState, Line
from madang.deals.queries import statements as queries
from madang.deals.queries.entries import Entry, check_entry
from madang.deals.queries.findings import Told, told
from madang.deals.readings import read_rights
from madang.deals.rules import dealer_of, may_state_rights, own_titles, visible_statements
from madang.kit.editing import Overtaken, as_posted, differing, seen_in
from madang.people.models import Company
from madang.people.pages import BusinessRequest, business_page

PAGE = 30


@require_safe
@business_page
def rights(request: BusinessRequest) -> HttpResponse:
    """My rights: the company's whole works, what it holds of each, what to look at. Who sells nothing reads what is free."""
    if not may_state_rights(request.user, request.edition) and dealer_of(request.user, request.edition):
        return redirect("deals:free", request.edition.slug)
    _stating(request)
    titles = own_titles(request.user, request.edition).filter(part_of=None, is_withdrawn=False)
    rows = queries.title_rows(request.user, request.edition, titles.order_by("search_text", "code"))
    show = request.GET.get("show", "")
    kept = [row for row in rows if {"warnings": bool(row.warnings), "unstated": not row.held}.get(show, True)]
    context = {
        "page": Paginator(kept, PAGE).get_page(request.GET.get("page")),
        "show": show,
        "counts": {
            "all": len(rows),
            "warnings": sum(bool(row.warnings) for row in rows),
            "unstated": sum(not row.held for row in rows),
        },
        "company": queries.own_company(request.user, request.edition),
    }
    return render(request, "deals/rights.html", context)


@require_safe
@business_page
def title_rights(request: BusinessRequest, title: str) -> HttpResponse:
    """One title: what is held, line by line, and what was sold."""
    shown = _title(request, title)
    rows = queries.line_rows(queries.rights_of(request.user, shown))
    context = {
        "title": shown,
        "row": queries.title_rows(request.user, request.edition, [shown])[0],
        "held": [row for row in rows if row.document.kind == DocumentKind.HOLDING],
        "sold": [row for row in rows if row.document.kind != DocumentKind.HOLDING],
        "ended": queries.ended_statements(request.user, shown),
        "milestones": queries.milestones_of(request.user, request.edition, [shown]),
        "parts": own_titles(request.user, request.edition).filter(part_of=shown).order_by("number", "code"),
    }
    return render(request, "deals/title_rights.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@business_page
def hold(request: BusinessRequest) -> HttpResponse:
    """State what the company holds."""
    return _new(request, DocumentKind.HOLDING)


@require_http_methods(["GET", "HEAD", "POST"])
@business_page
def sell(request: BusinessRequest) -> HttpResponse:
    """State a contract made elsewhere."""
    return _new(request, DocumentKind.SOLD)


@require_safe
@business_page
def statement(request: BusinessRequest, statement: str) -> HttpResponse:
    """One contract: its lines, what it runs into, what can be done with it."""
    document = _statement(request, statement)
    context = {
        "document": document,
        "rows": queries.line_rows(queries.whole_lines(document.lines.order_by("number"))),
        "findings": queries.statement_findings(request.user, document),
        "history": queries.history(document),
        "end_form": EndForm(),
        "is_ended": document.state == DocumentState.ENDED,
    }
    return render(request, "deals/statement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@business_page
def change(request: BusinessRequest, statement: str) -> HttpResponse:
    """The other party, the number, how far it has come."""
    document = _statement(request, statement)
    initial = {name: getattr(document, name) for name in actions.PAPER}
    form = PaperForm(request.POST or None, kind=document.kind, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_statement(request.user, document, form.paper())
        messages.success(request, _("Saved."))
        return redirect("deals:statement", request.edition.slug, document.code)
    return render(request, "deals/statement_paper.html", {"document": document, "form": form}, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@business_page
def add_line(request: BusinessRequest, statement: str) -> HttpResponse:
    """Another line of the same contract."""
    document = _statement(request, statement)
    form = _line_form(request, document)
    if request.method == "POST" and form.is_valid():
        entry = form.entry(_party(document))
        found = _to_be_seen(request, document, entry)
        if not found:
            actions.add_to_statement(request.user, document, entry)
            messages.success(request, _("Added to the contract."))
            return redirect("deals:statement", request.edition.slug, document.code)
        return render(request, "deals/state.html", {"document": document, "form": form, "found": found})
    return render(request, "deals/state.html", {"document": document, "form": form}, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@business_page
def change_line(request: BusinessRequest, statement: str, line: int) -> HttpResponse:
    """Say a line anew, or take it away."""
    document = _statement(request, statement)
    row = _line(document, line)
    if request.POST.get("act") == "drop":
        return _drop(request, row)
    form = _line_form(request, document, line=row)
    context = {"document": document, "form": form, "line": row, "seen": seen_in(request.POST, actions.line_mark(row))}
    if request.method == "POST" and form.is_valid():
        entry = form.entry(_party(document))
        context["found"] = _to_be_seen(request, document, entry)
        if context["found"]:
            return render(request, "deals/state.html", context)
        try:
            actions.change_line(request.user, row, entry, seen=seen_in(request.POST))
        except Overtaken as overtaken:
            return render(request, "deals/state.html", context | _overtaken(request, row, form, overtaken), status=422)
        messages.success(request, _("Saved."))
        return redirect("deals:statement", request.edition.slug, document.code)
    return render(request, "deals/state.html", context, status=_status(form))


def _overtaken(request: BusinessRequest, row: Line, mine: LineForm, overtaken: Overtaken) -> dict[str, Any]:
    """What `parts/overtaken.html` shows of a line that a colleague said anew meanwhile."""
    now = _line(row.document, row.pk)
    milestones = queries.milestones_of(request.user, request.edition, [now.title])
    facts: dict[str, Any] = {"document": row.document, "titles": [now.title], "line": now, "milestones": milestones}
    theirs = LineForm(as_posted(LineForm(**facts)), **facts)
    return {"overtaken": overtaken, "overtaken_rows": differing(theirs, mine)}


@require_POST
@business_page
def end(request: BusinessRequest, statement: str) -> HttpResponse:
    """The contract counts no more, or again."""
    document = _statement(request, statement)
    if request.POST.get("act") == "resume":
        actions.resume_statement(request.user, document)
        messages.success(request, _("The contract counts again."))
    else:
        actions.end_statement(request.user, document, request.POST.get("reason", "")[:300])
        messages.success(request, _("The contract has ended: it counts no more, and stays readable."))
    return redirect("deals:statement", request.edition.slug, document.code)


@require_safe
@business_page
def read(request: BusinessRequest) -> HttpResponse:
    """What a text about territories, media or languages means, while it is written."""
    for name in LineForm.READ:
        if name in request.GET:
            return render(request, "deals/read.html", {"read": read_rights(name, request.GET[name][:2000])})
    raise Http404


@require_POST
@business_page
def check(request: BusinessRequest) -> HttpResponse:
    """What a contract elsewhere would run into, while it is written; nothing where the form is not yet complete."""
    me = _stating(request)
    document = visible_statements(request.user, request.edition).filter(code=request.POST.get("document", "")[:40]).first()
    document = document or Document(edition=request.edition, kind=DocumentKind.SOLD, company=me)
    row = document.lines.filter(pk=_number(request.POST.get("line", ""))).first() if document.pk else None
    form = _line_form(request, document, line=row)
    found = None
    if form.is_valid():
        paper = PaperForm(request.POST, kind=document.kind)
        party = (
            _party(document) if document.pk or not paper.is_valid() else company_called(document, paper.paper()["counterparty"])
        )
        found = _findings(document, form.entry(party), me)
    return render(request, "deals/found.html", {"found": found, "is_checked": found is not None})


def _new(request: BusinessRequest, kind: DocumentKind) -> HttpResponse:
    document = Document(edition=request.edition, kind=kind, company=_stating(request))
    paper = PaperForm(request.POST or None, kind=kind)
    form = _line_form(request, document)
    if request.method == "POST" and all([paper.is_valid(), form.is_valid()]):
        document.standing = paper.paper().get("standing", document.standing)
        document.counterparty = paper.paper()["counterparty"]
        entry = form.entry(_party(document))
        found = _to_be_seen(request, document, entry)
        if not found:
            made = actions.state_rights(request.user, request.edition, kind, paper.paper(), entry)
            messages.success(request, _("Stated."))
            return redirect("deals:statement", request.edition.slug, made.code)
        return render(request, "deals/state.html", {"document": document, "paper": paper, "form": form, "found": found})
    context = {"document": document, "paper": paper, "form": form}
    return render(request, "deals/state.html", context, status=422 if paper.errors or form.errors else 200)


def _line_form(request: BusinessRequest, document: Document, line: Line | None = None) -> LineForm:
    """The form of a line of this document, new or there already, with the titles that it may be about and their milestones."""
    mine = own_titles(request.user, request.edition)
    titles = [line.title] if line else list(mine.filter(is_withdrawn=False).order_by("search_text", "number", "code"))
    titles = titles if line else in_families(titles)
    asked = request.GET.get("title", "")[:40]
    chosen = [title for title in titles if title.code == asked]
    milestones = queries.milestones_of(request.user, request.edition, titles)
    return LineForm(request.POST or None, document=document, titles=titles, line=line, chosen=chosen, milestones=milestones)


def in_families(titles: list[Title]) -> list[Title]:
    """Whole works in their order, each followed by its seasons, each of those by its episodes."""
    below: dict[int | None, list[Title]] = {}
    there = {title.pk for title in titles}
    for title in titles:
        below.setdefault(title.part_of_id if title.part_of_id in there else None, []).append(title)
    found: list[Title] = []
    waiting = below.get(None, [])[::-1]
    while waiting:
        title = waiting.pop()
        found.append(title)
        waiting += below.get(title.pk, [])[::-1]
    return found


def _to_be_seen(request: BusinessRequest, document: Document, entry: Entry) -> list[Told]:
    """What somebody should see before she saves: nothing once she has said that it is so all the same."""
    if request.POST.get("confirmed") == "1":
        return []
    return _findings(document, entry, document.company)


def _findings(document: Document, entry: Entry, company: Company) -> list[Told]:
    return told(check_entry(document, entry), company)


def _party(document: Document) -> Company | None:
    """The holder of what is held; the licensee where she takes part in the edition."""
    if document.kind == DocumentKind.HOLDING:
        return document.company
    return company_called(document, document.counterparty)


def _drop(request: BusinessRequest, line: Line) -> HttpResponse:
    try:
        actions.drop_line(request.user, line)
    except DealRefused as refused:
        messages.error(request, str(refused.text))
    else:
        messages.success(request, _("The line is gone."))
    return redirect("deals:statement", request.edition.slug, line.document.code)


def _stating(request: BusinessRequest) -> Company:
    """The company whose rights the reader states; 404 for the rest."""
    company = queries.own_company(request.user, request.edition)
    if company is None or not may_state_rights(request.user, request.edition):
        raise Http404
    return company


def _title(request: BusinessRequest, code: str) -> Title:
    return get_object_or_404(own_titles(request.user, request.edition), code=code)


def _statement(request: BusinessRequest, code: str) -> Document:
    _stating(request)
    rows = visible_statements(request.user, request.edition).select_related("company", "edition", "author")
    return get_object_or_404(rows, code=code)


def _line(document: Document, number: int) -> Line:
    lines = queries.whole_lines(document.lines.all())
    return get_object_or_404(lines, pk=_number(str(number)))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _status(form: Any) -> int:
    return 422 if form.errors else 200
