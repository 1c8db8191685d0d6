"""A seller and a buyer negotiate on their phones: question, offer, counter-offer, memo, licence, two signatures."""

from __future__ import annotations

import pytest
from factories import TitleFactory
from rights_rows import hold
from yard import build_yard

from madang.deals.actions.asking import ask_terms
from madang.deals.models import Deal, Document, Signatory

WAYS = [pytest.param(390, "ko", id="phone, Korean"), pytest.param(390, "en", id="phone, English")]


def look(person, name):
    """What is wrong with the page as it stands; a picture of it is kept."""
    person.picture(f"journeys/{name}")
    return person.faults(loading=False)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("width", "language"), WAYS)
def test_a_licence_is_negotiated_and_signed(width, language, reader):
    yard = build_yard(f"deal-{language}", is_under_way=False)
    here, people = f"/e/{yard.edition.slug}", yard.people
    licensor = people["seller"].company
    title = TitleFactory(edition=yard.edition, code="W-deal", name="Harbour Lights", company=licensor)
    hold(licensor, title)
    for role in ("seller", "buyer"):
        Signatory.objects.get_or_create(participant=people[role])
    deal = ask_terms(yard.accounts["buyer"], yard.edition, [title], ask="Two years for Benelux?")
    seller = reader(yard.accounts["seller"], width=width, language=language)
    buyer = reader(yard.accounts["buyer"], width=width, language=language)
    place = f"{here}/deals/{deal.code}/"

    seller.open(f"{here}/deals/")
    assert look(seller, f"deals-{language}") == []
    seller.open(place)
    seller.press("Write an offer")
    fill(seller, {"lines-0-territories": "Benelux", "lines-0-media": "SVOD", "lines-0-start": "2026-01-01"})
    fill(seller, {"lines-0-end": "2027-12-31", "terms-0-amount": "10000", "terms-0-currency": "EUR"})
    seller.page.wait_for_selector("#check-0 .badge.ok")
    assert look(seller, f"offer-{language}") == []
    seller.press("Send")
    seller.see("Sent. The other side has been told.")

    buyer.open(place)
    assert look(buyer, f"deal-{language}") == []
    buyer.press("Propose other terms")
    fill(buyer, {"terms-0-amount": "8000", "lines-0-territories": "Belgium"})
    buyer.press("Send")
    seller.open(f"{place}2/changes/")
    assert (seller.page.locator("ins").count() > 1, seller.page.locator("del").count() > 1) == (True, True)
    assert look(seller, f"changes-{language}") == []
    seller.open(place)
    seller.press("Accept")
    seller.press("Write the deal memo")
    seller.press("Send")
    buyer.open(place)
    buyer.press("Accept")
    seller.open(place)
    seller.press("Write the licence")
    seller.press("Open for signature")
    for person, name in ((buyer, "Camille"), (seller, "Minjun")):
        person.open(place)
        person.press("Read and sign")
        assert look(person, f"sign-{name}-{language}") == []
        person.page.get_by_label(person.words("I have read this document and sign it for my company.")).check()
        person.press("Sign")
    seller.see("Signed by both sides. It is a contract now.")
    assert look(seller, f"signed-{language}") == []
    licence = Document.objects.get(deal=deal, kind="licence")
    assert (licence.state, licence.signatures.count(), Deal.objects.get(pk=deal.pk).stage) == ("signed", 2, "licence")
    buyer.open(f"{place}{licence.number}/")
    assert look(buyer, f"licence-{language}") == []


def fill(person, fields):
    """Write into fields by their names."""
    for name, text in fields.items():
        person.page.locator(f"[name='{name}']").fill(text)
