"""Budget lines and postings as tables: written, and read back with every fault by sheet, row and column.

Headers and choices are known in every language of the site. Lines are found by their code. A posting with a number is one
that is there already; it must stand as it stands. One without a number is new.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from madang.kit.languages import LANGUAGES
from madang.kit.money import currencies
from madang.kit.sheets import CELL_FAULTS, Book, Row, Sheet, Table, as_table, is_blank, letter
from madang.kit.sheets.values import ValueFault, as_date, as_text, shown
from madang.kit.tables import Cell
from madang.outcomes.forms_money import FIRST, LAST
from madang.outcomes.models import Activity, BudgetLine, Direction, Grant, Grows, Posting, PostingKind
from madang.outcomes.queries.budget import Budget

Labels = Mapping[str, str | Promise]
LINES: Labels = {
    "code": gettext_lazy("Code"), "activity": gettext_lazy("Activity"), "name": gettext_lazy("What for"),
    "direction": gettext_lazy("Cost or income"), "planned": gettext_lazy("Planned"), "limit": gettext_lazy("Limit"),
    "currency": gettext_lazy("Currency"), "grows": gettext_lazy("Grows"), "grant": gettext_lazy("Grant"),
}  # fmt: skip
POSTINGS: Labels = {
    "number": gettext_lazy("Number"), "line": gettext_lazy("Budget line"), "kind": gettext_lazy("Kind"),
    "amount": gettext_lazy("Amount"), "currency": gettext_lazy("Currency"), "on": gettext_lazy("Day"),
    "reference": gettext_lazy("Invoice or order"), "counterparty": gettext_lazy("Whom to, or from"),
    "settles": gettext_lazy("Pays commitment number"),
}  # fmt: skip
NEEDED = {"lines": ("code", "activity", "name", "planned", "currency"), "postings": ("line", "kind", "amount", "currency", "on")}
LONGEST = {"code": 40, "name": 200, "reference": 100, "counterparty": 200}
MOST = Decimal(10) ** 14


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: `cell` as "B7"; only the sheet where it is about the sheet."""

    sheet: str
    cell: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the file, and the column of each of its facts, counted from 1."""

    sheet: str
    row: int
    columns: Mapping[str, int]


@dataclass(slots=True)
class Reading:
    """What a file would do: facts of lines by code, and of new postings, with their places; nothing of it while there are
    faults."""

    new_lines: dict[str, dict[str, Any]] = field(default_factory=dict)
    changed_lines: dict[str, dict[str, Any]] = field(default_factory=dict)
    same_lines: int = 0
    postings: list[dict[str, Any]] = field(default_factory=list)
    same_postings: int = 0
    places: dict[str, Place] = field(default_factory=dict)
    posting_places: list[Place] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


# --- Writing --------------------------------------------------------------------------------------------------------------


def head_of(labels: Labels) -> list[str]:
    return [str(label) for label in labels.values()]


def line_rows(lines: Iterable[BudgetLine]) -> list[list[Cell]]:
    return [
        [
            line.code, line.activity.code, line.name, str(Direction(line.direction).label), line.planned, line.limit,
            line.currency, str(Grows(line.grows).label), line.grant.code if line.grant else "",
        ]
        for line in lines
    ]  # fmt: skip


def posting_rows(budget: Budget) -> list[list[Cell]]:
    """Those that stand, by line and day."""
    return [
        [
            one.pk, line.line.code, str(PostingKind(one.kind).label), one.amount, one.currency, one.on, one.reference,
            one.counterparty, one.settles_id,
        ]
        for line in budget.lines.values()
        for one in line.postings
    ]  # fmt: skip


# --- Reading --------------------------------------------------------------------------------------------------------------


def normal(words: str) -> str:
    """A header or choice as it is compared."""
    return re.sub(r"[\W_]+", " ", words.casefold()).strip()


def known_words(labels: Labels) -> dict[str, str]:
    """Every way of writing a header: its key, and its words in each language."""
    found = {normal(key): key for key in labels}
    for language, _name in LANGUAGES:
        with override(language):
            for key, label in labels.items():
                found.setdefault(normal(str(label)), key)
    return found


class Wrong(ValueError):
    """A cell that cannot be taken; the text says why."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key, self.text = key, text


