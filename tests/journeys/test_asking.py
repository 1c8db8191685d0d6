"""A seller drafts, sends and edits a request; a buyer answers, hides, blocks; the organiser sets the rules of meetings."""

from __future__ import annotations

import pytest
from factories import MandateFactory
from yard import build_yard

from madang.meetings.models import MeetingRequest
from madang.people.models import Block, Introduction

WAYS = [pytest.param(390, "ko", id="phone, Korean"), pytest.param(1280, "en", id="desk, English")]


@pytest.fixture
def people(reader):
    """Readers of one edition before its first request: `people(width, language)` gives the edition's path and them by role."""

    def make(width, language, name):
        yard = build_yard(f"{name}-{language}", is_under_way=False)
        roles = ("buyer", "seller", "organiser")
        readers = {role: reader(yard.accounts[role], width=width, language=language) for role in roles}
        return f"/e/{yard.edition.slug}", yard, readers

    return make


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("width", "language"), WAYS)
def test_a_request_is_drafted_sent_edited_and_declined(width, language, people):
    here, yard, by = people(width, language, "asking")
    buyer, seller = by["buyer"], by["seller"]
    seller.open(f"{here}/requests/to/P-buyer/")
    seller.press("Keep as a draft")
    seller.see("Your draft is kept. Nobody but you sees it.")
    assert look(seller, f"draft-{language}-{width}") == []
    seller.write("Why you should meet", "A thriller on the coast, eight parts.")
    seller.press("Send the request")
    seller.see("Waiting for an answer")
    seller.press("Change the request")
    seller.page.get_by_label(seller.words("Must"), exact=True).check()
    assert look(seller, f"edit-{language}-{width}") == []
    seller.press("Save the changes")
    seller.see("Edited")

    buyer.open(f"{here}/requests/")
    assert look(buyer, f"received-{language}-{width}") == []
    buyer.page.locator(".list a").first.click()
    buyer.see("A thriller on the coast, eight parts.")
    assert look(buyer, f"answering-{language}-{width}") == []
    buyer.page.get_by_label(buyer.words("No"), exact=True).check()
    buyer.write("A word to the other side", "Not in this life.")
    buyer.page.get_by_label(buyer.words("They read my words also when I say no")).uncheck()
    buyer.press("Send the answer")
    buyer.see("The sender does not read these words.")
    request = MeetingRequest.objects.get(edition=yard.edition)
    assert (request.status, request.sender_wish, request.answer_shown) == ("declined", 3, False)
    seller.open(f"{here}/requests/{request.code}/")
    assert "Not in this life." not in seller.page.content()
    assert look(seller, f"declined-{language}-{width}") == []


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("width", "language"), WAYS)
def test_a_buyer_hides_and_blocks_and_the_organiser_sets_the_rules(width, language, people):
    here, yard, by = people(width, language, "finding")
    buyer, seller, organiser = by["buyer"], by["seller"], by["organiser"]
    yard.edition.titles.filter(code="W-0").update(genre="horror")
    MandateFactory(edition=yard.edition, code="M-9", buyer=yard.people["buyer"], genre="horror")
    seller.open(f"{here}/people/P-buyer/")
    seller.see("Camille Lefèvre")
    buyer.open(f"{here}/who-finds-me/")
    buyer.page.get_by_label(buyer.words("Those whose titles match my mandates")).check()
    buyer.press("Save")
    buyer.see("Who knows of you")
    assert look(buyer, f"hidden-{language}-{width}") == []
    known = Introduction.objects.filter(hidden=yard.people["buyer"]).values_list("to__code", flat=True)
    assert list(known) == ["P-seller"]
    assert seller.open(f"{here}/people/P-buyer/") == 200

    buyer.open(f"{here}/companies/C-SEL/")
    buyer.press("Block this company")
    assert look(buyer, f"block-{language}-{width}") == []
    buyer.press("Block the company")
    buyer.see("Blocked companies")
    assert Block.objects.filter(participant=yard.people["buyer"]).count() == 1
    assert seller.open(f"{here}/people/P-buyer/") == 404

    organiser.open(f"{here}/desk/meetings-policy/")
    assert look(organiser, f"policy-{language}-{width}") == []
    organiser.press("Save")
    organiser.see("The settings are saved.")
    organiser.open(f"{here}/people/P-buyer/leave/")
    assert look(organiser, f"leave-{language}-{width}") == []


def look(person, name):
    """What is wrong with the page as it stands; a picture of it is kept."""
    person.picture(f"journeys/{name}")
    return person.faults(loading=False)
