"""What people write of territories, media and languages, and what it means."""

from __future__ import annotations

import pytest

from madang.kernels.rights import RightsError, language_table, media_table, territory_table

T, M, L = territory_table(), media_table(), language_table()

TEXTS = [
    ("World excl. US, CA", "World excl. CA, US"),
    ("+WRD -US -CA", "World excl. CA, US"),
    ("WW-US-JP", "World excl. JP, US"),
    ("excl. France", "World excl. FR"),
    ("Benelux", "BE, LU, NL"),
    ("Germany, Austria and Switzerland", "AT, CH, DE"),
    ("DE;AT|CH", "AT, CH, DE"),
    ("World excluding Benelux incl. Flanders", "World excl. BE-WAL, BE-BRU, LU, NL"),
    ("BE-VLG, BE-WAL, BE-BRU", "BE"),
    ("UK & Ireland minus Guernsey", "GB, IE, IM, JE"),
    ("840", "US"),
    ("Trinidad and Tobago, Côte d’Ivoire, Cote d'Ivoire", "CI, TT"),
    ("Canada except Quebec", "CA-ON, CA-BC, CA-AB, CA-MB, CA-SK, CA-NS, CA-NB, CA-NL, CA-PE, CA-NT, CA-YT, CA-NU"),
    ("Yugoslavia", "BA, HR, ME, MK, RS, SI, XK"),
    ("독일, 프랑스; 한국", "DE, FR, KR"),
    ("베네룩스", "BE, LU, NL"),
    ("monde hors États-Unis, Canada", "World excl. CA, US"),
    ("Allemagne, Coree du Sud", "DE, KR"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "meant"), TEXTS)
def test_territories_as_people_write_them(text, meant):
    assert T.say(T.read(text).mask) == meant


def test_what_is_said_is_read_as_the_same():
    for text, _ in TEXTS:
        mask = T.read(text).mask
        assert T.read(T.say(mask)).mask == mask


def test_groups_that_contracts_disagree_about_say_so():
    assert T.read("GSA").notes == (
        "GSA is read without Liechtenstein, South Tyrol, Luxembourg: contracts disagree, so name them.",
    )
    assert T.read("Benelux").notes == ()


def test_an_unknown_territory_is_named_with_its_place():
    with pytest.raises(RightsError, match=r"'Germny' is no territory we know \(character 5\)"):
        T.read("FR, Germny, DE")


def test_the_table_is_whole():
    assert len(T.countries) == 250
    assert T.union(T.countries) == T.all
    assert T.masks["150"] & T.masks["142"] == 0
    assert T.all & ~T.union(["002", "019", "142", "150", "009"]) == T.masks["AQ"]
    with pytest.raises(RightsError, match="no table of territories"):
        territory_table("1999-01")


def test_media_are_a_tree():
    assert len(M.leaves) >= 32
    assert M.masks["ALL"] == M.all
    assert M.read("Pay TV") == M.read("PAY1, PAY2, BASIC")
    assert M.say(M.read("SVOD, AVOD, FVOD, FAST, PAY1")) == "STREAMING, PAY1"
    with pytest.raises(RightsError, match="'Betamax' is no media right"):
        M.read("SVOD, Betamax")


def test_languages_have_three_uses():
    assert L.read("fr") == L.read("fr-FR, fr-CA, fr-BE, fr-CH")
    assert L.read("es-MX") == L.read("es-419")
    assert L.read("EN_us:Audio") == L.read("en-US:original, en-US:dub")
    assert L.say(L.read("ko:sub, ko:dub, ja")) == "ja, ko:subdub"
    assert L.read("any:sub") & L.read("any:dub") == 0
    assert L.say(L.read("any:subdub")) == "any:subdub"
    for text in ("tlh", "fr:sung"):
        with pytest.raises(RightsError):
            L.read(text)
