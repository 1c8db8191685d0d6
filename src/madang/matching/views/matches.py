"""Pages of matches: a buyer's mandates with their titles, a seller's titles with their mandates, what one says of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from madang.catalogue.models import Title
from madang.kit.languages import isolated
from madang.mandates.models import Mandate
from madang.matching.actions.feedback import say_of_mandate, say_of_title, take_back
from madang.matching.cards import AMONG, cards_for_buyer, cards_for_seller, diverse
from madang.matching.forms import REASONS, SayForm
from madang.matching.models import Feedback, Verdict
from madang.matching.queries.pairs import matches_of
from madang.matching.queries.readings import Reading, read_mandates, read_title
from madang.matching.rules import buyer_of, mandates_to_match, matched_mandates, matched_titles, titles_on_offer, visible_feedback
from madang.people.models import Participant
from madang.people.pages import BusinessRequest, business_page

FEW, MANY, MISSED = 4, 12, 6
"""Matches of each mandate on the first page, on its own page, and those that one gate keeps apart."""
HAIR = 0.002
"""Of a chance: less than that is no move."""
MOST_MANDATES = 6
"""Mandates whose matches stand on the first page; the others are links."""


@require_safe
@business_page
def matches(request: BusinessRequest) -> HttpResponse:
    """A buyer's mandates, each with a few titles; a seller's titles, as links to their matches."""
    me = request.participant
    buyer = buyer_of(request.user, request.edition)
    titles = matched_titles(request.user, request.edition).order_by("name", "code")
    mandates = list(matched_mandates(request.user, request.edition).order_by("-changed_at", "pk"))
    if me is None or not (buyer or me.is_seller or me.is_creator):
        raise Http404
    context = {
        "is_buyer": buyer is not None,
        "groups": _groups(request, me, mandates[:MOST_MANDATES]) if mandates else [],
        "more": mandates[MOST_MANDATES:],
        "titles": titles,
    }
    return render(request, "matching/matches.html", context)


def _groups(request: BusinessRequest, me: Participant, mandates: list[Mandate]) -> list[tuple[Mandate, list[Any]]]:
    """The best few titles of each mandate; a constant number of queries."""
    reading = read_mandates(mandates, request.user)
    said = _said_of_titles(request)
    lists: list[list[int]] = [[] for _ in mandates]
    for n, place in enumerate(reading.mandates.tolist()):
        if not _is_refused(reading, n, said):
            lists[place].append(n)
    reading.prepare(FEW * AMONG, lists, 0)
    chosen = [n for pairs in lists for n in diverse(reading, reading.best(FEW * AMONG, pairs, 0)[0], FEW)]
    cards = cards_for_buyer(me, matches_of(reading, chosen), said)
    return [(mandate, [card for card in cards if card.match.mandate.pk == mandate.pk]) for mandate in mandates]


@require_safe
@business_page
def of_mandate(request: BusinessRequest, code: str) -> HttpResponse:
    """The titles that fit a mandate of one's own, why, and those that one gate keeps apart."""
    mandate = get_object_or_404(matched_mandates(request.user, request.edition), code=code)
    return render(request, "matching/mandate_matches.html", _mandate_page(request, mandate))


def _mandate_page(
    request: BusinessRequest, mandate: Mandate, form: SayForm | None = None, title: Title | None = None
) -> dict[str, Any]:
    """What the page shows; `form`: what was wrongly said of a title, kept as it was typed."""
    me, said = mandate.buyer, _said_of_titles(request)
    reading = read_mandates([mandate], request.user)
    pairs = [n for n in range(len(reading.titles)) if not _is_refused(reading, n, said)]
    is_plain = request.GET.get("order") == "chance"
    fit, missed = reading.best(MANY if is_plain else MANY * AMONG, pairs, MISSED)
    chosen = fit[:MANY] if is_plain else diverse(reading, fit, MANY)
    found = matches_of(reading, [*chosen, *missed])
    cards = cards_for_buyer(me, found, said)
    if form is not None and title is not None:
        cards = [replace(card, form=form) if card.match.title.pk == title.pk else card for card in cards]
    return {
        "mandate": mandate,
        "cards": [card for card in cards if card.match.passes],
        "missed": [card for card in cards if not card.match.passes],
        "refused": [
            (str(one.title), one.title.get_absolute_url(), _back("unsay", mandate, one.title), one)
            for one in said.values()
            if one.verdict == Verdict.NOT_FOR_ME
        ],
        "is_plain": is_plain,
        "is_rough": reading.odds.is_rough,
        "answers": reading.odds.answers,
        "because": REASONS,
    }


