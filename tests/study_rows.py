"""Studies for tests: nine titles that double after the event, twenty donors, counts that scatter a little."""

from __future__ import annotations

import datetime as dt
import math

from madang.outcomes.actions import studies as actions
from madang.outcomes.models import Study

FACTS = {
    "name": "Showcase", "measure": "Page views", "source": "An encyclopedia", "event": dt.date(2025, 5, 1),
    "months_before": 6, "months_after": 6, "way": {"skip": 1, "nearest": 10},
}  # fmt: skip
NINE = [actions.Studied(f"S{n}", f"Series {n}") for n in range(9)]
DONORS = [actions.Studied(f"D{n}", f"Donor {n}", is_donor=True) for n in range(20)]


def begun(edition, code="show", titles=(*NINE, *DONORS), **facts) -> Study:
    return actions.save_study(edition.organiser, edition, FACTS | {"code": code} | facts, titles)


def fresh(study) -> Study:
    return Study.objects.select_related("edition__market").prefetch_related("titles").get(pk=study.pk)


def months(first: str, number: int) -> list[dt.date]:
    start = int(first[:4]) * 12 + int(first[5:]) - 1
    return [dt.date(n // 12, n % 12 + 1, 1) for n in range(start, start + number)]


def grow(number: int, month: dt.date, code: str) -> int:
    """The titles that are shown double after the event; every row scatters a little."""
    base = 200 + 17 * number
    wave = round(base * 0.1 * math.sin(number + month.month))
    return (2 if code.startswith("S") and month > dt.date(2025, 5, 1) else 1) * (base + wave)


def counted(study, first="2024-05", number=19) -> dict:
    rows = enumerate(study.titles.order_by("pk").values_list("code", flat=True))
    return {(code, month): grow(n % 9, month, code) for n, code in rows for month in months(first, number)}
