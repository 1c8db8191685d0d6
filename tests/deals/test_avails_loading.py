"""An avails file becomes rights that a company holds: compared, replaced by EntryType, whole or not at all, written again."""

from __future__ import annotations

import datetime as dt

import pytest
from avails_rows import avails_file, record
from factories import CompanyFactory, EditionFactory, TitleFactory

from madang.deals.actions.avails import load_avails
from madang.deals.models import Line, Source
from madang.markets.models import LogEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    company = CompanyFactory(edition=EditionFactory(slug="yard"), code="YARD", name="Yard Pictures")
    TitleFactory(edition=company.edition, company=company, code="W1", name="The Harbour")
    return company


def load(company, *records, version="1.9", **how):
    return load_avails(None, company.edition, company, avails_file(*records, version=version), **how).counts()


def test_a_row_is_a_line_of_what_is_held(company) -> None:
    row = record(Territory="KR, JP", TerritoryExclusion="", AllowedLanguages="ko, ja:sub", Exclusive="Yes", SRP="1000.00")
    assert load(company, row) == {"new": 1, "changed": 0, "removed": 0, "unchanged": 0, "left_out": 0}
    line = Line.objects.select_related("document", "title", "territories", "media", "languages").get()
    assert (line.kind, line.title.code, line.party, line.exclusive) == ("grant", "W1", company, True)
    assert (line.territories.members, line.media.members) == ("JP KR", "SVOD")
    assert set(line.languages.members.split()) == {"ko:original", "ko:dub", "ko:sub", "ja:sub"}
    assert (line.start, line.end) == (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    document = line.document
    assert (document.kind, document.source, document.reference) == ("holding", Source.AVAILS, "md:alid:org:yard:harbour")
    assert line.terms == {column: text for column, text in row.values.items() if column != "EntryType"}
    assert LogEntry.objects.get(verb="import_avails").details["new"] == 1
