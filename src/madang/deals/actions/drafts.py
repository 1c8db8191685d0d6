"""Writing what a document says: checked in words, then row by row."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madang.deals.actions.refusals import DealRefused
from madang.deals.models import Deal, Deliverable, Document, DocumentKind, Instalment, Line, LineKind, LineReason, OpenDate, Term
from madang.deals.queries.checks import exempted, line_fields
from madang.deals.queries.contents import Content, LineWords, TermWords
from madang.deals.rules import deal_titles
from madang.deals.sets import ReadSets, interned_sets, read_sets
from madang.kernels.rights import RightsError
from madang.people.models import Participant

AGREED = [
    LineReason.HOLDBACK,
    LineReason.BLACKOUT,
    LineReason.FIRST_RUN,
    LineReason.OPTION,
    LineReason.FIRST_NEGOTIATION,
    LineReason.FIRST_REFUSAL,
    LineReason.MATCHING,
]
"""Restrictions on the licensor that a deal may agree; exclusivity comes with an exclusive licence."""
MOST_LINES = 200


def check_words(deal: Deal, content: Content, *, kind: str, is_complete: bool, by: Participant) -> None:
    """Raise DealRefused where a document cannot say this. A draft may lack its lines. `by`: who writes."""
    if is_complete and not any(line.kind == LineKind.LICENCE for line in content.lines):
        raise DealRefused(_("Write at least one line that gives a right: a title, territories, media, and from when until when."))
    if len(content.lines) > MOST_LINES:
        raise DealRefused(_("%(most)s lines at most.") % {"most": MOST_LINES})
    own = set(deal_titles(by, deal).filter(pk__in={line.title.pk for line in content.lines}).values_list("pk", flat=True))
    for line in content.lines:
        _check_line(line, own)
    for term in content.terms:
        _check_term(term)
    _check_moments(deal, content, kind=kind, is_complete=is_complete, by=by)


def write_content(document: Document, content: Content) -> None:
    """Put these words in the place of what a draft said."""
    if document.deal is None or document.deal.licensee is None:
        raise DealRefused(_("This document belongs to no deal of two companies."))
    document.conditions, document.note = content.conditions, content.note
    document.expires_at, document.holds_until = content.expires_at, content.holds_until
    document.save()
    for rows in (document.lines.all(), document.terms.all(), document.deliverables.all()):
        rows.delete()
    for n, words in enumerate(content.lines, 1):
        line = Line(document=document, number=n, **_sets(words), **line_fields(words, document.deal.licensee))
        line.save()
        line.exempt.set(exempted(words, document.deal.licensee))
    for n, term in enumerate(content.terms, 1):
        _write_term(document, n, term)
    Deliverable.objects.bulk_create(
        [
            Deliverable(document=document, number=n, what=one.what, due_on=one.due_on)
            for n, one in enumerate(content.deliverables, 1)
        ]
    )


def _write_term(document: Document, number: int, words: TermWords) -> None:
    term = Term.objects.create(
        document=document, number=number, kind=words.kind, amount=words.amount, currency=words.currency,
        percent=words.percent, base=words.base, note=words.note,
    )  # fmt: skip
    for n, part in enumerate(words.instalments, 1):
        Instalment.objects.create(term=term, number=n, amount=part.amount, due=part.due, due_on=part.due_on)


def _sets(words: LineWords) -> dict[str, object]:
    return dict(interned_sets(_read(words)))


def _read(words: LineWords) -> ReadSets:
    try:
        return read_sets(words.territories, words.media, words.languages)
    except RightsError as fault:
        raise DealRefused(str(fault)) from None


def _check_line(line: LineWords, own: set[int]) -> None:
    if line.title.pk not in own:
        raise DealRefused(_("“%(title)s” is not among the titles of the licensor.") % {"title": line.title})
    _read(line)
    if line.kind == LineKind.GRANT or (line.kind == LineKind.RESTRICTION and line.reason not in AGREED):
        raise DealRefused(_("Such a line is stated under “My rights”, not agreed in a deal."))
    if line.start and line.end and line.start > line.end:
        raise DealRefused(_("The last day is before the first one."))
    if not (line.start or line.start_open or line.start_after) or not (line.end or line.end_open or line.end_after):
        raise DealRefused(_("Say from when until when, or that it is still to be agreed."))


def _check_term(term: TermWords) -> None:
    if (term.amount is None) == (term.percent is None):
        raise DealRefused(_("A term is an amount or per cent: one of the two."))
    if term.amount is not None and (term.amount <= 0 or not term.currency):
        raise DealRefused(_("An amount is more than nothing and has a currency."))
    total = sum((part.amount for part in term.instalments), Decimal(0))
    if term.instalments and total != term.amount:
        facts = {"total": total, "amount": term.amount, "currency": term.currency}
        raise DealRefused(_("The instalments come to %(total)s %(currency)s, not to %(amount)s %(currency)s.") % facts)


def _check_moments(deal: Deal, content: Content, *, kind: str, is_complete: bool, by: Participant) -> None:
    if content.holds_until and (by.company_id != deal.licensor_id or kind != DocumentKind.OFFER):
        raise DealRefused(_("Only the licensor can keep others out while an offer is open."))
    now = deal.edition.now()
    for moment, words in ((content.expires_at, _EXPIRES), (content.holds_until, _HOLDS)):
        if is_complete and moment is not None and moment <= now:
            raise DealRefused(words)
    if is_complete and any(_is_open(line) for line in content.lines) and kind not in (DocumentKind.OFFER, DocumentKind.MEMO):
        raise DealRefused(_("A licence is not signed while a date is still to be agreed."))


def _is_open(line: LineWords) -> bool:
    return OpenDate.TBA in (line.start_open, line.end_open)


_EXPIRES: Promise = _("The day on which it expires has passed already.")
_HOLDS: Promise = _("The day until which it is kept free has passed already.")


def end_of_day(day: dt.date | None, deal: Deal) -> dt.datetime | None:
    """The last moment of a day at the venue."""
    return dt.datetime.combine(day, dt.time(23, 59), deal.edition.zone) if day else None
