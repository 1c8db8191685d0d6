"""The overview of outcomes: what an organiser looks at every morning."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madang.markets.models import Edition
from madang.markets.pages import organiser_page
from madang.outcomes.measures.money import edition_budget
from madang.outcomes.measures.sums import reading_once
from madang.outcomes.queries.cash import burn_picture, cash_of
from madang.outcomes.queries.dashboard import COMPARED, comparable, funnel_part, hours_part, map_part, side_by_side
from madang.outcomes.queries.figures import told_measures
from madang.outcomes.queries.goals import goal_tree, lacks_of
from madang.outcomes.reports.pictured import target_picture
from madang.outcomes.views.goals import OrganiserRequest

HEADLINES = ["meetings_held", "licences", "contract_value", "companies", "buyers", "attendance"]
"""Measures on the overview."""
LACKS = 8
"""So many things that lack are on the overview."""
NONE = "none"


@require_safe
@organiser_page
def hub(request: OrganiserRequest) -> HttpResponse:
    """How the edition stands: goals with their lights, what is missing next, the chain, where and when, money, and another
    edition beside it."""
    edition = request.edition
    others = list(comparable(request.user, edition))
    other = _chosen(request.GET.get("beside", ""), edition, others)
    with reading_once():
        tree = goal_tree(edition)
        drawn, choices = map_part(edition, request.GET.get("map", "")[:60])
        cash = cash_of(edition_budget(edition))
        context = {
            "tree": tree, "headlines": told_measures(edition, HEADLINES), "funnel": funnel_part(edition),
            "hours": hours_part(edition), "map": drawn, "choices": choices, "cash": cash, "burn": burn_picture(cash),
            "others": others, "other": other, "beside": side_by_side(edition, other, COMPARED) if other else [],
        }  # fmt: skip
    lacks = lacks_of(edition, tree)
    goals = [(branch, [(one, target_picture(one)) for one in branch.all_standings]) for branch in tree.branches]
    context |= {"lacks": lacks[:LACKS], "more": max(0, len(lacks) - LACKS), "goals": goals}
    return render(request, "outcomes/hub.html", context)


def _chosen(slug: str, edition: Edition, others: Sequence[Edition]) -> Edition | None:
    """The edition of that address; without one the last that began earlier."""
    if slug == NONE:
        return None
    earlier = (one for one in others if one.starts_on < edition.starts_on)
    return next((one for one in others if one.slug == slug), next(earlier, None))
