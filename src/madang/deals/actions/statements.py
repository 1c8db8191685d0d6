"""A company states what it holds, and the contracts it made elsewhere; each change keeps in the log what was there before."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from madang.accounts.models import User
from madang.catalogue.models import Title
from madang.deals.actions.codes import next_document_code
from madang.deals.actions.refusals import DealRefused
from madang.deals.models import Document, DocumentState, Line, Source
from madang.deals.queries.entries import LINKS, PLAIN, SAID, Entry
from madang.deals.rules import dealer_of, may_state_rights, own_titles, visible_statements
from madang.deals.sets import interned_sets, read_sets
from madang.kit.editing import Overtaken, mark_of_facts
from madang.markets.actions import record
from madang.markets.models import Edition, LogEntry
from madang.people.models import Participant

PAPER = ("counterparty", "reference", "standing", "note")
"""Fields of a statement's document."""


@transaction.atomic
def state_rights(
    actor: User,
    edition: Edition,
    kind: str,
    paper: dict[str, Any],
    entry: Entry,
    source: str = Source.FORM,
    *,
    first: int = 1,
) -> Document:
    """A new holding or contract elsewhere with its first lines; `paper` are PAPER. Raises RightsError for an unreadable set.

    The same contract sent twice (a double click) is one statement. `first`: the number of its first line.
    """
    edition = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)  # writers queue, so that codes hold
    me = _stating(actor, edition, entry.titles)
    same = _same(visible_statements(actor, edition).filter(kind=kind, state=DocumentState.STATED), paper, entry)
    if same is not None:
        return same
    document = Document.objects.create(
        edition=edition,
        code=next_document_code(edition, kind),
        kind=kind,
        state=DocumentState.STATED,
        company=me.company,  # type: ignore[misc]  # who deals has a company
        author=me,
        source=source,
        created_at=edition.now(),
        **{name: paper[name] for name in PAPER if name in paper},
    )
    _write(document, entry, first)
    record(edition, actor, "state_rights", document.code, kind=str(kind), titles=_codes(entry))
    return document


@transaction.atomic
def add_to_statement(actor: User, document: Document, entry: Entry, *, first: int | None = None) -> Document:
    """More lines of the same contract, after those that are there unless `first` is their first number."""
    document = _mine(actor, document)
    _stating(actor, document.edition, entry.titles)
    if first is None:
        first = 1 + (document.lines.order_by("-number").values_list("number", flat=True).first() or 0)
    _write(document, entry, first)
    record(document.edition, actor, "add_to_statement", document.code, titles=_codes(entry))
    return document


@transaction.atomic
def change_statement(actor: User, document: Document, paper: dict[str, Any]) -> Document:
    """Who the other party is, the contract's number, how far it has come."""
    document = _mine(actor, document)
    before = {name: getattr(document, name) for name in PAPER if name in paper and getattr(document, name) != paper[name]}
    if before:
        for name in before:
            setattr(document, name, paper[name])
        document.save(update_fields=list(before))
        record(document.edition, actor, "change_statement", document.code, before=before)
    return document


@transaction.atomic
def change_line(actor: User, line: Line, entry: Entry, *, seen: str | None = None) -> Line:
    """Say a line anew; it stays one of the same title.

    `seen`: the `line_mark` of what the form began from; None writes whatever stands there. Raises Overtaken.
    """
    document = _mine(actor, line.document)
    line = document.lines.select_related("title").get(pk=line.pk)
    _stating(actor, document.edition, (line.title,))
    before = line_record(line)
    if seen is not None and seen != mark_of_facts(before):
        raise _overtaken(document, line)
    for name, value in (entry.facts() | interned_sets(read_sets(*_said(entry)))).items():
        setattr(line, name, value)
    line.save()
    for name, things in entry.links().items():
        getattr(line, name).set(things)
    record(document.edition, actor, "change_line", document.code, line=line.number, before=before)
    return line


