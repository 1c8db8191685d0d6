"""XML -> records -> XML -> records says the same; so do records -> XML -> records, for all that XML can carry."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.avails.levels import NOT_IN_XML
from madang.avails.records import Place, Record, Unreadable
from madang.avails.validation import counted, validate_tree
from madang.avails.workbook_reading import read_workbook
from madang.avails.xml_reading import read_tree
from madang.avails.xml_tree import Node, Tree, parse
from madang.avails.xml_writing import to_bytes, write_tree

from .xml_rows import EPISODE, MOVIE, document, row

SAMPLES = ("Avails_noErrors_v2.2.1", "Avails_noErrors_v2.3", "Avails_withErrors", "Avails_Volume_error_v2.5")
SAMPLES = (*SAMPLES, "Avails_Structure_Tests_v2.3_errors")


def says(records: list[Record]) -> list[tuple[dict[str, str], dict[str, str]]]:
    return [(record.values, record.extra) for record in records]


def again(records: list[Record], version: str) -> list[Record]:
    return read_tree(parse(to_bytes(write_tree(records, version)))).records


@pytest.mark.shared
@pytest.mark.parametrize("name", SAMPLES)
def test_samples_come_back_as_they_were(shared: Path, name: str):
    tree = parse(shared / "data" / "avails" / "xml" / f"{name}.xml")
    records = read_tree(tree).records
    for version in (tree.version, "2.6", "2.7"):
        assert says(again(records, version)) == says(records)
    written = parse(to_bytes(write_tree(records, tree.version)))
    assert counted(validate_tree(written)) == counted(validate_tree(tree))


@pytest.mark.shared
def test_a_row_of_a_sample_by_its_columns(shared: Path):
    record = read_tree(parse(shared / "data" / "avails" / "xml" / "Avails_noErrors_v2.3.xml")).records[0]
    assert record.values == {
        "ALID": "md:pseudoalid:wprid.fox.com:001143",
        "EntryType": "Full Extract",
        "DisplayName": "20th Century Fox",
        "UV_ID": "urn:dece:alid:eidr-s:77C5-ED35-8FC2-7D9D-9531-1",
        "DMA_ID": "10.5240/77C5-ED35-8FC2-7D9D-9531-1",
        "WorkType": "Movie",
        "ContentID": "md:cid:eidr-s:8FF3-1C20-84F5-F247-8BCD-E",
        "TitleDisplayUnlimited": "THE BRAVADOS",
        "TitleInternalAlias": "Bravados, The",
        "EditID": "urn:eidr:10.5240:77C5-ED35-8FC2-7D9D-9531-1",
        "TitleID": "urn:eidr:10.5240:8FF3-1C20-84F5-F247-8BCD-E",
        "AltID": "001143",
        "ReleaseYear": "1958",
        "TotalRunTime": "PT01H37M49S",
        "ReleaseHistoryPhysicalHV": "2005-05-24",
        "CaptionExemption": "2",
        "LocalizationType": "any",
        "AvailID": "1431081",
        "LicenseType": "EST",
        "Territory": "US",
        "Start": "1917-09-24T23:59:59",
        "End": "Open",
        "AllowedLanguages": "ar, cmn, cs, da, de, el",
        "AssetLanguage": "EN",
        "LicenseRightsDescription": "Library",
        "FormatProfile": "HD",
        "ReportingID": "001143",
        "SRP": "1000.00",
        "PriceCurrency": "XTS",
    }
    assert record.places["Territory"] == Place(line=45, path="AvailList/Avail/Transaction/Territory", column="Territory")


@pytest.mark.shared
@pytest.mark.parametrize("name", ["Movies_v1.9", "TV_v1.9", "Avails_w_Volume_v1.8", "Movies_v1.7.3", "Bonus_v1.9"])
def test_workbooks_keep_their_transactions_through_xml(shared: Path, name: str):
    """An asset is said once in XML: what its rows say of it apart is joined there, what they sell is not."""
    sold = ("ALID", "AvailID", "LicenseType", "Territory", "TerritoryExclusion", "Start", "End", "FormatProfile", "PriceValue")
    before = read_workbook(shared / "data" / "avails" / "xlsx" / f"{name}.xlsx").records
    after = again(before, "2.7")
    assert sorted(map(repr, picked(after, sold))) == sorted(map(repr, picked(before, sold)))
    assert says(again(after, "2.7")) == says(after)


def picked(records: list[Record], columns: tuple[str, ...]) -> list[list[str]]:
    return [[record.get(column) for column in columns] for record in records]


def test_a_volume_is_told_by_its_episodes_and_they_by_it():
    volume = {"WorkType": "Volume", "VolumeContentID": "v2", "VolumeNumber": "2", "ALID": "v2", "EpisodeNumber": ""}
    episodes = [(str(number), "1" if number < 3 else "2") for number in range(1, 6)]
    rows_of_season = [row(base=EPISODE, **volume)] + [
        row(base=EPISODE, ALID=f"e{number}", EpisodeContentID=f"e{number}", EpisodeNumber=number, VolumeNumber=name)
        for number, name in episodes
    ]
    told = next(write_tree(rows_of_season, "2.7").root.find("VolumeMetadata"))
    assert (told.get("VolumeFirstEpisodeNumber"), told.get("VolumeNumberOfEpisodes")) == ("3", "3")
    back = again(rows_of_season, "2.7")
    assert [record.get("VolumeNumber") for record in back] == ["2", "", "", "2", "2", "2"]
    assert says(again(back, "2.7")) == says(back)


def test_dates_are_the_whole_day_and_conditions_keep_their_lag():
    records = [row(Start="2026-11-20", End="2027-11-19"), row(5, AvailID="2", Start="Theatrical", StartLag="P90D", End="Open")]
    transactions = list(write_tree(records, "2.7").root.find("Transaction"))
    assert [(node.get("Start"), node.get("End")) for node in transactions] == [
        ("2026-11-20T00:00:00", "2027-11-19T23:59:59"),
        ("", ""),
    ]
    condition = transactions[1].first("StartCondition")
    assert condition is not None
    assert (condition.value, condition.attributes) == ("Theatrical", {"lag": "P90D"})
    assert [record.values for record in again(records, "2.7")] == [record.values for record in records]


def test_what_is_taken_away_is_never_written_as_given():
    records = [row(EntryType="Update"), row(5, EntryType="Delete", AvailID="2"), row(6, EntryType="Update", AvailID="3")]
    tree = write_tree(records, "2.7")
    told = [(avail.get("Disposition", "EntryType"), len(avail.all("Transaction"))) for avail in tree.root.all("Avail")]
    assert (told, validate_tree(tree)) == ([("Update", 2), ("Delete", 1)], [])
    assert picked(again(records, "2.7"), ("AvailID", "EntryType")) == [["ferry-1", "Update"], ["3", "Update"], ["2", "Delete"]]


def test_xml_sells_no_more_than_the_rows():
    """Every transaction of an Avail is for all its assets: two works of one ALID that are sold apart are two Avails."""
    records = [row(), row(5, ContentID="md:cid:org:haeundae.example:2", AvailID="2", Territory="US")]
    tree = write_tree(records, "2.7")
    sold = ("ContentID", "AvailID", "Territory")
    assert picked(again(records, "2.7"), sold) == picked(records, sold)
    assert [(f.code, f.place.row, f.place.column) for f in validate_tree(tree)] == [("alid-twice", 5, "ALID")]
    alike = [row(4, WorkType="Short"), row(5, WorkType="Short", ContentID="md:cid:org:haeundae.example:2")]
    assert [len(avail.all("Asset")) for avail in write_tree(alike, "2.7").root.children] == [2]


def test_what_a_version_does_not_know_is_left_out():
    record = row(Licensee="Plenty TV", WindowDuration="P90D", AllowedLanguages="en:audio", Exclusive="Yes")
    old, new = (next(write_tree([record], version).root.find("Transaction")) for version in ("2.2.2", "2.7"))
    assert (old.get("Licensee", "md:DisplayName"), old.get("Duration"), old.get("AllowedLanguage")) == ("", "P90D", "en:audio")
    assert new.get("Licensee", "md:DisplayName") == "Plenty TV"
    assert (new.get("WindowDuration"), new.get("AllowedLanguage")) == ("P90D", "en")
    assert [node.children[0].name for node in old.all("Term")] == ["Money", "Text"]
    assert [node.children[0].name for node in new.all("Term")] == ["Money", "Boolean"]


def test_what_is_kept_beside_gives_way_to_a_column_that_was_changed():
    body = (
        '<avails:Avail workflow="test"><avails:ALID>a</avails:ALID><avails:Asset contentID="c"><avails:WorkType>Movie'
        '</avails:WorkType><avails:Metadata><avails:TitleDisplayUnlimited language="fr">Le quai</avails:TitleDisplayUnlimited>'
        "</avails:Metadata></avails:Asset><avails:Transaction><avails:LicenseType>EST</avails:LicenseType>"
        "<avails:ExperienceCondition>Hold</avails:ExperienceCondition></avails:Transaction></avails:Avail>"
    )
    [record] = read_tree(parse(document(body))).records
    title = next(write_tree([record]).root.find("TitleDisplayUnlimited"))
    assert (record.get("TitleDisplayUnlimited"), title.value, title.attributes) == ("Le quai", "Le quai", {"language": "fr"})
    record.values["TitleDisplayUnlimited"] = "The Pier"
    tree = write_tree([record])
    title = next(tree.root.find("TitleDisplayUnlimited"))
    assert (title.value, title.attributes) == ("The Pier", {})
    assert [node.value for node in tree.root.find("ExperienceCondition")] == ["Hold"]
    assert tree.root.children[0].attributes == {"workflow": "test"}


words = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cn"), exclude_characters=",:\ufffe\uffff"),
    min_size=1,
    max_size=12,
)
texts = st.lists(words, min_size=1, max_size=3).map(" ".join)
lists = st.lists(words, min_size=1, max_size=4).map(", ".join)
codes = st.lists(st.sampled_from(["KR", "US", "BE-VLG", "150", "JJ"]), min_size=1, max_size=4, unique=True).map(", ".join)
tongues = st.lists(st.sampled_from(["ko", "en:audio", "es-419:subdub", "xx"]), min_size=1, max_size=3).map(", ".join)
moments = st.sampled_from(["2026-11-20", "2026-11-20T12:00:00", "Open", "Theatrical"])
yes_no = st.sampled_from(["Yes", "No"])


def of(columns: str, values: st.SearchStrategy[str]) -> dict[str, st.SearchStrategy[str]]:
    return dict.fromkeys(columns.split(), values)


COMMON = {
    **of("EntryType DisplayName ServiceProvider UV_ID DMA_ID ReleaseYear TotalRunTime CaptionExemption", texts),
    **of("ReleaseHistoryOriginal ReleaseHistoryPhysicalHV AvailID LicenseType Licensee Description", texts),
    **of("LicenseRightsDescription FormatProfile ContractID ReportingID OtherInstructions RefALID", texts),
    **of("SRP SuppressionLiftDate SpecialPreOrderFulfillDate AnnounceDate FixedEndDate RentalDuration", texts),
    **of("WatchDuration Download ExclusiveAttributes TitleStatus TPRType CampaignID PackageLabel", texts),
    **of("WindowDuration CompanyDisplayCredit", texts),
    **of("Territory TerritoryExclusion", codes),
    **of("AllowedLanguages AssetLanguage HoldbackLanguage", tongues),
    **of("Exclusive BrandingRights ExceptionFlag", yes_no),
    **of("Start End", moments),
}
UNIT = {**of("GroupIdentity LocalizationType", texts), "Director": lists}
OF_SERIES = of("SeriesID SeriesTitleInternalAlias SeriesTitleDisplayUnlimited SeriesAltID SeasonCount", texts)
OF_SEASON = of("SeasonID SeasonNumber SeasonTitleInternalAlias SeasonAltID EpisodeCount", texts)
EPISODIC = {**UNIT, **OF_SEASON, **OF_SERIES}
BY_WORK = {
    "Movie": {**UNIT, **of("TitleInternalAlias EditID TitleID AltID RetailerID1 RetailerID3", texts)},
    "Collection": {**UNIT, "BundledALIDs": lists, "TitleDisplayUnlimited": texts},
    "Episode": {
        **EPISODIC,
        **of("EpisodeNumber DistributionNumber EpisodeID EpisodeTitleID EpisodeAltID", texts),
    },
    "Season": {**OF_SEASON, **OF_SERIES},
    "Volume": {
        **OF_SEASON,
        **OF_SERIES,
        **of("VolumeNumber VolumeID VolumeTitleInternalAlias VolumeAltID", texts),
    },
}
IDS = {
    "Movie": ("ContentID",),
    "Collection": ("ContentID",),
    "Episode": ("EpisodeContentID", "SeasonContentID", "SeriesContentID"),
    "Season": ("SeasonContentID", "SeriesContentID"),
    "Volume": ("VolumeContentID", "SeasonContentID", "SeriesContentID"),
}


@st.composite
def rows(draw: st.DrawFn) -> Record:
    work = draw(st.sampled_from(sorted(BY_WORK)))
    columns = {**COMMON, **BY_WORK[work]}
    chosen = draw(st.sets(st.sampled_from(sorted(columns)), max_size=20))
    values = {column: draw(columns[column]) for column in sorted(chosen)}
    values |= {"ALID": draw(words), "WorkType": work} | {column: draw(words) for column in IDS[work]}
    if draw(st.booleans()):
        values |= {"PriceType": "WSP", "PriceValue": draw(words), "PriceCurrency": draw(words)}
    if draw(st.booleans()):
        values |= {"RatingSystem": draw(texts), "RatingValue": draw(texts), "RatingReason": draw(lists)}
    return Record(values, {column: Place("AllAvails", 4, column) for column in values})


@settings(max_examples=50, deadline=None)
@given(rows(), st.sampled_from(["2.5", "2.6", "2.7"]))
def test_any_row_comes_back_with_all_that_xml_can_carry(record: Record, version: str):
    [back] = again([record], version)
    assert back.values == {column: value for column, value in record.values.items() if column not in NOT_IN_XML}
    assert {finding.place.sheet for finding in validate_tree(write_tree([record], version))} <= {"AllAvails"}


@settings(max_examples=15, deadline=None)
@given(st.lists(rows(), max_size=4))
def test_many_rows_are_stable_after_the_first_writing(records: list[Record]):
    once = again(records, "2.7")
    assert says(again(once, "2.7")) == says(once)


def shaken(tree: Tree, random: Random) -> Tree:
    """The document with some nodes taken away, doubled, moved, renamed or given other texts and attributes."""
    nodes = [node for node in tree.root.walk() if node.parent]
    for node in random.sample(nodes, min(6, len(nodes))):
        assert node.parent is not None
        siblings = node.parent.children
        act = random.randrange(5)
        if act == 0 and node in siblings:
            siblings.remove(node)
        elif act == 1:
            siblings.insert(random.randrange(len(siblings) + 1), copy(node, node.parent))
        elif act == 2:
            random.shuffle(siblings)
        elif act == 3:
            node.attributes = {random.choice(["asset", "language", "scope", "x"]): random.choice(["", "ko", "audio"])}
        elif not node.children:
            node.text = random.choice(["", "  ", "Open", "2026-11-20", "a:b", "1", "<&>", "부산"])
    return tree


def copy(node: Node, parent: Node) -> Node:
    twin = Node(node.name, node.place, dict(node.attributes), [], node.text, node.space, parent)
    twin.children = [copy(child, twin) for child in node.children]
    return twin


@pytest.mark.shared
@pytest.mark.parametrize("name", SAMPLES)
def test_broken_documents_are_judged_and_come_back_as_they_were(shared: Path, name: str):
    data = (shared / "data" / "avails" / "xml" / f"{name}.xml").read_bytes()
    for seed in range(5):
        tree = shaken(parse(data), Random(seed))
        validate_tree(tree)
        records = read_tree(tree).records
        once = again(records, tree.version)
        assert says(again(once, tree.version)) == says(once), seed


@pytest.mark.shared
@pytest.mark.parametrize("name", SAMPLES[:2])
def test_spoilt_bytes_are_read_or_refused(shared: Path, name: str):
    data = (shared / "data" / "avails" / "xml" / f"{name}.xml").read_bytes()
    read, refused = 0, set()
    for seed in range(30):
        random = Random(seed)
        at = random.randrange(len(data))
        spoilt = data[:at] + random.choice([b"a", b"<", b"&", b">", b"0", b"\x00", b"\xff", b" "]) + data[at + 1 :]
        try:
            validate_tree(parse(spoilt))
            read += 1
        except Unreadable as said:
            refused.add(str(said).partition("(")[0])
    assert (read > 0, refused) == (True, {"This is no well-formed XML "})


def test_texts_that_xml_cannot_hold_are_written_without_them():
    [back] = again([row(TitleInternalAlias="Quai\x00 d'Orsay \x1b<&\"'> \ufffe")], "2.7")
    assert back.get("TitleInternalAlias") == "Quai d'Orsay <&\"'>"


def test_a_season_is_told_only_where_a_row_tells_of_one():
    described = next(write_tree([row(base=EPISODE, SeasonContentID="", SeasonNumber="")], "2.7").root.find("EpisodeMetadata"))
    assert [child.name for child in described.children][-1] == "SeriesMetadata"
    assert next(write_tree([row(base=MOVIE)]).root.find("SeasonMetadata"), None) is None
