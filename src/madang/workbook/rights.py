"""A company's rights as a workbook of its own: what is there, and what a file would do. Organisers do not read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from madang.accounts.models import User
from madang.catalogue.models import Title
from madang.deals.forms_statements import company_called
from madang.deals.models import Document, DocumentKind, DocumentState, Line, LineKind, Milestone
from madang.deals.queries.entries import Entry
from madang.deals.queries.statements import own_company, whole_lines
from madang.deals.readings import read_rights
from madang.deals.rules import own_titles, visible_milestones, visible_statements
from madang.kit.sheets import Book
from madang.markets.models import Edition
from madang.people.models import Company
from madang.workbook.columns import RIGHTS_SHEETS, spec_of
from madang.workbook.faults import Fault, errors
from madang.workbook.places import fault_in
from madang.workbook.reading import Reading, read_sheets
from madang.workbook.records import Contents, Record, Values
from madang.workbook.writing import write_book

MILESTONE_FIELDS = ("name", "earliest", "latest", "actual")
SETS = ("territories", "media", "languages")


@dataclass(slots=True)
class Ground:
    """What a company has: its titles, statements that count, milestones; and the companies of the edition."""

    company: Company
    titles: dict[str, Title]
    companies: dict[str, Company]
    documents: dict[tuple[bool, str], Document]
    lines: dict[tuple[int, int], Line]
    milestones: dict[str, Milestone]
    taken: set[str]


@dataclass(slots=True)
class PlannedLine:
    """A row of Rights: the statement and line that are there (or None), what is to stand there."""

    record: Record
    is_held: bool
    contract: str
    number: int
    document: Document | None
    line: Line | None
    paper: dict[str, Any]
    entry: Entry
    differs: bool


@dataclass(slots=True)
class PlannedMilestone:
    """A row of Milestones."""

    record: Record
    title: Title
    there: Milestone | None
    facts: dict[str, Any]
    differs: bool


@dataclass(slots=True)
class Plan:
    """What a file would do. Nothing is done where there are errors."""

    faults: list[Fault] = field(default_factory=list)
    lines: list[PlannedLine] = field(default_factory=list)
    milestones: list[PlannedMilestone] = field(default_factory=list)

    @property
    def may_load(self) -> bool:
        return not errors(self.faults) and bool(self.lines or self.milestones)

    @property
    def counts(self) -> dict[str, int]:
        """New, changed and unchanged rows."""
        there = [(row.line is not None, row.differs) for row in self.lines]
        there += [(row.there is not None, row.differs) for row in self.milestones]
        words = Counter("new" if not is_there else "changed" if differs else "unchanged" for is_there, differs in there)
        return {word: words[word] for word in ("new", "changed", "unchanged")}


def read_rights_book(book: Book) -> Reading:
    """Each cell by itself. May raise `UnreadableFile`."""
    return read_sheets(book, sheets=RIGHTS_SHEETS)


def plan_of(user: User, edition: Edition, reading: Reading) -> Plan:
    """The file against what the company has stated, with all of its faults at once."""
    company = own_company(user, edition)
    if company is None:
        return Plan()
    ground = ground_of(user, edition, company)
    plan = Plan(list(reading.faults))
    plan.milestones = [row for record in reading.records.of("Milestones") if (row := _milestone(ground, reading, plan, record))]
    for row in plan.milestones:
        draft = Milestone(edition=edition, title=row.title, code=row.record.code, name=row.facts.get("name", ""))
        ground.milestones.setdefault(row.record.code, draft)
    seen: dict[tuple[str, int], int] = {}
    for record in reading.records.of("Rights"):
        if (line := _line(ground, reading, plan, record)) is None:
            continue
        key = (line.contract, line.number)
        if key in seen:
            plan.faults.append(fault_in(reading.records, record, "line", "doubled_code", other=seen[key]))
        seen.setdefault(key, record.row)
        plan.lines.append(line)
    return plan


def ground_of(user: User, edition: Edition, company: Company) -> Ground:
    """A constant number of queries."""
    statements = visible_statements(user, edition).filter(state=DocumentState.STATED).select_related("edition", "company")
    papers = list(statements.order_by("pk"))
    lines = whole_lines(Line.objects.filter(document__in=[paper.pk for paper in papers]))
    mine = {milestone.code: milestone for milestone in visible_milestones(user, edition).select_related("title")}
    others = Milestone.objects.filter(edition=edition).exclude(pk__in=[milestone.pk for milestone in mine.values()])
    return Ground(
        company,
        {title.code: title for title in own_titles(user, edition)},
        {one.code: one for one in Company.objects.filter(edition=edition)},
        {(paper.kind == DocumentKind.HOLDING, number_of(paper, papers)): paper for paper in papers},
        {(line.document_id, line.number): line for line in lines},
        mine,
        set(others.values_list("code", flat=True)),
    )


def number_of(document: Document, papers: list[Document]) -> str:
    """What a contract is called in the workbook: its number, or its code where several share the number or none is known."""
    alike = [paper for paper in papers if paper.reference == document.reference and paper.kind == document.kind]
    return document.reference if document.reference and len(alike) == 1 else document.code


def rights_contents(user: User, edition: Edition) -> Contents:
    """Milestones and lines of the company's statements that count, in their order."""
    company = own_company(user, edition)
    if company is None:
        return {}
    ground = ground_of(user, edition, company)
    names = {paper.pk: number for (_is_held, number), paper in ground.documents.items()}
    milestones = {
        code: {"code": code, "title": one.title.code, **{name: getattr(one, name) for name in MILESTONE_FIELDS}}
        for code, one in ground.milestones.items()
    }
    lines = sorted(ground.lines.values(), key=lambda line: (line.kind != LineKind.GRANT, line.document_id, line.number))
    return {
        "Milestones": milestones,
        "Rights": {f"{line.pk}": line_values(line, names) for line in lines},
    }


