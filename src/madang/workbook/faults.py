"""What can be wrong with a workbook's contents: each fault has a place, a sentence, and a way to mend it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from madang.kit.sheets import CELL_FAULTS, letter
from madang.kit.sheets.faults import gettext_noop
from madang.workbook.columns import spec_of

ERROR, WARNING = "error", "warning"
"""An error keeps the whole file out; a warning lets it in."""

SENTENCES = CELL_FAULTS | {
    "no_sheets": (
        gettext_noop("None of the sheets has a name that is known."),
        gettext_noop("Start from the template: its sheets are Edition, Tables, Slots, Companies, People and so on."),
    ),
    "no_edition": (
        gettext_noop("The sheet Edition is missing or has no row."),
        gettext_noop("Add the sheet Edition with the code, the days and the time zone."),
    ),
    "one_edition": (
        gettext_noop("A workbook is about one edition, and this is another row."),
        gettext_noop("Keep one row, and make a workbook for each edition."),
    ),
    "unknown_sheet": (
        gettext_noop("The sheet “%(sheet)s” is not known and was left out."),
        gettext_noop("Rename it if it should be read."),
    ),
    "doubled_sheet": (
        gettext_noop("The sheet is there twice: “%(one)s” and “%(other)s”."),
        gettext_noop("Put all rows into one of them."),
    ),
    "unknown_column": (
        gettext_noop("The column “%(header)s” is not known and was left out."),
        gettext_noop("Compare with the template if it should be read."),
    ),
    "missing_column": (gettext_noop("The column “%(header)s” is missing."), gettext_noop("Add it; the template shows it.")),
    "required": (gettext_noop("The cell is empty."), gettext_noop("Fill in “%(header)s”.")),
    "too_long": (
        gettext_noop("The text has %(length)s letters; there is room for %(limit)s."),
        gettext_noop("Shorten it."),
    ),
    "too_many_codes": (
        gettext_noop("The cell names more than %(limit)s codes."),
        gettext_noop("Name fewer."),
    ),
    "date_for_text": (
        gettext_noop("The spreadsheet turned this text into a date or time."),
        gettext_noop("Format the cell as text and write the value again."),
    ),
    "control_characters": (
        gettext_noop("The text contains invisible control characters."),
        gettext_noop("Delete the text and type it again."),
    ),
    "bad_code": (
        gettext_noop("A code may not contain spaces at its ends, slashes, commas, semicolons or only dots."),
        gettext_noop("Use letters, digits and hyphens."),
    ),
    "bad_slug": (
        gettext_noop("This short name cannot stand in an address."),
        gettext_noop("Use Latin letters without accents, digits and hyphens."),
    ),
    "bad_email": (gettext_noop("This is not an e-mail address."), gettext_noop("Write it as name@example.org.")),
    "bad_url": (gettext_noop("This is not a web address."), gettext_noop("Write it as https://example.org.")),
    "not_a_number": (gettext_noop("This is not a whole number."), gettext_noop("Write digits only.")),
    "number_range": (gettext_noop("The number lies outside 0 to %(limit)s."), gettext_noop("Correct the number.")),
    "not_a_date": (gettext_noop("This is not a date."), gettext_noop("Write it as 2025-05-28.")),
    "ambiguous_date": (
        gettext_noop("It cannot be told which is the day and which the month."),
        gettext_noop("Write the date as 2025-05-28."),
    ),
    "not_a_time": (gettext_noop("This is not a time of day."), gettext_noop("Write it as 09:30.")),
    "not_a_choice": (gettext_noop("This value is not known here."), gettext_noop("Choose one of: %(choices)s.")),
    "not_a_country": (
        gettext_noop("This country is not known."),
        gettext_noop("Write its two letters (KR, FR) or its name in English, Korean or French."),
    ),
    "not_a_zone": (gettext_noop("This time zone is not known."), gettext_noop("Write it as Asia/Seoul or Europe/Paris.")),
    "not_an_amount": (gettext_noop("This is not an amount."), gettext_noop("Write digits, such as 12000 or 12000.50.")),
    "not_a_currency": (gettext_noop("This is no currency in use."), gettext_noop("Write three letters: KRW, EUR, USD.")),
    "not_a_language": (
        gettext_noop("This is no language that is known: %(words)s."),
        gettext_noop("Write its name in English, Korean or French, or its code (ko, fr)."),
    ),
    "not_a_medium": (
        gettext_noop("This is no medium that is known: %(words)s."),
        gettext_noop("Write codes such as SVOD, AVOD, FREE, PAYTV or THEA."),
    ),
    "not_a_concept": (
        gettext_noop("These words are not known here: %(words)s."),
        gettext_noop("Write other words for it, in English, Korean or French; the form on the site shows all."),
    ),
    "range_reversed": (
        gettext_noop("This is below “%(other)s”."),
        gettext_noop("Correct one of the two."),
    ),
    "no_currency": (gettext_noop("An amount stands without its currency."), gettext_noop("Write three letters: KRW, EUR, USD.")),
    "doubled_code": (gettext_noop("The code stands in row %(other)s already."), gettext_noop("Give each row its own code.")),
    "unknown_code": (
        gettext_noop("There is no such code in “%(target)s”."),
        gettext_noop("Correct the code, or add its row to “%(target)s”."),
    ),
    "unknown_code_near": (
        gettext_noop("There is no such code in “%(target)s”."),
        gettext_noop("Did you mean %(near)s? Otherwise add its row to “%(target)s”."),
    ),
    "days_reversed": (gettext_noop("The last day is before the first."), gettext_noop("Correct one of the two days.")),
    "day_missing": (
        gettext_noop("The start has a time but no date."),
        gettext_noop("Fill in the day, or write the start as 2025-05-28 09:00."),
    ),
    "time_reversed": (gettext_noop("The end is not after the start."), gettext_noop("Correct one of the two times.")),
    "nonexistent_time": (
        gettext_noop("This time does not exist: the clocks of %(zone)s are put forward over it."),
        gettext_noop("Choose a time that the clocks show."),
    ),
    "ambiguous_time": (
        gettext_noop("The clocks of %(zone)s show this time twice on that day."),
        gettext_noop("Write which one, with its distance from UTC: %(example)s."),
    ),
    "slot_too_long": (gettext_noop("The slot is longer than 12 hours."), gettext_noop("Correct its start or end.")),
    "slot_outside": (
        gettext_noop("The slot lies outside the edition's days, %(first)s to %(last)s."),
        gettext_noop("Correct the slot's day or the edition's days."),
    ),
    "slot_overlap": (gettext_noop("The slot overlaps with %(other)s."), gettext_noop("Let one end where the other begins.")),
    "doubled_email": (
        gettext_noop("The address belongs to %(other)s already."),
        gettext_noop("One person, one row, one address: correct it, or remove one of the rows."),
    ),
    "no_role": (
        gettext_noop("The person has no role, so she neither asks nor is asked for meetings."),
        gettext_noop("Fill in Roles."),
    ),
    "not_professional": (
        gettext_noop("%(person)s is neither buyer, seller nor creator."),
        gettext_noop("Add the role in People if the meeting is meant."),
    ),
    "not_a_buyer": (
        gettext_noop("%(person)s is not a buyer."),
        gettext_noop("Add the role buyer in People, or correct the code."),
    ),
    "request_to_oneself": (gettext_noop("The request goes to its own sender."), gettext_noop("Correct From or To.")),
    "own_company": (
        gettext_noop("Both people are of the company %(company)s."),
        gettext_noop("Correct From or To, or the company in People."),
    ),
    "doubled_pair": (
        gettext_noop("The open request %(other)s is between the same two people."),
        gettext_noop("Keep one; set the other to withdrawn."),
    ),
    "answer_without_answer": (
        gettext_noop("The receiver's wish is there, but the request is not answered."),
        gettext_noop("Set the status to accepted or declined, or empty the wish."),
    ),
    "foreign_title": (
        gettext_noop("The title %(title)s belongs to neither side's company."),
        gettext_noop("Check the title's code."),
    ),
    "session_of_slot": (
        gettext_noop("The fixed slot %(slot)s is not in that session."),
        gettext_noop("Empty the session, or choose another slot."),
    ),
    "slot_taken": (
        gettext_noop("%(person)s has the fixed slot %(slot)s in request %(other)s too."),
        gettext_noop("Choose another slot for one of the two."),
    ),
    "table_taken": (
        gettext_noop("Request %(other)s has the same fixed table and slot."),
        gettext_noop("Choose another table or slot for one of the two."),
    ),
    "away_in_slot": (
        gettext_noop("%(person)s is unavailable in the fixed slot %(slot)s."),
        gettext_noop("Choose another slot, or remove the row in Unavailable."),
    ),
    "cycle": (
        gettext_noop("The requests wait for each other in a circle: %(circle)s."),
        gettext_noop("Remove one of these codes from After."),
    ),
    "two_booths": (
        gettext_noop("The company %(company)s has the booth %(other)s already."),
        gettext_noop("Name the company at one booth only."),
    ),
    "not_a_booth": (
        gettext_noop("A company is named, but the table is not a booth."),
        gettext_noop("Write yes under Booth, or empty the company."),
    ),
    "hall_names_differ": (
        gettext_noop("The hall %(hall)s has another name in row %(other)s."),
        gettext_noop("Give the hall one name."),
    ),
    "no_span": (
        gettext_noop("Neither a slot nor a time is given."),
        gettext_noop("Fill in the slot, or From and Until."),
    ),
    "two_spans": (
        gettext_noop("Both a slot and times are given."),
        gettext_noop("Keep the slot, or From and Until."),
    ),
    "doubled_span": (
        gettext_noop("The same person and start stand in row %(other)s already."),
        gettext_noop("Keep one row, with the longer time."),
    ),
    "edition_refused": (
        gettext_noop("You cannot write into an edition with this code."),
        gettext_noop("Correct the code; for an edition of your own choose another code."),
    ),
    "market_refused": (
        gettext_noop("You cannot add an edition to this market."),
        gettext_noop("Leave the cell empty, or ask the market's organiser."),
    ),
    "may_not_create": (
        gettext_noop("Only organisers of a market may make a new edition."),
        gettext_noop("Ask an administrator, or use the code of an edition that you organise."),
    ),
    "edition_differs": (
        gettext_noop("The workbook is about another edition, %(code)s."),
        gettext_noop("Import it there, or correct the code."),
    ),
    "market_differs": (
        gettext_noop("The edition belongs to another market."),
        gettext_noop("Leave the cell empty, or correct it."),
    ),
    "slot_in_use": (
        gettext_noop("Meetings of a published timetable stand in this slot, so its time stays as it is."),
        gettext_noop("Keep the time; for another time add a slot with a new code."),
    ),
    "zone_in_use": (
        gettext_noop("A timetable is published, so the time zone stays as it is."),
        gettext_noop("Write the time zone as it was."),
    ),
    "request_in_use": (
        gettext_noop("The meeting stands in a published timetable, so its two people stay as they are."),
        gettext_noop("Set this request to withdrawn and add another with a new code."),
    ),
    "request_published": (
        gettext_noop("The meeting stands in the published timetable, which does not change by itself."),
        gettext_noop("Compute and publish the timetable again after the import."),
    ),
    "part_without_level": (
        gettext_noop("A title that is part of another is a season or an episode."),
        gettext_noop("Write season or episode under Level."),
    ),
    "part_of_itself": (
        gettext_noop("The title is part of itself: %(circle)s."),
        gettext_noop("An episode belongs to a season, a season to a series: correct one of them."),
    ),
    "unreadable_rights": (
        gettext_noop("This cannot be read. %(fault)s."),
        gettext_noop("Correct it; the page of the form shows what a text means while it is written."),
    ),
    "email_account": (
        gettext_noop("The account of this address belongs to %(other)s in this edition."),
        gettext_noop("Correct the address, or remove it there first."),
    ),
    "absent_rows": (
        gettext_noop("Rows of the edition that are not in the file: %(count)s. They stay as they are."),
        gettext_noop("Remove them on the site if they are to go."),
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault and its place: `row` as the spreadsheet shows it (0: the whole sheet), `column` a letter, `header` its words."""

    sheet: str
    row: int
    column: str
    header: str
    value: str
    code: str
    params: dict[str, str] = field(default_factory=dict)
    severity: str = ERROR

    @property
    def place(self) -> str:
        """ "People!C17"; the sheet alone where the whole sheet is meant."""
        return f"{self.sheet}!{self.column}{self.row}" if self.row else self.sheet

    def message(self, translate: Callable[[str], str] = gettext_noop, language: str = "en") -> str:
        """What is wrong, in a sentence."""
        return translate(SENTENCES[self.code][0]) % _spelt(self.params, language)

    def mend(self, translate: Callable[[str], str] = gettext_noop, language: str = "en") -> str:
        """What to do about it."""
        return translate(SENTENCES[self.code][1]) % _spelt(self.params, language)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def _spelt(params: dict[str, str], language: str) -> dict[str, str]:
    """A column named "@Sheet.column" in the reader's language: its header, or the words of its choices."""
    spelt = dict(params)
    for name in ("header", "choices"):
        if params.get(name, "").startswith("@"):
            sheet, _, key = params[name][1:].partition(".")
            column = spec_of(sheet).column(key)
            words = [column.header] if name == "header" else [choice.words for choice in column.choices]
            spelt[name] = ", ".join(text.of(language) for text in words)
    return spelt


def fault_at(
    sheet: str, row: int, column: int, header: str, value: str, code: str, severity: str = ERROR, /, **params: object
) -> Fault:
    """A fault in the cell of that row and column number."""
    filled = {name: str(text) for name, text in params.items()}
    return Fault(sheet, row, letter(column), header, value, code, filled, severity)


def errors(faults: list[Fault]) -> list[Fault]:
    return [fault for fault in faults if fault.severity == ERROR]
