"""A buyer reads at once what of a title is free for her, where it is in the catalogue and over time, and asks for terms."""

from __future__ import annotations

import datetime as dt

import pytest
from factories import TitleFactory
from rights_rows import hold, sold
from yard import build_yard

from madang.deals.models import Deal

WAYS = [pytest.param(390, "ko", id="phone, Korean"), pytest.param(1280, "en", id="desk, English")]
TAKEN_UNTIL = dt.date(2026, 6, 30)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("width", "language"), WAYS)
def test_a_buyer_reads_what_is_free_and_asks_for_terms(width, language, reader):
    yard = build_yard(f"rights-{language}", is_under_way=False)
    here, company = f"/e/{yard.edition.slug}", yard.people["seller"].company
    title = TitleFactory(edition=yard.edition, company=company, code="W-9", name="Harbour Lights")
    hold(company, title, "World excl. BE")
    sold(company, title, "FR", "SVOD", exclusive=True, end=TAKEN_UNTIL, clause="7.1", paper={"counterparty": "Kanal Zwölf"})
    buyer = reader(yard.accounts["buyer"], width=width, language=language)
    seller = reader(yard.accounts["seller"], width=width, language=language)

    assert buyer.open(f"{here}/titles/W-9/") == 200
    buyer.see("What is free for you")
    assert look(buyer, f"free-title-{language}-{width}") == []
    buyer.open(f"{here}/titles/W-9/")  # axe leaves styles in a page, which htmx would carry over into what it swaps in
    buyer.page.get_by_text(buyer.words("Ask about other rights")).click()
    buyer.write("Territories", "FR, BE")
    buyer.write("Media", "SVOD")
    buyer.press("What is free of this?")
    buyer.see("Not held by the seller")
    buyer.see("A part of what you ask for is free.")
    assert "Kanal" not in buyer.page.content()
    assert look(buyer, f"free-answer-{language}-{width}") == []

    buyer.open(f"{here}/rights/free/?territories=FR&media=THEA")
    buyer.see("All that you ask for")
    assert look(buyer, f"free-catalogue-{language}-{width}") == []
    buyer.open(f"{here}/rights/map/?title=W-9")
    assert look(buyer, f"free-map-{language}-{width}") == []
    buyer.page.locator("svg.heat a").nth(8).focus()
    buyer.page.keyboard.press("Enter")
    buyer.page.wait_for_url("**/rights/free/W-9/?territories=FR*")
    assert buyer.open(f"{here}/rights/sheets/{company.code}/?territories=FR&media=SVOD") == 200
    assert look(buyer, f"sheet-{language}-{width}") == []

    buyer.open(f"{here}/titles/W-9/")
    buyer.press("Ask for terms")
    assert look(buyer, f"ask-{language}-{width}") == []
    buyer.write("What you would like to know", "SVOD in France from July 2026?")
    buyer.press("Send the question")
    deal = Deal.objects.get(edition=yard.edition, licensor=company, ask__startswith="SVOD in France")
    assert (deal.stage, deal.opened_by, list(deal.titles.all())) == ("asked", yard.people["buyer"], [title])
    assert buyer.page.url.endswith(deal.get_absolute_url())
    buyer.open(f"{here}/titles/W-9/")
    buyer.see("You are talking about it already")

    seller.open(f"{here}/rights/free/W-9/?territories=FR&media=SVOD")
    seller.see("Partly free")
    assert "Kanal Zwölf" in seller.page.content()
    assert look(seller, f"free-seller-{language}-{width}") == []
    assert seller.open(deal.get_absolute_url()) == 200
    seller.see("SVOD in France from July 2026?")


def look(person, name):
    """What is wrong with the page as it stands; a picture of it is kept."""
    person.picture(f"journeys/{name}")
    return person.faults(loading=False)
