"""An avails file becomes rights that a company holds: compared, replaced by EntryType, whole or not at all, written again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from avails_rows import EPISODE, avails_file, record
from django.core.exceptions import PermissionDenied
from factories import CompanyFactory, EditionFactory, ParticipantFactory, TitleFactory
from hypothesis import assume, given
from hypothesis import strategies as st
from rights_rows import hold

from madang.avails.files import Target, read_avails, written
from madang.catalogue.models import Identifier, Level, Scheme, Title
from madang.deals.actions.avails import NotLoaded, load_avails
from madang.deals.models import Dimension, Document, DocumentState, Line, OpenDate, RightsSet, Source
from madang.deals.queries.avails import Given, NotGiven, Releases
from madang.deals.queries.avails import given as given_by
from madang.deals.queries.avails_plan import examine
from madang.deals.queries.avails_records import company_records, holdings, records_of
from madang.deals.queries.avails_titles import Matching
from madang.deals.sets import LATEST, TABLES, masks_of
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


def test_a_full_extract_takes_the_place_of_its_alid_and_of_nothing_else(company) -> None:
    TitleFactory(edition=company.edition, company=company, code="W2", name="Other")
    other = record(ALID="md:alid:org:yard:other", TitleInternalAlias="Other", ContentID="x")
    load(company, record(AvailID="1"), record(AvailID="2", Territory="JP"), other)
    again = record(AvailID="1", End="2027-12-31"), record(AvailID="3", LicenseType="EST")
    assert load(company, *again) == {"new": 1, "changed": 1, "removed": 1, "unchanged": 0, "left_out": 0}
    lines = Line.objects.filter(title__code="W1").order_by("number")
    assert [(line.terms["AvailID"], line.media.members, line.end) for line in lines] == [
        ("1", "SVOD", dt.date(2027, 12, 31)),
        ("3", "EST", dt.date(2026, 12, 31)),
    ]
    assert Line.objects.filter(title__code="W2").count() == 1
    assert load(company, *again) == {"new": 0, "changed": 0, "removed": 0, "unchanged": 2, "left_out": 0}


def test_until_1_7_2_a_full_extract_replaces_an_edit_in_a_territory(company) -> None:
    load(company, record(AvailID="1"), record(AvailID="2", Territory="JP"))
    counts = load(company, record(AvailID="9", Territory="JP", End="Open"), version="1.7.2")
    assert counts == {"new": 0, "changed": 1, "removed": 0, "unchanged": 1, "left_out": 0}
    assert sorted(line.terms["AvailID"] for line in Line.objects.all()) == ["1", "9"]


@pytest.mark.parametrize(
    ("entry", "values", "left"),
    [
        ("Full Delete", {}, []),
        ("Delete", {"AvailID": "1"}, ["2"]),
        ("Create", {"AvailID": "3", "Territory": "FR"}, ["1", "2", "3"]),
        ("Update", {"AvailID": "2", "Territory": "FR"}, ["1", "2"]),
    ],
)
def test_every_entry_type_does_what_it_says(company, entry: str, values: dict[str, str], left: list[str]) -> None:
    load(company, record(AvailID="1"), record(AvailID="2", Territory="JP"))
    load(company, record(EntryType=entry, **values))
    assert sorted(line.terms["AvailID"] for line in Line.objects.all()) == left
    assert Document.objects.get().state == (DocumentState.STATED if left else DocumentState.ENDED)
    assert [line.territories.members for line in Line.objects.filter(terms__AvailID="2")] == (
        ["FR"] if entry == "Update" else ["JP"] if "2" in left else []
    )


def test_one_wrong_row_keeps_everything_out(company) -> None:
    rows = (
        record(),
        record(ALID="b", TitleInternalAlias="Harbor", ContentID=""),
        record(ALID="c", Territory="XQ"),
        record(ALID="d", EntryType="Ful Delete"),
        record(ALID="e", Start="2027-01-01"),
        record(ALID="f", LicenseType="Rental"),
        record(ALID="", ContentID=""),
    )
    with pytest.raises(NotLoaded) as refusal:
        load(company, *rows)
    told = [(f.code, f.value, str(f.mend)) for f in refusal.value.findings]
    assert told == [
        ("title-not-found", "Harbor", "Do you mean W1 “The Harbour”? Give the title this number, or correct its name."),
        ("rights-territory", "XQ", ""),
        ("entry-type", "Ful Delete", "Write one of: Full Extract, Full Delete, Create, Update, Delete."),
        ("window-order", "2026-12-31", "Correct Start or End."),
        ("rights-licensetype", "Rental", ""),
        ("no-alid", "", "Write an ALID."),
    ]
    assert (Document.objects.count(), Line.objects.count(), LogEntry.objects.count()) == (0, 0, 0)


def test_nobody_loads_for_another_company(company) -> None:
    stranger = ParticipantFactory(edition=company.edition, is_seller=True)
    with pytest.raises(PermissionDenied):
        load_avails(stranger.user, company.edition, company, avails_file(record()))
    seller = ParticipantFactory(edition=company.edition, company=company, is_seller=True)
    load_avails(seller.user, company.edition, company, avails_file(record()))
    assert Document.objects.get().author == seller


@pytest.mark.parametrize(
    ("matching", "identifier", "values", "found"),
    [
        ("name", None, {"TitleInternalAlias": "HARBOUR, the!"}, True),
        ("name", ("eidr", "10.5240/1489-49A2-3956-4B2D-FE16-6"), {"TitleInternalAlias": "?"}, False),
        ("eidr", ("eidr", "10.5240/1489-49A2-3956-4B2D-FE16-6"), {"TitleID": "10.5240/:1489-49a2-3956-4b2d-fe16-6"}, True),
        ("eidr", None, {}, False),
        ("id", ("own", "HARB_1"), {"AltID": "harb_1"}, True),
        ("id", None, {"AltID": "W1"}, True),
        ("id", None, {}, False),
        ("any", None, {}, True),
    ],
)
def test_how_titles_are_found(company, matching: str, identifier, values: dict[str, str], found: bool) -> None:
    if identifier:
        Identifier.objects.create(title=Title.objects.get(), scheme=Scheme(identifier[0]), value=identifier[1])
    seen = examine(avails_file(record(**values)), company.edition, company, Matching(matching))
    assert [f.code for f in seen.findings] == ([] if found else ["title-not-found"])


def test_titles_of_others_are_not_found(company) -> None:
    TitleFactory(edition=company.edition, code="W9", name="Foreign")
    seen = examine(avails_file(record(TitleInternalAlias="Foreign", ContentID="W9")), company.edition, company)
    assert [f.code for f in seen.findings] == ["title-not-found"]


def test_seasons_and_episodes_by_their_place_in_the_series(company) -> None:
    series = TitleFactory(edition=company.edition, company=company, code="F", name="Night Ferry")
    with pytest.raises(NotLoaded) as refusal:
        load(company, record(EPISODE))
    assert [f.code for f in refusal.value.findings] == ["part-not-found"]
    load(company, record(EPISODE), record(EPISODE, ALID="b", EpisodeNumber="3"), create_parts=True)
    parts = Title.objects.filter(level__in=["season", "episode"]).order_by("level", "number")
    assert [(p.code, p.name, p.level, p.number) for p in parts] == [
        ("F-S01-E02", "The crossing", Level.EPISODE, 2),
        ("F-S01-E03", "The crossing", Level.EPISODE, 3),
        ("F-S01", "Night Ferry", Level.SEASON, 1),
    ]
    assert {line.title.part_of.part_of for line in Line.objects.all()} == {series}
    assert load(company, record(EPISODE))["unchanged"] == 1


def test_words_instead_of_days(company) -> None:
    est = record(LicenseType="EST", Start="2026-03-01", AvailID="est")
    pre = record(LicenseType="POEST", Start="2026-01-01", End="ESTStart", AvailID="pre")
    lag = record(LicenseType="EST", Start="ESTStart", StartLag="P10DT12H", End="TBD", AvailID="lag")
    rest = record(LicenseType="AVOD", Start="Immediate", End="Open", AvailID="rest")
    load(company, est, pre, lag, rest)
    lines = {line.terms["AvailID"]: line for line in Line.objects.all()}
    windows = {name: (line.start, line.start_open, line.end, line.end_open) for name, line in lines.items()}
    assert windows == {
        "est": (dt.date(2026, 3, 1), "", dt.date(2026, 12, 31), ""),
        "pre": (dt.date(2026, 1, 1), "", dt.date(2026, 2, 28), ""),
        "lag": (dt.date(2026, 3, 12), "", None, OpenDate.TBA),
        "rest": (None, OpenDate.PERPETUITY, None, OpenDate.UNTIL_NOTICE),
    }
    assert [out.values for line in company_lines(company) for out in records_of(line)] == [
        row.values for row in (est, pre, lag, rest)
    ]


def company_lines(company):
    return list(holdings(company))


def test_a_line_changed_by_hand_is_written_as_it_stands_now(company) -> None:
    load(company, record(SRP="1000.00", Territory="KR, JP"))
    line = Line.objects.get()
    line.end = dt.date(2028, 6, 30)
    line.save()
    (out,) = records_of(company_lines(company)[0])
    assert (out.get("End"), out.get("Territory"), out.get("SRP")) == ("2028-06-30", "KR, JP", "1000.00")


def test_what_was_stated_here_is_written_and_is_not_entered_twice(company) -> None:
    line = hold(company, Title.objects.get(), "World excl. US", "SVOD, EST, THEA, FREE", languages="fr:dub")
    rows = records_of(company_lines(company)[0])
    assert [row.get("LicenseType") for row in rows] == ["EST", "SVOD", "madang:THEA, madang:FREE"]
    assert {(row.get("Territory"), row.get("TerritoryExclusion"), row.get("End")) for row in rows[:2]} == {("ZZ", "US", "Open")}
    assert rows[2].get("End") == "Perpetuity"
    seen = examine(avails_file(*rows), company.edition, company)
    assert (seen.may_load, seen.left_out, [f.code for f in seen.findings]) == (False, 3, ["own-statement"] * 3)
    other = CompanyFactory(edition=EditionFactory(slug="other"))
    TitleFactory(edition=other.edition, company=other, code="X", name="The Harbour")
    assert load(other, *rows)["new"] == 3
    taken = Line.objects.filter(document__company=other).order_by("number")
    assert [sorted(one.media.members.split()) for one in taken] == [["EST"], ["SVOD"], ["FREE", "THEA"]]
    assert {one.territories.digest for one in taken} == {line.territories.digest}


SAMPLES = ["Movies_v1.9.xlsx", "TV_v1.9.xlsx", "Movies_v1.7.3.xlsx", "Avails_noErrors_v2.3_v1.8.xlsx", "Movies_v1.7.2.xlsx"]


@pytest.mark.parametrize("name", SAMPLES)
def test_real_files_come_out_as_they_came_in(company, shared: Path, name: str) -> None:
    """Import, export and import give the same rights, as a workbook and as XML."""
    file = read_avails(shared / "data" / "avails" / "xlsx" / name)
    make_titles(company, file.records)
    first = load_avails(None, company.edition, company, file, create_parts=True).counts()
    assert first["new"] == len([r for r in file.records if r.get("EntryType") != "Full Delete"]) - first["left_out"]
    rights = rights_of(company)
    records = company_records(company)
    for target, ending in ((Target.WORKBOOK, "xlsx"), (Target.XML, "xml")):
        data, left = written(records, target)
        other = CompanyFactory(edition=EditionFactory())
        make_titles(other, file.records)
        load_avails(None, other.edition, other, read_avails(data, f"out.{ending}"), create_parts=True)
        assert left == 0
        again = rights_of(other)
        assert again == rights if target is Target.WORKBOOK else set(again) == set(rights)


def make_titles(company, records) -> None:
    names = {r.get("SeriesTitleInternalAlias") or r.get("TitleInternalAlias") for r in records}
    for name in sorted(names):
        TitleFactory(edition=company.edition, company=company, name=name)


def rights_of(company) -> list[tuple]:
    """Every right, by what it is of; XML says once what several rows say alike."""
    return sorted(
        (line.title.name, line.title.number or 0, *masks_of(line), str(line.start), line.start_open, str(line.end))
        for line in holdings(company)
    )


LANGUAGES = ["", "ko", "ko, ja:sub", "fr:dub|en", "es-419:subdub"]
LANDS = ["KR", "ZZ", "EU", "FR, DE", "BE", "150"]
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2060, 1, 1)).map(dt.date.isoformat)


@given(
    st.fixed_dictionaries(
        {
            "Territory": st.sampled_from(LANDS),
            "TerritoryExclusion": st.sampled_from(["", "US", "CA, MX"]),
            "LicenseType": st.sampled_from(["EST", "VOD", "SVOD", "AVOD", "madang:THEA, madang:FREE"]),
            "AllowedLanguages": st.sampled_from(LANGUAGES),
            "AssetLanguage": st.sampled_from(LANGUAGES),
            "HoldbackLanguage": st.sampled_from(["", "zh"]),
            "Start": st.one_of(DAYS, st.sampled_from(["Open", "Immediate", "Broadcast"])),
            "End": st.one_of(DAYS, st.sampled_from(["", "Open", "TBD", "2031-05-01T00:00:00", "2031-05-01T18:00:00"])),
            "WindowDuration": st.sampled_from(["", "P30D", "P1Y2M"]),
            "Exclusive": st.sampled_from(["", "Yes", "No"]),
        }
    )
)
def test_a_line_made_of_a_row_is_written_as_that_row(values: dict[str, str]) -> None:
    row = record(**values)
    try:
        what = given_by(row, Releases([]))
    except NotGiven:
        assume(False)
    assert [one.values for one in records_of(line_of(what))] == [row.values]


def line_of(what: Given) -> Line:
    """A line that is not saved."""
    sets = {
        dimension.value: RightsSet(dimension=dimension, members=" ".join(TABLES[dimension](LATEST[dimension]).codes(mask)))
        for dimension, mask in zip(Dimension, what.masks, strict=True)
    }
    window = {"start": what.start.day, "start_open": what.start.is_open, "end": what.end.day, "end_open": what.end.is_open}
    return Line(document=Document(source=Source.AVAILS), exclusive=what.exclusive, terms=what.terms, **sets, **window)
