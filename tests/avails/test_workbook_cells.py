"""What people write into cells, and what is written into ours."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madang.avails.cells import read_cell, write_cell

DAY = dt.datetime(2013, 6, 14)


@pytest.mark.parametrize(
    ("column", "value", "text", "code"),
    [
        ("Start", DAY, "2013-06-14", None),
        ("Start", "2013-06-14", "2013-06-14", None),
        ("Start", "2013-06-14T10:00:00", "2013-06-14T10:00:00", None),
        ("Start", "2013-06-14T10:00:00+09:00", "2013-06-14T10:00:00+09:00", None),
        ("Start", DAY.replace(hour=10), "2013-06-14T10:00:00", None),
        ("Start", "2013-06-14 00:00:00", "2013-06-14", None),
        ("Start", "14/06/2013", "2013-06-14", "cell-date-format"),
        ("Start", "06/07/2013", "06/07/2013", "cell-date-ambiguous"),
        ("Start", "2013-02-30", "2013-02-30", "cell-date"),
        ("End", "Open", "Open", None),
        ("End", " eststart ", "ESTStart", "cell-spelling"),
        ("End", "whenever", "whenever", None),
        ("EntryType", " FuLl  extract  ", "Full Extract", "cell-spelling"),
        ("WorkType", " moVie ", "Movie", "cell-spelling"),
        ("LicenseType", "est", "EST", "cell-spelling"),
        ("LicenseType", "Rental", "Rental", None),
        ("Exclusive", "=TRUE()", "Yes", None),
        ("Exclusive", False, "No", None),
        ("ExceptionFlag", "y", "Yes", None),
        ("CaptionIncluded", 0, "No", None),
        ("BrandingRights", "perhaps", "perhaps", "cell-yes-no"),
        ("Download", "Burn", "Burn", None),
        ("RentalDuration", 720, "PT720H", None),
        ("WatchDuration", "72", "PT72H", None),
        ("WatchDuration", "P3D", "P3D", None),
        ("WatchDuration", "soon", "soon", "cell-hours"),
        ("TotalRunTime", dt.time(1, 56, 20), "PT1H56M20S", None),
        ("TotalRunTime", "1:56:20", "PT1H56M20S", None),
        ("TotalRunTime", "56:20", "PT56M20S", None),
        ("TotalRunTime", 0.5, "PT12H", None),
        ("TotalRunTime", 116, "PT1H56M", "cell-minutes"),
        ("ReleaseHistoryOriginal", 2005, "2005", None),
        ("ReleaseHistoryOriginal", "2005-03", "2005-03", None),
        ("TotalRunTime", "long", "long", "cell-duration"),
        ("WindowDuration", "p180d", "P180D", None),
        ("EndLag", "-P5DT10H", "-P5DT10H", None),
        ("AllowedLanguages", "es:SubDub | fr;ko", "es:subdub, fr, ko", None),
        ("BundledALIDs", "a;b", "a, b", None),
        ("Territory", "us, ca", "US, CA", "cell-spelling"),
        ("Territory", "ZZ", "ZZ", None),
        ("ReleaseYear", 2006, "2006", None),
        ("PriceValue", 7.99, "7.99", None),
        ("SRP", "1000.00", "1000.00", None),
        ("HFR", True, "true", None),
        ("TitleInternalAlias", "One\u202etwo", "One\u202etwo", "cell-text"),
    ],
)
def test_cells_are_read_as_people_mean_them(column: str, value: Any, text: str, code: str | None) -> None:
    found, remark = read_cell(column, value)
    assert (found, remark.code if remark else None) == (text, code)


@given(
    st.sampled_from(
        ["Start", "End", "AnnounceDate", "TotalRunTime", "RentalDuration", "AvailID", "PriceValue", "Exclusive", "AltID"]
    ),
    st.one_of(
        st.dates(dt.date(1950, 1, 1), dt.date(2150, 1, 1)).map(dt.date.isoformat),
        st.integers(0, 10**12).map(str),
        st.decimals(0, 10**6, places=2).map(str),
        st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20),
        st.integers(0, 10**6).map(lambda n: read_cell("TotalRunTime", dt.timedelta(seconds=n))[0]),
    ),
)
def test_what_was_read_is_written_so_that_it_is_read_again(column: str, value: str) -> None:
    text, remark = read_cell(column, value)
    if remark is None and text:
        assert read_cell(column, write_cell(column, text)) == (text, None)
