"""Each rule of a call, met and broken, in words; premiere claims against earlier showings; subtitles line by line."""

from __future__ import annotations

import pytest
from entry_rows import WHOLE

from madang.catalogue.models import Premiere
from madang.catalogue.premieres import breaks_claim, implied_claims, widest_claim
from madang.kit.codes import countries_of, country_words, languages_of
from madang.markets.models import Edition
from madang.selection.eligibility import faults, verdicts
from madang.selection.models import Call, Entry
from madang.selection.subtitles import NotSubtitles, read_subtitles

CANNES = {"on": "2025-04-26", "country": "FR", "place": "Cannes"}


def judged(rules, *, kinds=(), submitted=0, **facts):
    """(field, state) of what stands in the way."""
    found = verdicts(Call(edition=Edition(), **rules), Entry(**WHOLE | facts), kinds, submitted)
    return [(verdict.field, verdict.state) for verdict in faults(found)]


@pytest.mark.parametrize(
    ("rules", "facts", "expected"),
    [
        ({}, {}, []),
        ({"formats": "film, series"}, {}, []),
        ({"formats": "film"}, {}, [("format", "broken")]),
        ({"progress": "development"}, {}, [("progress", "broken")]),
        ({"year_from": 2025, "year_until": 2025}, {}, []),
        ({"year_from": 2026}, {}, [("year", "broken")]),
        ({"year_until": 2024}, {}, [("year", "broken")]),
        ({"year_from": 2025}, {"year": None}, [("year", "missing")]),
        ({"minutes_from": 52, "minutes_until": 52}, {}, []),
        ({"minutes_until": 51}, {}, [("minutes", "broken")]),
        ({"minutes_from": 53}, {}, [("minutes", "broken")]),
        ({"episodes_until": 8}, {}, []),
        ({"episodes_until": 7}, {}, [("episodes", "broken")]),
        ({"countries": "JP, FR"}, {}, []),
        ({"countries": "JP"}, {}, [("countries", "broken")]),
        ({"languages": "en"}, {}, []),
        ({"languages": "fr"}, {}, [("subtitles", "broken")]),
        ({"premieres": "asian, korean"}, {}, []),
        ({"premieres": "world"}, {"premiere": "asian"}, [("premiere", "broken")]),
        ({}, {"shown": [CANNES]}, [("premiere", "broken")]),
        ({}, {"shown": [CANNES], "premiere": "asian"}, []),
        ({"needs_identity": False}, {"to_keep": ""}, []),
        ({}, {"to_keep": "", "to_keep_ko": "침묵"}, []),
        ({}, {"to_keep": ""}, [("to_keep", "missing")]),
        ({}, {"name": "", "name_ko": ""}, [("name", "missing")]),
        ({}, {"creators": "", "directors": "Han"}, []),
    ],
)
def test_each_rule(rules, facts, expected):
    assert judged(rules, **facts) == expected


def test_materials_and_the_number_of_entries():
    rules = {"required": "poster, screener", "most_entries": 2}
    assert judged(rules, kinds={"poster"}, submitted=2) == [("material-screener", "missing"), ("", "broken")]
    assert judged(rules, kinds={"poster", "screener"}, submitted=1) == []


def test_a_broken_rule_says_what_would_mend_it():
    found = faults(verdicts(Call(edition=Edition()), Entry(**WHOLE | {"shown": [CANNES]}), ()))
    assert [verdict.mend for verdict in found] == [
        "It was shown in France on Saturday 26 April 2025. What can still be claimed: International premiere."
    ]


@pytest.mark.parametrize(
    ("claim", "country", "home", "expected"),
    [
        ("world", "KR", ["KR"], True),
        ("international", "FR", ["FR"], False),
        ("international", "FR", ["KR"], True),
        ("asian", "FR", ["KR"], False),
        ("asian", "JP", ["KR"], True),
        ("korean", "JP", ["JP"], False),
        ("korean", "KR", ["KR"], True),
        ("none", "KR", ["KR"], False),
    ],
)
def test_what_breaks_a_claim(claim, country, home, expected):
    assert breaks_claim(claim, country, home) is expected


def test_the_widest_claim_is_never_broken_by_what_was_shown():
    for shown in ([], ["FR"], ["JP"], ["KR"], ["FR", "KR"]):
        for home in (["FR"], ["KR"], ["JP"]):
            claim = widest_claim(shown, home)
            implied = implied_claims(claim, home) if claim != Premiere.NONE else set()
            assert not any(breaks_claim(one, country, home) for one in implied for country in shown), (shown, home, claim)


def test_codes_as_people_write_them():
    assert countries_of("Korea, 프랑스; Corée du Sud, JP / vietnam") == (["KR", "FR", "JP", "VN"], [])
    assert countries_of("Atlantis, fr") == (["FR"], ["Atlantis"])
    assert languages_of("Korean, 영어, français") == (["ko", "en", "fr"], [])
    assert country_words("KR, FR", "fr") == "Corée du Sud, France"


def test_subtitles_line_by_line():
    text = "WEBVTT\n\n00:01.000 --> 00:02.500 align:start\nOne\n\n00:02.000 --> 00:01.000\nBack\n\n00:01.500 --> 00:03.000\n\n"
    found = read_subtitles(text.encode("utf-8-sig"))
    assert (found.cues, found.ends, found.faults) == (
        3, 3000, [("backwards", 6), ("overlap", 6), ("order", 9), ("empty", 9)],
    )  # fmt: skip


@pytest.mark.parametrize(("data", "code"), [(b"", "no_cues"), (b"\xff\x00\x81", "encoding"), ("가".encode("cp949"), "encoding")])
def test_files_that_are_no_subtitles(data, code):
    with pytest.raises(NotSubtitles) as fault:
        read_subtitles(data)
    assert fault.value.code == code
