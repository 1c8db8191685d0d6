"""Contact cards: what other programmes read."""

from icalendar.parser import Contentlines

from madang.kit.vcard import Card, card_bytes

FULL = Card(
    family_name="Seo",
    given_name="Haneul",
    name="Haneul Seo",
    native_name="서하늘",
    company="Hanbada; Pictures, Inc.",
    native_company="한바다 픽처스",
    job_title="Head of sales\nand more",
    email="haneul@hanbada.example",
    website="https://hanbada.example/?a=1,2",
    country="KR",
    met_at="Busan Content Market 2025",
)


def lines_of(data: bytes) -> dict[str, str]:
    """As the icalendar library reads the lines."""
    parsed = [line.parts() for line in Contentlines.from_ical(data) if line]
    return {name: value for name, _parameters, value in parsed}


def test_a_card_reads_in_another_library():
    lines = lines_of(card_bytes(FULL))
    assert lines == {
        "BEGIN": "VCARD",
        "VERSION": "3.0",
        "PRODID": "-//Madang//Card//EN",
        "FN": "Haneul Seo (서하늘)",
        "N": "Seo;Haneul;;;",
        "NICKNAME": "서하늘",
        "ORG": "Hanbada; Pictures, Inc. (한바다 픽처스)",
        "TITLE": "Head of sales and more",
        "EMAIL": "haneul@hanbada.example",
        "URL": "https://hanbada.example/?a=1%2C2",
        "ADR": ";;;;;;South Korea",
        "NOTE": "Busan Content Market 2025",
        "END": "VCARD",
    }


def test_lines_are_folded_at_75_octets_and_end_as_they_should():
    data = card_bytes(Card("가" * 60, "", "가" * 60))
    assert data.endswith(b"END:VCARD\r\n")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    assert lines_of(data)["N"] == "가" * 60 + ";;;;"


def test_what_is_not_known_has_no_line():
    assert set(lines_of(card_bytes(Card("Sukarno", "", "Sukarno")))) == {"BEGIN", "VERSION", "PRODID", "FN", "N", "END"}
