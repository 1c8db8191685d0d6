"""What of a figure is published: which columns are withheld, and which cells are named, put together or hidden."""

from __future__ import annotations

from decimal import Decimal

import pytest

from madang.outcomes.measures.face import Column, Row, Unit
from madang.outcomes.measures.sums import DENOMINATOR, NUMERATOR
from madang.outcomes.reports.cells import published
from madang.outcomes.reports.snapshot import Snap
from madang.outcomes.reports.wording import standing


def counted(**countries):
    """That many rows of each country."""
    return tuple(
        Row("meeting", f"{code}{number}", Column.CONFIRMED, facts={"country": code})
        for code, count in countries.items()
        for number in range(count)
    )


def paid(*amounts, kind="value", deal=None):
    return tuple(
        Row(kind, str(number), Column.CONFIRMED, Decimal(amount), facts={"deal": deal} if deal else {})
        for number, amount in enumerate(amounts)
    )


def parts(above, below):
    rows = [Row("answer", str(number), Column.CONFIRMED, part=NUMERATOR) for number in range(above)]
    return tuple(rows + [Row("answer", str(number), Column.CONFIRMED, part=DENOMINATOR) for number in range(below)])


def above(amount_rows):
    return tuple(row._replace(part=NUMERATOR) for row in amount_rows)


def below(amount_rows):
    return tuple(row._replace(part=DENOMINATOR) for row in amount_rows)


def snap(unit, rows, *, is_public=True):
    is_money = any(row.kind in ("value", "posting") for row in rows) or unit == Unit.MONEY
    return Snap(0, "m", 1, unit, "EUR" if is_money else "", {"confirmed": "1"}, {}, is_public, rows)


CELLS = {
    "all large": (counted(KR=9, FR=6), {"FR": "6", "KR": "9"}),
    "small ones together": (counted(KR=9, FR=2, JP=4), {"KR": "9", "others": "6"}),
    "one small hides another": (counted(KR=9, JP=7, FR=2), {"KR": "9", "JP": None, "others": None}),
    "one alone": (counted(KR=9), {"KR": "9"}),
    "too few to be divided": (counted(KR=2, FR=1), None),
    "nothing": ((), None),
}


@pytest.mark.parametrize("case", CELLS)
def test_cells_by_country(case):
    rows, wanted = CELLS[case]
    assert published(snap(Unit.COUNT, rows), 5)["by"] == ({"country": {"confirmed": wanted}} if wanted else {})


def test_an_amount_by_a_number_is_not_divided():
    rows = (*above(row._replace(facts={"country": "KR"}) for row in paid(*range(1, 9))), *below(counted(KR=9)))
    assert published(snap(Unit.MONEY, rows), 5)["by"] == {}


def test_what_is_not_public_is_not_divided():
    assert published(snap(Unit.COUNT, counted(KR=9, FR=6), is_public=False), 5)["by"] == {}


WITHHELD = {
    "a count of three": (Unit.COUNT, counted(KR=3), {}),
    "four amounts": (Unit.MONEY, paid(1, 2, 3, 4), {"confirmed": "few"}),
    "five amounts": (Unit.MONEY, paid(1, 2, 3, 4, 5), {}),
    "five amounts of one deal": (Unit.MONEY, paid(1, 2, 3, 4, 5, deal="D-1"), {"confirmed": "few"}),
    "one of five is nearly all": (Unit.MONEY, paid(1, 1, 1, 1, 97), {"confirmed": "one_large"}),
    "the organiser's own books": (Unit.MONEY, paid(5, kind="posting"), {}),
    "a share of four": (Unit.SHARE, parts(2, 4), {"confirmed": "few"}),
    "a share of five": (Unit.SHARE, parts(2, 5), {}),
    "no rows": (Unit.MONEY, (), {}),
    "four amounts by many buyers": (Unit.MONEY, (*above(paid(1, 2, 3, 4)), *below(counted(KR=99))), {"confirmed": "few"}),
    "five amounts by two buyers": (Unit.MONEY, (*above(paid(1, 2, 3, 4, 5)), *below(counted(KR=2))), {}),
    # withheld together, whatever the reason of one column, for they have one denominator
    "one large amount by many buyers": (
        Unit.MONEY,
        (*above(paid(1, 1, 1, 1, 97)), *below(counted(KR=99))),
        {"confirmed": "few"},
    ),
    "amounts by four amounts": (Unit.RATIO, (*above(paid(1, 2, 3, 4, 5)), *below(paid(9, 9, 9, 9))), {"confirmed": "few"}),
    "three amounts of many": (Unit.SHARE, (*above(paid(9, 9, 9)), *below(paid(9, 9, 9, 9, 9))), {"confirmed": "few"}),
    "that many amounts": (Unit.COUNT, tuple(row._replace(amount=Decimal(1)) for row in paid(7, 8)), {}),
}


@pytest.mark.parametrize("case", WITHHELD)
def test_what_is_withheld(case):
    unit, rows, wanted = WITHHELD[case]
    assert published(snap(unit, rows), 5)["withheld"] == wanted


STANDING = [
    ("5", "at_least", "4", False, "reached"), ("3", "at_least", "4", False, "underway"), ("3", "at_least", "4", True, "missed"),
    ("5", "at_most", "4", False, "missed"), ("4", "at_most", "4", False, "underway"), ("4", "at_most", "4", True, "reached"),
    (None, "at_least", "4", True, "open"),
]  # fmt: skip


@pytest.mark.parametrize(("figure", "comparison", "amount", "is_over", "wanted"), STANDING)
def test_how_a_figure_stands_to_a_target(figure, comparison, amount, is_over, wanted):
    assert standing(figure, comparison, amount, is_over=is_over) == wanted
