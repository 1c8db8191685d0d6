"""Columns that matches read: read, written back, refused in their cells; each mandate of a file gets its version."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pytest
from books import examined, told
from factories import UserFactory
from openpyxl import Workbook

from madang.catalogue.models import Profile
from madang.kit.sheets import open_book
from madang.mandates.models import Mandate, MandateVersion
from madang.workbook.actions import load_workbook
from madang.workbook.comparing import examine
from madang.workbook.differing import nothing_differs
from madang.workbook.exporting import export_edition

pytestmark = pytest.mark.django_db

WRITTEN = {
    "Mandates!G2": "맞는 작품", "Mandates!H2": "어두움, poétique", "Mandates!I2": 45, "Mandates!J2": "60", "Mandates!K2": "youth",
    "Mandates!L2": "français; ko", "Mandates!M2": "sought", "Mandates!N2": "free, SVOD", "Mandates!O2": "2027-01-01",
    "Mandates!P2": dt.datetime(2029, 12, 31), "Mandates!Q2": "독점", "Mandates!R2": 1000, "Mandates!S2": 25000.5,
    "Mandates!T2": "eur", "Mandates!U2": "horreur, 전쟁",
    "Titles!AD2": "Sombre", "Titles!AE2": "바다, amitié", "Titles!AF2": "women viewers", "Titles!AG2": "Lantern Street",
    "Titles!AH2": "yes", "Titles!AI2": "English, 프랑스어", "Titles!AJ2": "License", "Titles!AK2": "12,000.50",
    "Titles!AL2": "KRW",
}  # fmt: skip


def load(cells=None, actor=None, change=None):
    found = examined(actor, None, cells, change)
    assert told(found) == []
    return load_workbook(actor, None, found).edition


def test_they_are_read_as_people_write_them():
    load(WRITTEN)
    mandate = Mandate.objects.get(code="M01")
    assert (mandate.visibility, mandate.tones, mandate.minutes_from, mandate.minutes_to) == ("matches", "dark, poetic", 45, 60)
    assert (mandate.audiences, mandate.languages, mandate.first_time, mandate.media) == (
        "youth",
        "fr, ko",
        "sought",
        "SVOD, FREE",
    )
    assert (mandate.window_from, mandate.window_to) == (dt.date(2027, 1, 1), dt.date(2029, 12, 31))
    assert (mandate.first_time, mandate.exclusivity, mandate.must_nots) == ("sought", "exclusive", "horror, war")
    assert (mandate.budget_from, mandate.budget_to, mandate.budget_currency) == (Decimal(1000), Decimal("25000.50"), "EUR")
    [profile] = Profile.objects.all()
    assert (profile.title.code, profile.tones, profile.themes) == ("W01", "dark", "friendship, sea")
    assert (profile.audiences, profile.comparables, profile.is_first_work) == ("women's audience", "Lantern Street", True)
    assert (profile.spoken_in, profile.seeks, profile.asks, profile.asks_currency) == (
        "en, fr",
        "licence",
        Decimal("12000.50"),
        "KRW",
    )


def test_an_export_reads_back_without_a_change_in_every_language():
    edition = load(WRITTEN)
    for language in ("en", "ko", "fr"):
        file = io.BytesIO()
        export_edition(edition, file, language)
        found = examine(None, edition, open_book(io.BytesIO(file.getvalue())))
        assert (told(found), nothing_differs(found.differences)) == ([], True)


@pytest.mark.parametrize(
    ("cells", "faults"),
    [
        ({"Mandates!H2": "qwertz"}, [("Mandates!H2", "not_a_concept")]),
        ({"Mandates!H2": "sea"}, [("Mandates!H2", "not_a_concept")]),
        ({"Mandates!L2": "Qwertzish"}, [("Mandates!L2", "not_a_language")]),
        ({"Mandates!N2": "Dreams"}, [("Mandates!N2", "not_a_medium")]),
        ({"Mandates!R2": "much"}, [("Mandates!R2", "not_an_amount")]),
        ({"Mandates!R2": -5}, [("Mandates!R2", "not_an_amount")]),
        ({"Mandates!R2": "9" * 25}, [("Mandates!R2", "not_an_amount")]),
        ({"Mandates!T2": "XXY"}, [("Mandates!T2", "not_a_currency")]),
        ({"Mandates!S2": 500}, [("Mandates!T2", "no_currency")]),
        ({"Titles!AK2": 500}, [("Titles!AL2", "no_currency")]),
        ({"Mandates!I2": 60, "Mandates!J2": 45}, [("Mandates!J2", "range_reversed")]),
        ({"Mandates!O2": "2027-02-01", "Mandates!P2": "2027-01-01"}, [("Mandates!P2", "range_reversed")]),
        ({"Mandates!M2": "perhaps"}, [("Mandates!M2", "not_a_choice")]),
        ({"Titles!AG2": "가" * 601}, [("Titles!AG2", "too_long")]),
    ],
)
def test_faults_stand_in_their_cells(cells, faults):
    found = examined(None, None, cells)
    assert told(found) == faults
    assert all(fault.message() and fault.mend() for fault in found.faults)


def without_new_columns(book: Workbook) -> None:
    book["Mandates"].delete_cols(8, 14)
    book["Titles"].delete_cols(30, 9)


def test_a_file_of_earlier_days_changes_nothing_of_them():
    load(WRITTEN)
    before = [list(Mandate.objects.order_by("pk").values()), list(Profile.objects.values())]
    load({"Mandates!G2": "matches"}, change=without_new_columns)
    assert [list(Mandate.objects.order_by("pk").values()), list(Profile.objects.values())] == before


def test_each_import_that_changes_a_mandate_is_a_version_by_who_imported():
    edition = load()
    organiser = UserFactory()
    edition.market.organisers.add(organiser)
    load({"Mandates!I2": 30}, actor=organiser)
    load({"Mandates!I2": 30}, actor=organiser)
    kept = MandateVersion.objects.order_by("mandate__code", "number")
    assert list(kept.values_list("mandate__code", "number", "by", "facts__minutes_from")) == [
        ("M01", 1, None, None), ("M01", 2, organiser.pk, 30),
        ("M02", 1, None, None), ("M03", 1, None, None), ("M04", 1, None, None),
    ]  # fmt: skip
    assert Mandate.objects.get(code="M01").version == 2


def test_a_mandate_without_a_version_gets_its_first_words_first():
    load()
    MandateVersion.objects.all().delete()
    load({"Mandates!C2": "Other words"})
    kept = MandateVersion.objects.filter(mandate__code="M01").order_by("number").values_list("number", "facts__text")
    assert [(number, text[:5]) for number, text in kept] == [(1, "Crime"), (2, "Other")]
