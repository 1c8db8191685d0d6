"""Loading an avails file into what a company holds: whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from madang.accounts.models import User
from madang.avails.records import AvailsFile, Finding, Severity
from madang.catalogue.models import Title
from madang.deals.actions.codes import next_document_code
from madang.deals.models import Dimension, Document, DocumentKind, DocumentState, Line, LineKind, RightsSet, Source
from madang.deals.queries.avails import Given
from madang.deals.queries.avails_plan import DocumentPlan, Examination, Progress, Target, examine
from madang.deals.queries.avails_titles import Matching, NewPart
from madang.deals.rules import dealer_of, may_state_rights
from madang.deals.sets import interned
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.people.models import Company

BATCH = 500


class NotLoaded(Exception):
    """The file fits no longer, or never did; nothing was changed."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = [finding for finding in findings if finding.severity == Severity.ERROR]
        super().__init__("; ".join(finding.code for finding in self.findings))


def load_avails(
    actor: User | None,
    edition: Edition,
    company: Company,
    file: AvailsFile,
    matching: Matching = Matching.ANY,
    *,
    create_parts: bool = False,
    tell: Progress | None = None,
) -> Examination:
    """Compare under a lock of the edition and write what is different. Raises NotLoaded.

    `actor`: a seller of the company, or None for whoever may use the command line.
    """
    if actor is not None and not may_load_avails(actor, edition, company):
        raise PermissionDenied
    with transaction.atomic():
        Edition.objects.select_for_update().get(pk=edition.pk)
        found = examine(file, edition, company, matching, create_parts=create_parts, tell=tell)
        if not found.may_load:
            raise NotLoaded(found.findings)
        _Writing(actor, edition, company).write(found.plans, tell)
        record(edition, actor, "import_avails", company.code, **found.counts())
    return found


def may_load_avails(actor: User, edition: Edition, company: Company) -> bool:
    """Somebody who may state rights for this company."""
    me = dealer_of(actor, edition)
    return may_state_rights(actor, edition) and me is not None and me.company_id == company.pk


class _Writing:
    """Rows that are written once and used often: sets, parts of series."""

    def __init__(self, actor: User | None, edition: Edition, company: Company) -> None:
        self.edition, self.company = edition, company
        self.author = dealer_of(actor, edition) if actor else None
        self.sets: dict[tuple[Dimension, int], RightsSet] = {}
        self.parts: dict[NewPart, Title] = {}

    def write(self, plans: list[DocumentPlan], tell: Progress | None) -> None:
        """Statements first, then all lines at once."""
        self._open_statements(plans)
        lines: list[Line] = []
        for number, plan in enumerate(plans, 1):
            lines += self._lines(plan)
            if tell:
                tell("loading", number, len(plans))
        Line.objects.bulk_create(lines, batch_size=BATCH)
        self._close_statements(plans)

    def _open_statements(self, plans: list[DocumentPlan]) -> None:
        code = next_document_code(self.edition, DocumentKind.HOLDING)
        letter, first = code[0], int(code[1:])
        made: list[Document] = []
        for plan in plans:
            if plan.document is None and plan.new:
                plan.document = Document(
                    edition=self.edition,
                    code=f"{letter}{first + len(made):0{len(code) - 1}}",
                    kind=DocumentKind.HOLDING,
                    state=DocumentState.STATED,
                    company=self.company,
                    author=self.author,
                    reference=plan.reference,
                    source=Source.AVAILS,
                    created_at=self.edition.now(),
                )
                made.append(plan.document)
        Document.objects.bulk_create(made)

    def _lines(self, plan: DocumentPlan) -> list[Line]:
        Line.objects.filter(pk__in=[line.pk for line in plan.removed]).delete()
        for line, target, given in plan.changed:
            for name, value in self._fields(target, given).items():
                setattr(line, name, value)
            line.save()
        if plan.document is None:
            return []
        last = plan.document.lines.aggregate(last=Max("number"))["last"] or 0
        return [
            Line(document=plan.document, number=number, kind=LineKind.GRANT, **self._fields(target, given))
            for number, (target, given) in enumerate(plan.new, last + 1)
        ]

    def _close_statements(self, plans: list[DocumentPlan]) -> None:
        """A statement without a line has ended; one that got lines again is in force."""
        documents = [plan.document.pk for plan in plans if plan.document is not None]
        said = set(Line.objects.filter(document__in=documents).values_list("document", flat=True).distinct().order_by())
        for plan in plans:
            if plan.document is None:
                continue
            state = DocumentState.STATED if plan.document.pk in said else DocumentState.ENDED
            if plan.document.state != state:
                plan.document.state = state
                plan.document.save(update_fields=["state"])

    def _fields(self, target: Target, given: Given) -> dict[str, Any]:
        return {
            "title": self._title(target),
            "territories": self._set(Dimension.TERRITORIES, given.territories),
            "media": self._set(Dimension.MEDIA, given.media),
            "languages": self._set(Dimension.LANGUAGES, given.languages),
            **given.said(),
            "start": given.start.day,
            "start_open": given.start.is_open,
            "start_after": None,
            "start_lag": 0,
            "end": given.end.day,
            "end_open": given.end.is_open,
            "end_after": None,
            "end_lag": 0,
            "party": self.company,
            "exclusive": given.exclusive,
            "runs": given.runs,
            "terms": given.terms,
        }

    def _set(self, dimension: Dimension, mask: int) -> RightsSet:
        if (dimension, mask) not in self.sets:
            self.sets[dimension, mask] = interned(dimension, mask)
        return self.sets[dimension, mask]

    def _title(self, target: Target) -> Title:
        """A title of the catalogue; a part that was to be made is made once, with the name of its first row."""
        if isinstance(target, Title):
            return target
        if target not in self.parts:
            whole = self._title(target.whole)
            code = f"{whole.code}-{target.level[0].upper()}{target.number:02}"
            self.parts[target] = Title.objects.create(
                edition=self.edition,
                company=self.company,
                code=code[:40],
                name=target.name[:200] or whole.name,
                format=whole.format,
                genre=whole.genre,
                progress=whole.progress,
                year=whole.year,
                countries=whole.countries,
                level=target.level,
                part_of=whole,
                number=target.number,
            )
        return self.parts[target]
