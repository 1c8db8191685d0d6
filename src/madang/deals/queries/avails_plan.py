"""What loading an avails file would do to the rights that a company holds: new, changed, removed, unchanged, line by line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from madang.avails.columns import WORDS
from madang.avails.records import AvailsFile, Finding, Record, Severity
from madang.catalogue.models import Title
from madang.deals.models import Document, DocumentKind, Line, Source
from madang.deals.queries.avails import Given, NotGiven, Releases, given, given_of
from madang.deals.queries.avails_records import is_own_statement
from madang.deals.queries.avails_titles import Matching, NewPart, NotFound, TitleIndex, place_of
from madang.markets.models import Edition
from madang.people.models import Company

Progress = Callable[[str, int, int], None]
BY_EDIT = frozenset({"1.5", "1.6", "1.7", "1.7.2"})
"""Versions in which a full extract replaces the avails of an edit in a territory, and not all of an ALID."""
NAMES = ("ALID", "EditID", "EpisodeID", "ContentID", "EpisodeContentID", "SeasonContentID", "SeriesContentID")
"""What an avail is known by: the first of these that a row has (Excel 1.5 and 1.6 have no ALID)."""
EDITS = ("EditID", "EpisodeID", "EpisodeContentID", "SeasonContentID", "ContentID")
LEFT_OUT = frozenset({"Volume", "Collection", "Supplemental", "Promotion", "Franchise"})
"""Kinds of work that are no title of a catalogue, unless one of them is called so."""
TAKING = ("Full Delete", "Delete")
Target = Title | NewPart


@dataclass(slots=True)
class Entry:
    """A row of the file: what it says, of which title (None where it only takes away) and what it gives."""

    record: Record
    target: Target | None = None
    given: Given | None = None

    @property
    def kind(self) -> str:
        """Its EntryType."""
        return self.record.get("EntryType")


@dataclass(slots=True)
class DocumentPlan:
    """What happens to the statement of one ALID."""

    reference: str
    document: Document | None
    unchanged: list[Line] = field(default_factory=list)
    new: list[tuple[Target, Given]] = field(default_factory=list)
    changed: list[tuple[Line, Target, Given]] = field(default_factory=list)
    removed: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Examination:
    """All that loading would do, and what stands against it."""

    findings: list[Finding] = field(default_factory=list)
    plans: list[DocumentPlan] = field(default_factory=list)
    left_out: int = 0

    @property
    def may_load(self) -> bool:
        """Whole or not at all: one error keeps the file out."""
        return bool(self.plans) and not any(finding.severity == Severity.ERROR for finding in self.findings)

    def counts(self) -> dict[str, int]:
        """How many lines are new, changed, removed and unchanged."""
        names = ("new", "changed", "removed", "unchanged")
        return {name: sum(len(getattr(plan, name)) for plan in self.plans) for name in names} | {"left_out": self.left_out}


def examine(
    file: AvailsFile,
    edition: Edition,
    company: Company,
    matching: Matching = Matching.ANY,
    *,
    create_parts: bool = False,
    tell: Progress | None = None,
) -> Examination:
    """Read the rows as rights and compare them with what the company has stated from files before. Nothing is written."""
    found = Examination(list(file.findings))
    titles = Title.objects.filter(edition=edition, company=company).select_related("part_of__part_of")
    index = TitleIndex(titles, matching, create_parts=create_parts)
    releases = Releases(file.records)
    groups: dict[str, list[Entry]] = {}
    for number, record in enumerate(file.records, 1):
        if tell:
            tell("reading", number, len(file.records))
        entry = _entry(record, index, releases, found, edition, company)
        if entry is not None:
            groups.setdefault(reference_of(record.values), []).append(entry)
    known = _statements(edition, company, groups)
    found.plans = [_plan(name, entries, known.get(name), file.version, found) for name, entries in groups.items()]
    return found


def reference_of(values: dict[str, Any]) -> str:
    """What the statement of a row is called: its ALID, or the number of its edit or content."""
    return next((str(values[column])[:100] for column in NAMES if values.get(column)), "")


def _entry(
    record: Record, index: TitleIndex, releases: Releases, found: Examination, edition: Edition, company: Company
) -> Entry | None:
    if is_own_statement(record, edition, company):
        message = _("This was stated here and not by a file; it stays as it is.")
        found.findings.append(Finding(Severity.INFO, "own-statement", place_of(record, "ALID"), record.get("ALID"), message))
        found.left_out += 1
        return None
    if not reference_of(record.values):
        message, mend = _("The row has neither an ALID nor another number of its own."), _("Write an ALID.")
        found.findings.append(Finding(Severity.ERROR, "no-alid", place_of(record, "EntryType"), "", message, mend))
        return None
    if record.get("EntryType") not in WORDS["EntryType"]:
        message = _("This is no EntryType: it would not be clear what the row takes the place of.")
        mend = format_lazy(_("Write one of: {words}."), words=", ".join(WORDS["EntryType"]))
        finding = Finding(Severity.ERROR, "entry-type", place_of(record, "EntryType"), record.get("EntryType"), message, mend)
        found.findings.append(finding)
        return None
    if record.get("EntryType") in TAKING:
        return Entry(record)
    return _giving(record, index, releases, found)


def _giving(record: Record, index: TitleIndex, releases: Releases, found: Examination) -> Entry | None:
    try:
        target = index.find(record)
    except NotFound as fault:
        finding = fault.finding
        if record.get("WorkType") in LEFT_OUT:
            message = _("A bundle, a volume or bonus material is no title of the catalogue, so the row was left out.")
            finding = Finding(Severity.WARNING, "left-out", place_of(record, "WorkType"), record.get("WorkType"), message)
            found.left_out += 1
        found.findings.append(finding)
        return None
    try:
        return Entry(record, target, given(record, releases))
    except NotGiven as fault:
        found.findings.extend(fault.findings)
        return None


def _statements(edition: Edition, company: Company, references: Iterable[str]) -> dict[str, Document]:
    rows = Document.objects.filter(edition=edition, company=company, kind=DocumentKind.HOLDING, source=Source.AVAILS)
    rows = rows.order_by("pk").prefetch_related("lines__territories", "lines__media", "lines__languages", "lines__title")
    wanted = set(references)
    return {document.reference: document for document in rows if document.reference in wanted}


def _plan(reference: str, entries: list[Entry], document: Document | None, version: str, found: Examination) -> DocumentPlan:
    plan = DocumentPlan(reference, document)
    lines = list(document.lines.all()) if document else []
    replaced = _replaced(lines, entries, version)
    taken = _taken(lines, entries, found)
    stay = [line for line in lines if line not in replaced and line not in taken]
    _compare(plan, replaced, [e for e in entries if e.kind == "Full Extract"])
    _add(plan, stay, [e for e in entries if e.kind in ("Create", "Update")], found)
    plan.removed += [line for line in taken if line not in replaced]
    return plan


def _replaced(lines: list[Line], entries: list[Entry], version: str) -> list[Line]:
    """Lines in whose place this file stands: all of the ALID, or of the same edits and territories in old versions."""
    full = [entry.record.values for entry in entries if entry.kind in ("Full Extract", "Full Delete")]
    if version not in BY_EDIT:
        return lines if full else []
    scopes = {_scope(values) for values in full}
    return [line for line in lines if _scope(line.terms) in scopes]


def _scope(values: dict[str, Any]) -> tuple[str, str]:
    return next((str(values[c]) for c in EDITS if values.get(c)), ""), str(values.get("Territory", ""))


def _taken(lines: list[Line], entries: list[Entry], found: Examination) -> list[Line]:
    taken = []
    for entry in entries:
        if entry.kind == "Delete":
            record = entry.record
            columns = ("AvailID",) if record.get("AvailID") else ("Territory", "LicenseType", "FormatProfile", "Start")
            same = [line for line in lines if all(line.terms.get(c, "") == record.get(c) for c in columns)]
            taken += [line for line in same if line not in taken]
            if not same:
                message = _("There is nothing like this to be taken away.")
                found.findings.append(
                    Finding(Severity.WARNING, "nothing-to-delete", place_of(record, *columns), record.get(columns[0]), message)
                )
    return taken


def _compare(plan: DocumentPlan, lines: list[Line], entries: list[Entry]) -> None:
    """Pair what was with what is to be: the same first, then the same AvailID, then the same right of the same title."""
    old = list(lines)
    rest = _paired(plan, old, entries, lambda line: signature(line.title, given_of(line)), _signature, same=True)
    rest = _paired(plan, old, rest, lambda line: line.terms.get("AvailID", ""), lambda entry: entry.record.get("AvailID"))
    rest = _paired(plan, old, rest, lambda line: _right(line.title, given_of(line)), lambda e: _right(*_both(e)))
    plan.new += [_both(entry) for entry in rest]
    plan.removed += old


def _paired(
    plan: DocumentPlan, old: list[Line], entries: list[Entry], of_line: Any, of_entry: Any, *, same: bool = False
) -> list[Entry]:
    """Take pairs with equal keys out of `old`; gives the entries that found none."""
    waiting: dict[Any, list[Line]] = {}
    for line in old:
        waiting.setdefault(of_line(line), []).append(line)
    rest = []
    for entry in entries:
        key = of_entry(entry)
        if not key or not waiting.get(key):
            rest.append(entry)
            continue
        line = waiting[key].pop(0)
        old.remove(line)
        if same:
            plan.unchanged.append(line)
        else:
            plan.changed.append((line, *_both(entry)))
    return rest


def _add(plan: DocumentPlan, lines: list[Line], entries: list[Entry], found: Examination) -> None:
    """Create and Update change the line with their AvailID, or add one; everything else stays."""
    by_id = {line.terms.get("AvailID"): line for line in lines if line.terms.get("AvailID")}
    left = list(lines)
    for entry in entries:
        line = by_id.get(entry.record.get("AvailID"))
        if line is None and entry.kind == "Update":
            message = _("There is nothing like this to be changed, so it is added.")
            place = place_of(entry.record, "AvailID")
            found.findings.append(Finding(Severity.WARNING, "nothing-to-update", place, entry.record.get("AvailID"), message))
        same = next((one for one in left if signature(one.title, given_of(one)) == _signature(entry)), None)
        if same is not None:
            left.remove(same)
            plan.unchanged.append(same)
        elif line is not None and line in left:
            left.remove(line)
            plan.changed.append((line, *_both(entry)))
        else:
            plan.new.append(_both(entry))
    plan.unchanged += left


def _both(entry: Entry) -> tuple[Target, Given]:
    if entry.target is None or entry.given is None:
        raise ValueError(entry.kind)
    return entry.target, entry.given


def _signature(entry: Entry) -> tuple[Any, ...]:
    return signature(*_both(entry))


def signature(target: Target, what: Given) -> tuple[Any, ...]:
    """Equal for equal rights with equal terms of the same title."""
    terms = json.dumps(what.terms, sort_keys=True)
    return (*_right(target, what), what.languages, what.start, what.end, what.exclusive, what.runs, terms)


def _right(target: Target, what: Given) -> tuple[Any, ...]:
    return (target.pk if isinstance(target, Title) else target, what.territories, what.media)


def titles_touched(found: Examination) -> Counter[str]:
    """How many lines of each title would be different, by its code; parts that would be made count for their series."""
    counter: Counter[str] = Counter()
    for plan in found.plans:
        targets: list[Target] = [target for target, _given in plan.new] + [target for _line, target, _given in plan.changed]
        counter.update(_code(target) for target in targets + [line.title for line in plan.removed])
    return counter


def _code(target: Target) -> str:
    return target.code if isinstance(target, Title) else _code(target.whole)
