"""The yard's mandate: all of its fields, and an earlier version of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from madang.mandates.models import Mandate
from madang.mandates.versions import keep_versions


def add_wishes(yard: Any) -> None:
    """After the works; what is added shuts no gate for the yard's titles."""
    mandate, now = Mandate.objects.get(edition=yard.edition, code="M-1"), yard.edition.now()
    keep_versions([mandate], None, now - dt.timedelta(days=3))
    mandate.tones, mandate.audiences, mandate.media, mandate.languages = "dark, poetic", "youth", "SVOD, FREE", "fr, ko"
    mandate.window_from, mandate.window_to = dt.date(2026, 1, 1), dt.date(2029, 12, 31)
    mandate.budget_to, mandate.budget_currency, mandate.must_nots = Decimal(900_000), "EUR", "zombie"
    mandate.save()
    keep_versions([mandate], yard.accounts["organiser"], now - dt.timedelta(days=1))
