"""What a new deal runs into, in a fixed order of checks. Linear in the lines: availabilities are never computed for it.

The order is that of the trade's large systems: owned, owned exclusively, release dates, restrictions, licences, holdbacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from .avails import is_hard
from .book import Book
from .boxes import subtract
from .lines import CLEARANCES, Kind, Line, Party, Reason, Scope, Standing, TitleId, surest, widest


class Check(StrEnum):
    """The checks, in their order."""

    OWNED = "owned"
    OWNED_EXCLUSIVELY = "owned_exclusively"
    RELEASE_DATES = "release_dates"
    RESTRICTIONS = "restrictions"
    LICENCES = "licences"
    HOLDBACKS = "holdbacks"


class Severity(StrEnum):
    """Whether a finding stops a signature, should be looked at, or is only told."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Deal:
    """A new contract: its lines (licences and the restrictions that come with them), of any number of titles.

    `licensor`: who sells. `amends`: contracts that this one replaces; their lines are not looked at. `cleared`: lines of first
    negotiation, first refusal or matching rights that have been answered.
    """

    licensor: Party
    lines: tuple[Line, ...]
    amends: frozenset[int | str] = frozenset()
    cleared: frozenset[int | str] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a deal runs into: its line `new`, the existing `line` (None: something is missing), and where they meet.

    `frees`: the day on which the existing line ends. `certain`: False where it hangs on an event that has not happened yet.
    """

    check: Check
    severity: Severity
    code: str
    new: Line
    scope: Scope
    line: Line | None = None
    certain: bool = True

    @property
    def frees(self) -> int | None:
        """The first day after the place where they meet."""
        return None if self.line is None else self.scope.end


CHECK_OF = {
    Reason.RELEASE: Check.RELEASE_DATES,
    Reason.EXCLUSIVITY: Check.LICENCES,
    Reason.FIRST_RUN: Check.LICENCES,
    Reason.HOLDBACK: Check.HOLDBACKS,
}
ORDER = {check: n for n, check in enumerate(Check)}
SEVERITY_OF = {Standing.SIGNED: Severity.ERROR, Standing.DRAFT: Severity.INFO}


def conflicts(book: Book, deal: Deal) -> list[Finding]:
    """Everything the deal runs into, in the order of the checks, then of the deal's lines."""
    found: list[Finding] = []
    for new in deal.lines:
        if new.standing is Standing.ENDED:
            continue
        asked = widest(new, book.events)
        met = [
            (line, common)
            for line, scope in book.around(new.title)
            if line.kind is not Kind.GRANT and (common := scope & asked) is not None and _is_other(line, new, deal)
        ]
        found += dict.fromkeys(_owned(book, deal, new))  # what is missing of every part is told once
        found += (finding for line, common in met for finding in _meeting(book, deal, new, line, common))
        found += _runs(book, new, [line for line, _ in met])
    return sorted(found, key=lambda finding: ORDER[finding.check])


def may_sign(findings: Iterable[Finding]) -> bool:
    """Whether nothing that was found stops a signature: no error, and no right of others left to be cleared."""
    return not any(f.severity is Severity.ERROR or f.code == "clear_first" for f in findings)


def _is_other(line: Line, new: Line, deal: Deal) -> bool:
    return (
        line.standing is not Standing.ENDED
        and line.contract not in deal.amends
        and (line.contract != new.contract or not line.contract)
    )


def _owned(book: Book, deal: Deal, new: Line) -> Iterator[Finding]:
    """The licence, and the exclusivity that comes with it, within what the licensor holds."""
    if new.kind is Kind.GRANT or (new.kind is Kind.RESTRICTION and new.reason is not Reason.EXCLUSIVITY):
        return
    yield from _held(book, deal, new, new.title, [widest(new, book.events)])