def _back(name: str, whose: Mandate | Title, one: Mandate | Title) -> str:
    """Where what was said of one of these is taken back."""
    return reverse(f"matching:{name}", args=[whose.edition.slug, whose.code, one.code])


@require_POST
@business_page
def say(request: BusinessRequest, code: str, title: str) -> HttpResponse:
    """A buyer says that a title interests her, or why not; she is told what that changed."""
    mandate = get_object_or_404(matched_mandates(request.user, request.edition), code=code)
    offered = titles_on_offer(request.edition).exclude(company=mandate.buyer.company_id)
    found = get_object_or_404(offered.select_related("edition"), code=title)
    form = SayForm(request.POST)
    if not form.is_valid():
        return render(request, "matching/mandate_matches.html", _mandate_page(request, mandate, form, found), status=422)
    before = _standing(read_mandates([mandate], request.user))
    verdict, because, words = form.said
    say_of_title(request.user, found, verdict, because, words)
    messages.success(request, _effect(before, _standing(read_mandates([mandate], request.user)), found, verdict))
    return redirect("matching:of_mandate", request.edition.slug, mandate.code)


@require_POST
@business_page
def unsay(request: BusinessRequest, code: str, title: str) -> HttpResponse:
    """A buyer takes back what she said; a second click finds it gone, which is what was wanted."""
    mandate = get_object_or_404(matched_mandates(request.user, request.edition), code=code)
    found = get_object_or_404(Title.objects.filter(edition=request.edition), code=title)
    if take_back(request.user, found):
        messages.success(request, _("Taken back: %(title)s stands where it stood.") % {"title": isolated(str(found))})
    return redirect("matching:of_mandate", request.edition.slug, mandate.code)


@require_safe
@business_page
def of_title(request: BusinessRequest, code: str) -> HttpResponse:
    """The mandates that a title of one's own company fits, as far as she may be told of them."""
    title = get_object_or_404(matched_titles(request.user, request.edition), code=code)
    return render(request, "matching/title_matches.html", _title_page(request, title))


def _title_page(
    request: BusinessRequest, title: Title, form: SayForm | None = None, mandate: Mandate | None = None
) -> dict[str, Any]:
    me = request.participant
    assert me is not None  # noqa: S101  # who has titles to match takes part
    own = visible_feedback(request.user, request.edition).filter(title=title)
    said = {one.mandate_id or 0: one for one in own if one.mandate_id}
    refused = {pk for pk, one in said.items() if one.verdict == Verdict.NOT_FOR_ME}
    reading = read_title(title, request.user)
    where = title.edition.slug
    told = {reading.mandate(n).pk for n in range(len(reading.titles))}
    fit, missed = reading.best(MANY, [n for n in range(len(reading.titles)) if reading.mandate(n).pk not in refused], MISSED)
    cards = cards_for_seller(me, matches_of(reading, [*fit, *missed]), said)
    if form is not None and mandate is not None:
        cards = [replace(card, form=form) if card.match.mandate.pk == mandate.pk else card for card in cards]
    return {
        "title": title,
        "cards": [card for card in cards if card.match.passes],
        "missed": [card for card in cards if not card.match.passes],
        "refused": [
            (
                one.mandate.text,
                reverse("mandates:mandate", args=[where, one.mandate.code]),
                _back("unsay_for_title", title, one.mandate),
                one,
            )
            for pk, one in said.items()
            if one.mandate and pk in refused & told
        ],
        "is_rough": reading.odds.is_rough,
        "answers": reading.odds.answers,
        "because": REASONS,
    }


