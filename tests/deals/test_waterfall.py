"""Who is paid back first: by hand, and whatever the numbers are nothing is lost."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from madang.deals.queries.waterfall import Step, divided, waterfall

CENT = Decimal("0.01")
HALVES = [("A", Decimal(50)), ("B", Decimal(50))]


def step(position, recipient, percent, cap=None):
    return Step(position, recipient, Decimal(percent), None if cap is None else Decimal(cap))


PLAN = [step(1, "Agent", 20), step(2, "Bank", 100, 300_000), step(3, "A", 50, 100_000), step(3, "B", 50, 200_000)]


@pytest.mark.parametrize(
    ("receipts", "totals"),
    [
        (0, {"Agent": 0, "Bank": 0, "A": 0, "B": 0}),
        (100_000, {"Agent": 20_000, "Bank": 80_000, "A": 0, "B": 0}),
        (375_000, {"Agent": 75_000, "Bank": 300_000, "A": 0, "B": 0}),  # the bank is just paid back
        (500_000, {"Agent": 100_000, "Bank": 300_000, "A": 50_000, "B": 50_000}),
        # 500,000 reach step 3: A is full at 100,000, B at 200,000; 200,000 are left and halved
        (1_000_000, {"Agent": 200_000, "Bank": 300_000, "A": 200_000, "B": 300_000}),
    ],
)
def test_step_by_step(receipts, totals):
    found = waterfall(Decimal(receipts), PLAN, HALVES, CENT)
    assert {name: int(amount) for name, amount in found.totals} == totals


def test_what_a_full_step_does_not_take_goes_on_to_the_next_number_not_to_its_neighbour():
    found = waterfall(Decimal(1000), [step(1, "A", 50, 100), step(1, "B", 50), step(2, "C", 100)], HALVES, CENT)
    assert [(row.step.recipient, row.reached, row.amount, row.is_full) for row in found.paid] == [
        ("A", Decimal(1000), Decimal(100), True),
        ("B", Decimal(1000), Decimal(500), False),
        ("C", Decimal(400), Decimal(400), False),
    ]
    assert found.left == 0


def test_the_order_of_rows_does_not_matter_only_their_numbers():
    one = waterfall(Decimal(500_000), PLAN, HALVES, CENT)
    other = waterfall(Decimal(500_000), PLAN[::-1], HALVES, CENT)
    assert dict(one.totals) == dict(other.totals)


def test_more_than_all_cannot_be_given_away():
    with pytest.raises(ValueError, match="more than 100"):
        waterfall(Decimal(1), [step(1, "A", 60), step(1, "B", "40.001")], HALVES, CENT)


def test_parts_that_cannot_be_divided_go_to_the_largest_remainders():
    thirds = [("A", Decimal("33.333")), ("B", Decimal("33.333")), ("C", Decimal("33.334"))]
    assert divided(Decimal(100), thirds, CENT) == [("A", Decimal("33.33")), ("B", Decimal("33.33")), ("C", Decimal("33.34"))]
    assert divided(Decimal(100), thirds, Decimal(1)) == [("A", Decimal(33)), ("B", Decimal(33)), ("C", Decimal(34))]


amounts = some.decimals(0, 10**9, places=2)
percents = some.decimals(Decimal("0.001"), 50, places=3)
steps = some.lists(some.builds(Step, some.integers(1, 9), some.sampled_from("ABCD"), percents, some.none() | amounts), max_size=2)


@settings(max_examples=150, deadline=None)
@given(amounts, steps, some.decimals(Decimal("0.001"), Decimal("99.999"), places=3), some.sampled_from([CENT, Decimal(1)]))
def test_everything_that_comes_in_is_paid_to_somebody(receipts, steps, share, unit):
    found = waterfall(receipts, steps, [("A", share), ("B", 100 - share)], unit)
    assert sum(amount for _name, amount in found.totals) == receipts
    assert all(amount >= 0 for _name, amount in found.totals)
    assert all(row.step.cap is None or row.amount <= row.step.cap for row in found.paid)
