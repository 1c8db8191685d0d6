"""A sales sheet: what of a seller's titles is free somewhere, for paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext, pgettext

from madang.catalogue.models import Title
from madang.catalogue.queries import card_facts, episode_words
from madang.deals.queries.findings import papers_of
from madang.deals.queries.free import OPEN_STATES, Question, Verdict, answer_of, market_book
from madang.deals.queries.free_texts import Row, question_text, rows_of, verdict_text
from madang.kit.pdf import Block, Rows, Text
from madang.people.models import Company


@dataclass(frozen=True, slots=True)
class Entry:
    """A title on a sheet: its facts, what is free of it, what is not and until when."""

    title: Title
    facts: str
    word: str
    tone: str
    free: tuple[Row, ...]
    other: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A seller's sheet for a question. `left_out`: titles of which nothing is free; `unstated`: without stated rights."""

    seller: Company
    asked: str
    entries: tuple[Entry, ...]
    left_out: int
    unstated: int

    @property
    def notes(self) -> list[str]:
        """What is not on the sheet."""
        notes = []
        if self.left_out:
            text = ngettext("One more title has nothing free here.", "%(n)s more titles have nothing free here.", self.left_out)
            notes.append(text % {"n": self.left_out})
        if self.unstated:
            text = ngettext(
                "Of one more title the rights are not stated.", "Of %(n)s more titles the rights are not stated.", self.unstated
            )
            notes.append(text % {"n": self.unstated})
        return notes


def sheet_of(seller: Company, titles: Sequence[Title], question: Question, buyer: Company | None) -> Sheet:
    """What of the titles is free for the question; a constant number of queries."""
    book, papers = market_book(titles, exclusive=question.exclusive), papers_of((), None)
    entries, left_out, unstated = [], 0, 0
    for title in titles:
        answer = answer_of(book, title.pk, question, buyer)
        if answer.verdict is Verdict.UNSTATED:
            unstated += 1
            continue
        rows = list(zip(rows_of(answer, question, papers), answer.parts, strict=True))
        free = tuple(row for row, part in rows if part.states & OPEN_STATES)
        if not free:
            left_out += 1
            continue
        facts = " · ".join(text for text in (card_facts(title), episode_words(title)) if text)
        other = tuple(row for row, part in rows if not part.states & OPEN_STATES)
        entries.append(Entry(title, facts, *verdict_text(answer.verdict), free, other))
    return Sheet(seller, question_text(question), tuple(entries), left_out, unstated)


def sheet_blocks(sheet: Sheet) -> list[Block]:
    """The sheet as blocks of a PDF."""
    blocks: list[Block] = [Text(sheet.asked)]
    if sheet.entries:
        rows = [[f"{entry.title}\n{entry.facts}", _lines(entry.free), _lines(entry.other)] for entry in sheet.entries]
        blocks.append(Rows(rows, (gettext("Title"), pgettext("right", "Free"), gettext("Not free")), (3, 4, 3)))
    else:
        blocks.append(Text(gettext("None of this seller's titles is free here.")))
    return [*blocks, *(Text(note, "small") for note in sheet.notes)]


def _lines(rows: Sequence[Row]) -> str:
    return "\n".join(row.text for row in rows) or "–"
