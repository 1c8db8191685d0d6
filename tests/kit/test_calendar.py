"""Dates and times in words, in three languages and over several zones."""

import datetime as dt

import pytest

from madang.kit import calendar, territories

AFTERNOON = dt.datetime(2025, 5, 28, 5, 30, tzinfo=dt.UTC)  # 14:30 in Busan


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Wed 28 May, 14:30"),
        ("ko", "2025년 5월 28일 (수) 14:30"),
        ("fr", "mer. 28 mai, 14:30"),
        ("xx", "Wed 28 May, 14:30"),
    ],
)
def test_moment(language, expected):
    assert calendar.moment_text(calendar.in_zone(AFTERNOON, "Asia/Seoul"), language) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "Wednesday 28 May 2025"), ("ko", "2025년 5월 28일 (수)"), ("fr", "mercredi 28 mai 2025")],
)
def test_day(language, expected):
    assert calendar.day_text(dt.date(2025, 5, 28), language) == expected


def test_first_of_the_month_in_french():
    assert calendar.day_text(dt.date(2025, 5, 1), "fr") == "jeudi 1er mai 2025"
    assert calendar.day_text(dt.date(2025, 5, 11), "fr") == "dimanche 11 mai 2025"


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Asia/Seoul", "KST"),
        ("Europe/Paris", "CEST"),
        ("Asia/Dubai", "UTC+4"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("UTC", "UTC"),
        ("America/Sao_Paulo", "UTC−3"),
    ],
)
def test_zone_mark(zone, expected):
    assert calendar.zone_mark(calendar.in_zone(AFTERNOON, zone)) == expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Europe/Paris", "07:30 CEST"),
        ("America/Los_Angeles", "Tue 27 May, 22:30 PDT"),
        ("Asia/Tokyo", ""),  # her clock shows the same
        ("", ""),
    ],
)
def test_own_time(zone, expected):
    assert calendar.own_time_text(calendar.in_zone(AFTERNOON, "Asia/Seoul"), zone, "en") == expected


@pytest.mark.parametrize("zone", ["Nowhere/Here", "", "Asia", "../etc/passwd"])
def test_unknown_zone_is_utc(zone):
    assert calendar.zone_of(zone).key == "UTC"


def test_hour_that_the_clock_shows_twice():
    first = dt.datetime(2025, 10, 26, 0, 30, tzinfo=dt.UTC)
    marks = [calendar.zone_mark(calendar.in_zone(first + dt.timedelta(hours=n), "Europe/Paris")) for n in range(2)]
    assert marks == ["CEST", "CET"]


def test_zone_choices_hold_todays_names_with_their_cities():
    zones = dict(pair for _continent, pairs in calendar.zone_choices("ko") for pair in pairs)
    assert zones["Asia/Seoul"] == "서울"
    assert zones["Asia/Kolkata"] == "콜카타"
    assert "Asia/Calcutta" not in zones


def test_zone_name():
    assert calendar.zone_name("Asia/Seoul", "en") == "Korean Time"
    assert "Corée" in calendar.zone_name("Asia/Seoul", "fr")


@pytest.mark.parametrize(
    ("code", "language", "expected"),
    [("KR", "en", "South Korea"), ("KR", "ko", "대한민국"), ("kr", "fr", "Corée du Sud"), ("QQ", "en", "QQ"), ("", "en", "")],
)
def test_country_name(code, language, expected):
    assert territories.country_name(code, language) == expected


def test_country_choices_are_sorted_and_are_countries():
    choices = territories.country_choices("en")
    assert len(choices) > 240
    assert [name for _code, name in choices] == sorted(name for _code, name in choices)
    assert not {"EU", "ZZ", "XA"} & {code for code, _name in choices}