def line_values(line: Line, names: dict[int, str]) -> Values:
    """A line as the sheet says it."""
    what = "held" if line.kind == LineKind.GRANT else line.reason or ("exclusive" if line.exclusive else "licence")
    values: Values = {
        "contract": names[line.document_id],
        "line": line.number,
        "title": line.title.code,
        "what": what,
        "party": line.document.counterparty,
        "standing": line.document.standing,
        "exclusive": line.kind == LineKind.GRANT and line.exclusive,
        "only_party": line.only_party,
        "runs": line.runs,
        "clause": line.clause,
        "ends_early": tuple(sorted(one.code for one in line.ended_early_by.all())),
        "exempt": tuple(sorted(one.code for one in line.exempt.all())),
        "only": tuple(sorted(one.code for one in line.only.all())),
        "subject_to": tuple(sorted(names.get(one.pk, one.code) for one in line.subject_to.all())),
    }
    for side in ("start", "end"):
        milestone = getattr(line, f"{side}_after")
        values |= {
            side: getattr(line, side),
            f"{side}_open": getattr(line, f"{side}_open"),
            f"{side}_after": milestone.code if milestone else "",
            f"{side}_lag": str(getattr(line, f"{side}_lag")) if milestone else "",
        }
    return values | {name: getattr(line, f"{name}_said") for name in SETS}


def export_rights(user: User, edition: Edition, target: Path | IO[bytes], language: str) -> None:
    """Write the company's workbook: it reads back without changing anything, and is the template for more."""
    write_book(target, language, rights_contents(user, edition), RIGHTS_SHEETS)


def _milestone(ground: Ground, reading: Reading, plan: Plan, record: Record) -> PlannedMilestone | None:
    there = ground.milestones.get(record.code)
    values = record.values
    title = ground.titles.get(values.get("title", ""))
    faults = list(_milestone_faults(ground, reading, record, title))
    plan.faults += faults
    if title is None or faults:
        return None
    facts = {name: values[name] for name in MILESTONE_FIELDS if name in values}
    differs = there is None or any(getattr(there, name) != value for name, value in facts.items())
    return PlannedMilestone(record, title, there, facts, differs)


def _milestone_faults(ground: Ground, reading: Reading, record: Record, title: Title | None) -> Iterator[Fault]:
    there, values = ground.milestones.get(record.code), record.values
    if "title" in values and (title is None or (there is not None and there.title_id != title.pk)):
        yield fault_in(reading.records, record, "title", "unknown_code", target="Titles")
    if record.code in ground.taken:
        yield fault_in(reading.records, record, "code", "bad_code")
    earliest, latest = values.get("earliest"), values.get("latest")
    if earliest and latest and latest < earliest:
        yield fault_in(reading.records, record, "latest", "days_reversed")


