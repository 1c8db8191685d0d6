"""Each rule of Avails as a row: what is changed in a right file, and what is then found at which cell or line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from madang.avails import report
from madang.avails.codes import check_character, countries, currencies, eidrs, is_language
from madang.avails.records import Finding
from madang.avails.schema import types
from madang.avails.validation import OWN, counted, is_valid, validate_tree
from madang.avails.values import fits
from madang.avails.xml_reading import read_tree
from madang.avails.xml_tree import VERSIONS, parse
from madang.avails.xml_writing import to_bytes, write_tree

from .xml_rows import EPISODE, MOVIE, SEASON, document, row

E, W, NOTE = "error", "warning", "info"
POEST = {"LicenseType": "POEST", "SuppressionLiftDate": "2026-10-01"}
VOLUME = {"WorkType": "Volume", "VolumeContentID": "v1", "VolumeNumber": "1", **SEASON}
PACK = {"WorkType": "Collection", "BundledALIDs": "a, b"}


def cells(findings: list[Finding]) -> list[tuple[str, str, int, str, str]]:
    return [(f.severity.value, f.code, f.place.row, f.place.column, f.value) for f in findings]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("base", [MOVIE, EPISODE])
def test_a_right_row_is_right_in_every_version(version: str, base: dict[str, str]):
    assert cells(validate_tree(write_tree([row(base=base)], version))) == []


TABLE = [
    ("2.7", {"Territory": "JJ"}, [(E, "country", 4, "Territory", "JJ")]),
    ("2.7", {"Territory": "JJ", "RatingSystem": "Custom:x", "RatingValue": "1"}, [(E, "country", 4, "Territory", "JJ")]),
    ("2.7", {"Territory": "Korea"}, [(E, "schema-value", 4, "Territory", "Korea")]),
    ("2.7", {"Territory": "KR, 150, EU, ZZ, BE-VLG"}, []),
    ("2.7", {"TerritoryExclusion": "KR, UK"}, [(E, "country", 4, "TerritoryExclusion", "UK")]),
    ("2.7", {"AllowedLanguages": "en:audio, XYZ, ko:dub"},
     [(E, "language", 4, "AllowedLanguages", "XYZ"), (E, "vocabulary-asset", 4, "AllowedLanguages", "dub")]),
    ("2.3", {"AllowedLanguages": "es:subdub"}, [(E, "schema-value", 4, "AllowedLanguages", "es:subdub")]),
    ("2.7", {"AssetLanguage": "en, ko"}, [(E, "structure-language", 4, "AssetLanguage", "en, ko")]),
    ("2.2.2", {"AssetLanguage": "en, ko"}, [(E, "schema-value", 4, "AssetLanguage", "en, ko")]),
    ("2.7", {"AssetLanguage": "en, ko", "LicenseType": "SVOD"}, []),
    ("2.7", {"PriceCurrency": "WON"}, [(E, "currency", 4, "PriceValue", "WON")]),
    ("2.7", {"PriceValue": "seven"}, [(E, "schema-value", 4, "PriceValue", "seven")]),
    ("2.7", {"PriceType": "NA", "PriceValue": "NA"}, [(W, "structure-price", 4, "LicenseType", "EST")]),
    ("2.2.2", {"PriceType": "NA", "PriceValue": "NA"}, []),
    ("2.7", {"PriceType": "LicenseFee", "PriceValue": "5"}, []),
    ("2.3", {"PriceType": "LicenseFee", "PriceValue": "5"}, [(W, "structure-price", 4, "LicenseType", "EST")]),
    ("2.7", {"PriceType": "", "PriceValue": "", "PriceCurrency": "", "LicenseType": "SVOD"}, []),
    ("2.7", {"PriceType": "Barter", "PriceValue": "9"},
     [(W, "vocabulary-termName", 4, "PriceType", "Barter"), (W, "structure-price", 4, "LicenseType", "EST")]),
    ("2.7", {"LicenseType": "AVOD"}, [(W, "vocabulary-LicenseType", 4, "LicenseType", "AVOD")]),
    ("2.2.2", {"LicenseType": "Library"}, [(W, "vocabulary-LicenseType", 4, "LicenseType", "Library")]),
    ("2.7", {"LicenseType": ""}, [(E, "schema-missing", 4, "", "")]),
    ("2.7", {"EntryType": "full extract"}, [(E, "vocabulary-EntryType", 4, "EntryType", "full extract")]),
    ("2.4", {"EntryType": "Update"}, [(E, "vocabulary-EntryType", 4, "EntryType", "Update")]),
    ("2.5", {"EntryType": "Update"}, []),
    ("2.7", {"FormatProfile": "4K"}, [(E, "vocabulary-FormatProfile", 4, "FormatProfile", "4K")]),
    ("2.7", {"LocalizationType": "dubbed"}, [(E, "vocabulary-LocalizationOffering", 4, "LocalizationType", "dubbed")]),
    ("2.7", {"CaptionExemption": "7"}, [(E, "vocabulary-CaptionExemption", 4, "CaptionExemption", "7")]),
    ("2.7", {"WorkType": "Musical"}, [(NOTE, "vocabulary-WorkType", 4, "WorkType", "Musical"),
                                      (E, "structure-assets", 4, "WorkType", "single")]),
    ("2.7", {"Start": "Soon"}, [(W, "vocabulary-DateTimeCondition", 4, "Start", "Soon")]),
    ("2.7", {"Start": "TBD"}, [(E, "structure-condition", 4, "Start", "TBD")]),
    ("2.7", {"End": "Open", "Start": "Theatrical", "StartLag": "P90D"}, []),
    ("2.7", {"Start": "2026-02-30"}, [(E, "schema-value", 4, "Start", "2026-02-30T00:00:00")]),
    ("2.7", {"End": "Broadcast", "EndLag": "5 days"}, [(E, "schema-value", 4, "End", "5 days")]),
    ("2.7", {"TotalRunTime": "96"}, [(E, "schema-value", 4, "TotalRunTime", "96")]),
    ("2.7", {"ReleaseYear": "2026-13"}, [(E, "schema-value", 4, "ReleaseYear", "2026-13")]),
    ("2.7", {"TitleStatus": "Maybe"}, [(E, "vocabulary-TitleStatus", 4, "TitleStatus", "Maybe")]),
    ("2.3", {"TitleStatus": "Revoked"}, [(E, "vocabulary-TitleStatus", 4, "TitleStatus", "Revoked")]),
    ("2.7", {"TPRType": "Sometimes"}, [(E, "vocabulary-TPRType", 4, "TPRType", "Sometimes")]),
    ("2.7", {"PackageLabel": "FERRY"}, [(W, "vocabulary-termName", 4, "PackageLabel", "PackageLabel")]),
    ("2.7", POEST, []),
    ("2.7", {"LicenseType": "POEST"}, [(E, "structure-poest", 4, "LicenseType", "POEST")]),
    ("2.7", {"RefALID": "md:alid:org:x:1"}, [(E, "structure-reference", 4, "RefALID", "md:alid:org:x:1")]),
    ("2.7", {"WorkType": "Supplemental", "RefALID": "md:alid:org:x:1"}, []),
    ("2.7", {"WorkType": "Supplemental"}, [(E, "structure-reference", 4, "WorkType", "supplement")]),
    ("2.7", {"WorkType": "Promotion"}, [(E, "structure-reference", 4, "WorkType", "promotion")]),
    ("2.7", PACK, []),
    ("2.7", {**PACK, "BundledALIDs": "a"}, []),
    ("2.7", {"WorkType": "Collection"}, [(E, "structure-bundle", 4, "WorkType", "bundle")]),
    ("2.7", {"BundledALIDs": "a"}, [(E, "structure-bundle", 4, "BundledALIDs", "Movie")]),
    ("2.7", {"RatingSystem": "KMRB", "RatingValue": "15+"}, []),
    ("2.7", {"RatingSystem": "KMRB", "RatingValue": "PG-13"}, [(E, "rating-value", 4, "RatingValue", "PG-13")]),
    ("2.7", {"RatingSystem": "MPAA", "RatingValue": "UNRATED"}, [(W, "rating-region", 4, "Territory", "KR")]),
    ("2.7", {"RatingSystem": "MPAA", "RatingValue": "X", "Territory": "US"}, [(W, "rating-deprecated", 4, "RatingValue", "X")]),
    ("2.7", {"RatingSystem": "TVPG", "RatingValue": "TV-14", "RatingReason": "D, Q", "Territory": "US"},
     [(E, "rating-reason", 4, "RatingReason", "Q")]),
    ("2.7", {"RatingSystem": "Custom:house", "RatingValue": "any"}, []),
    ("2.7", {"RatingSystem": "HOUSE", "RatingValue": "any"}, [(W, "rating-system", 4, "RatingSystem", "HOUSE")]),
    ("2.7", {"RatingValue": "PG"}, [(E, "rating-system", 4, "RatingSystem", "")]),
    ("2.7", {"TitleID": "10.5240/7791-8534-2C23-9030-8610-5"}, []),
    ("2.7", {"TitleID": "10.5240/7791-8534-2C23-9030-8610-6"},
     [(W, "eidr-check", 4, "TitleID", "10.5240/7791-8534-2C23-9030-8610-6")]),
    ("2.7", {"ALID": ""}, [(E, "schema-missing", 4, "", "")]),
    ("2.7", {"ContentID": ""}, [(E, "schema-missing", 4, "ContentID", "")]),
    ("2.7", {"ExceptionFlag": "perhaps"}, [(E, "schema-value", 4, "ExceptionFlag", "perhaps")]),
]  # fmt: skip


@pytest.mark.parametrize(("version", "changes", "found"), TABLE)
def test_rules_of_a_movie(version: str, changes: dict[str, str], found: list[tuple[str, str, int, str, str]]):
    assert cells(validate_tree(write_tree([row(**changes)], version))) == found


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"EpisodeNumber": ""}, [(E, "structure-number", 4, "EpisodeNumber", "Episode")]),
        ({"EpisodeNumber": "one"}, [(E, "schema-value", 4, "EpisodeNumber", "one")]),
        ({"SeriesTitleInternalAlias": ""}, [(E, "schema-missing", 4, "", "")]),
        ({"EpisodeCount": "some"}, [(E, "schema-value", 4, "EpisodeCount", "some")]),
        (dict.fromkeys(SEASON, ""), [(E, "schema-missing", 4, "", "")]),
        ({"WorkType": "Season"}, []),
        ({"WorkType": "Series"}, []),
        ({**VOLUME, "EpisodeTitleInternalAlias": ""}, []),
    ],
)
def test_rules_of_television(changes: dict[str, str], found: list[tuple[str, str, int, str, str]]):
    assert cells(validate_tree(write_tree([row(base=EPISODE, **changes)], "2.7"))) == found


def test_rows_of_one_asset_are_one_avail_and_each_finding_keeps_its_row():
    rows = [row(4), row(5, AvailID="2", Territory="US"), row(6, AvailID="3", Territory="QQ"), row(7, ALID="other", AvailID="4")]
    tree = write_tree(rows, "2.7")
    assert [len(avail.all("Transaction")) for avail in tree.root.all("Avail")] == [3, 1]
    assert cells(validate_tree(tree)) == [(E, "country", 6, "Territory", "QQ")]


def raw(change: tuple[str, str] = ("", ""), version: str = "2.7") -> list[tuple[str, str, str]]:
    """Severity, code and value for a right document in which one text is replaced by another."""
    text = to_bytes(write_tree([row()], version)).decode()
    assert text.count(change[0]) == 1 or not change[0]
    findings = validate_tree(parse(text.replace(*change).encode() if change[0] else text.encode()))
    return [(f.severity.value, f.code, f.value) for f in findings]


KIND, TYPE = "<avails:LicenseType>EST</avails:LicenseType>", "<avails:AvailType>single</avails:AvailType>"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("", ""), []),
        ((KIND, ""), [(E, "schema-missing", "")]),
        ((KIND, KIND * 2), [(E, "schema-unexpected", "EST")]),
        ((KIND, "<avails:LicenseType/>"), [(E, "empty", ""), (W, "vocabulary-LicenseType", "")]),
        ((KIND, KIND + "<avails:Colour>red</avails:Colour>"), [(E, "schema-unexpected", "red")]),
        ((KIND, "<avails:LicenseType><avails:a/>EST</avails:LicenseType>"), [(E, "schema-unexpected", "a")]),
        ((KIND, "spare" + KIND), [(E, "schema-text", "spare")]),
        ((KIND, f"<other:a xmlns:other='urn:x'/>{KIND}"), [(E, "schema-unexpected", "{urn:x}a")]),
        ((' contentID="md:cid:org:haeundae.example:1"', ""), [(E, "schema-missing", "")]),
        ((' contentID="md:cid:org:haeundae.example:1"', ' contentID=" "'), [(E, "empty", "")]),
        ((' contentID="md:cid:org:haeundae.example:1"', ' contentID="a" colour="red"'), [(E, "schema-attribute", "colour")]),
        ((' termName="WSP"', ""), [(E, "schema-missing", "")]),
        ((TYPE, TYPE.replace("single", "episode")), [(E, "structure-assets", "episode")]),
        ((TYPE, TYPE.replace("single", "bundle")), [(E, "structure-assets", "bundle"), (E, "structure-bundle", "bundle")]),
        ((TYPE, TYPE.replace("single", "collection")), [(E, "structure-assets", "collection")]),
        ((TYPE, TYPE.replace("single", "novel")), [(E, "vocabulary-AvailType", "novel")]),
        (("</avails:WorkType>", "</avails:WorkType><avails:WorkTypeDetail>x</avails:WorkTypeDetail>"), []),
        (('<avails:Money currency="USD">7.99</avails:Money>', ""), [(W, "structure-price", "EST"), (E, "schema-missing", "")]),
        (("<md:country>KR</md:country>", "<md:country>KR</md:country><md:countryRegion>150</md:countryRegion>"),
         [(E, "schema-unexpected", "150")]),
        (("/md/v2.12/md", "/md/v2.11/md"), [(E, "schema-namespace", "http://www.movielabs.com/schema/md/v2.11/md")]),
        (("<avails:TitleInternalAlias>", '<avails:TitleInternalAlias region="UK">'), [(E, "country", "UK")]),
        (("<avails:TitleDisplayUnlimited>", '<avails:TitleDisplayUnlimited language="ENg">'), [(E, "language", "ENg")]),
        (("<avails:TitleDisplayUnlimited>", '<avails:TitleDisplayUnlimited language="e n">'), [(E, "schema-value", "e n")]),
    ],
)  # fmt: skip
def test_rules_of_the_schema(change: tuple[str, str], found: list[tuple[str, str, str]]):
    assert raw(change) == found


def test_elements_out_of_order_are_said_once():
    description = "<avails:Description>x</avails:Description>"
    assert raw((KIND, description + KIND)) == [(E, "schema-unexpected", "EST")]


def test_roots_that_are_no_list_of_avails():
    status = "<avails:OfferStatus xmlns:avails='http://www.movielabs.com/schema/avails/v2.7/avails'>{}</avails:OfferStatus>"
    body = (
        "<avails:ALID>a</avails:ALID><avails:OverallStatus><avails:ProgressCode>{}</avails:ProgressCode>{}</avails:OverallStatus>"
    )
    start = "<avails:StartCondition>{}</avails:StartCondition>"
    good = status.format(body.format("Live", start.format("TBD")))
    bad = status.format(body.format("Done", start.format("Soon")))
    assert validate_tree(parse(good.encode())) == []
    assert [(f.code, f.value) for f in validate_tree(parse(bad.encode()))] == [
        ("vocabulary-DateTimeCondition", "Soon"),
        ("vocabulary-ProgressCode", "Done"),
    ]
    odd = good.replace("OfferStatus>", "Transaction>").replace("<avails:OfferStatus ", "<avails:Transaction ")
    assert next(f.code for f in validate_tree(parse(odd.encode()))) == "schema-root"


def test_one_avail_and_a_signed_list_are_files_too():
    text = to_bytes(write_tree([row()], "2.7")).decode()
    signature = "<ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'><ds:SignedInfo/></ds:Signature>"
    head, _start, body = text.partition("<avails:AvailList")
    declared = body.partition(">")[0]
    signed = f"{head}<avails:AvailListSigned{declared}><avails:AvailList{body}{signature}</avails:AvailListSigned>"
    alone = text.replace("<avails:AvailList", "<avails:Wrap").replace("</avails:AvailList>", "").split("<avails:Avail>", 1)[1]
    for document_of_one in (signed, f"{head}<avails:Avail{declared}>{alone}"):
        tree = parse(document_of_one.encode())
        assert (validate_tree(tree), [record.get("ALID") for record in read_tree(tree).records]) == ([], [MOVIE["ALID"]])


def bundle(*sequence: str) -> list[tuple[str, str]]:
    changed = to_bytes(write_tree([row(**{**PACK, "BundledALIDs": ", ".join("abcdef"[: len(sequence)])})], "2.7")).decode()
    for number in sequence:
        told = f' sequence="{number}"' if number else ""
        changed = changed.replace("<avails:BundledAsset>", f"<avails:BundledAsset{told} >", 1)
    return [(f.code, f.value) for f in validate_tree(parse(changed.encode()))]


@pytest.mark.parametrize(
    ("sequence", "found"),
    [
        (("", ""), []),
        (("1", "2", "3"), []),
        (("3", "1", "2"), []),
        (("-1", "0"), []),
        (("1", "3"), [("structure-sequence", "3")]),
        (("1", "1"), [("structure-sequence", "1")]),
        (("1", ""), [("structure-sequence", "")]),
    ],
)
def test_the_order_of_a_bundle_has_no_gap(sequence: tuple[str, ...], found: list[tuple[str, str]]):
    assert bundle(*sequence) == found


def volumes(*ranges: tuple[str, int, int | str]) -> Iterator[str]:
    rows = [
        row(number, base=EPISODE, **{**VOLUME, "ALID": f"v{number}", "VolumeContentID": f"v{number}", "SeasonContentID": season})
        for number, (season, _first, _count) in enumerate(ranges)
    ]
    text = to_bytes(write_tree(rows, "2.7")).decode()
    for _season, first, count in ranges:
        told = f"<avails:VolumeFirstEpisodeNumber>{first}</avails:VolumeFirstEpisodeNumber>"
        told += f"<avails:VolumeNumberOfEpisodes>{count}</avails:VolumeNumberOfEpisodes>"
        text = text.replace("</avails:VolumeNumber>", "</avails:VolumeNumber >" + told, 1)
    yield from (f.value for f in validate_tree(parse(text.encode())) if f.code == "structure-volume")


def test_no_episode_is_in_two_volumes_of_a_season():
    assert list(volumes(("s1", 1, 3), ("s1", 4, 3))) == []
    assert list(volumes(("s1", 1, 4), ("s1", 3, 3))) == ["3", "4"]
    assert list(volumes(("s1", 1, 4), ("s2", 1, 4))) == []
    assert list(volumes(("s1", 1, 9), ("s1", 2, 1), ("s1", 2, 1))) == ["2", "2"]
    assert len(list(volumes(("s1", 1, 10**12), ("s1", 1, 1)))) == 1
    assert list(volumes(("s1", 1, "9" * 5000), ("s1", 1, 1))) == []


def test_a_flood_of_findings_is_cut(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(report, "MOST", 3)
    findings = validate_tree(parse(document("<avails:a/>" * 9)))
    assert [f.code for f in findings] == ["schema-unexpected"] * 3 + ["own-more"]
    assert str(findings[-1].message) == "There is more: only the first 3 findings are told."


def test_the_same_alid_in_two_avails():
    one = to_bytes(write_tree([row()], "2.7")).decode().split("\n", 2)[2].rsplit("</avails:AvailList>", 1)[0]
    findings = validate_tree(parse(document(one + one)))
    assert [(f.code, f.value) for f in findings] == [("alid-twice", MOVIE["ALID"])]


def test_our_own_rules_are_not_counted_with_those_of_the_reference():
    findings = validate_tree(write_tree([row(TitleID="10.5240/7791-8534-2C23-9030-8610-6", WorkType="Musical")], "2.7"))
    assert [f.code for f in findings] == ["vocabulary-WorkType", "eidr-check", "structure-assets"]
    assert (counted(findings), is_valid(findings), OWN) == ((1, 0), False, ("eidr", "own"))


@pytest.mark.parametrize(
    ("tag", "right"),
    [
        ("en", True), ("EN", True), ("es-419", True), ("zh-Hant-TW", True), ("zh-yue", True), ("cmn-Hans", True),
        ("de-CH-1996", True), ("sl-rozaj-biske", True), ("i-klingon", True), ("x-house", True), ("en-x-house", True),
        ("qaa", True), ("mul", True), ("eng", False), ("fr-xx", False), ("xyz", False), ("", False), ("en-", False),
        ("en-x", False), ("en-US-Latn", False), ("es:subdub", False), ("EN, FR", False), ("english", False),
    ],
)  # fmt: skip
def test_language_tags(tag: str, right: bool):
    assert is_language(tag) is right


def test_lists_of_codes():
    assert {"KR", "GB", "419", "150", "001", "410", "EU", "ZZ"} <= countries()
    assert countries().isdisjoint({"UK", "JJ", "kr", "KOR", "BE-VLG", ""})
    assert {"KRW", "USD", "XTS"} <= currencies()
    assert currencies().isdisjoint({"WON", "usd", ""})


def test_check_characters_of_eidrs():
    assert check_character("7791-8534-2C23-9030-8610") == "5"
    assert eidrs("urn:eidr:10.5240:7791-8534-2c23-9030-8610-5") == [("10.5240:7791-8534-2c23-9030-8610-5", True)]
    assert eidrs("md:alid:eidr-x:0344-992B-DF0A-21A5-8BF9-R") == [("0344-992B-DF0A-21A5-8BF9-R", False)]
    assert eidrs("10.5240/ZZZZ-8534-2C23-9030-8610-5") == []


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("dateTime", "2024-02-29T24:00:00 2026-11-20T00:00:00.000+09:00", "2023-02-29T00:00:00 2026-11-20 2026-11-20T25:00:00"),
        ("date", "2026-11-20 2026-11-20Z", "2026-11-31 20-11-2026"),
        ("duration", "P1Y PT1H30M PT01H37M49S -P5DT10H PT1.5S", "P PT 1H P1H PT1Y"),
        ("decimal", "4.99 -1 .5 7.", "4,99 1e3 $4"),
        ("gYear|gYearMonth|date", "2026 2026-11 2026-11-20", "26 2026-13"),
        ("language", "en x-a es-419", "es:subdub e_n"),
        ("boolean", "true false 0 1", "yes TRUE"),
        ("positiveInteger", "1 +7 007", "0 -1 1.0"),
        ("unheard-of", "anything", ""),
    ],
)
def test_types_of_values(kind: str, right: str, wrong: str):
    assert [text for text in right.split(" ") if not fits(kind, text)] == []
    assert [text for text in wrong.split() if fits(kind, text)] == []


def test_every_type_that_is_named_is_described():
    simple = {"string", "anyURI", "language", "dateTime", "date", "time", "duration", "boolean", "decimal", "integer", "int"}
    simple |= {"positiveInteger", "gYear", "gYearMonth", "country", "countryRegion", "#ref"}
    for version in VERSIONS:
        known = types(version)
        named = {kind for form in known.values() for kind in kinds(form.get("seq", []))}
        assert {part for kind in named - set(known) for part in kind.split("|")} <= simple


def kinds(particles: list) -> Iterator[str]:
    for name, inner, *_numbers in particles:
        if name in ("|", "()"):
            yield from kinds(inner)
        elif name != "*":
            yield inner
