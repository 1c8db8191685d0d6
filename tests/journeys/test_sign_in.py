"""Two ways through the door: a link by mail, and a password."""

from __future__ import annotations

import re
import time

import pytest
from yard import PASSWORD

WAYS = [pytest.param(390, "ko", id="phone, Korean"), pytest.param(1280, "en", id="desk, English")]


@pytest.mark.parametrize(("width", "language"), WAYS)
def test_with_a_link(width, language, site, yard, reader):
    person = reader(None, width=width, language=language)
    person.open("/accounts/sign-in/")
    before = len(site.printed())
    person.page.locator("input[type=email]").fill("buyer@yard.example")
    person.page.locator("main form button").first.click()
    address = link_in_mail(site, before)
    person.page.goto(address)
    person.page.locator("main form button").first.click()
    person.open("/e/yard/agenda/")
    person.see("My agenda")


def link_in_mail(site, before):
    """The address in the mail that was printed."""
    for _ in range(3000):
        if found := re.search(r"http://\S+/accounts/sign-in/with/\S+", site.printed()[before:]):
            return found[0]
        time.sleep(0.1)
    raise AssertionError(site.printed()[before:])


def test_with_a_password(site, yard, reader):
    person = reader(None)
    person.open("/e/yard/agenda/")
    person.open("/account/login/?next=/e/yard/agenda/")
    person.page.locator("input[name=login]").fill("seller@yard.example")
    person.page.locator("input[name=password]").fill(PASSWORD)
    person.page.locator("main form button").first.click()
    person.see("My agenda")
    person.page.get_by_role("button", name="Sign out").filter(visible=True).first.click()
    person.page.wait_for_load_state("load")
    assert person.open("/e/yard/requests/") in (200, 404)
    assert person.page.url != f"{site.url}/e/yard/requests/"
