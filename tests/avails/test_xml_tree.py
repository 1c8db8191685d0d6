"""XML is read with its lines; what is dangerous, too large or no Avails is refused with a sentence."""

from __future__ import annotations

import pytest

from madang.avails import xml_tree
from madang.avails.records import Place, Unreadable
from madang.avails.xml_tree import VERSIONS, parse

from .xml_rows import document

BILLION = (
    '<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + "]>"
)
DOCTYPE = "The file declares a document type or entities. Avails need none: remove the DOCTYPE line."


def test_every_node_knows_its_line_and_path():
    tree = parse(document("\n<avails:Avail>\n<avails:ALID> one\n two </avails:ALID></avails:Avail>"))
    alid = tree.root.first("Avail", "ALID")
    assert alid is not None
    assert (tree.version, alid.value, alid.place) == ("2.7", "one two", Place(line=3, path="AvailList/Avail/ALID"))
    assert [node.name for node in tree.root.walk()] == ["AvailList", "Avail", "ALID"]


@pytest.mark.parametrize("version", VERSIONS)
def test_namespaces_tell_the_version(version: str):
    tree = parse(document("<md:country/><mdmec:Basic/>", version))
    assert (tree.version, [child.name for child in tree.root.children]) == (version, ["md:country", "mdmec:Basic"])


def test_encodings_of_the_field_are_read():
    text = document("<avails:Avail><avails:ALID>부산é</avails:ALID></avails:Avail>").decode()
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert parse(text.encode(encoding)).root.get("Avail", "ALID") == "부산é"
    latin = f'<?xml version="1.0" encoding="iso-8859-1"?>{text.replace("부산", "")}'.encode("iso-8859-1")
    assert parse(latin).root.get("Avail", "ALID") == "é"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (document("&i;", head=BILLION), DOCTYPE),
        (document("", head='<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd">'), DOCTYPE),
        (document("&x;", head='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), DOCTYPE),
        (document("", head='<!DOCTYPE a [<!ENTITY % p "x"> %p;]>').decode().encode("utf-16"), DOCTYPE),
        (b"<a/>", "This XML is no Avails file: its first element is not in a namespace of Avails."),
        (document("", "2.1"), "Avails 2.1 is not read; 2.2 to 2.7 are."),
        (document("<avails:Avail>"), "This is no well-formed XML (line 1: mismatched tag)."),
        (document("&nbsp;"), "This is no well-formed XML (line 1: undefined entity)."),
        (b"", "This is no well-formed XML (line 1: no element found)."),
        (b"PK\x03\x04", "This is no well-formed XML (line 1: not well-formed (invalid token))."),
        (
            b'<?xml version="1.0" encoding="klingon"?><a/>',
            "The text of this XML is in an encoding that is not read. Save it as UTF-8.",
        ),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, sentence: str):
    with pytest.raises(Unreadable) as refused:
        parse(data)
    assert str(refused.value) == sentence


def test_size_number_and_depth_have_limits(monkeypatch: pytest.MonkeyPatch, tmp_path):
    deep = document("<avails:Avail>" * 60 + "</avails:Avail>" * 60)
    many = "The file has too many elements, or too many inside each other. Send it in parts."
    with pytest.raises(Unreadable, match=many):
        parse(deep)
    monkeypatch.setattr(xml_tree, "MAX_NODES", 10)
    with pytest.raises(Unreadable, match=many):
        parse(document("<avails:Avail/>" * 10))
    assert len(parse(document("<avails:Avail/>" * 9)).root.children) == 9
    large = tmp_path / "large.xml"
    with large.open("wb") as file:
        file.truncate(xml_tree.MAX_BYTES + 1)
    with pytest.raises(Unreadable, match="The file is larger than 20 MB"):
        parse(large)
