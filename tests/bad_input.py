"""What nobody should write into a form, and what the site may answer to it."""

from __future__ import annotations

import random

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from forms_of import Form
from visits import read

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
FINE = {200, 204, 302, 303, 400, 403, 404, 405, 409, 410, 413, 422, 429}


def status_of(client: Client, form: Form, chance: random.Random) -> int:
    """What the site answers; nothing of it stays."""
    with transaction.atomic():
        answer = client.post(form.address, filled(form, chance))
        read(answer)
        transaction.set_rollback(True)
    return answer.status_code


def filled(form: Form, chance: random.Random) -> dict[str, object]:
    """Something for each field: mostly what should not be there, sometimes what stands there."""
    data: dict[str, object] = {}
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
