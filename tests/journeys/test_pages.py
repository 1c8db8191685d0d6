"""Every page, looked at by everybody who may see it, and photographed in every language, width and light."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest
from browser import WIDTHS
from django.conf import settings
from yard import ROLES, Address, addresses

MAIN = ["organiser", "buyer", "seller", "visitor"]
"""Between them they see every page in every form, but for small differences."""
TIMES = 1200


def pages_of(site, user, yard, session_of) -> list[Address]:
    """The addresses that show this user a page."""
    return [address for address in addresses(yard) if shows_page(site.url + address.path, session_of(user) if user else "")]


def shows_page(url: str, session: str) -> bool:
    """True when the address answers with a page of its own (not a file, not a part of one, not the way to another page)."""
    asked = urllib.request.Request(url, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"} if session else {})
    try:
        with urllib.request.build_opener(Stay).open(asked) as answer:
            is_html = answer.status == 200 and answer.headers.get_content_type() == "text/html"
            return is_html and answer.read(200).lstrip().lower().startswith(b"<!doctype html>")  # a part of a page is none
    except urllib.error.HTTPError:
        return False


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *args):
        return None


@pytest.mark.timeout(TIMES)
@pytest.mark.parametrize("role", ROLES)
def test_pages_are_sound(role, site, yard, reader, signed_in):
    """Axe, console, policy, third parties, weight, layout: at both widths, in both lights."""
    user, faults = yard.accounts[role], []
    people = [(reader(user, width=390, theme="dark", language="ko"), "390 dark")]
    if role in MAIN:
        people.append((reader(user), "1280 light"))
    for address in pages_of(site, user, yard, signed_in):
        for person, where in people:
            status = person.open(address.path)
            found = person.faults() if status == 200 else [f"status {status}"]
            faults += [f"{address.name} ({where}): {fault}" for fault in found]
    assert not faults, "\n".join(faults)


@pytest.mark.timeout(TIMES)
@pytest.mark.parametrize("language", ["en", "ko", "fr"])
def test_pages_are_photographed(language, site, yard, reader, signed_in):
    """Each page as the first role that sees it, the Korean ones in both lights; nothing sticks out in any language."""
    faults, seen = [], set()
    for role in MAIN:
        user = yard.accounts[role]
        person = reader(user, language=language)
        for address in pages_of(site, user, yard, signed_in):
            if address.name in seen:
                continue
            seen.add(address.name)
            person.open(address.path)
            for width, height in WIDTHS.items():
                person.page.set_viewport_size({"width": width, "height": height})
                faults += [f"{address.name} ({width}): {fault}" for fault in person.layout_faults()]
                for theme in ("light", "dark")[: 2 if language == "ko" else 1]:
                    person.page.emulate_media(color_scheme=theme)
                    person.picture(f"pages/{address.name.replace(':', '-')}/{language}-{width}-{theme}")
    assert not faults, "\n".join(faults)
    assert len(seen) >= 10


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_not_there_is_a_page_too(width, site, yard, reader):
    person = reader(None, width=width)
    assert person.open("/e/nowhere/") == 404
    person.console.clear()  # Chromium itself remarks that the page was not found
    assert person.faults() == []
    person.picture(f"pages/404/en-{width}-light")
