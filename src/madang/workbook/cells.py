"""A cell's value in a column of a given kind -> the typed value of a record, or a `ValueFault`."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator

from madang.catalogue.concepts import AUDIENCES, EVERY, THEMES, TONES, reader_of
from madang.kit.codes import languages_of
from madang.kit.money import currencies
from madang.kit.sheets.values import ValueFault, as_clock, as_date, as_moment, as_number, as_text
from madang.mandates.facts import media_of
from madang.workbook.columns import Column, Kind, normal
from madang.workbook.columns.choices import WISH_VALUES, WISHES, YESNO
from madang.workbook.columns.kinds import CODE_LENGTH
from madang.workbook.countries import country_code

LIST_MARKS = re.compile(r"[,;/·、，|\n+&]")
CODE_MARKS = re.compile(r"[,;、，\n]")
MOST_CODES = 100
FORBIDDEN_IN_CODE = re.compile(r"[/\\,;、，]")
is_email, is_url = EmailValidator(), URLValidator(schemes=["http", "https"])


def parsed(column: Column, value: Any) -> Any:
    """The typed value of a cell that is not blank. Raises `ValueFault`."""
    return PARSERS[column.kind](column, value)


def _text(column: Column, value: Any) -> str:
    text = as_text(value, many_lines=column.kind is Kind.LONG)
    if column.limit and len(text) > column.limit:
        raise ValueFault("too_long", length=len(text), limit=column.limit)
    return text


def _code(column: Column, value: Any) -> str:
    text = _text(column, value)
    if FORBIDDEN_IN_CODE.search(text) or not text.strip("."):
        raise ValueFault("bad_code")
    return text


def _slug(column: Column, value: Any) -> str:
    text = _text(column, value)
    if not re.fullmatch(r"[-a-zA-Z0-9_]+", text, re.ASCII):
        raise ValueFault("bad_slug")
    return text


def _refs(column: Column, value: Any) -> tuple[str, ...]:
    codes = sorted({code for part in CODE_MARKS.split(as_text(value, many_lines=True)) if (code := as_text(part))})
    if len(codes) > MOST_CODES:
        raise ValueFault("too_many_codes", limit=MOST_CODES)
    if longest := next((code for code in codes if len(code) > CODE_LENGTH), ""):
        raise ValueFault("too_long", length=len(longest), limit=CODE_LENGTH)
    return tuple(codes)


def _email(column: Column, value: Any) -> str:
    text = _text(column, value).removeprefix("mailto:")
    try:
        is_email(text)
    except ValidationError as fault:
        raise ValueFault("bad_email") from fault
    return text


def _url(column: Column, value: Any) -> str:
    text = _text(column, value)
    if "://" not in text:
        text = f"https://{text}"
    try:
        is_url(text)
    except ValidationError as fault:
        raise ValueFault("bad_url") from fault
    if len(text) > column.limit:
        raise ValueFault("too_long", length=len(text), limit=column.limit)
    return text


def _number(column: Column, value: Any) -> int:
    number = as_number(value)
    if not 0 <= number <= column.limit:
        raise ValueFault("number_range", limit=column.limit)
    return number


@lru_cache(maxsize=64)
def _meanings(column: Column) -> dict[str, str]:
    found = {key_of(name): choice.value for choice in column.choices for name in choice.also}
    return found | {key_of(name): choice.value for choice in column.choices for name in (*choice.words, choice.value)}


def key_of(name: str) -> str:
    """The normalised word; a sign such as "○" has no letters and stands for itself."""
    return normal(name) or name.strip()


def _choice(column: Column, value: Any) -> Any:
    found = _meanings(column).get(key_of(as_text(value)))
    if found is None:
        raise ValueFault("not_a_choice")
    return WISH_VALUES[found] if column.choices is WISHES else found


def _choices(column: Column, value: Any) -> tuple[str, ...]:
    parts = [part for part in LIST_MARKS.split(as_text(value, many_lines=True)) if part.strip()]
    chosen = {_choice(column, part) for part in parts}
    return tuple(choice.value for choice in column.choices if choice.value in chosen)


def _yesno(column: Column, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    return bool(_choice(column, value) == YESNO[0].value)


def _country(column: Column, value: Any) -> str:
    found = country_code(as_text(value))
    if found is None:
        raise ValueFault("not_a_country")
    return found


def _countries(column: Column, value: Any) -> str:
    parts = [part.strip() for part in LIST_MARKS.split(as_text(value)) if part.strip()]
    letters = all(len(part) == 2 for part in parts)  # "IN, DE" are two countries, though "Inde" is the French name of one
    whole = None if letters else country_code(as_text(value))  # "Bosnia & Herzegovina" is one country
    codes = [whole] if whole else [_country(column, part) for part in parts]
    text = ", ".join(dict.fromkeys(codes))
    if len(text) > column.limit:
        raise ValueFault("too_long", length=len(text), limit=column.limit)
    return text


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {zone.casefold(): zone for zone in available_timezones()}


def _zone(column: Column, value: Any) -> str:
    found = _zones().get(as_text(value).replace(" ", "_").casefold())
    if found is None:
        raise ValueFault("not_a_zone")
    return found


CONCEPTS = {"tones": reader_of(TONES), "themes": reader_of(THEMES), "audiences": reader_of(AUDIENCES), "all": reader_of(EVERY)}


def _amount(column: Column, value: Any) -> Decimal:
    if isinstance(value, bool):
        raise ValueFault("not_an_amount")
    text = re.sub(r"[\s,\u202f]", "", as_text(value))
    if not re.fullmatch(r"\d{1,13}(\.\d{1,2}0*)?", text, re.ASCII):
        raise ValueFault("not_an_amount")
    return Decimal(text).quantize(Decimal("0.01"))


def _currency(column: Column, value: Any) -> str:
    code = as_text(value).upper()
    if code not in currencies():
        raise ValueFault("not_a_currency")
    return code


def _listed(column: Column, value: Any, read: Callable[[str], tuple[list[str], list[str]]], fault: str) -> str:
    found, strange = read(as_text(value, many_lines=True))
    if strange:
        raise ValueFault(fault, words=", ".join(strange[:3])[:80])
    text = ", ".join(found)
    if len(text) > column.limit:
        raise ValueFault("too_long", length=len(text), limit=column.limit)
    return text


PARSERS: dict[Kind, Callable[[Column, Any], Any]] = {
    Kind.CODE: _code,
    Kind.SLUG: _slug,
    Kind.REF: _text,
    Kind.REFS: _refs,
    Kind.TEXT: _text,
    Kind.LONG: _text,
    Kind.EMAIL: _email,
    Kind.URL: _url,
    Kind.DATE: lambda column, value: as_date(value),
    Kind.CLOCK: lambda column, value: as_clock(value),
    Kind.MOMENT: lambda column, value: as_moment(value),
    Kind.NUMBER: _number,
    Kind.YESNO: _yesno,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.COUNTRY: _country,
    Kind.COUNTRIES: _countries,
    Kind.ZONE: _zone,
    Kind.AMOUNT: _amount,
    Kind.CURRENCY: _currency,
    Kind.LANGUAGES: lambda column, value: _listed(column, value, languages_of, "not_a_language"),
    Kind.MEDIA: lambda column, value: _listed(column, value, media_of, "not_a_medium"),
    Kind.CONCEPTS: lambda column, value: _listed(column, value, CONCEPTS[column.to], "not_a_concept"),
}