@require_POST
@business_page
def say_for_title(request: BusinessRequest, code: str, mandate: str) -> HttpResponse:
    """A seller says of a mandate for one of her titles."""
    title, found = _pair(request, code, mandate)
    form = SayForm(request.POST)
    if not form.is_valid():
        return render(request, "matching/title_matches.html", _title_page(request, title, form, found), status=422)
    verdict, because, words = form.said
    say_of_mandate(request.user, title, found, verdict, because, words)
    is_refused = verdict == Verdict.NOT_FOR_ME
    messages.success(request, _("It left the list. Only you know.") if is_refused else _("Marked. Only you see that."))
    return redirect("matching:of_title", request.edition.slug, title.code)


@require_POST
@business_page
def unsay_for_title(request: BusinessRequest, code: str, mandate: str) -> HttpResponse:
    """A seller takes back what she said of a mandate."""
    title, found = _pair(request, code, mandate)
    if take_back(request.user, title, found):
        messages.success(request, _("Taken back."))
    return redirect("matching:of_title", request.edition.slug, title.code)


def _pair(request: BusinessRequest, code: str, mandate: str) -> tuple[Title, Mandate]:
    """A title of one's own and a mandate that it may be told of: what its list does not show has no address."""
    title = get_object_or_404(matched_titles(request.user, request.edition), code=code)
    found = get_object_or_404(mandates_to_match(request.user, request.edition), code=mandate)
    reading = read_title(title, request.user)
    if found.pk not in {reading.mandate(n).pk for n in range(len(reading.titles))}:
        raise Http404
    return title, found


def _said_of_titles(request: BusinessRequest) -> dict[int, Feedback]:
    own = visible_feedback(request.user, request.edition).filter(mandate=None)
    return {one.title_id: one for one in own.select_related("title__edition")}


def _is_refused(reading: Reading, n: int, said: dict[int, Feedback]) -> bool:
    one = said.get(int(reading.titles[n]))
    return one is not None and one.verdict == Verdict.NOT_FOR_ME


def _standing(reading: Reading) -> dict[int, tuple[int, float]]:
    """Title to its rank and chance, among those that no fact keeps apart."""
    kept = [n for n in range(len(reading.titles)) if not reading.shut[n]]
    kept.sort(key=lambda n: (-reading.chance[n], n))
    return {int(reading.titles[n]): (rank, float(reading.chance[n])) for rank, n in enumerate(kept)}


def _effect(before: dict[int, tuple[int, float]], after: dict[int, tuple[int, float]], title: Title, verdict: Verdict) -> str:
    """What a word changed of other titles: how many chances moved by more than a hair, and how many places."""
    way = -1 if verdict == Verdict.NOT_FOR_ME else 1
    others = [(before[pk], after[pk]) for pk in before if pk in after and pk != title.pk]
    moved = [was[0] - now[0] for was, now in others if (now[1] - was[1]) * way > HAIR]
    number, places = {"n": len(moved)}, {"n": sum(rise * way > 0 for rise in moved)}
    if verdict == Verdict.NOT_FOR_ME:
        said = [_("%(title)s left your matches.") % {"title": isolated(str(title))}]
        said += [
            ngettext("The chance of %(n)s other title fell.", "The chances of %(n)s other titles fell.", len(moved)) % number
        ]
        shift = ngettext("This moved %(n)s of them down.", "This moved %(n)s of them down.", places["n"]) % places
    else:
        said = [_("%(title)s is marked as interesting.") % {"title": isolated(str(title))}]
        said += [
            ngettext("The chance of %(n)s other title rose.", "The chances of %(n)s other titles rose.", len(moved)) % number
        ]
        shift = ngettext("This moved %(n)s of them up.", "This moved %(n)s of them up.", places["n"]) % places
    return " ".join([*said, *([shift] if places["n"] else []), _("Only you know.")])
