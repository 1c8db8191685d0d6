"""Where a juror is too near to an entry: her company, her name in its credits, or she entered it herself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from madang.kit.languages import is_hangul
from madang.kit.search import fold
from madang.people.models import Participant
from madang.selection.models import Call, ConflictKind, Entry, EntryState, Juror

APART = re.compile(r"[,;/|·&\n]| and | et |및 ")
"""What stands between two names in a field of credits."""
FORMS = set("co ltd inc llc corp corporation company gmbh sa sas sarl bv ab as oy plc limited 주식회사 주".split())  # noqa: SIM905  # a list of words
"""Words of a company's legal form: with or without them it is the same company."""
CREDITS = ("creators", "directors", "producers")
HOUSES = ("company_name", "producers", "sales")


class Found(NamedTuple):
    """A conflict that the rows themselves show; `note` is what was found, as it is written there."""

    juror: Juror
    entry: Entry
    kind: ConflictKind
    note: str


def person_key(name: str) -> str:
    """The same for a name in either order, in any accents and case; Hangul without spaces."""
    folded = fold(name)
    return folded.replace(" ", "") if is_hangul(folded) else " ".join(sorted(folded.split()))


def company_key(name: str) -> str:
    """The same for a company with and without its legal form and spaces."""
    return "".join(word for word in fold(name).split() if word not in FORMS)


def detected_conflicts(call: Call) -> list[Found]:
    """All of a call, by three queries whatever its size."""
    entries = list(call.entries.filter(state=EntryState.SUBMITTED).select_related("user"))
    jurors = list(call.jurors.filter(left_at=None).select_related("participant__company", "participant__user"))
    people, houses = _index(entries, CREDITS, person_key), _index(entries, HOUSES, company_key)
    return [found for juror in jurors for found in _of_juror(juror, entries, people, houses)]


def _of_juror(
    juror: Juror, entries: Iterable[Entry], people: dict[str, list[tuple[Entry, str]]], houses: dict[str, list[tuple[Entry, str]]]
) -> Iterator[Found]:
    person, seen = juror.participant, set()
    for name in _names(person):
        for entry, written in people.get(person_key(name), []):
            if entry.pk not in seen:
                seen.add(entry.pk)
                yield Found(juror, entry, ConflictKind.CREDIT, written)
    for entry in entries:
        if entry.pk not in seen and _entered(person, entry):
            yield Found(juror, entry, ConflictKind.CREDIT, entry.contact_name or entry.user.name)
    company, told = person.company, set()
    for name in (company.name, company.name_ko) if company else ():
        for entry, written in houses.get(company_key(name), []):
            if entry.pk not in told:
                told.add(entry.pk)
                yield Found(juror, entry, ConflictKind.COMPANY, written)


def _names(person: Participant) -> list[str]:
    """Names of two parts or in Hangul; one word alone is borne by too many."""
    whole = f"{person.family_name} {person.given_name}"
    return [name for name in (whole, person.native_name) if len(fold(name).split()) > 1 or (is_hangul(name) and len(name) > 2)]


def _entered(person: Participant, entry: Entry) -> bool:
    mails = {mail.casefold() for mail in (person.email, person.user.email if person.user else "") if mail}
    return entry.user_id == person.user_id or entry.contact_email.casefold() in mails


def _index(entries: list[Entry], fields: tuple[str, ...], key: Callable[[str], str]) -> dict[str, list[tuple[Entry, str]]]:
    found: dict[str, list[tuple[Entry, str]]] = {}
    for entry in entries:
        for field in fields:
            for name in APART.split(getattr(entry, field)):
                if made := key(name):
                    found.setdefault(made, []).append((entry, name.strip()[:200]))
    return found
