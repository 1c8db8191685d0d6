"""Somebody applies for a press badge on her phone with an e-mail address alone, is asked, answers, and sees her badge."""

from __future__ import annotations

import re
import time

import pytest
from badges import organised_edition

from madang.accreditation.actions.types import copy_standard_types
from madang.accreditation.models import Application
from madang.people.models import Letter


@pytest.mark.timeout(1800)
def test_from_an_address_to_a_badge(site, reader, tmp_path):
    edition = organised_edition(slug="accreditation", venue="BEXCO", is_fictional=True)
    organiser = edition.market.organisers.get()
    copy_standard_types(organiser, edition, ["press", "public"])
    here = f"/e/{edition.slug}"
    person = reader(None, width=390, name="applicant")
    person.open(f"{here}/badges/")
    assert look(person, "types") == []
    person.press("Press")
    before = len(site.printed())
    person.page.locator("input[type=email]").fill("bom@paper.example")
    person.page.locator("main form button").first.click()
    person.page.goto(link_in_mail(site, before))
    person.press("Open my account and go on")
    assert person.page.url == f"{site.url}{here}/badges/press/apply/"
    assert look(person, "form", loading=False) == []
    person.write("Family name", "Park")
    person.see("Draft saved:")
    person.open(f"{here}/badges/press/apply/")
    assert person.page.get_by_label("Family name").first.input_value() == "Park"
    fill(person, tmp_path)
    person.press("Submit")
    person.see("Your application has arrived. A letter says so too.")
    assert look(person, "submitted", loading=False) == []

    row = Application.objects.get(edition=edition)
    desk = reader(organiser, width=1280, name="organiser")
    desk.open(f"{here}/desk/applications/")
    assert look(desk, "desk-list") == []
    desk.press("Bom Park")
    assert look(desk, "desk-one", loading=False) == []
    desk.write("What you would like to know", "On which days do you come?")
    desk.page.get_by_role("button", name="Ask", exact=True).click()
    desk.see("Asked: a letter is on its way.")

    person.open(f"{here}/badges/applications/{row.code}/")
    person.see("On which days do you come?")
    assert look(person, "asked") == []
    person.write("Your answer", "On all three.")
    person.press("Send the answer")
    person.see("Thank you: the organiser reads your answer.")

    desk.open(f"{here}/desk/applications/{row.code}/")
    desk.see("On all three.")
    desk.press("Decide")
    desk.see("Badge 00001")
    person.open(f"{here}/badges/applications/{row.code}/")
    person.see("00001")
    assert look(person, "accepted") == []
    told = Letter.objects.filter(edition=edition).order_by("pk").values_list("address", "once")
    assert [(to, once.split()[1]) for to, once in told] == [
        ("bom@paper.example", "received"), ("bom@paper.example", "asked"), ("bom@paper.example", "accepted"),
    ]  # fmt: skip
    for rest in ("desk/badge-types/", "desk/badge-types/of/press/", "desk/invitations/new/", "desk/invitations/"):
        desk.open(f"{here}/{rest}")
        assert look(desk, rest.strip("/").replace("/", "-")) == []


def fill(person, folder):
    """Everything that must be filled in; the draft that saved itself is there."""
    proof = folder / "card.pdf"
    proof.write_bytes(b"%PDF-1.7 a press card")
    person.write("Given name", "Bom")
    person.page.get_by_label("Country").select_option("KR")
    person.page.get_by_label("Your medium").select_option("radio")
    person.page.get_by_label("Your press card, or a letter of assignment").set_input_files(proof)
    person.write("An article of yours", "https://paper.example/article")


def link_in_mail(site, before):
    """The address in the mail that was printed; a long one is broken by the mail's own line ends."""
    for _ in range(3000):
        text = site.printed()[before:].replace("=\n", "").replace("=3D", "=")
        if found := re.search(r"http://\S+/accounts/open/\?token=\S+", text):
            return found[0]
        time.sleep(0.1)
    raise AssertionError(site.printed()[before:])


def look(reader, name, *, loading=True):
    """Keep a picture, and give what is wrong with the page."""
    reader.picture(f"accreditation/{name}")
    return reader.faults(loading=loading)
