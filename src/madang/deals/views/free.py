"""What is free of a title, on its page and on a page of its own; asking its seller for terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madang.catalogue.models import Title
from madang.deals.actions.asking import AlreadyAsked, ask_terms
from madang.deals.actions.refusals import DealRefused
from madang.deals.forms_free import AskForm, QuestionForm, asked, is_readable, media_choices, usual_question
from madang.deals.models import Deal
from madang.deals.pages import DealerRequest, dealer_page
from madang.deals.queries.asking import fitting_mandate, meetings_with, open_deal, own_mandates
from madang.deals.queries.findings import papers_of
from madang.deals.queries.free import Answer, Question, answer_of, kept_until, lines_of, market_book, parts_below
from madang.deals.queries.free_texts import Row, question_text, rows_of, summary_text, verdict_text
from madang.deals.rules import answered_titles, askable_titles, dealer_of, unblocked
from madang.mandates.models import Mandate, Visibility
from madang.markets.pages import EditionRequest
from madang.meetings.tasks import mail_notices
from madang.people.models import Participant


@dataclass(slots=True)
class Panel:
    """What `deals/free_panel.html` shows. `is_own`: the reader sells the title herself; `deal`: where they talk already."""

    title: Title
    is_own: bool
    form: QuestionForm
    mandates: list[Mandate] = field(default_factory=list)
    mandate: Mandate | None = None
    answer: Answer | None = None
    asked: str = ""
    summary: str = ""
    word: str = ""
    tone: str = ""
    rows: list[Row] = field(default_factory=list)
    parts: list[tuple[Title, str, str]] = field(default_factory=list)
    may_ask: bool = False
    deal: Deal | None = None
    query: str = ""
    media: list[tuple[str, str]] = field(default_factory=media_choices)


def panel_of(request: EditionRequest, title: Title) -> Panel | None:
    """The answer to what the address asks of one title; None for who may not read it."""
    me = dealer_of(request.user, request.edition)
    if me is None or not answered_titles(request.user, request.edition).filter(pk=title.pk).exists():
        return None
    is_own = title.company_id == me.company_id
    mandates = list(own_mandates(me)) if not is_own else []
    mandate = _mandate(request.GET, mandates, title)
    data = asked(request.GET, usual_question(usual_territories(me, mandate, is_own=is_own), request.edition.now().date()))
    found = Panel(title, is_own, QuestionForm(data), mandates=mandates, mandate=mandate)
    if found.form.is_valid():
        _answer(found, me, found.form.question())
        found.query = urlencode({name: data[name] for name in QuestionForm.base_fields if data.get(name)})
    if not is_own:
        found.may_ask = askable_titles(request.user, request.edition).filter(pk=title.pk).exists()
        found.deal = open_deal(me, [title])
    return found


def chosen_mandate(given: Mapping[str, str], mandates: list[Mandate]) -> Mandate | None:
    """The mandate that the address names."""
    return next((mandate for mandate in mandates if mandate.code == given.get("mandate")), None)


def _mandate(given: Mapping[str, str], mandates: list[Mandate], title: Title) -> Mandate | None:
    return chosen_mandate(given, mandates) or (None if "territories" in given else fitting_mandate(mandates, title))


def usual_territories(me: Participant, mandate: Mandate | None, *, is_own: bool) -> str:
    """Where the reader's question begins: the world for a seller; a buyer's mandate, else her country."""
    if is_own:
        return "World"
    company = me.company.country if me.company else ""
    wanted = [mandate.territories if mandate else "", me.country, company]
    return next((text for text in wanted if text and is_readable(text)), "World")


def _answer(panel: Panel, me: Participant, question: Question) -> None:
    """Compute the answer and put it in words for this reader."""
    book = market_book([panel.title], exclusive=question.exclusive)
    buyer = None if panel.is_own else me.company
    answer = answer_of(book, panel.title.pk, question, buyer)
    papers = papers_of(lines_of(answer), me.company)
    panel.answer, panel.asked, panel.summary = answer, question_text(question), summary_text(answer, question)
    panel.word, panel.tone = verdict_text(answer.verdict)
    panel.rows = rows_of(answer, question, papers, kept_until(answer, me.edition))
    with_lines = list(parts_below(book, panel.title.pk))
    parts = unblocked(Title.objects.filter(pk__in=with_lines, is_withdrawn=False), me).select_related("edition")
    for part in parts.order_by("number", "pk") if with_lines else ():
        panel.parts.append((part, *verdict_text(answer_of(book, part.pk, question, buyer).verdict)))


@require_safe
@dealer_page
def free_title(request: DealerRequest, code: str) -> HttpResponse:
    """What is free of one title for a question in the address; for htmx the panel alone."""
    title = get_object_or_404(answered_titles(request.user, request.edition), code=code)
    panel = panel_of(request, title)
    if panel is None:
        raise Http404
    status = 422 if panel.form.errors else 200
    template = "deals/free_panel.html#panel" if request.htmx else "deals/free_title.html"
    return render(request, template, {"free": panel, "title": title}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@dealer_page
def ask(request: DealerRequest, code: str) -> HttpResponse:
    """A buyer asks the seller of a title for terms; the question that she looked at is written already."""
    title = get_object_or_404(askable_titles(request.user, request.edition), code=code)
    me = request.participant
    if deal := open_deal(me, [title]):
        messages.info(request, _("Your company and the seller are talking about this title already."))
        return redirect(deal)
    form = AskForm(request.POST or None, initial=_words(request, title), choices=_choices(request, me, title))
    if form.is_bound and form.is_valid():
        try:
            return _asked(request, title, form.cleaned_data)
        except DealRefused as refused:
            form.add_error(None, str(refused.text))
    back = reverse("catalogue:title", args=[request.edition.slug, title.code])
    context = {"title": title, "form": form, "back": back}
    return render(request, "deals/ask.html", context, status=422 if form.errors else 200)


def _asked(request: DealerRequest, title: Title, said: dict[str, Any]) -> HttpResponse:
    titles = [title, *said.get("titles", ())]
    more = {name: said.get(name) for name in ("mandate", "request")}
    try:
        deal = ask_terms(request.user, request.edition, titles, ask=said["ask"], **more)
    except AlreadyAsked as already:
        messages.info(request, str(already.text))
        return redirect(already.deal)
    mail_notices.enqueue(request.build_absolute_uri("/"))
    messages.success(request, _("%(company)s has your question and is told of it.") % {"company": deal.licensor})
    return redirect(deal)


def _choices(request: DealerRequest, me: Participant, title: Title) -> dict[str, Any]:
    others = askable_titles(request.user, request.edition).filter(company=title.company_id, part_of=None).exclude(pk=title.pk)
    seller = title.company
    meetings = meetings_with(request.user, me, seller) if seller else Deal.objects.none()
    return {"titles": others.order_by("search_text", "code"), "mandate": own_mandates(me), "request": meetings}


def _words(request: DealerRequest, title: Title) -> dict[str, str]:
    """What the form begins with: the rights that were asked for, the mandate, the meeting about this title."""
    me, seller = request.participant, title.company
    form = QuestionForm(asked(request.GET, {}))
    rights = question_text(form.question()) if form.is_valid() else ""
    mandate = _mandate(request.GET, list(own_mandates(me)), title)
    meetings = list(meetings_with(request.user, me, seller)) if seller else []
    about = [found for found in meetings if found.title_id == title.pk] or meetings
    return {
        "ask": _("What are your terms for these rights? %(rights)s") % {"rights": rights} if rights else "",
        "mandate": mandate.code if mandate and mandate.visibility != Visibility.HIDDEN else "",
        "request": about[0].code if about else "",
    }
