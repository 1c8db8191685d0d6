"""The yard's proposed meetings: a finished run, one of its meetings shown to both sides, one a draft; a title below its floor."""

from __future__ import annotations

from typing import Any

from madang.catalogue.models import Title
from madang.mandates.models import Mandate
from madang.markets.models import RunState
from madang.matching.models import ProposeRun, Suggestion, SuggestionState
from madang.matching.queries.exposure import Asked

PARTS = {("matching", "key"): "propose_run", ("matching", "number"): "suggested"}


def add_exposure(yard: Any) -> None:
    """After the works."""
    edition, buyer = yard.edition, yard.people["buyer"]
    titles = list(Title.objects.filter(edition=edition, company=yard.people["seller"].company).order_by("code"))
    mandate = Mandate.objects.get(edition=edition, code="M-1")
    price = {"meetings": 2, "expected": 0.4, "lost": 0.012, "met": 2, "lacking": 0}
    report = {
        "buyers": 1, "titles": 3, "open_titles": 2, "pairs": 2, "met_before": 0, "meetings": 2, "expected": 0.4, "free": 0.41,
        "is_best": True, "prices": [{"floor": floor} | price for floor in range(4)],
        "lacking": [{"title": titles[2].pk, "code": "no_buyer", "floor": 2, "lacks": 2, "able": 0, "full": 0}],
    }  # fmt: skip
    done = {"state": RunState.DONE, "finished_at": edition.now(), "asked": Asked().as_json(), "report": report}
    runs = [ProposeRun.objects.create(edition=edition, asked_by=yard.accounts["organiser"], **done) for _ in range(2)]
    facts = {"run": runs[1], "buyer": buyer, "mandate": mandate, "low": 0.05, "high": 0.5, "because": [["rank_for_buyer", 1]]}
    shown = Suggestion.objects.create(title=titles[0], chance=0.2, state=SuggestionState.SHOWN, shown_at=edition.now(), **facts)
    Suggestion.objects.create(title=titles[1], chance=0.1, by_floor=True, **facts)
    yard.codes |= {"propose_run": runs[1].key, "suggested": shown.pk}
