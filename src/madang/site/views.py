"""The front page and an edition's home."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from madang.catalogue.models import Title
from madang.catalogue.queries import ordered
from madang.catalogue.rules import visible_titles
from madang.markets.models import Edition, Stage
from madang.markets.pages import EditionRequest, edition_page
from madang.markets.rules import may_organise, visible_editions
from madang.people.models import Company, Participant
from madang.people.queries import country_words
from madang.people.rules import is_professional, participant_of
from madang.programme.rules import visible_events
from madang.site.next import next_meeting, next_of

STAGE_WORDS = {
    Stage.PREPARATION: _("In preparation: the organiser is bringing in companies, people and titles."),
    Stage.REGISTRATION: _("Registration is open: companies, people and titles are coming in."),
    Stage.MEETINGS: _("Buyers and sellers ask each other for meetings; the timetable is made of what both sides want."),
    Stage.LIVE: _("The market is on."),
    Stage.AFTER: _("The market is over. Thank you for coming."),
}
MOST_TITLES = 9
MOST_EVENTS = 4


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The editions the visitor sees; with one alone, that one at once."""
    editions = list(visible_editions(request.user).select_related("market")[:50])
    if len(editions) == 1:
        return redirect(editions[0])
    return render(request, "site/home.html", {"editions": [(edition, edition.get_stage_display()) for edition in editions]})


@require_safe
@edition_page
def edition_home(request: EditionRequest) -> HttpResponse:
    """Where and when, what to do next, the showcase, what comes up: by role."""
    edition, user = request.edition, request.user
    me, organises = participant_of(user, edition), may_organise(user, edition)
    showcase = ordered(visible_titles(user, edition).filter(is_showcase=True), "name")
    coming = visible_events(user, edition).filter(ends_at__gt=edition.now(), is_cancelled=False).order_by("starts_at")
    context = {
        "stage_words": STAGE_WORDS[Stage(edition.stage)],
        "figures": figures_of(edition),
        "next_lines": next_of(user, edition, me, organises),
        "next_meeting": next_meeting(user, me) if me and is_professional(me) else None,
        "showcase": by_section(list(showcase[:MOST_TITLES])),
        "events": list(coming[:MOST_EVENTS]),
        "country": country_words(edition.country) if edition.country else "",
    }
    return render(request, "site/edition.html", context)


def by_section(titles: list[Title]) -> list[tuple[str, list[Title]]]:
    """Titles by section, the largest section first and those of no section last."""
    sections: dict[str, list[Title]] = {}
    for title in titles:
        sections.setdefault(title.section, []).append(title)
    return sorted(sections.items(), key=lambda pair: (not pair[0], -len(pair[1]), pair[0]))


def figures_of(edition: Edition) -> dict[str, int]:
    """How large the edition is: totals, which anybody may know. `people` are buyers and sellers, as markets count them."""
    companies = Company.objects.filter(edition=edition).aggregate(n=Count("pk"), countries=Count("country", distinct=True))
    people = Participant.objects.filter(edition=edition).filter(Q(is_buyer=True) | Q(is_seller=True)).count()
    return {"companies": companies["n"], "countries": companies["countries"], "people": people}
