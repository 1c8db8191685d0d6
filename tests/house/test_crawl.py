"""Every address of the site, asked for by everybody, and every form, filled with what nobody should write: never an error."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

import pytest
from bad_input import FINE, status_of
from django.apps import apps
from django.db import connection
from django.test import Client
from factories import MandateFactory, MeetingRequestFactory, ParticipantFactory
from forms_of import Form, forms_of
from visits import BACKEND, get, read
from yard import Address, Yard, addresses, build_yard

from madang.meetings.actions.finding import choose_seen_by
from madang.meetings.models import MeetingRequest

ANSWERS = {200, 204, 302, 304, 404, 405, 410}
ROLES = ["organiser", "seller", "buyer", "juror", "visitor", "audience", "administrator"]
HIDDEN = "Verborgen"
OUTSIDERS = ["seller", "juror", "visitor", "audience"]
SHARES = 2
"""The addresses are dealt out, so that each of two workers has its part."""


@dataclass
class Walk:
    """What was found: wrong statuses, pages that told of the hidden buyer, and each form, with the first role that had it."""

    wrong: list[tuple[str, str, int]] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    forms: dict[tuple[str, ...], tuple[str, Form]] = field(default_factory=dict)
    shown: int = 0

    def ask(self, client: Client, role: str, address: Address) -> None:
        answer = client.get(address.path)
        text = read(answer).decode(errors="replace")
        if answer.status_code not in ANSWERS:
            self.wrong.append((role, address.name, answer.status_code))
        if answer.status_code == 200:
            self.shown += role in OUTSIDERS
            if role in OUTSIDERS and HIDDEN in text:
                self.told.append((role, address.name))
            if "text/html" in answer.headers["Content-Type"]:
                self.keep_forms(role, forms_of(text, address.path))

    def keep_forms(self, role: str, forms: list[Form]) -> None:
        for form in forms:
            if not form.address.startswith(("/account", "/language")):
                self.forms.setdefault((form.address, *sorted({one.name for one in form.fields})), (role, form))


@pytest.mark.first
@pytest.mark.django_db
@pytest.mark.parametrize("share", range(SHARES))
def test_every_address_answers_everybody(share):
    """An administrator, who sees most, changes nothing by asking; nobody reads the name of a buyer who hides; no form breaks."""
    yard, walk, clients, before = build_yard(), Walk(), {}, {}
    ours, hers = addresses(yard)[share::SHARES], addresses_of_the_hidden(yard)[share::SHARES]
    for role in ROLES:
        before = rows()
        client = clients[role] = Client(raise_request_exception=False)
        if user := yard.accounts[role]:
            client.force_login(user, backend=BACKEND)
        for address in [*ours, *(hers if role in OUTSIDERS else [])]:
            walk.ask(client, role, address)
    assert (walk.wrong, walk.told) == ([], [])
    assert rows() == before
    assert walk.shown > 40
    if connection.vendor == "sqlite":  # once is enough
        assert len(walk.forms) > 50
        assert broken(clients, walk) == []


def addresses_of_the_hidden(yard: Yard) -> list[Address]:
    """A buyer who is seen by nobody, with a wish and a request that she sent: the addresses that her codes are parts of."""
    facts = {"family_name": HIDDEN, "given_name": "", "is_buyer": True, "is_seller": True, "code": "P-HID"}
    her = ParticipantFactory(edition=yard.edition, company=yard.people["buyer"].company, **facts)
    MandateFactory(edition=yard.edition, code="M-HID", buyer=her, text=f"{HIDDEN}s wish", genre="horror")
    asked = ParticipantFactory(edition=yard.edition, is_seller=True)
    MeetingRequestFactory(edition=yard.edition, sender=her, receiver=asked, status="sent", code="R-HID")
    choose_seen_by(her.user, yard.edition, "nobody")
    assert HIDDEN in get(asked.user, "meetings:request", yard.edition, "R-HID").content.decode()  # she is named to whom she asked
    known, codes = {address.path for address in addresses(yard)}, yard.codes
    yard.codes = codes | {"participant": "P-HID", "stranger": "P-HID", "mandate": "M-HID", "request": "R-HID", "company": "C-PAR"}
    found = [address for address in addresses(yard) if address.path not in known]
    yard.codes = codes
    return found


def broken(clients: dict[str, Client], walk: Walk) -> list[tuple[str, str, int]]:
    """The forms that answered with an error. What each gets follows from its own fields: other forms and rows change nothing."""
    answers = []
    for (_address, *names), (role, form) in walk.forms.items():
        chance = random.Random(re.sub(r"[0-9]", "", " ".join(names)))
        answers.append((role, form.address, status_of(clients[role], form, chance)))
    return [answer for answer in answers if answer[2] not in FINE]


def rows():
    """How many rows each table of ours has, and where each request stands."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("madang.")]
    statuses = sorted(MeetingRequest.objects.values_list("code", "status"))
    return {model.__name__: model.objects.count() for model in ours}, statuses
