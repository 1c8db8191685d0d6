"""Every form of the site, filled with what nobody should write: an answer, never an error, and nothing that breaks a page."""

from __future__ import annotations

import random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from forms_of import forms_of
from visits import BACKEND, read
from yard import addresses, build_yard

ROLES = ["organiser", "seller", "buyer", "juror", "visitor"]
LONG = "\u202e\U0001f3ac 아무개의 '\"><script>alert(1)</script>" + "é" * 380
TEXTS = [
    LONG,
    "9" * 25,
    "-1",
    "=cmd|' /C calc'!A0",
    "\x00nul",
    "\U00012000\u200b\u0301",
    "2026-02-30",
    "1e400",
    "NaN",
    "' OR 1=1 --",
    "",
]
FILES = [
    ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/svg+xml"),
    ("x.xlsx", b"PK\x03\x04 not a workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("x.csv", "code;naam\n=1+1;\x00\ud7ff".encode(), "text/csv"),
    ("x.png", b"", "image/png"),
]
ANSWERS = {200, 204, 302, 303, 400, 403, 404, 405, 409, 410, 413, 422, 429}


@pytest.mark.once
@pytest.mark.django_db
def test_no_form_breaks():
    """Each form is filled in once, by the first role that has it."""
    yard, chance, wrong, sent = build_yard(), random.Random(20), [], set()
    for role in ROLES:
        client = Client(raise_request_exception=False)
        if user := yard.accounts[role]:
            client.force_login(user, backend=BACKEND)
        for address in addresses(yard):
            for form in posted_forms(client, address.path):
                names = (form.address, *sorted({field.name for field in form.fields}))
                if names not in sent and not form.address.startswith(("/account", "/language")):
                    sent.add(names)
                    if (status := status_of(client, form, chance)) not in ANSWERS:
                        wrong.append((role, address.name, form.address, status))
    assert len(sent) > 100
    assert wrong == []


def posted_forms(client, path):
    page = client.get(path)
    text = read(page)
    is_page = page.status_code == 200 and "text/html" in page.headers["Content-Type"]
    return forms_of(text.decode(), path) if is_page else []


def status_of(client, form, chance):
    """What the site answers; nothing of it stays."""
    with transaction.atomic():
        answer = client.post(form.address, filled(form, chance))
        read(answer)
        transaction.set_rollback(True)
    return answer.status_code


def filled(form, chance):
    """Something for each field: mostly what should not be there, sometimes what stands there."""
    data = {}
    for field in form.fields:
        keep = chance.random() < 0.3 or (field.kind in ("hidden", "button", "submit") and chance.random() < 0.7)
        if field.kind == "file":
            name, content, kind = chance.choice(FILES)
            data[field.name] = SimpleUploadedFile(name, content, kind)
        elif keep and field.options:
            data[field.name] = chance.choice(field.options)
        elif keep:
            data[field.name] = field.value
        else:
            data[field.name] = chance.choice(TEXTS)
    return data
