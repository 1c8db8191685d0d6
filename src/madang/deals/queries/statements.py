"""What a company holds and sold, title by title, and what to look at: gaps, clashes, what lapses soon."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Title
from madang.deals.models import Document, DocumentKind, DocumentState, Line, LineKind, LineReason, Milestone
from madang.deals.queries.book import book_of
from madang.deals.queries.findings import Papers, Told, papers_of, told
from madang.deals.rules import dealer_of, own_titles, visible_lines, visible_statements
from madang.deals.sets import masks_of
from madang.deals.words import countries_of, day_text, languages_text, line_window_text, media_text, territories_text
from madang.kernels import rights as kernel
from madang.markets.models import Edition, LogEntry
from madang.markets.rules import Visitor
from madang.people.models import Company

SOON = 90
"""Days in which what ends is told."""


@dataclass(frozen=True, slots=True)
class Warn:
    """Something to look at: what, and how much it matters (a badge's class)."""

    tone: str
    text: str


@dataclass(slots=True)
class TitleRow:
    """A title in the list of one's rights. `held` in words, "" if nothing is stated; `contracts`: made elsewhere and in deals."""

    title: Title
    held: str = ""
    contracts: int = 0
    warnings: list[Warn] = field(default_factory=list)
    parts: int = 0


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line in words. `territories` as written, `countries` how many they are today; no `languages` are all of them."""

    line: Line
    document: Document
    what: str
    tone: str
    territories: str
    countries: int
    media: str
    languages: str
    window: str
    facts: tuple[str, ...]


def own_company(user: Visitor, edition: Edition) -> Company | None:
    """Whose rights the user states."""
    me = dealer_of(user, edition)
    return me.company if me else None


def title_rows(user: Visitor, edition: Edition, titles: Iterable[Title]) -> list[TitleRow]:
    """What is stated of each title, with warnings; a constant number of queries."""
    company, every = own_company(user, edition), list(titles)
    if company is None or not every:
        return []
    book = book_of(every)
    papers = papers_of((line for lines in book.lines.values() for line in lines), company)
    today = edition.now().astimezone(edition.zone).date()
    return [_title_row(title, company, book, papers, today) for title in every]


def statement_findings(user: Visitor, document: Document) -> list[tuple[Title, list[Told]]]:
    """What a contract elsewhere runs into today, title by title, in the order of the checks."""
    company = own_company(user, document.edition)
    titles = {line.title_id: line.title for line in whole_lines(document.lines.all())}
    if company is None or document.kind != DocumentKind.SOLD or document.state != DocumentState.STATED:
        return []
    book = book_of(titles.values())
    found = told(kernel.conflicts(book, _deal(book, company, document.pk, titles)), company)
    return by_title(found, titles)


def by_title(found: Iterable[Told], titles: dict[int, Title]) -> list[tuple[Title, list[Told]]]:
    """Findings under the titles of the new contract; the order of the titles, then that of the checks."""
    kept: defaultdict[int, list[Told]] = defaultdict(list)
    for one in found:
        kept[int(one.finding.new.title)].append(one)
    return [(title, kept[pk]) for pk, title in titles.items() if kept[pk]]


def whole_lines(lines: QuerySet[Line]) -> QuerySet[Line]:
    """With everything that `line_rows` says of them."""
    return (
        lines.select_related(
            "document__deal", "document__edition", "title__part_of", "title__edition", "territories", "media", "languages"
        )
        .select_related("start_after", "end_after", "party")
        .prefetch_related("exempt", "only", "subject_to", "ended_early_by")
    )


def rights_of(user: Visitor, title: Title) -> list[Line]:
    """Lines of a title and of what it is part of that count today: what is held first, then contracts, in their order."""
    wholes = [title.pk, title.part_of_id, title.part_of.part_of_id if title.part_of else None]
    states = [DocumentState.STATED, DocumentState.SIGNED, DocumentState.ACCEPTED, DocumentState.SENT]
    seen = visible_lines(user, title.edition).filter(title__in=[pk for pk in wholes if pk], document__state__in=states)
    lines = whole_lines(seen).order_by("document__pk", "number")
    return sorted(lines, key=lambda line: line.kind != LineKind.GRANT)


def ended_statements(user: Visitor, title: Title) -> QuerySet[Document]:
    """Contracts of the title that count no more."""
    papers = visible_statements(user, title.edition).filter(lines__title=title, state=DocumentState.ENDED)
    return papers.distinct().order_by("-answered_at", "-pk")


def milestones_of(user: Visitor, edition: Edition, titles: Iterable[Title]) -> QuerySet[Milestone]:
    """Of these titles and what they are part of."""
    mine = own_titles(user, edition)
    pks = {pk for title in titles for pk in (title.pk, title.part_of_id) if pk}
    return Milestone.objects.filter(title__in=mine.filter(pk__in=pks).values("pk")).select_related("title")


HISTORY = {
    "state_rights": _("Stated"),
    "add_to_statement": _("Lines added"),
    "change_statement": _("Contract changed"),
    "change_line": _("Line %(line)s changed"),
    "drop_line": _("Line %(line)s taken away"),
    "end_statement": _("Ended"),
    "resume_statement": _("Counts again"),
}
"""Verb of the log -> words for the company's own people."""
SHOWN_BEFORE = (
    "territories_said",
    "media_said",
    "languages_said",
    "start",
    "end",
    "counterparty",
    "reference",
    "standing",
    "clause",
)


@dataclass(frozen=True, slots=True)
class Happened:
    """What was done to a contract: when, by whom, and what it said before."""

    at: dt.datetime
    who: str
    what: str
    before: str


def history(document: Document) -> list[Happened]:
    """What the log keeps of a contract, newest first."""
    entries = LogEntry.objects.filter(edition=document.edition_id, subject=document.code, verb__in=HISTORY)
    return [
        Happened(
            entry.at,
            str(entry.actor or ""),
            str(HISTORY[entry.verb]) % {"line": entry.details.get("line", "")},
            " · ".join(str(before[name]) for name in SHOWN_BEFORE if before.get(name)),
        )
        for entry in entries.select_related("actor").order_by("-at", "-pk")
        for before in [entry.details.get("before", {})]
    ]


def line_rows(lines: Iterable[Line]) -> list[LineRow]:
    """Lines in words."""
    return [_line_row(line) for line in lines]


def _line_row(line: Line) -> LineRow:
    territories, media, languages = masks_of(line)
    what, tone = what_text(line)
    return LineRow(
        line,
        line.document,
        what,
        tone,
        line.territories_said or territories_text(territories),
        len(countries_of(territories)),
        media_text(media),
        "" if languages == kernel.language_table().all else languages_text(languages),
        line_window_text(line),
        tuple(_facts(line)),
    )


def what_text(line: Line) -> tuple[str, str]:
    """What a line does in two words, and the class of its badge."""
    if line.kind == LineKind.GRANT:
        held = gettext("Held exclusively") if line.exclusive else gettext("Held, not exclusively")
        return held, "ok"
    if line.kind == LineKind.LICENCE:
        return (gettext("Exclusive licence"), "bad") if line.exclusive else (gettext("Licence, not exclusive"), "info")
    return str(LineReason(line.reason).label), "warn"


def _facts(line: Line) -> Iterator[str]:
    if line.runs is not None:
        yield ngettext("%(n)s run", "%(n)s runs", line.runs) % {"n": line.runs}
    if milestones := ", ".join(str(m) for m in line.ended_early_by.all()):
        yield gettext("ends early with: %(milestones)s") % {"milestones": milestones}
    if names := ", ".join(str(company) for company in line.exempt.all()):
        yield gettext("does not bind %(names)s") % {"names": names}
    if names := ", ".join(str(company) for company in line.only.all()):
        yield gettext("binds %(names)s alone") % {"names": names}
    if line.only_party:
        yield gettext("binds %(names)s alone") % {"names": line.party or line.document.counterparty}
    if numbers := ", ".join(paper.reference or paper.code for paper in line.subject_to.all()):
        yield gettext("subject to %(contracts)s") % {"contracts": numbers}


def _title_row(title: Title, company: Company, book: kernel.Book, papers: Papers, today: dt.date) -> TitleRow:
    placed = [(line, scope) for line, scope in book.placed(title.pk) if papers.document(line)]
    grants = [line for line, _scope in placed if line.kind is kernel.Kind.GRANT and line.party == company.pk]
    sold = {line.contract for line, _scope in placed if line.kind is not kernel.Kind.GRANT}
    warnings = [*_clashes(title, company, book, papers, sold), *_lapses(placed, book, papers, today)]
    return TitleRow(title, _held(grants), len(sold), warnings, len(book.parts.get(title.pk, ())))


def _held(grants: list[kernel.Line]) -> str:
    if not grants:
        return ""
    territories = media = 0
    for grant in grants:
        territories, media = territories | grant.territories, media | grant.media
    words = [territories_text(territories, most=4), media_text(media, most=4)]
    if not any(grant.exclusive for grant in grants):
        words.append(pgettext("rights", "not exclusive"))
    return " · ".join(words)


def _deal(book: kernel.Book, company: Company, contract: int | str, titles: Iterable[int]) -> kernel.Deal:
    lines = (line for title in titles for line in book.lines.get(title, ()) if line.contract == contract)
    return kernel.Deal(company.pk, tuple(line for line in lines if line.kind is not kernel.Kind.GRANT))


def _clashes(title: Title, company: Company, book: kernel.Book, papers: Papers, contracts: Iterable[int | str]) -> Iterator[Warn]:
    """Sold without being held; contracts that stand in each other's way, each pair once."""
    gaps: set[int | str] = set()
    pairs: set[frozenset[int | str]] = set()
    for contract in contracts:
        for found in kernel.conflicts(book, _deal(book, company, contract, [title.pk])):
            if found.severity is kernel.Severity.ERROR and found.line is None:
                gaps.add(contract)
            elif found.severity is kernel.Severity.ERROR and found.line is not None:
                pairs.add(frozenset({contract, found.line.contract}))
    if gaps:
        numbers = ", ".join(sorted(_numbers(papers, gaps)))
        yield Warn("bad", gettext("Sold more than is held: %(contracts)s") % {"contracts": numbers})
    if pairs:
        numbers = "; ".join(sorted(" / ".join(sorted(_numbers(papers, pair))) for pair in pairs))
        yield Warn("bad", gettext("In each other\u2019s way: %(contracts)s") % {"contracts": numbers})


def _numbers(papers: Papers, contracts: Iterable[int | str]) -> list[str]:
    known = [papers.documents[contract] for contract in contracts if contract in papers.documents]
    return [document.reference or document.code for document in known]


def _lapses(placed: list[tuple[kernel.Line, kernel.Scope]], book: kernel.Book, papers: Papers, today: dt.date) -> list[Warn]:
    """What ends within SOON days, the soonest first: holdings, licences, options; and events that would take a holding away."""
    soon = range(today.toordinal(), today.toordinal() + SOON + 1)
    found: set[tuple[int, str]] = set()
    for line, _scope in placed:
        document = papers.document(line)
        if document is None:
            continue
        days = [(kernel.widest(line, book.events).end - 1, _lapse_text(line))]
        days += [(day, gettext("What you hold by %(contract)s may revert from %(day)s on")) for day in _reversions(line, book)]
        facts = {"contract": document.reference or document.code}
        found |= {(day, text % (facts | {"day": day_text(day)})) for day, text in days if day in soon}
    return [Warn("warn", text) for _day, text in sorted(found)]


def _reversions(line: kernel.Line, book: kernel.Book) -> Iterator[int]:
    """The first days on which events may take a holding away."""
    events = [book.events.get(after.event, kernel.Event()) for after in line.event_end]
    return (event.earliest for event in events if event.actual is None and event.earliest is not None)


def _lapse_text(line: kernel.Line) -> str:
    if line.kind is kernel.Kind.GRANT:
        return gettext("What you hold by %(contract)s ends on %(day)s")
    if line.reason is kernel.Reason.OPTION:
        return gettext("The option of %(contract)s lapses on %(day)s")
    return gettext("%(contract)s ends on %(day)s")
