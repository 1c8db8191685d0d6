"""Rows of calls and entries for tests: a call that is open, an entry that may be submitted, files of each kind."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from factories import MOMENT, EditionFactory, UserFactory
from PIL import Image

from madang.accounts.models import User
from madang.markets.models import Edition
from madang.selection.models import Call, Entry, EntryState, Material, MaterialKind

DAY = dt.timedelta(days=1)
WHOLE = {
    "name": "Salt Harbour", "name_ko": "소금 항구", "format": "series", "genre": "drama", "progress": "completed", "year": 2025,
    "episodes": 8, "minutes": 52, "countries": "KR, FR", "languages": "ko", "subtitles": "en", "creators": "Ahn Ju-young",
    "synopsis": "A pilot stays.", "premiere": "world", "contact_name": "Yoo Bo-ra", "for_whom": "For those who wait.",
    "to_keep": "The silence.", "to_learn": "How others end.",
}  # fmt: skip
"""Everything that a call asks for which has no rules of its own."""


def make_open_call(edition: Edition | None = None, code: str = "SERIES", **facts: Any) -> Call:
    """A call that opened ten days ago and closes in ten."""
    times = {"opens_at": MOMENT - 10 * DAY, "closes_at": MOMENT + 10 * DAY}
    edition = edition or EditionFactory()
    return Call.objects.create(edition=edition, code=code, **{"name": "Series call"} | times | facts)


def make_entry(call: Call, user: User | None = None, **facts: Any) -> Entry:
    """A draft with everything in it; `state=` and the rest as you say."""
    number = call.entries.count() + 1
    if facts.get("state") in (EntryState.SUBMITTED, EntryState.REFUSED, EntryState.WITHDRAWN):
        facts.setdefault("submitted_at", MOMENT)
    plain = {"code": f"{call.code}-{number:04}", "user": user or UserFactory()}
    return Entry.objects.create(call=call, **plain | WHOLE | facts)


def picture(
    width: int = 900, height: int = 1200, kind: str = "JPEG", name: str = "poster.jpg", **facts: Any
) -> SimpleUploadedFile:
    """A picture file of that size."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, kind, **facts)
    return SimpleUploadedFile(name, out.getvalue())


def make_poster(entry: Entry) -> Material:
    """A poster as the site keeps it."""
    file = picture()
    return Material.objects.create(entry=entry, kind=MaterialKind.POSTER, file=file, file_name="poster.jpg", bytes=file.size)