def _line(ground: Ground, reading: Reading, plan: Plan, record: Record) -> PlannedLine | None:
    """A row of Rights; None where a cell of it is already at fault."""
    said = record.values
    if not {"contract", "title", "what", "territories", "media"} <= said.keys():
        return None
    is_held, contract, number = said["what"] == "held", said["contract"], said.get("line") or 1
    document = ground.documents.get((is_held, contract))
    line = ground.lines.get((document.pk, number)) if document else None
    names = {paper.pk: name for (_is_held, name), paper in ground.documents.items()}
    before = line_values(line, names) if line else {column.key: column.default for column in spec_of("Rights").columns}
    values = before | said
    faults = list(_faults(ground, reading, record, values, line))
    if faults:
        plan.faults += faults
        return None
    paper = {"counterparty": values["party"], "standing": values["standing"] if not is_held else "signed"}
    differs = line is None or any(before[key] != value for key, value in said.items() if key in before)
    return PlannedLine(record, is_held, contract, number, document, line, paper, _entry(ground, values, document), differs)


def _faults(ground: Ground, reading: Reading, record: Record, values: Values, line: Line | None) -> Iterator[Fault]:
    title = ground.titles.get(values["title"])
    if title is None or (line is not None and line.title_id != title.pk):
        yield fault_in(reading.records, record, "title", "unknown_code", target="Titles")
    for name in SETS:
        if fault := read_rights(name, values[name]).fault:
            yield fault_in(reading.records, record, name, "unreadable_rights", fault=fault.rstrip("."))
    numbers = {number for _is_held, number in ground.documents} | {
        str(other.values.get("contract", "")) for other in reading.records.of("Rights")
    }
    for key, known, target in (
        ("exempt", set(ground.companies), "Companies"),
        ("only", set(ground.companies), "Companies"),
        ("ends_early", set(ground.milestones), "Milestones"),
        ("subject_to", numbers, "Rights"),
    ):
        for code in values[key]:
            if code not in known:
                yield fault_in(reading.records, record, key, "unknown_code", target=target)
    for side in ("start", "end"):
        if values[f"{side}_after"] and values[f"{side}_after"] not in ground.milestones:
            yield fault_in(reading.records, record, f"{side}_after", "unknown_code", target="Milestones")
        if not _is_whole(values[f"{side}_lag"]):
            yield fault_in(reading.records, record, f"{side}_lag", "not_a_number")
    if values["start"] and values["end"] and values["end"] < values["start"]:
        yield fault_in(reading.records, record, "end", "days_reversed")


def _is_whole(text: str) -> bool:
    return not text or text.removeprefix("-").isdecimal()


def _entry(ground: Ground, values: Values, document: Document | None) -> Entry:
    what = values["what"]
    is_held, is_licence = what == "held", what in ("exclusive", "licence")
    paper = document or Document(edition=ground.company.edition, company=ground.company)
    papers = {number: found for (_held, number), found in ground.documents.items()}
    return Entry(
        titles=(ground.titles[values["title"]],),
        kind=LineKind.GRANT if is_held else LineKind.LICENCE if is_licence else LineKind.RESTRICTION,
        reason="" if is_held or is_licence else what,
        **{name: values[name] for name in SETS},
        **_bound(ground, values, "start"),
        **_bound(ground, values, "end"),
        party=ground.company if is_held else company_called(paper, values["party"]),
        exclusive=values["exclusive"] if is_held else what == "exclusive",
        only_party=values["only_party"],
        runs=values["runs"],
        clause=values["clause"],
        exempt=tuple(ground.companies[code] for code in values["exempt"]),
        only=tuple(ground.companies[code] for code in values["only"]),
        subject_to=tuple(papers[number] for number in values["subject_to"] if number in papers),
        ended_early_by=tuple(ground.milestones[code] for code in values["ends_early"]),
    )


def _bound(ground: Ground, values: Values, side: str) -> dict[str, Any]:
    """A first or last day: the day, else the milestone, else how it is open; nothing is the beginning, or an end to be agreed."""
    if values[side]:
        return {side: values[side]}
    if code := values[f"{side}_after"]:
        return {f"{side}_after": ground.milestones[code], f"{side}_lag": int(values[f"{side}_lag"] or 0)}
    return {f"{side}_open": values[f"{side}_open"] or ("perpetuity" if side == "start" else "tba")}
