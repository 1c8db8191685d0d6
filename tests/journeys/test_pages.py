"""Every page, looked at by all to whom it shows something of its own: in three languages, at both widths, in both lights."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from html.parser import HTMLParser

import pytest
from browser import WIDTHS
from django.conf import settings
from yard import ROLES, addresses

SHARES = 6
"""The pages are dealt out, so that the workers end at about the same time."""
TIMES = 1800
ALL_PICTURES = os.environ.get("MADANG_PICTURES") == "all"
"""Otherwise the pictures are those of a phone in the dark in Korean and of a desk in the light in English."""
FIRST = ["organiser", "buyer", "seller", "visitor"]
IN_ORDER = [*FIRST, *(role for role in ROLES if role not in FIRST)]


@pytest.mark.first
@pytest.mark.timeout(TIMES)
@pytest.mark.parametrize("share", range(SHARES))
def test_pages_are_sound(share, site, yard, reader, signed_in):
    """Axe, console, policy, third parties, weight, layout.

    A page is opened in every language as the first role that sees it, and once more for each role whose page has kinds of
    elements that no earlier one had; what stands around the page's own part is the same on many pages, and counts once.
    """
    sessions = {role: signed_in(user) if user else "" for role, user in yard.accounts.items()}
    readers = {}

    def person(role, **how):
        key = (role, *how.values())
        if key not in readers:
            readers[key] = reader(yard.accounts[role], **how)
        return readers[key]

    faults, looked_at, around = [], 0, set()
    for address in list(addresses(yard))[share::SHARES]:
        own = set()
        for role in IN_ORDER:
            kinds = kinds_of(site.url + address.path, sessions[role])
            if kinds is None or (own and kinds.own <= own and kinds.around <= around):
                continue
            visits = [phone_in_the_dark] if own else [phone_in_the_dark, desk_in_the_light, in_french]
            for visit in visits:
                found = visit(person, role, address, is_first=not own)
                faults += [f"{address.name} ({role}, {visit.__name__}): {fault}" for fault in found]
            own, around = own | kinds.own, around | kinds.around
        looked_at += bool(own)
    assert not faults, "\n".join(faults)
    assert looked_at >= 10


def phone_in_the_dark(person, role, address, *, is_first):
    """In Korean; then the same page wide, and in the light: so axe has read the page of a desk when its English is opened."""
    someone = person(role, width=390, theme="dark", language="ko")
    faults = opened(someone, address) or someone.faults()
    look(someone, address, "ko", 390, always=is_first)
    return faults + other_width(someone, address, "ko", 1280, light=is_first)


def desk_in_the_light(person, role, address, *, is_first):
    """In English; then the same page narrow."""
    someone = person(role, width=1280, theme="light", language="en")
    faults = opened(someone, address) or someone.faults()
    look(someone, address, "en", 1280, always=is_first)
    return faults + other_width(someone, address, "en", 390)


def in_french(person, role, address, *, is_first):
    """Whose words are the longest; what is the same on all pages is loaded once, for nothing is weighed here."""
    someone = person(role, width=1280, theme="light", language="fr")
    someone.wire.send("Network.setCacheDisabled", {"cacheDisabled": False})
    faults = opened(someone, address) or someone.layout_faults()
    look(someone, address, "fr", 1280)
    return faults + other_width(someone, address, "fr", 390)


def opened(someone, address):
    status = someone.open(address.path)
    return [] if status == 200 else [f"status {status}"]


def other_width(someone, address, language, width, *, light=False):
    """What sticks out when the window changes its width, and what axe finds when it gets light; afterwards all is as it was."""
    before = someone.page.viewport_size
    someone.page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    faults = someone.layout_faults()
    look(someone, address, language, width)
    if light:
        someone.page.emulate_media(color_scheme="light")
        faults += someone.access_faults()
        someone.page.emulate_media(color_scheme="dark")
    someone.page.set_viewport_size(before)
    return [f"{width}: {fault}" for fault in faults]


def look(someone, address, language, width, *, always=False):
    """Keep a picture."""
    if always or ALL_PICTURES:
        someone.picture(f"pages/{address.name.replace(':', '-')}/{language}-{width}")


class Kinds(HTMLParser):
    """Gathers tags with their classes and types: those of the page's own part, and those around it."""

    def __init__(self):
        super().__init__()
        self.own, self.around = set(), set()
        self.here = self.around

    def handle_starttag(self, tag, attrs):
        if tag == "main":
            self.here = self.own
        facts = dict(attrs)
        self.here |= {(tag, facts.get("type"), word) for word in (facts.get("class") or "").split() or [""]}

    def handle_endtag(self, tag):
        if tag == "main":
            self.here = self.around


def kinds_of(url: str, session: str) -> Kinds | None:
    """The kinds of elements of the page at an address; None where it answers with no page of its own (a file, a way on)."""
    asked = urllib.request.Request(url, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"} if session else {})
    try:
        with urllib.request.build_opener(Stay).open(asked) as answer:
            if answer.status != 200 or answer.headers.get_content_type() != "text/html":
                return None
            text = answer.read().decode()
    except urllib.error.HTTPError:
        return None
    if not text.lstrip().lower().startswith("<!doctype html>"):  # a part of a page is none
        return None
    kinds = Kinds()
    kinds.feed(text)
    return kinds


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *args):
        return None


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_not_there_is_a_page_too(width, site, yard, reader):
    person = reader(None, width=width)
    assert person.open("/e/nowhere/") == 404
    person.console.clear()  # Chromium itself remarks that the page was not found
    assert person.faults() == []
    person.picture(f"pages/404/en-{width}")
