"""What the kernel finds, in words: one place for all pages, documents and answers.

A contract and its parties are named to those who may read it; others read what is taken and until when.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Title
from madang.deals.models import Document, LineReason
from madang.deals.words import languages_text, media_text, territories_text, window_text
from madang.kernels import rights as kernel
from madang.people.models import Company

CHECKS: dict[kernel.Check, Promise] = {
    kernel.Check.OWNED: _("Held"),
    kernel.Check.OWNED_EXCLUSIVELY: _("Held exclusively"),
    kernel.Check.RELEASE_DATES: _("Release dates"),
    kernel.Check.RESTRICTIONS: _("Restrictions"),
    kernel.Check.LICENCES: _("Licences"),
    kernel.Check.HOLDBACKS: _("Holdbacks"),
}
SEVERITIES: dict[kernel.Severity, Promise] = {
    kernel.Severity.ERROR: _("Stands in the way"),
    kernel.Severity.WARNING: _("To be looked at"),
    kernel.Severity.INFO: _("To be known"),
}
TONES = {kernel.Severity.ERROR: "bad", kernel.Severity.WARNING: "warn", kernel.Severity.INFO: "info"}
"""Severity -> the class of its badge or notice."""

TEXTS: dict[str, Promise] = {
    "not_owned": _("The seller does not hold this"),
    "not_surely_owned": _("The seller does not hold this for certain: it hangs on a date or a contract that is not settled"),
    "not_owned_exclusively": _("The seller does not hold this exclusively, so that it cannot be sold exclusively"),
    "not_surely_owned_exclusively": _(
        "The seller does not hold this exclusively for certain: it hangs on a date or a contract that is not settled"
    ),
    "too_many_runs": _("More runs than the seller holds"),
    "runs_not_counted": _("The seller holds a number of runs, and the licence does not say how many it uses"),
    "touch": _("One day is shared: the last of one contract is the first of the other"),
    "cleared": _("%(who)s had to be asked first, and has answered"),
    "licensed_already": _("%(who)s already has a licence, which exclusivity would run into"),
    "holdback_over_licence": _("%(who)s already has a licence, which the holdback would run into"),
    LineReason.EXCLUSIVITY: _("%(who)s has this exclusively"),
    LineReason.FIRST_RUN: _("%(who)s has the first run"),
    LineReason.HOLDBACK: _("A holdback for %(who)s keeps this back"),
    LineReason.BLACKOUT: _("A blackout: nobody may use this"),
    LineReason.RESERVE: _("This is reserved and not for sale"),
    LineReason.RELEASE: _("This is before its release"),
    LineReason.OPTION: _("%(who)s has an option on this"),
}
"""Code of a finding -> sentence."""

FIRST: dict[str, Promise] = {
    LineReason.FIRST_NEGOTIATION: _("%(who)s has the right to negotiate first, and has to be asked before anybody signs"),
    LineReason.FIRST_REFUSAL: _("%(who)s has the right of first refusal, and has to be asked before anybody signs"),
    LineReason.MATCHING: _("%(who)s may match any offer, and has to be asked before anybody signs"),
}
"""The same for `clear_first`, by the reason of the line that has to be cleared."""


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in words. `where`: territories, media, languages, window. `contract`: "" for who may not read it."""

    finding: kernel.Finding
    check: str
    severity: str
    tone: str
    what: str
    where: str
    contract: str = ""
    document: Document | None = None

    @property
    def text(self) -> str:
        """All of it, as one line."""
        return ". ".join(part for part in (self.what, self.where, self.contract) if part) + "."


