"""Rights as companies state them, for tests: what is held, what is sold elsewhere, what is kept back; one call a line.

Territories, media and languages are as people write them ("World excl. US", "SVOD, FREE", "fr:dub"; no languages are all).
`start` and `end` are the first and the last day: a date, an OpenDate, or a Milestone (with `start_lag`, `end_lag` in facts).
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from typing import Any

from madang.catalogue.models import Title
from madang.deals.models import Document, DocumentKind, DocumentState, Line, LineKind, LineReason, Milestone, OpenDate
from madang.deals.sets import interned_sets, read_sets
from madang.people.models import Company

When = dt.date | OpenDate | Milestone | str
LINKS = ("exempt", "only", "subject_to", "ended_early_by")
numbers = itertools.count(1)


def hold(company: Company, title: Title, territories: str = "World", media: str = "ALL", **facts: Any) -> Line:
    """A holding of one line, exclusive and for ever unless said. `facts`: see `add_line`; those of the document in `paper`."""
    document = statement(company, DocumentKind.HOLDING, **facts.pop("paper", {}))
    plain = {"party": company, "exclusive": True, "start": OpenDate.PERPETUITY}
    return add_line(document, title, LineKind.GRANT, territories, media, **plain | facts)


def sold(company: Company, title: Title, territories: str, media: str, **facts: Any) -> Line:
    """A licence made elsewhere, with somebody outside unless `party` says; not exclusive, 2025 and 2026 unless said."""
    document = statement(company, DocumentKind.SOLD, **{"counterparty": "Kanal Zwölf"} | facts.pop("paper", {}))
    window = {"start": dt.date(2025, 1, 1), "end": dt.date(2026, 12, 31)}
    return add_line(document, title, LineKind.LICENCE, territories, media, **window | facts)


def restrict(company: Company, title: Title, reason: LineReason | str, territories: str, media: str, **facts: Any) -> Line:
    """A restriction by a contract made elsewhere: 2025 and 2026 unless said."""
    document = statement(company, DocumentKind.SOLD, **{"counterparty": "Kanal Zwölf"} | facts.pop("paper", {}))
    window = {"start": dt.date(2025, 1, 1), "end": dt.date(2026, 12, 31)}
    return add_line(document, title, LineKind.RESTRICTION, territories, media, reason=reason, **window | facts)


def statement(company: Company, kind: DocumentKind, **facts: Any) -> Document:
    """A statement in force, without lines; `reference` is its contract number."""
    number = next(numbers)
    plain = {"code": f"X-{number}", "reference": f"No. {number}", "state": DocumentState.STATED}
    return Document.objects.create(edition=company.edition, company=company, kind=kind, **plain | facts)


def add_line(
    document: Document, title: Title, kind: LineKind, territories: str, media: str, languages: str = "", **facts: Any
) -> Line:
    """A line of any document; `facts` are fields of Line, its lists of companies and documents among them."""
    links: dict[str, Iterable[Any]] = {name: facts.pop(name) for name in LINKS if name in facts}
    said = {"territories_said": territories, "media_said": media, "languages_said": languages}
    number = document.lines.count() + 1
    window = bound("start", facts.pop("start", "perpetuity")) | bound("end", facts.pop("end", "perpetuity"))
    sets = interned_sets(read_sets(territories, media, languages))
    line = Line.objects.create(document=document, title=title, kind=kind, **{"number": number} | said | sets | window | facts)
    for name, things in links.items():
        getattr(line, name).set(things)
    return line


def bound(side: str, when: When) -> dict[str, Any]:
    """The fields of a line's first or last day."""
    if isinstance(when, Milestone):
        return {f"{side}_after": when}
    return {side: when} if isinstance(when, dt.date) else {f"{side}_open": when}
