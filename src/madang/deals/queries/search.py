"""What of a catalogue is free for a question: the kernel scans it, and only the page that is looked at is put in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from madang.catalogue.models import Title
from madang.deals.queries.findings import papers_of
from madang.deals.queries.free import OPEN_STATES, Question, Verdict, answer_of, market_book, parts_below
from madang.deals.queries.free_texts import rows_of, verdict_text
from madang.deals.rollup import rolled_text
from madang.deals.words import languages_text, media_text, window_text
from madang.kernels import rights as kernel
from madang.kit.tables import Cell
from madang.people.models import Company


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question to a catalogue and how the answer shall lie to it; see `kernels.rights.Search`."""

    question: Question
    mode: kernel.Mode = kernel.Mode.OVERLAP
    days: int = 1
    truncate: bool = True
    unavailable: bool = False

    def search(self, buyer: Company | None) -> kernel.Search:
        ask = kernel.Ask(self.question.scope, buyer=buyer.pk if buyer else None, exclusive=self.question.exclusive)
        return kernel.Search(ask, self.mode, self.days, self.truncate, self.unavailable)


@dataclass(frozen=True, slots=True)
class Scan:
    """The titles found, those with most that is free first; the book that they were found in."""

    book: kernel.Book
    found: list[kernel.Found]


@dataclass(frozen=True, slots=True)
class Hit:
    """A title found, in words. `free`: what is; `reasons`: why the rest is not."""

    title: Title
    word: str
    tone: str
    free: tuple[str, ...]
    reasons: tuple[str, ...] = ()


def scan(titles: Sequence[Title], wanted: Wanted, buyer: Company | None) -> Scan:
    """Which of the titles answer the question. A constant number of queries, however many titles."""
    book = market_book(titles, exclusive=wanted.question.exclusive)
    parts = [pk for title in titles for pk in parts_below(book, title.pk)]
    catalogue = kernel.Catalogue(book, [*(title.pk for title in titles), *parts])
    found = {one.title: one for one in catalogue.find(wanted.search(buyer))}
    hits = [one for title in titles if (one := _with_parts(book, title.pk, found, wanted)) is not None]
    asked = wanted.question.scope
    return Scan(book, sorted(hits, key=lambda one: -sum(cut.volume for box in one.free if (cut := box & asked))))


def _with_parts(book: kernel.Book, title: int, found: dict[kernel.TitleId, kernel.Found], wanted: Wanted) -> kernel.Found | None:
    """A whole is free as long as none of its parts is taken; None where it does not answer the question."""
    own = found.get(title)
    if own is None or not own.whole:
        return own
    if all((part := found.get(pk)) is not None and part.whole for pk in parts_below(book, title)):
        return own
    if wanted.mode is kernel.Mode.COVER and not wanted.unavailable:
        return None
    return kernel.Found(title, own.free, False, own.taken)


def hits_of(found: Iterable[kernel.Found], book: kernel.Book, wanted: Wanted, reader: Company, *, as_buyer: bool) -> list[Hit]:
    """The titles of one page in words for a reader; a constant number of queries."""
    page = list(found)
    titles = Title.objects.select_related("company", "edition").in_bulk([int(one.title) for one in page])
    return [_hit(titles[int(one.title)], one, book, wanted, reader if as_buyer else None) for one in page]


def _hit(title: Title, one: kernel.Found, book: kernel.Book, wanted: Wanted, buyer: Company | None) -> Hit:
    answer = answer_of(book, title.pk, wanted.question, buyer)
    largest = sorted(one.free, key=lambda box: (-box.volume, box.start))
    free = tuple(dict.fromkeys(box_text(box, wanted.question) for box in largest))
    if answer.verdict is Verdict.UNSTATED:
        return Hit(title, *verdict_text(Verdict.UNSTATED), ())
    word, tone = verdict_text(answer.verdict)
    if not wanted.unavailable:
        return Hit(title, word, tone, free)
    rows = rows_of(answer, wanted.question, papers_of((), None))
    shut = [row.text for row, part in zip(rows, answer.parts, strict=True) if not part.states & OPEN_STATES]
    return Hit(title, word, tone, free, tuple(shut))


def box_text(box: kernel.Scope, question: Question) -> str:
    """A free box: what of it is less than what was asked, and when; in one word where nothing is."""
    if box == question.scope:
        return gettext("All that you ask for")
    said = [rolled_text(box.territories)] if box.territories != question.territories else []
    if box.media != question.media:
        said.append(media_text(box.media, most=6))
    if box.languages != question.languages:
        said.append(languages_text(box.languages, most=6))
    return " · ".join([*said, window_text(box.start, box.end)])


def table_head() -> list[str]:
    """The columns of `table_rows`, in the reader's language."""
    return [
        gettext("Code"),
        gettext("Title"),
        gettext("Sold by"),
        gettext("Format"),
        gettext("Genre"),
        gettext("Year"),
        gettext("Answer"),
        gettext("Territories"),
        gettext("Media"),
        gettext("Languages"),
        gettext("First day"),
        gettext("Last day"),
        gettext("Why not"),
    ]


def table_rows(found: Sequence[kernel.Found], book: kernel.Book, wanted: Wanted, buyer: Company | None) -> Iterator[list[Cell]]:
    """A row for each free box of each title; one with the reasons for a title of which nothing is free."""
    titles = Title.objects.select_related("company", "edition").in_bulk([int(one.title) for one in found])
    for one in found:
        title = titles[int(one.title)]
        hit = _hit(title, one, book, wanted, buyer)
        facts: list[Cell] = [title.code, str(title), str(title.company or ""), str(title.get_format_display())]
        facts += [str(title.get_genre_display()), title.year, hit.word]
        reasons = "; ".join(hit.reasons)
        if not one.free:
            yield [*facts, "", "", "", None, None, reasons]
        for box in one.free:
            yield [*facts, *_cells(box), reasons]


def _cells(box: kernel.Scope) -> list[Cell]:
    sets: list[Cell] = [rolled_text(box.territories, most=100), media_text(box.media, most=100), languages_text(box.languages)]
    return [*sets, _day(box.start), _day(box.end - 1 if box.end < kernel.FOREVER else box.end)]


def _day(day: int) -> Cell:
    return dt.date.fromordinal(day) if kernel.ALWAYS < day < kernel.FOREVER else None
