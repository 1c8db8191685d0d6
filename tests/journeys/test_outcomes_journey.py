"""The organiser answers by clicking: what was held, what is signed and confirmed by both; each number back to its evidence."""

from __future__ import annotations

import pytest
from factories import TitleFactory
from negotiation import offer_content
from rights_rows import hold
from yard import build_yard

from madang.deals.actions.offers import accept_document, send_document, start_deal
from madang.deals.actions.signing import sign_document
from madang.deals.models import Signatory
from madang.markets.models import Edition, Stage
from madang.meetings.models import Attendee


@pytest.fixture
def market():
    """After the event: the buyer and the seller met, and both signed a licence."""
    yard = build_yard("outcomes")
    edition, buyer, seller = yard.edition, yard.people["buyer"], yard.people["seller"]
    Attendee.objects.filter(request__edition=edition, request__code="R-0").update(checked_in_at=edition.now(), absent_cause="")
    title = TitleFactory(edition=edition, code="W-signed", name="Harbour Lights", company=seller.company)
    hold(seller.company, title)
    for person in (seller, buyer):
        Signatory.objects.get_or_create(participant=person)
    parties = {"licensor": seller.company, "licensee": buyer.company, "titles": [title]}
    deal, content = start_deal(seller.user, edition, **parties), offer_content(title)
    for _kind in ("offer", "memo"):
        accept_document(buyer.user, send_document(seller.user, deal, content))
    licence = send_document(seller.user, deal, content)
    for person in (buyer, seller):
        sign_document(person.user, licence, name="By hand")
    edition.clock_shift += edition.slots.last().ends_at - edition.now()
    Edition.objects.filter(pk=edition.pk).update(stage=Stage.AFTER, clock_shift=edition.clock_shift)
    return yard


@pytest.mark.timeout(1800)
def test_each_number_is_walked_back_to_its_evidence(market, reader):
    organiser = reader(market.accounts["organiser"])
    here = f"/e/{market.edition.slug}/desk/outcomes/"

    organiser.open(here)
    assert organiser.faults(loading=False) == []
    follow(organiser, number(organiser, "Meetings held"))
    assert organiser.page.locator("#rows tbody tr").count() == 1
    follow(organiser, organiser.page.get_by_role("link", name="Meeting R-0"))
    assert organiser.faults(loading=False) == []
    assert organiser.page.locator("li", has_text="checked in").count() == 2
    organiser.press("Open its page")
    assert organiser.page.url.endswith("/meetings/R-0/")

    organiser.open(here)
    figure = number(organiser, "Contract value")
    assert figure.inner_text() == "EUR 10,000"
    follow(organiser, figure)
    follow(organiser, organiser.page.locator("#rows tbody th a"))
    said = organiser.page.locator("li", has_text="confirms it")
    assert [said.nth(place).locator("strong").inner_text() for place in range(said.count())] == [
        str(market.people[role].company) for role in ("seller", "buyer")
    ]
    assert organiser.page.locator("section", has_text="Documents").get_by_text("SHA-256").count() == 1
    assert organiser.faults(loading=False) == []


def follow(organiser, link):
    link.click()
    organiser.page.wait_for_load_state("load")


def number(organiser, measure):
    """The confirmed number of a measure on the overview."""
    return (
        organiser.page.locator("tr", has=organiser.page.get_by_role("link", name=measure, exact=True))
        .locator("td")
        .first.locator("a")
    )
