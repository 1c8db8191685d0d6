"""A buyer opens her link on a phone, in Korean, and answers in parts; the organiser sees the response."""

from __future__ import annotations

import re

import pytest
from round_rows import After, at

from madang.outcomes.actions.rounds import open_due_rounds
from madang.outcomes.models import Answer, Asked


@pytest.mark.timeout(1800)
def test_a_buyer_answers_by_her_link_and_the_organiser_sees_the_rate(reader):
    after = After(buyers=2, slug="afterwards", is_fictional=True)
    open_due_rounds(after.edition, at(after.edition, "2025-08-30"))
    asked = Asked.objects.get(participant=after.buyers[0])
    buyer = reader(None, width=390, language="ko", name="buyer")
    buyer.open(f"/e/afterwards/after/{asked.key}/")
    buyer.picture("journeys/afterwards-answer")
    assert buyer.faults(loading=False) == []
    with buyer.page.expect_response(re.compile("/after/")) as kept:
        buyer.page.locator("input[type=radio][value=signed]").check()
    assert kept.value.status == 200
    assert list(Answer.objects.filter(asked=asked).values_list("came", "asked__answered_at")) == [("signed", None)]
    buyer.page.locator("input[name=satisfaction][value='5']").check(force=True)
    buyer.page.locator("button.primary").click()
    buyer.page.wait_for_url("**/?thanks=1")
    assert buyer.faults(loading=False) == []
    asked.refresh_from_db()
    assert (asked.satisfaction, asked.answered_at is not None) == (5, True)
    organiser = reader(after.organiser, width=1280, name="organiser")
    organiser.open("/e/afterwards/desk/outcomes/rounds/3/")
    organiser.see("1 / 3")
    assert organiser.faults(loading=False) == []
