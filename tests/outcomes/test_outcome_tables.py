"""The roster and a round's answers as tables to take along."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.urls import reverse
from factories import UserFactory
from money_rows import activity, hold, organiser_of, shift, skill, worker
from openpyxl import load_workbook
from round_rows import After, at
from visits import client_of, queries_of

from madang.outcomes.actions import rounds as actions
from madang.outcomes.models import Asked
from madang.outcomes.queries import roster_tables, round_tables
from madang.outcomes.queries.rounds import things_of
from madang.outcomes.queries.staffing import roster_of

pytestmark = pytest.mark.django_db
D = Decimal


def test_the_roster_is_taken_along_by_day_person_and_shift():
    after = After(buyers=0, plan=False)
    edition = after.edition
    act, french = activity(edition, "MEET"), skill(edition, "FR")
    kim = worker(edition, french, code="W-1", name="=Kim", native_name="김 🎬")
    worker(edition, code="W-2", name="Lee")
    worker(edition, code="W-3", name="Gone", left_at=edition.now())
    desk = shift(act, 30, 9, 4, code="S-1", name="Desk", needed=2, skill=french)
    night = shift(act, 30, 22, 5, code="S-2", name="Night")
    for one in (desk, night):
        hold(one, kim)
    found = roster_of(edition)
    day = dt.date(2025, 5, 30)
    first = [day, "09:00", "13:00", D("4.00"), "S-1", "Desk", "Activity MEET", "", "Skill FR"]
    second = [day, "22:00", "03:00", D("5.00"), "S-2", "Night", "Activity MEET", "", ""]
    her = ["W-1", "=Kim", "김 🎬", "no"]
    assert roster_tables.by_day(found)[1] == [[*first, *her], [*first, "", "", "", ""], [*second, *her]]
    assert roster_tables.by_person(found) == (
        ["Worker code", "Name", "Name in own script", "Shifts", "Hours in all", "2025-05-30"],
        [["W-1", "=Kim", "김 🎬", 2, D("9.00"), D("9.00")], ["W-2", "Lee", "", 0, D("0.00"), None]],
    )
    assert roster_tables.by_shift(found)[1] == [[*first, 2, 1, 1, "=Kim"], [*second, 1, 1, 0, "=Kim"]]


def answered(after: After) -> list[Asked]:
    """Seller and buyer have said different things of their meeting; the second buyer is silent."""
    actions.open_due_rounds(after.edition, at(after.edition, "2025-08-30"))
    rows = Asked.objects.filter(round=after.round()).select_related("round__edition", "participant__user").order_by("pk")
    by = {row.participant: row for row in rows}
    seller, buyer = by[after.seller], by[after.buyers[0]]
    request = after.requests[0]
    for row, came, amount in ((seller, "signed", D(900)), (buyer, "talking", None)):
        thing = next(one for one in things_of(row) if one.request == request)
        reply = actions.Reply(came, amount, "EUR" if amount else "")
        actions.answer(row, {thing.key: reply}, actions.Opinion(4, 60, "My words about Kim"), is_done=True)
    return list(by.values())


def test_a_round_is_taken_along_without_names_and_both_sides_still_fit_together():
    after = After(buyers=2)
    answered(after)
    asking = after.round()
    sign = {
        name: round_tables.pseudonym(asking, kind, key)
        for name, kind, key in (
            ("seller", "person", after.seller.pk), ("buyer", "person", after.buyers[0].pk),
            ("silent", "person", after.buyers[1].pk), ("meeting", "meeting", after.requests[0].pk),
            ("house", "company", after.seller.company_id), ("first", "company", after.buyers[0].company_id),
            ("second", "company", after.buyers[1].company_id),
        )
    }  # fmt: skip
    day, met = dt.date(2025, 8, 30), ["meeting", sign["meeting"]]
    assert round_tables.answers(asking)[1] == sorted([
        [sign["seller"], sign["house"], *met, "the other side", "A contract is signed", D("900.00"), "EUR", day],
        [sign["buyer"], sign["first"], *met, "asked, or sells", "We are still talking", None, "", day],
    ], key=lambda line: line[0])  # fmt: skip
    assert round_tables.people(asking)[1] == sorted([
        [sign["seller"], sign["house"], "yes", 0, day, "no", 4, 60],
        [sign["buyer"], sign["first"], "yes", 0, day, "no", 4, 60],
        [sign["silent"], sign["second"], "yes", 0, None, "no", None, None],
    ], key=lambda line: line[0])  # fmt: skip
    assert round_tables.pseudonym(After(plan=False).edition.rounds.model(edition_id=0), "person", 1) != sign["seller"]


def test_tables_are_for_organisers_and_safe_in_a_spreadsheet():
    after = After(buyers=2)
    answered(after)
    edition = after.edition
    hold(shift(activity(edition, "MEET"), code="S-1"), worker(edition, code="W-1", name="=1+1"))
    client = client_of(after.organiser)
    sheet = load_workbook(io.BytesIO(client.get(address(edition, "roster_table", "days", "xlsx")).content)).active
    assert [(cell.value, cell.data_type) for cell in sheet[2]][9:11] == [("W-1", "s"), ("=1+1", "s")]
    lines = client.get(address(edition, "roster_table", "days", "csv")).content.decode("utf-8-sig").splitlines()
    assert list(csv.reader(lines))[1][10] == "'=1+1"
    told = client.get(address(edition, "round_table", 3, "answers", "csv")).content.decode("utf-8-sig")
    names = [after.seller.name, str(after.seller.company), after.requests[0].code, "My words"]
    assert [name for name in names if name in told] == []
    for parts in (("roster_table", "names", "csv"), ("roster_table", "days", "pdf"), ("round_table", 3, "words", "csv"),
                  ("round_table", 99999999, "people", "csv")):  # fmt: skip
        assert client.get(address(edition, *parts)).status_code == 404
    for user in (UserFactory(), organiser_of(After(plan=False).edition)):
        for parts in (("roster_table", "days", "csv"), ("round_table", 3, "people", "csv")):
            assert client_of(user).get(address(edition, *parts)).status_code == 404


def address(edition, name, *parts):
    return reverse(f"outcomes:{name}", args=[edition.slug, *parts])


def test_a_table_takes_as_many_queries_for_one_as_for_three():
    counts = []
    for buyers in (1, 3):
        after = After(buyers=buyers)
        answered(after)
        table = "outcomes:round_table"
        counts.append([queries_of(after.organiser, table, after.edition, 3, name, "csv") for name in round_tables.TABLES])
    assert counts[0] == counts[1]
