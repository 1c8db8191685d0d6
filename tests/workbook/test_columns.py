"""The columns against the models, and against themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import models

from madang.catalogue.models import Format, Genre, Level, Progress, Title
from madang.deals.models import LineReason, OpenDate, StatedStanding
from madang.kit.languages import LANGUAGES
from madang.mandates.models import Mandate, Visibility
from madang.markets.models import Edition, Session, Stage
from madang.meetings.models import Form, MeetingRequest, RequestStatus, Wish
from madang.people.models import ROLES, Company, CompanyKind, CompanySize, Participant, SeenBy
from madang.workbook.cells import key_of, parsed
from madang.workbook.checks import check
from madang.workbook.columns import RIGHTS_SHEETS, SHEETS, Kind, choices, header_keys, normal, rights, sheet_of, spec_of
from madang.workbook.countries import country_code
from madang.workbook.faults import SENTENCES

CHOICES = [
    (choices.STAGES, Stage.values),
    (choices.SESSIONS, Session.values),
    (choices.COMPANY_KINDS, CompanyKind.values),
    (choices.COMPANY_SIZES, CompanySize.values),
    (choices.FORMATS, Format.values),
    (choices.GENRES, Genre.values),
    (choices.WORK_STAGES, Progress.values),
    (choices.VISIBILITIES, Visibility.values),
    (choices.STATUSES, [status for status in RequestStatus.values if status != RequestStatus.DRAFT]),  # one's own alone
    (choices.ROLES, ROLES),
    (choices.SEEN_BY, SeenBy.values),
    (choices.LEVELS, Level.values),
    (rights.STANDINGS, StatedStanding.values),
    (rights.OPENS, OpenDate.values),
    (rights.WHATS[3:], LineReason.values),
    (choices.FORMS, Form.values),
]


@pytest.mark.parametrize(("offered", "stored"), CHOICES)
def test_choices_are_those_of_the_models(offered: tuple[choices.choice, ...], stored: list[str]) -> None:
    assert [choice.value for choice in offered] == list(stored)


def test_wishes_and_languages_are_those_of_the_models() -> None:
    assert sorted(choices.WISH_VALUES.values()) == Wish.values
    assert {choice.value for choice in choices.LANGUAGES} == {code for code, _ in LANGUAGES}


MODELS = {
    "Edition": Edition,
    "Companies": Company,
    "People": Participant,
    "Titles": Title,
    "Mandates": Mandate,
    "Requests": MeetingRequest,
}


@pytest.mark.parametrize("sheet", MODELS)
def test_no_text_is_longer_than_its_field(sheet: str) -> None:
    for column in spec_of(sheet).columns:
        name = "slug" if sheet == "Edition" and column.key == "code" else column.key
        fields = {field.name: field for field in MODELS[sheet]._meta.get_fields()}
        field = fields.get(name)
        if isinstance(field, models.CharField) and column.kind in (
            Kind.TEXT,
            Kind.CODE,
            Kind.EMAIL,
            Kind.URL,
            Kind.SLUG,
            Kind.COUNTRIES,
        ):
            assert (name, column.limit <= (field.max_length or 0)) == (name, True)


@pytest.mark.parametrize("spec", [*SHEETS, *RIGHTS_SHEETS], ids=lambda spec: spec.key)
def test_a_header_means_one_column_and_a_word_one_choice(spec) -> None:
    for column in spec.columns:
        for header in column.header:
            assert (header, header_keys(spec.key)[normal(header)]) == (header, column.key)
        meant: dict[str, str] = {}
        for choice in column.choices:
            for word in (*choice.words, *choice.also, choice.value):
                assert (word, meant.setdefault(key_of(word), choice.value)) == (word, choice.value)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("people", "People"),
        ("참가자", "People"),
        ("사람", "People"),
        ("회사", "Companies"),
        ("구매 희망", "Mandates"),
        ("구매 희망 조건", "Mandates"),
        ("SOCIÉTÉS", "Companies"),
        ("societes", "Companies"),
        ("미팅 신청", "Requests"),
        ("Créneaux", "Slots"),
        ("Notes", None),
    ],
)
def test_sheets_are_found_by_their_names_in_three_languages(name: str, key: str | None) -> None:
    spec = sheet_of(name)
    assert (spec.key if spec else None) == key


@pytest.mark.parametrize(
    ("sheet", "header", "key"),
    [
        ("People", "회사", "company"),
        ("Companies", "Genre", "kind"),
        ("Titles", "Dans la vitrine", "is_showcase"),
        ("Titles", "Retirée", "is_withdrawn"),
        ("Mandates", "Visible pour", "visibility"),
        ("Mandates", "Ce qu'elle cherche", "text"),
        ("Mandates", "Ce qu’elle cherche", "text"),
        ("Requests", "구매 희망", "mandate"),
        ("Unavailable", "사람", "person"),
        ("Unavailable", "Jusqu'à", "end"),
    ],
)
def test_words_of_earlier_workbooks_and_straight_apostrophes_are_understood(sheet: str, header: str, key: str) -> None:
    assert header_keys(sheet)[normal(header)] == key


@pytest.mark.parametrize(
    ("offered", "word", "value"),
    [
        (choices.ROLES, "창작자", "creator"),
        (choices.GENRES, "사극", "history"),
        (choices.GENRES, "Documentaire de société", "factual"),
        (choices.FORMATS, "Format", "format"),
        (choices.STAGES, "En direct", "live"),
        (choices.VISIBILITIES, "L'acheteur et l'organisateur", "hidden"),
    ],
)
def test_choices_of_earlier_workbooks_are_understood(offered: tuple[choices.choice, ...], word: str, value: str) -> None:
    found = {key_of(known): choice.value for choice in offered for known in (*choice.words, *choice.also)}
    assert found[key_of(word)] == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("KR", "KR"),
        ("kr", "KR"),
        ("KOR", "KR"),
        ("Korea", "KR"),
        ("대한민국", "KR"),
        ("한국", "KR"),
        ("Corée du Sud", "KR"),
        ("États-Unis", "US"),
        ("etats unis", "US"),
        ("프랑스", "FR"),
        ("GBR", "GB"),
        ("UK", "GB"),
        ("Atlantis", None),
        ("ZZ", None),
    ],
)
def test_countries_in_three_languages(text: str, code: str | None) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("IN, DE", "IN, DE"),  # together they spell the French name of India
        ("in/de", "IN, DE"),
        ("Inde", "IN"),
        ("Bosnia & Herzegovina", "BA"),
        ("한국, 프랑스", "KR, FR"),
        ("KR", "KR"),
    ],
)
def test_several_countries_in_a_cell(text: str, codes: str) -> None:
    column = next(one for one in spec_of("Titles").columns if one.key == "countries")
    assert parsed(column, text) == codes


def test_every_sentence_can_be_filled_or_needs_nothing() -> None:
    for message, mend in SENTENCES.values():
        assert message.endswith(".")
        assert mend.endswith(".")


def test_nothing_is_found_in_nothing() -> None:
    from madang.workbook.records import Records

    assert check(Records(), {}) == []


@pytest.mark.parametrize("spec", [*SHEETS, *RIGHTS_SHEETS], ids=lambda spec: spec.key)
def test_the_guide_has_every_sheet_and_column(spec) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guide" / "workbook.md").read_text()
    part = guide.split(f"### {spec.name.en} ({spec.name.ko}, {spec.name.fr})")[1].split("### ")[0]
    for column in spec.columns:
        name = f"**{column.header.en}**" if column.required else column.header.en
        assert f"| {name} | {column.header.ko} | {column.header.fr} | {column.help.en} |" in part