def _held(book: Book, deal: Deal, new: Line, title: TitleId, asked: list[Scope]) -> Iterator[Finding]:
    """What of `asked` the licensor does not hold of the title; what is not held of the whole may be held of each part."""
    exclusively = new.kind is Kind.RESTRICTION
    check = Check.OWNED_EXCLUSIVELY if exclusively else Check.OWNED
    grants = [
        line
        for line in book.of(title)
        if line.kind is Kind.GRANT and line.party == deal.licensor and line.standing is not Standing.ENDED
        if line.exclusive or not exclusively
    ]
    missing = subtract(asked, [surest(grant, book.events) for grant in grants if is_hard(grant)])
    if missing and (parts := book.parts.get(title)):
        for part in parts:
            yield from _held(book, deal, new, part, missing)
        return
    hopeless = subtract(missing, [widest(g, book.events) for g in grants if g.standing is not Standing.DRAFT])
    for scope in hopeless:
        yield Finding(check, Severity.ERROR, f"not_{check}", new, scope)
    for scope in subtract(missing, hopeless):
        yield Finding(check, Severity.WARNING, f"not_surely_{check}", new, scope, certain=False)


def _meeting(book: Book, deal: Deal, new: Line, line: Line, common: Scope) -> Iterator[Finding]:
    """What one existing line and one new line have against each other where they meet."""
    pair = _restriction_and_licence(new, line)
    if pair is None or _accepted(new, line):
        return
    restriction, licence = pair
    check = CHECK_OF.get(restriction.reason or Reason.RESERVE, Check.RESTRICTIONS)
    if restriction.reason in CLEARANCES:
        if restriction is line and restriction.party != licence.party:
            yield _clearance(deal, new, line, common)
        return
    if not restriction.blocks(licence.party):
        return
    certain = surest(new, book.events) & surest(line, book.events) is not None and not line.is_open and not new.is_open
    if _touches(common, widest(new, book.events), widest(line, book.events)):
        yield Finding(check, Severity.WARNING, "touch", new, common, line, certain)
        return
    severity = SEVERITY_OF.get(line.standing, Severity.WARNING)
    severity = Severity.WARNING if severity is Severity.ERROR and not certain else severity
    yield Finding(check, severity, _code(restriction, licence, new), new, common, line, certain)


def _restriction_and_licence(new: Line, line: Line) -> tuple[Line, Line] | None:
    if new.kind is Kind.LICENCE and line.kind is Kind.RESTRICTION:
        return line, new
    if new.kind is Kind.RESTRICTION and line.kind is Kind.LICENCE:
        return new, line
    return None


def _accepted(new: Line, line: Line) -> bool:
    """A deal may be made subject to a contract that is there."""
    return line.contract in new.subject_to or new.contract in line.subject_to


def _clearance(deal: Deal, new: Line, line: Line, common: Scope) -> Finding:
    if line.id in deal.cleared:
        return Finding(Check.RESTRICTIONS, Severity.INFO, "cleared", new, common, line)
    return Finding(Check.RESTRICTIONS, Severity.WARNING, "clear_first", new, common, line)


def _touches(common: Scope, one: Scope, two: Scope) -> bool:
    """Whether they share one day only, the last of one and the first of the other: mostly a way of writing dates."""
    if common.end - common.start != 1:
        return False
    first, second = sorted((one, two), key=lambda scope: (scope.start, scope.end))
    return first.end == common.end and second.start == common.start and first.start < second.start and first.end < second.end


def _code(restriction: Line, licence: Line, new: Line) -> str:
    """`exclusivity` and the like where the existing line blocks; `licensed_already` where the new one would."""
    if restriction is new:
        return "holdback_over_licence" if restriction.reason is Reason.HOLDBACK else "licensed_already"
    return str(restriction.reason or Reason.RESERVE)


def _runs(book: Book, new: Line, theirs: list[Line]) -> Iterator[Finding]:
    """A grant of so many runs: what is licensed and what is asked must not be more; runs that nobody counted are looked at."""
    if new.kind is not Kind.LICENCE:
        return
    asked = widest(new, book.events)
    for grant in book.of(new.title):
        if grant.kind is not Kind.GRANT or grant.runs is None or (common := widest(grant, book.events) & asked) is None:
            continue
        if new.runs is None:
            yield Finding(Check.OWNED, Severity.WARNING, "runs_not_counted", new, common, grant)
            continue
        used = sum(
            line.runs or 0
            for line in theirs
            if line.kind is Kind.LICENCE
            and line.standing is Standing.SIGNED
            and widest(line, book.events) & widest(grant, book.events)
        )
        if used + new.runs > grant.runs:
            yield Finding(Check.OWNED, Severity.ERROR, "too_many_runs", new, common, grant)
