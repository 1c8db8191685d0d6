"""The yard's aftermath: an open round with answers that differ, a counted study, a drawn lottery, a benefit."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from study_rows import DONORS, NINE, begun, counted

from madang.meetings.models import MeetingRequest
from madang.outcomes.actions.lots import commit_lottery, draw_lottery, save_lottery
from madang.outcomes.actions.studies import import_counts, register_study
from madang.outcomes.models import Answer, Asked, Benefit, Round

PARTS = {
    ("outcomes", "months"): "round",
    ("outcomes", "study"): "study",
    ("outcomes", "lottery"): "lottery",
    ("outcomes", "benefit"): "benefit",
}
SPECIAL = {
    ("outcomes:after", "key"): "asked",
    ("outcomes:stop_questions", "key"): "asked",
    ("outcomes:withdrawn", "title"): "studied",
}


def add_rounds(yard: Any) -> None:
    """After the requests: the buyer and the seller say different things of their meeting."""
    edition, organiser = yard.edition, yard.accounts["organiser"]
    now, day = edition.now(), dt.timedelta(days=1)
    opened = {"opens_on": (now - day).date(), "closes_on": (now + 9 * day).date(), "opened_at": now - day}
    asking = Round.objects.create(edition=edition, months=3, **opened)
    Round.objects.create(edition=edition, months=6, opens_on=(now + 90 * day).date(), closes_on=(now + 99 * day).date())
    met = MeetingRequest.objects.get(edition=edition, code="R-0")
    for role, came in (("buyer", "signed"), ("seller", "talking")):
        asked = Asked.objects.create(
            round=asking, participant=yard.people[role], sent_at=now - day, answered_at=now, satisfaction=4, share=50,
            words="좋은 만남이었습니다. " + "가" * 70,
        )  # fmt: skip
        Answer.objects.create(asked=asked, request=met, came=came, amount=Decimal("1200.50"), currency="EUR")
    edition.organiser = organiser
    study = begun(edition, titles=[*NINE[:3], *DONORS[:4]], event=dt.date(2025, 1, 1), months_before=2, months_after=2)
    register_study(organiser, study, late=True)
    import_counts(organiser, study, counted(study, "2024-05", 12), file="counts.csv")
    begun(edition, "next", titles=[*NINE[:2], *DONORS[:2]], event=dt.date(2025, 9, 1))
    lottery = save_lottery(
        organiser, edition, {"code": "pitch", "name": "Pitches", "places": 2}, [(f"C{n}", "가" * 30) for n in range(6)]
    )
    draw_lottery(organiser, commit_lottery(organiser, lottery))
    lottery.lots.update(outcome=Decimal(3))
    lottery.lots.filter(place__in=[1, 4]).update(outcome=Decimal(5))
    save_lottery(organiser, edition, {"code": "open", "name": "Tables", "places": 2}, [])
    shares = {"share_low": "0.1", "share_central": "0.3", "share_high": "0.5", "source": "Somebody"}
    amounts = {"currency": "KRW", "low": 1, "central": 2, "high": 3}
    benefit = Benefit.objects.create(edition=edition, name="Licences", kind="licences", **amounts, **shares)
    yard.codes |= {
        "round": 3,
        "study": study.code,
        "studied": "S0",
        "lottery": "pitch",
        "asked": asked.key,
        "benefit": benefit.pk,
    }