@dataclass(slots=True)
class Papers:
    """The contracts, companies and titles that kernel lines name, for one reader; fetched in a constant number of queries."""

    reader: Company | None
    documents: dict[int | str, Document] = field(default_factory=dict)
    companies: dict[int, Company] = field(default_factory=dict)
    titles: dict[int | str, Title] = field(default_factory=dict)

    def document(self, line: kernel.Line) -> Document | None:
        """The document on which a line stands; None where the reader may not read it."""
        found = self.documents.get(line.contract)
        if found is None or self.reader is None:
            return None
        parties = {found.company_id} if found.deal is None else {found.deal.licensor_id, found.deal.licensee_id, found.company_id}
        return found if self.reader.pk in parties else None

    def who(self, line: kernel.Line) -> str:
        """The party of a line; "you" for the reader herself, "somebody else" where she may not know."""
        if self.reader is not None and line.party == self.reader.pk:
            return pgettext("party of a contract", "your company")
        document = self.document(line)
        if document is None:
            return pgettext("party of a contract", "somebody else")
        if isinstance(line.party, int) and line.party in self.companies:
            return str(self.companies[line.party])
        return document.counterparty or gettext("the other party")

    def contract(self, line: kernel.Line) -> str:
        """Contract number and clause; "" where the reader may not read it."""
        document = self.document(line)
        if document is None:
            return ""
        name = gettext("contract %(number)s") % {"number": document.reference or document.code}
        return gettext("%(contract)s, clause %(clause)s") % {"contract": name, "clause": line.clause} if line.clause else name


def papers_of(lines: Iterable[kernel.Line], reader: Company | None) -> Papers:
    """What the lines name, in at most four queries."""
    every = list(lines)
    papers = Papers(reader)
    numbers = {line.contract for line in every if isinstance(line.contract, int)}
    deals = {int(str(line.contract).removeprefix("deal:")) for line in every if str(line.contract).startswith("deal:")}
    rows = Document.objects.filter(Q(pk__in=numbers) | Q(deal__in=deals)).select_related("deal", "company", "edition")
    for document in rows.order_by("number", "pk"):
        papers.documents[document.pk if document.deal_id is None else f"deal:{document.deal_id}"] = document
    papers.companies = Company.objects.in_bulk([line.party for line in every if isinstance(line.party, int)])
    papers.titles = dict(Title.objects.in_bulk([int(line.title) for line in every]))
    return papers


def told(findings: Iterable[kernel.Finding], reader: Company | None) -> list[Told]:
    """Findings in words for one reader, in the order of the checks."""
    every = list(findings)
    papers = papers_of([line for finding in every for line in (finding.line, finding.new) if line is not None], reader)
    return [_told(finding, papers) for finding in every]


def finding_text(finding: kernel.Finding, reader_company: Company | None) -> str:
    """One finding as one line; `told` is quicker for several."""
    return told([finding], reader_company)[0].text


def scope_text(scope: kernel.Scope) -> str:
    """Where and when: territories, media, languages (unless all), window."""
    parts = [territories_text(scope.territories, most=6), media_text(scope.media, most=6)]
    if scope.languages != kernel.language_table().all:
        parts.append(languages_text(scope.languages, most=6))
    return " · ".join([*parts, window_text(scope.start, scope.end)])


def _told(finding: kernel.Finding, papers: Papers) -> Told:
    line = finding.line
    return Told(
        finding,
        str(CHECKS[finding.check]),
        str(SEVERITIES[finding.severity]),
        TONES[finding.severity],
        _what(finding, papers),
        _where(finding, papers),
        papers.contract(line) if line else "",
        papers.document(line) if line else None,
    )


def _what(finding: kernel.Finding, papers: Papers) -> str:
    line = finding.line
    reason = str(line.reason or "") if line else ""
    sentence = FIRST[reason] if finding.code == "clear_first" and reason in FIRST else TEXTS[finding.code]
    text = str(sentence) % {"who": papers.who(line) if line else ""}
    text = text[:1].upper() + text[1:]
    notes = _notes(finding)
    return f"{text} ({', '.join(notes)})" if notes else text


def _notes(finding: kernel.Finding) -> list[str]:
    standing = finding.line.standing if finding.line else kernel.Standing.SIGNED
    notes = {
        kernel.Standing.OPTION: pgettext("standing of a contract", "an option"),
        kernel.Standing.PENDING: pgettext("standing of a contract", "not signed yet"),
        kernel.Standing.DRAFT: pgettext("standing of a contract", "an offer"),
    }
    is_said = finding.line is not None and finding.line.reason is kernel.Reason.OPTION  # the sentence says it
    found = [notes[standing]] if standing in notes and not is_said else []
    if not finding.certain and finding.line is not None:
        found.append(gettext("its dates are not settled"))
    return found


def _where(finding: kernel.Finding, papers: Papers) -> str:
    text = scope_text(finding.scope)
    if finding.line is not None and finding.line.title != finding.new.title and finding.line.title in papers.titles:
        return f"{papers.titles[finding.line.title]}: {text}"
    return text
