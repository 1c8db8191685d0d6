"""What a column of the workbook is: its words in three languages, its kind, its limits."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple


class Words(NamedTuple):
    """A text in the three languages of the house."""

    en: str
    ko: str
    fr: str

    def of(self, language: str) -> str:
        return {"ko": self.ko, "fr": self.fr}.get(language[:2], self.en)


def words(text: str) -> Words:
    """ "Code|코드|Code" -> Words."""
    return Words(*text.split("|"))


class Kind(StrEnum):
    """How a cell is understood."""

    CODE = "code"
    SLUG = "slug"
    REF = "ref"
    REFS = "refs"
    TEXT = "text"
    LONG = "long"
    EMAIL = "email"
    URL = "url"
    DATE = "date"
    CLOCK = "clock"  # a time of day, or a date with its time
    MOMENT = "moment"  # a date with its time, or a date alone
    NUMBER = "number"
    YESNO = "yesno"
    CHOICE = "choice"
    CHOICES = "choices"
    COUNTRY = "country"
    COUNTRIES = "countries"
    ZONE = "zone"
    AMOUNT = "amount"
    CURRENCY = "currency"
    LANGUAGES = "languages"
    MEDIA = "media"
    CONCEPTS = "concepts"  # of the lexicon; `to` says which: tones, themes, audiences or all


class Choice(NamedTuple):
    """A value that may stand in a column, its words, and what else people write for it."""

    value: str
    words: Words
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column: `key` is its name in records, `to` the sheet that a reference leads to, `limit` letters or the highest number."""

    key: str
    kind: Kind
    header: Words
    help: Words
    required: bool = False
    limit: int = 0
    to: str = ""
    choices: tuple[Choice, ...] = ()
    also: tuple[str, ...] = ()
    default: object = ""
    width: int = 16


@dataclass(frozen=True)
class SheetSpec:
    """A sheet: `key` is its name in records; `code` the column whose value names a row (empty: rows have no name)."""

    key: str
    name: Words
    help: Words
    columns: tuple[Column, ...]
    code: str = "code"
    also: tuple[str, ...] = ()

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


def normal(text: str) -> str:
    """Letters and digits only, without accents and case: how headers, sheet names and choices are compared."""
    return _normal(text[:200])


@lru_cache(maxsize=20_000)
def _normal(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    kept = "".join(letter for letter in plain if letter.isalnum() and not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", kept).casefold()


CODE_LENGTH = 40


def column(key: str, kind: Kind, header: str, help: str, **more: object) -> Column:  # noqa: A002 # reads as in the tables below
    """A column, its words written "English|Korean|French"."""
    limits = {Kind.CODE: CODE_LENGTH, Kind.REF: CODE_LENGTH, Kind.SLUG: 50}
    more.setdefault("limit", limits.get(kind, 0))
    return Column(key, kind, words(header), words(help), **more)  # type: ignore[arg-type]  # the fields of Column
