"""What stands behind a row of a figure: who confirmed it, when, by which document, and where to look further.

A kind of row is opened by its function in EVIDENCE; a kind without one shows the facts of the row alone. What the reader may
not see (the text of offers, memos and licences is the parties') is not shown here either.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madang.catalogue.rules import visible_titles
from madang.deals.models import Document, Signature
from madang.deals.queries.values import stated_values
from madang.deals.rules import visible_values
from madang.kit.money import money
from madang.markets.models import Edition
from madang.markets.rules import Visitor, may_organise
from madang.meetings.models import AbsentCause, Attendee, MeetingRequest
from madang.meetings.queries.held import OUTCOME_WORDS, said_meetings
from madang.meetings.rules import visible_requests
from madang.outcomes.measures.meetings import firm_of
from madang.outcomes.measures.words import country_label
from madang.outcomes.models import Asked, BudgetLine, MonthlyCount, Posting, StudiedTitle
from madang.people.models import Company, Participant
from madang.people.rules import visible_companies, visible_participants
from madang.programme.rules import visible_events

MOST = 50
"""So many things are listed under one row."""


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody said or did something at a moment; `how` in words, `link` to where it stands."""

    who: str
    how: str
    at: dt.datetime | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """A document: a file, a reference, a signed text by its digest."""

    text: str
    link: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """`name` of the thing and `link` to its page ("" where the reader has none); what was said of it, and its documents."""

    name: str
    link: str = ""
    words: str = ""
    said: tuple[Said, ...] = ()
    proofs: tuple[Proof, ...] = ()
    others: tuple[tuple[str, str], ...] = ()


Opens = Callable[[Visitor, Edition, str], Evidence | None]


def evidence_of(user: Visitor, edition: Edition, kind: str, key: str) -> Evidence | None:
    """None where the thing is no more, or the reader may not see it, or the kind has nothing more to show."""
    opens = EVIDENCE.get(kind)
    return opens(user, edition, key) if opens else None


def meeting(user: Visitor, edition: Edition, key: str) -> Evidence | None:
    """By the code of its request: how it stands, and who checked in or was reported absent."""
    request = visible_requests(user, edition).filter(code=key).select_related("sender__company", "receiver__company").first()
    if request is None:
        return None
    outcome = said_meetings(edition).filter(request=request).values_list("outcome", flat=True).first()
    seats = Attendee.objects.filter(request=request).exclude(checked_in_at=None, absent_cause="")
    said = [one for seat in seats.select_related("participant__company", "checked_in_by", "absent_by") for one in _seat(seat)]
    return Evidence(
        _meeting_name(request), reverse("meetings:meeting", args=[edition.slug, request.code]),
        str(OUTCOME_WORDS.get(outcome or "", "")), tuple(said),
    )  # fmt: skip


def _meeting_name(request: MeetingRequest) -> str:
    names = [str(person.company or person) for person in (request.sender, request.receiver)]
    return _("Meeting %(code)s: %(one)s and %(other)s") % {"code": request.code, "one": names[0], "other": names[1]}


def _seat(seat: Attendee) -> list[Said]:
    who = f"{seat.participant} ({seat.participant.company})" if seat.participant.company else str(seat.participant)
    found = []
    if seat.checked_in_at:
        scanned = seat.checked_in_by is not None and seat.checked_in_by_id != seat.participant_id
        how = _("badge scanned by %(who)s") % {"who": seat.checked_in_by} if scanned else _("checked in")
        found.append(Said(who, how, seat.checked_in_at))
    if seat.absent_cause:
        words = {"who": seat.absent_by or _("the organiser"), "cause": AbsentCause(seat.absent_cause).label}
        found.append(Said(who, _("reported absent by %(who)s: %(cause)s") % words, seat.absent_at))
    return found


def value(user: Visitor, edition: Edition, key: str) -> Evidence | None:
    """By its number: what each party says of it, and what is attached."""
    if not key.isdecimal() or int(key) > 2**62:
        return None
    found = stated_values(visible_values(user, edition).filter(pk=int(key)))
    if not found:
        return None
    one, slug = found[0], edition.slug
    row = one.row
    said = [Said(str(row.company or _("The organiser")), _("stated it"), row.stated_at)]
    for party in one.parties:
        if party.said is None:
            said.append(Said(party.name, _("has said nothing yet")))
        else:
            how = _("disputes it: %(note)s") % {"note": party.said.note} if party.said.disputes else _("confirms it")
            said.append(Said(party.name, how, party.said.at))
    proofs = [
        Proof(item.reference or item.file_name or _("Document"),
              reverse("deals:evidence", args=[slug, item.pk]) if item.stored else "", item.digest)
        for item in one.evidence
    ]  # fmt: skip
    request = row.request or (row.deal.request if row.deal else None)
    others = [(request.code, reverse("meetings:meeting", args=[slug, request.code]))] if request else []
    name = f"{row.get_stage_display()}: {row.deal.code if row.deal else ''}".strip(": ")
    link = reverse("deals:value", args=[slug, row.pk])
    return Evidence(name, link, str(one.certainty.label), tuple(said), tuple(proofs), tuple(others))