@transaction.atomic
def drop_line(actor: User, line: Line) -> Document:
    """Take away a line that was never true; the last one is not taken: the statement ends instead. Raises DealRefused."""
    document = _mine(actor, line.document)
    if document.lines.count() < 2:
        raise DealRefused(_("A contract has at least one line. End the whole contract instead."))
    record(document.edition, actor, "drop_line", document.code, line=line.number, before=line_record(line))
    line.delete()
    return document


@transaction.atomic
def end_statement(actor: User, document: Document, reason: str = "") -> Document:
    """The contract counts no more; it stays readable. Twice is once."""
    document = _mine(actor, document)
    if document.state == DocumentState.STATED:
        document.state, document.answer, document.answered_at = DocumentState.ENDED, reason, document.edition.now()
        document.save(update_fields=["state", "answer", "answered_at"])
        record(document.edition, actor, "end_statement", document.code, reason=reason)
    return document


@transaction.atomic
def resume_statement(actor: User, document: Document) -> Document:
    """It counts again: ending it was a mistake."""
    document = _mine(actor, document)
    if document.state == DocumentState.ENDED:
        document.state, document.answer, document.answered_at = DocumentState.STATED, "", None
        document.save(update_fields=["state", "answer", "answered_at"])
        record(document.edition, actor, "resume_statement", document.code)
    return document


def line_mark(line: Line) -> str:
    """Tells what a line says from what it said before."""
    return mark_of_facts(line_record(line))


def _overtaken(document: Document, line: Line) -> Overtaken:
    told = LogEntry.objects.filter(edition=document.edition_id, verb="change_line", subject=document.code)
    last = told.filter(details__line=line.number).select_related("actor").first()
    return Overtaken(line_mark(line), str(last.actor or "") if last else "", last.at if last else None)


def line_record(line: Line) -> dict[str, Any]:
    """What a line says, as the log keeps it: plain values, dates and codes."""
    said = {f"{name}_said": getattr(line, f"{name}_said") for name in SAID}
    plain = {name: _plain(getattr(line, name)) for name in PLAIN}
    links = {name: sorted(_plain(thing) for thing in getattr(line, name).all()) for name in LINKS}
    return {name: value for name, value in (said | plain | links).items() if value not in ("", None, 0, [], False)}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | bool):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else value.code


def _stating(actor: User, edition: Edition, titles: tuple[Title, ...]) -> Participant:
    me = dealer_of(actor, edition)
    mine = own_titles(actor, edition).filter(pk__in=[title.pk for title in titles]).count()
    if me is None or not may_state_rights(actor, edition) or not titles or mine != len(titles):
        raise PermissionDenied
    return me


def _mine(actor: User, document: Document) -> Document:
    found = visible_statements(actor, document.edition).select_for_update(of=("self",)).filter(pk=document.pk).first()
    if found is None or not may_state_rights(actor, document.edition):
        raise PermissionDenied
    return found


def _said(entry: Entry) -> tuple[str, str, str]:
    return entry.territories, entry.media, entry.languages


def _write(document: Document, entry: Entry, first: int) -> None:
    sets = interned_sets(read_sets(*_said(entry)))
    lines = Line.objects.bulk_create(
        Line(document=document, number=number, title=title, **sets, **entry.facts())
        for number, title in enumerate(entry.titles, first)
    )
    for name, things in entry.links().items():
        for line in lines if things else []:
            getattr(line, name).set(things)


def _same(statements: QuerySet[Document], paper: dict[str, Any], entry: Entry) -> Document | None:
    """The statement that says this already, word by word."""
    alike = statements.filter(**{name: paper[name] for name in PAPER if name in paper})
    lines = Line.objects.filter(document__in=alike.order_by().values("pk"), **entry.facts())
    found: dict[int, set[int]] = {}
    for document, title in lines.values_list("document", "title"):
        found.setdefault(document, set()).add(title)
    wanted = {title.pk for title in entry.titles}
    return alike.filter(pk__in=[pk for pk, titles in found.items() if titles == wanted]).order_by("pk").first()


def _codes(entry: Entry) -> list[str]:
    return [title.code for title in entry.titles]
