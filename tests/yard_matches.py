"""The yard's matches: a title that fits the buyer's mandate, one that just misses it, and what each side said."""

from __future__ import annotations

from typing import Any

from madang.catalogue.models import Profile, Title
from madang.mandates.models import Mandate
from madang.matching.models import Because, Feedback, Verdict

PARTS = {("matching", "code"): "mandate", ("matching", "title"): "title", ("matching", "mandate"): "mandate"}
SPECIAL = {(f"matching:{name}", "code"): "title" for name in ("of_title", "say_for_title", "unsay_for_title")}


def add_matches(yard: Any) -> None:
    """After the works."""
    edition = yard.edition
    titles = list(Title.objects.filter(edition=edition, company=yard.people["seller"].company).order_by("code"))
    mandate = Mandate.objects.get(edition=edition, code="M-1")
    Profile.objects.get_or_create(title=titles[0], defaults={"tones": "dark", "asks": 50_000, "asks_currency": "EUR"})
    said = {"edition": edition, "by": yard.people["buyer"]}
    Feedback.objects.create(title=titles[-1], verdict=Verdict.NOT_FOR_ME, because=Because.TONE, words="Too " + "가" * 200, **said)
    interested = {"edition": edition, "by": yard.people["seller"], "verdict": Verdict.INTERESTED}
    Feedback.objects.create(title=titles[0], mandate=mandate, **interested)
