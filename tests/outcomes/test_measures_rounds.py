"""Measures of what came of it: their rows add up to them, and they say what they do not know."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from factories import UserFactory
from negotiation import table
from round_rows import After, at
from study_rows import begun, counted, fresh

from madang.outcomes.actions import rounds as asking
from madang.outcomes.actions import studies
from madang.outcomes.measures.catalogue import CATALOGUE
from madang.outcomes.measures.face import Column
from madang.outcomes.measures.sums import added_up
from madang.outcomes.models import Asked
from madang.outcomes.queries.clock import dials, signed_starts, told_dial
from madang.outcomes.queries.evidence import evidence_of
from madang.outcomes.queries.studies import result_of

pytestmark = pytest.mark.django_db


def figure(code, edition):
    (found,) = CATALOGUE[code].compute(edition)
    assert dict(added_up(found.rows, found.unit, tuple(found.columns))) == dict(found.columns)
    return found


def answered(after: After, person, replies, **opinion) -> Asked:
    asked = Asked.objects.select_related("round__edition", "participant__user").get(participant=person)
    return asking.answer(asked, replies, asking.Opinion(**opinion), is_done=True)


def test_before_a_round_there_is_no_number_and_it_is_said():
    after = After()
    for code in ("follow_up_response", "usefulness", "meetings_led_on", "meetings_signed"):
        assert str(CATALOGUE[code].is_missing(after.edition)) == "No round of questions has opened yet."
        assert set(figure(code, after.edition).columns.values()) == {None}


def test_what_people_say_with_what_the_silent_leave_open():
    after = After(buyers=3)
    asking.open_due_rounds(after.edition, at(after.edition, "2025-08-30"))
    keys = [f"m{request.pk}" for request in after.requests]
    answered(after, after.seller, {keys[0]: asking.Reply("signed"), keys[1]: asking.Reply("offer")}, satisfaction=4)
    answered(after, after.buyers[0], {keys[0]: asking.Reply("signed")}, satisfaction=5)
    rate = figure("follow_up_response", after.edition)
    assert (rate.columns, dict(rate.facts)) == (
        {Column.CONFIRMED: Decimal("0.5")},
        {"asked": "4", "answered": "2", "months": "3"},
    )
    useful = figure("usefulness", after.edition)
    assert (useful.columns, useful.low, useful.high, useful.level) == (
        {Column.ONE_SIDED: Decimal("4.5")}, Decimal("2.75"), Decimal("4.75"), Decimal(1),
    )  # fmt: skip
    led_on = figure("meetings_led_on", after.edition)
    third = Decimal(1) / Decimal(3)
    assert led_on.columns == {Column.CONFIRMED: third, Column.ONE_SIDED: third}
    assert (led_on.low, led_on.high) == (Decimal("0.333333"), Decimal("1.0"))
    assert figure("meetings_signed", after.edition).columns == {Column.CONFIRMED: third, Column.ONE_SIDED: Decimal(0)}
    row = next(row for row in rate.rows if row.part == "numerator")
    found = evidence_of(after.organiser, after.edition, row.kind, row.key)
    assert [said.how for said in found.said] == ["was asked", "answered"]
    assert evidence_of(UserFactory(), after.edition, row.kind, row.key) is None


def test_a_young_edition_has_no_licences_by_age_and_an_old_one_counts_its_own():
    at_table = table()
    edition = at_table.edition
    after = After(buyers=2)
    at_table.signed()
    assert str(CATALOGUE["licences_by_3_months"].is_missing(after.edition)) == "The edition is not that old yet."
    assert figure("licences_by_3_months", after.edition).columns == {Column.CONFIRMED: None}
    at(after.edition, "2025-08-30")
    found = figure("licences_by_3_months", after.edition)
    assert (found.columns, found.facts["denominator"]) == ({Column.CONFIRMED: Decimal(0)}, "2")
    assert figure("licences_by_6_months", after.edition).columns == {Column.CONFIRMED: None}
    assert signed_starts(edition) == []


def test_the_clock_takes_the_licence_of_a_held_meeting_and_the_market_together():
    after = After(buyers=4)
    at_table = table(market=after.edition.market, starts_on=dt.date(2024, 5, 28), ends_on=dt.date(2024, 5, 30))
    at(at_table.edition, "2024-06-20")
    other = After.of(at_table)
    licence = at_table.signed()
    licence.deal.request = other.met(at_table.buyer, at_table.seller)
    licence.deal.save()
    at(after.edition, "2025-12-20")
    at(at_table.edition, "2025-12-20")
    mine, theirs, all_ = dials(after.edition)
    assert [dial.clock.starts for dial in (mine, theirs, all_)] == [4, 1, 5]
    assert (theirs.hands[0].age, theirs.hands[0].events) == (3.0, 1)
    assert mine.hands[1].come.estimate == 0.0
    assert [hand.come is None for hand in mine.hands] == [False, False, True, True]
    assert told_dial(after.edition).clock is None


def test_the_gain_is_the_studys_in_doublings():
    after = After(day="2025-04-10", plan=False)
    after.edition.organiser = after.organiser
    assert str(CATALOGUE["showcase_gain"].is_missing(after.edition)) == "No study was registered before the event."
    study = begun(after.edition)
    studies.register_study(after.organiser, study)
    assert "not there yet" in str(CATALOGUE["showcase_gain"].is_missing(after.edition))
    studies.import_counts(after.organiser, study, counted(study), file="x")
    found = figure("showcase_gain", after.edition)
    assert round(found.columns[Column.ESTIMATE], 1) == Decimal("1.0")
    result = result_of(fresh(study))
    assert found.facts["times"] == str(round(result.uplift.lift.estimate, 3))
    row = found.rows[0]
    shown = evidence_of(after.organiser, after.edition, row.kind, row.key)
    assert (shown.name, shown.proofs[0].digest) == ("Series 0", fresh(study).digest)