def document(user: Visitor, edition: Edition, key: str) -> Evidence | None:
    """That it was sent, answered and signed, never what stands in it; parties by name once a value was stated of the deal."""
    if not may_organise(user, edition):
        return None
    found = Document.objects.filter(edition=edition, code=key, deal__isnull=False).select_related("deal", "company").first()
    if found is None or found.deal is None:
        return None
    values = visible_values(user, edition).filter(deal=found.deal, company__isnull=False)
    is_told = values.exists()
    moments = [(_("sent"), found.sent_at), (_("answered"), found.answered_at), (_("signed"), found.signed_at)]
    who = str(found.get_kind_display())
    said = [Said(who, how, at) for how, at in moments if at]
    said += [_signature(one, is_told) for one in Signature.objects.filter(document=found).select_related("company")]
    link = reverse("deals:figure_rows", args=[edition.slug]) + f"?deal={found.deal.code}" if is_told else ""
    digest = found.digest if found.state == "signed" else ""
    proofs = (Proof(_("The signed text; its parties have it"), digest=digest),) if digest else ()
    name = f"{found.get_kind_display()} {found.deal.code}, {found.number}"
    return Evidence(name, link, str(found.get_state_display()), tuple(said), proofs)


def _signature(one: Signature, is_told: bool) -> Said:
    return Said(str(one.company) if is_told else _("A party"), _("signed"), one.signed_at)


def title(user: Visitor, edition: Edition, key: str) -> Evidence | None:
    """By its code: the meetings about it, or about its seasons and episodes."""
    found = visible_titles(user, edition).filter(code=key).first()
    if found is None:
        return None
    tree = Q(pk=found.pk) | Q(part_of=found.pk) | Q(part_of__part_of=found.pk)
    titles = visible_titles(user, edition).filter(tree).order_by().values("pk")
    about = visible_requests(user, edition).filter(Q(title__in=titles) | Q(also_about__in=titles))
    return Evidence(str(found), found.get_absolute_url(), others=_meetings(edition, about))


def _meetings(edition: Edition, requests: Any) -> tuple[tuple[str, str], ...]:
    """Their meetings that anybody says were held."""
    held = said_meetings(edition).filter(request__in=requests.order_by().values("pk"), outcome__in=["held", "one_sided"])
    rows = held.order_by("request__code").values_list("request__code", "outcome")[:MOST]
    return tuple(
        (f"{code} ({OUTCOME_WORDS[outcome]})", reverse("meetings:meeting", args=[edition.slug, code])) for code, outcome in rows
    )


def pair(user: Visitor, edition: Edition, key: str) -> Evidence | None:
    """By the codes of two companies: their meetings here, also those of other rows of the same companies."""
    codes = key.split("|")
    found = {one.code: one for one in visible_companies(user, edition).filter(code__in=codes)}
    if len(codes) != 2 or any(code not in found for code in codes):
        return None
    one, other = (_same(user, edition, found[code]) for code in codes)
    both = Q(sender__company__in=one, receiver__company__in=other) | Q(sender__company__in=other, receiver__company__in=one)
    name = " · ".join(str(found[code]) for code in codes)
    return Evidence(name, others=_meetings(edition, visible_requests(user, edition).filter(both)))


def _same(user: Visitor, edition: Edition, company: Company) -> list[int]:
    """Companies of one name and country."""
    alike = visible_companies(user, edition).filter(country=company.country).values_list("pk", "name")
    return [pk for pk, name in alike if firm_of(name, company.country) == firm_of(company.name, company.country)]


def company(user: Visitor, edition: Edition, key: str) -> Evidence | None:
    found = visible_companies(user, edition).filter(code=key).first()
    if found is None:
        return None
    people = visible_participants(user, edition).filter(company=found)
    return Evidence(str(found), found.get_absolute_url(), country_label(found.country), others=_people(people))


def _people(people: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(one), one.get_absolute_url()) for one in people.select_related("edition")[:MOST])


def participant(user: Visitor, edition: Edition, key: str) -> Evidence | None:
    """By her code: the moments at which she was seen."""
    found = visible_participants(user, edition).filter(code=key).select_related("company", "edition").first()
    if found is None:
        return None
    return Evidence(str(found), found.get_absolute_url(), str(found.company or ""), tuple(_sightings(found)))