class Reader:
    """Goes through a book beside the budget as it stands."""

    def __init__(self, book: Book, budget: Budget) -> None:
        edition = budget.edition
        self.book, self.budget, self.found = book, budget, Reading()
        self.lines = {one.line.code: one.line for one in budget.lines.values()}
        self.standing = {posting.pk: posting for one in budget.lines.values() for posting in one.postings}
        self.activities = {row.code: row for row in Activity.objects.filter(edition=edition)}
        self.grants = {row.code: row for row in Grant.objects.filter(edition=edition)}
        choices = {"direction": Direction, "grows": Grows, "kind": PostingKind}
        self.choices = {name: known_words(dict(several.choices)) for name, several in choices.items()}
        self.seen: dict[tuple[Any, ...], str] = {}

    def read(self) -> Reading:
        """Lines first, for postings name them."""
        sheets = [self.book.read(name) for name in self.book.sheet_names if not self.book.is_hidden(name)]
        tables = [known for sheet in sheets if sheet.rows and (known := self._table(sheet))]
        for kind, read in (("lines", self._line), ("postings", self._posting)):
            for found, table in tables:
                if found == kind:
                    self._rows(table, read)
        if not tables and not self.found.faults:
            self.found.faults.append(Fault("", "", "", _("There is no table of budget lines or postings in it.")))
        return self.found

    def _table(self, sheet: Sheet) -> tuple[str, Table] | None:
        """A sheet that is neither is left out, as somebody's own notes; one that lacks a column is a fault."""
        for kind, labels in (("postings", POSTINGS), ("lines", LINES)):
            table = as_table(sheet, known_words(labels), normal)
            missing = [key for key in NEEDED[kind] if key not in table.columns]
            if not missing:
                self.found.faults += [self._cell_fault(sheet.name, fault) for fault in table.faults]
                return kind, table
            if len(missing) < 3:
                words = ", ".join(str(labels[key]) for key in missing)
                text = _("These columns are missing: %(columns)s.") % {"columns": words}
                self.found.faults.append(Fault(sheet.name, "", "", text))
                return None
        return None

    def _cell_fault(self, sheet: str, fault: Any) -> Fault:
        what, mend = CELL_FAULTS[fault.code]
        text = " ".join(_(words) % fault.params for words in (what, mend))
        return Fault(sheet, f"{letter(fault.column)}{fault.row}", shown(fault.value), text)

    def _rows(self, table: Table, read: Callable[[Table, Row], None]) -> None:
        for row in table.rows:
            try:
                read(table, row)
            except Wrong as wrong:
                column = table.columns.get(wrong.key, 0)
                cell = f"{letter(column)}{row.number}" if column else str(row.number)
                self.found.faults.append(Fault(table.sheet, cell, shown(row.values.get(column)), wrong.text))

    # --- cells

    def _text(self, table: Table, row: Row, key: str, *, needed: bool = False) -> str:
        value = row.values.get(table.columns.get(key, 0))
        if is_blank(value):
            if needed:
                raise Wrong(key, _("Something must stand here."))
            return ""
        try:
            text = as_text(value)
        except ValueFault as fault:
            raise Wrong(key, _("This cannot be read as a text.")) from fault
        text = text[1:] if re.match(r"'[=+\-@]", text) else text  # as our own CSV writes what begins like a formula
        if len(text) > LONGEST.get(key, 200):
            raise Wrong(key, _("This is too long."))
        return text

    def _amount(self, table: Table, row: Row, key: str, *, needed: bool = True) -> Decimal | None:
        value = row.values.get(table.columns.get(key, 0))
        if is_blank(value) and not needed:
            return None
        text = re.sub(r"[\s\u202f,']", "", str(value)) if not isinstance(value, bool | dt.date | dt.time) else ""
        try:
            amount = Decimal(text) if re.fullmatch(r"[+-]?\d{1,17}(\.\d{1,12})?", text, re.ASCII) else None
        except InvalidOperation:
            amount = None
        if amount is None or abs(amount) >= MOST or amount != amount.quantize(Decimal("0.01")):
            raise Wrong(key, _("This is no amount: write it as 1200 or 1200.50."))
        return amount.quantize(Decimal("0.01"))

    def _currency(self, table: Table, row: Row) -> str:
        code = self._text(table, row, "currency", needed=True).upper()
        if code not in currencies():
            raise Wrong("currency", _("This is no currency in use: write three letters such as EUR."))
        return code

    def _choice(self, table: Table, row: Row, key: str, usual: TextChoices | None = None) -> str:
        text = self._text(table, row, key, needed=usual is None)
        if not text and usual is not None:
            return str(usual.value)
        value = self.choices[key].get(normal(text))
        if value is None:
            names = {"direction": Direction, "grows": Grows, "kind": PostingKind}[key].labels
            raise Wrong(key, _("Write one of these: %(words)s.") % {"words": ", ".join(map(str, names))})
        return value

    def _named(self, table: Table, row: Row, key: str, rows: Mapping[str, Any], *, needed: bool) -> Any:
        code = self._text(table, row, key, needed=needed)
        if code and code not in rows:
            raise Wrong(key, _("There is nothing here with this code."))
        return rows[code] if code else None

    # --- rows

    def _line(self, table: Table, row: Row) -> None:
        code = self._text(table, row, "code", needed=True)
        if not re.fullmatch(r"[\w-]+", code, re.ASCII) or code == "new":
            raise Wrong("code", _("Letters, digits and hyphens only: the code stands in addresses."))
        if code in self.found.new_lines or ("line", code) in self.seen:
            raise Wrong("code", _("This line stands in the file twice."))
        self.seen["line", code] = code
        self.found.places[code] = Place(table.sheet, row.number, table.columns)
        facts = {
            "activity": self._named(table, row, "activity", self.activities, needed=True),
            "name": self._text(table, row, "name", needed=True),
            "direction": self._choice(table, row, "direction", Direction.COST),
            "planned": self._amount(table, row, "planned"), "limit": self._amount(table, row, "limit", needed=False),
            "currency": self._currency(table, row), "grows": self._choice(table, row, "grows", Grows.FIXED),
            "grant": self._named(table, row, "grant", self.grants, needed=False),
        }  # fmt: skip
        for key in ("planned", "limit"):
            if (amount := facts[key]) is not None and amount < 0:
                raise Wrong(key, _("A plan is not below 0."))
        if facts["limit"] is not None and facts["direction"] == Direction.INCOME:
            raise Wrong("limit", _("An income has no limit."))
        self._keep_line(code, {key: value for key, value in facts.items() if key in table.columns or code not in self.lines})

    def _keep_line(self, code: str, facts: dict[str, Any]) -> None:
        there = self.lines.get(code)
        if there is None:
            self.found.new_lines[code] = facts
        elif changed := {key: value for key, value in facts.items() if getattr(there, key) != value}:
            if "direction" in changed and there.postings.exists():
                raise Wrong("direction", _("Something was posted on it: a cost stays a cost, an income an income."))
            self.found.changed_lines[code] = changed
        else:
            self.found.same_lines += 1

    def _posting(self, table: Table, row: Row) -> None:
        facts: dict[str, Any] = {
            "line": self._line_code(table, row), "kind": self._choice(table, row, "kind"),
            "amount": self._amount(table, row, "amount"), "currency": self._currency(table, row), "on": self._day(table, row),
            "reference": self._text(table, row, "reference"), "counterparty": self._text(table, row, "counterparty"),
        }  # fmt: skip
        if not facts["amount"]:
            raise Wrong("amount", _("An amount of 0 says nothing."))
        facts["settles"] = self._settles(table, row, facts)
        number = self._text(table, row, "number")
        if number:
            self._keep_numbered(number, facts)
            return
        alike = self._alike(facts)
        if facts["reference"] and alike in {self._alike(self._facts(one)) for one in self._with(facts["reference"])}:
            raise Wrong("reference", _("This is posted already: give its number, or leave the row out."))
        if facts["reference"] and alike in self.seen:
            raise Wrong("reference", _("This stands in the file twice."))
        self.seen[alike] = "posting"
        self.found.postings.append(facts)
        self.found.posting_places.append(Place(table.sheet, row.number, table.columns))

    def _with(self, reference: str) -> list[Posting]:
        return [one for one in self.standing.values() if one.reference == reference]

    def _line_code(self, table: Table, row: Row) -> str:
        code = self._text(table, row, "line", needed=True)
        if code not in self.lines and code not in self.found.new_lines:
            raise Wrong("line", _("There is nothing here with this code."))
        return code

    def _day(self, table: Table, row: Row) -> dt.date:
        value = row.values.get(table.columns["on"])
        if is_blank(value):
            raise Wrong("on", _("Something must stand here."))
        try:
            day = as_date(value)
        except ValueFault as fault:
            raise Wrong("on", _("This is no day: write it as 2025-05-28.")) from fault
        if not FIRST <= day <= LAST:
            raise Wrong("on", _("Write a day between 2000 and 2100."))
        return day

    def _settles(self, table: Table, row: Row, facts: Mapping[str, Any]) -> int | None:
        number = self._text(table, row, "settles")
        if not number:
            return None
        posting = self.standing.get(int(number)) if re.fullmatch(r"\d{1,18}", number, re.ASCII) else None
        if posting is None or posting.kind != PostingKind.COMMITTED or posting.line.code != facts["line"]:
            raise Wrong("settles", _("That is no commitment of this line that still stands."))
        if facts["kind"] != PostingKind.SPENT:
            raise Wrong("settles", _("Only a payment can settle a commitment."))
        if posting.currency != facts["currency"]:
            text = _("The commitment is in %(currency)s: post its payment in the same currency.")
            raise Wrong("currency", text % {"currency": posting.currency})
        return posting.pk

    def _keep_numbered(self, number: str, facts: Mapping[str, Any]) -> None:
        posting = self.standing.get(int(number)) if re.fullmatch(r"\d{1,18}", number, re.ASCII) else None
        if posting is None:
            raise Wrong("number", _("No posting that stands has this number. Leave it empty for a new one."))
        if self._facts(posting) != facts:
            raise Wrong("number", _("A posting is never edited: replace or withdraw it on its page."))
        self.found.same_postings += 1

    def _facts(self, posting: Posting) -> dict[str, Any]:
        names = ("kind", "amount", "currency", "on", "reference", "counterparty")
        return {"line": posting.line.code, **{name: getattr(posting, name) for name in names}, "settles": posting.settles_id}

    def _alike(self, facts: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(facts[name] for name in ("line", "kind", "amount", "currency", "on", "reference"))


def read_budget(book: Book, budget: Budget) -> Reading:
    """What the book would do to the budget. Raises `UnreadableFile` for a sheet that cannot be read."""
    try:
        return Reader(book, budget).read()
    finally:
        book.close()


def counted(reading: Reading) -> Sequence[int]:
    return len(reading.new_lines), len(reading.changed_lines), len(reading.postings)