def _sightings(found: Participant) -> list[Said]:
    badges = found.badges.exclude(handed_out_at=None).values_list("handed_out_at", flat=True)
    meetings = Attendee.objects.filter(participant=found, checked_in_at__isnull=False).select_related("request__edition")
    doors = found.admissions.select_related("event__title").order_by("at")[:MOST]
    said = [Said(str(found), _("badge handed out"), at) for at in badges]
    said += [
        Said(str(found), _("checked in to meeting %(code)s") % {"code": one.request.code}, one.checked_in_at,
             reverse("meetings:meeting", args=[one.request.edition.slug, one.request.code]))
        for one in meetings.order_by("checked_in_at")[:MOST]
    ]  # fmt: skip
    return said + [Said(str(found), _("let in to %(event)s") % {"event": one.event}, one.at) for one in doors]


def country(user: Visitor, edition: Edition, key: str) -> Evidence | None:
    companies = visible_companies(user, edition).filter(country=key).select_related("edition").order_by("name")[:MOST]
    others = tuple((str(one), one.get_absolute_url()) for one in companies)
    return Evidence(country_label(key), others=others) if others else None


def event(user: Visitor, edition: Edition, key: str) -> Evidence | None:
    """By its code, which may be followed by allotment and country."""
    found = visible_events(user, edition).filter(code=key.split("|")[0]).select_related("title").first()
    if found is None:
        return None
    doors = (str(gettext_lazy("Who came")), reverse("door:attendance", args=[edition.slug]))
    return Evidence(str(found), reverse("programme:event", args=[edition.slug, found.code]), others=(doors,))


def answer(user: Visitor, edition: Edition, key: str) -> Evidence | None:
    """By months and the participant's code: when she was told, reminded, and answered."""
    months, _sign, code = key.partition("|")
    if not may_organise(user, edition) or not months.isdecimal() or len(months) > 4:
        return None
    rows = Asked.objects.filter(round__edition=edition, round__months=int(months), participant__code=code)
    found = rows.select_related("participant__company", "participant__edition").first()
    if found is None:
        return None
    moments = [
        (_("was asked"), found.sent_at), (_("was reminded"), found.reminded_at), (_("answered"), found.answered_at),
        (_("wants no more letters"), found.stopped_at),
    ]  # fmt: skip
    said = tuple(Said(str(found.participant), how, at) for how, at in moments if at)
    link = reverse("outcomes:round", args=[edition.slug, int(months)])
    return Evidence(str(found.participant), link, str(found.participant.company or ""), said)


def count(user: Visitor, edition: Edition, key: str) -> Evidence | None:
    """By the codes of study and title: its monthly counts, and the digest of what was registered."""
    code, _sign, title = key.partition("|")
    if not may_organise(user, edition):
        return None
    found = StudiedTitle.objects.filter(study__edition=edition, study__code=code, code=title).select_related("study").first()
    if found is None:
        return None
    counts = MonthlyCount.objects.filter(title=found).order_by("month").values_list("month", "count")
    link = reverse("outcomes:study", args=[edition.slug, code])
    words = f"{found.study.measure}: " + ", ".join(f"{month:%Y-%m} {number}" for month, number in counts)
    proofs = (Proof(_("What was registered"), digest=found.study.digest),) if found.study.digest else ()
    return Evidence(found.name, link, words, proofs=proofs, others=((found.study.source, link),))


def posting(user: Visitor, edition: Edition, key: str) -> Evidence | None:
    """By its number: who posted it, the invoice that it names, and whether it still stands."""
    if not key.isdecimal() or int(key) > 2**62 or not may_organise(user, edition):
        return None
    rows = Posting.objects.filter(line__edition=edition, pk=int(key))
    found = rows.select_related("line", "by", "replaced_by").first()
    if found is None:
        return None
    said = [Said(str(found.by), _("posted it"), found.at)]
    if found.withdrawn_at:
        said.append(Said(_("The organiser"), _("withdrew it: %(why)s") % {"why": found.withdrawn_because}, found.withdrawn_at))
    link = reverse("outcomes:posting", args=[edition.slug, found.pk])
    proofs = (Proof(found.reference),) if found.reference else ()
    name = f"{found.line.name}: {money(found.amount, found.currency)}"
    return Evidence(name, link, found.counterparty, tuple(said), proofs)


def budget_line(user: Visitor, edition: Edition, key: str) -> Evidence | None:
    """By its code: what is planned on it; changes of the plan stand on its page."""
    found = BudgetLine.objects.filter(edition=edition, code=key).select_related("activity").first()
    if found is None or not may_organise(user, edition):
        return None
    link = reverse("outcomes:line", args=[edition.slug, found.code])
    return Evidence(found.name, link, f"{found.activity} · {money(found.planned, found.currency)}")


EVIDENCE: dict[str, Opens] = {
    "meeting": meeting,
    "value": value,
    "document": document,
    "title": title,
    "pair": pair,
    "company": company,
    "participant": participant,
    "country": country,
    "event": event,
    "answer": answer,
    "count": count,
    "posting": posting,
    "line": budget_line,
}
"""Kind of a row -> what opens it."""
