"""What an accepted application makes: the account, the company, the participant with her role, the badge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q
from django.db.models.functions import Lower

from madang.accounts.models import User
from madang.accounts.opening import NewAccount, accounts_of
from madang.accreditation.actions.issuing import Wanted, issue_badges
from madang.accreditation.letters import write_letters
from madang.accreditation.models import Application, ApplicationState, Badge, BadgeRole, BadgeState, BadgeType
from madang.kit.search import fold
from madang.markets.actions import record_many
from madang.markets.models import Edition
from madang.people.models import ROLES, Company, Participant

FILLED = ("given_name", "native_name", "job_title", "country", "language")
"""What an application tells of a participant who is there already, where nothing stood."""


def admit(edition: Edition, actor: User | None, rows: Sequence[Application], *, kind: str, reason: str = "") -> None:
    """Accept these applications, for which there are places: behind the lock, with a constant number of queries.

    `kind` is the letter that goes out: "accepted" or "promoted".
    """
    if not rows:
        return
    now = edition.now()
    _give_companies(edition, rows)
    _tell_sizes(rows)
    _give_participants(edition, rows)
    for row in rows:
        row.state, row.decided_at, row.decided_by, row.reason, row.waiting_since = (
            ApplicationState.ACCEPTED,
            now,
            actor,
            reason,
            None,
        )
    fields = ["state", "decided_at", "decided_by", "reason", "waiting_since", "participant", "company"]
    Application.objects.bulk_update(rows, fields, batch_size=200)
    badges = give_badges(edition, rows, now)
    verb = "promote_application" if kind == "promoted" else "accept_application"
    record_many(edition, actor, verb, [row.code for row in rows], **({"reason": reason} if reason else {}))
    write_letters(kind, rows, now, badges=badges)


def give_badges(edition: Edition, rows: Sequence[Application], now: dt.datetime) -> dict[int, Badge]:
    """A valid badge for each participant of these accepted applications, by participant; one who has one keeps it.

    A badge of the public alone gives way to one of a role: the door and everybody who reads it must see the role.
    """
    people: dict[int | None, Application] = {}
    for row in sorted(rows, key=lambda row: _is_public(row.badge_type)):
        people.setdefault(row.participant_id, row)
    known = Badge.objects.filter(participant__in=people, state=BadgeState.VALID).select_related("badge_type")
    kept: dict[int, Badge] = {}
    outgrown: dict[int | None, Badge] = {}
    for badge in known:
        if _is_public(badge.badge_type) and not _is_public(people[badge.participant_id].badge_type):
            outgrown[badge.participant_id] = badge
        else:
            kept[badge.participant_id] = badge
    old = Badge.objects.filter(pk__in=[badge.pk for badge in outgrown.values()])
    old.update(state=BadgeState.REPLACED, voided_at=now)
    wanted = [
        Wanted(row.participant, row.badge_type, row, outgrown.get(pk))
        for pk, row in people.items() if row.participant and pk not in kept
    ]  # fmt: skip
    return kept | {badge.participant_id: badge for badge in issue_badges(edition, wanted, now)}


def _is_public(kind: BadgeType) -> bool:
    return kind.role == BadgeRole.PUBLIC


def _give_companies(edition: Edition, rows: Sequence[Application]) -> None:
    """The chosen company, else the one of that name (accents, case and spaces aside), else a new one."""
    nameless = [row for row in rows if row.company is None and row.company_name.strip()]
    if not nameless:
        return
    known: dict[str, Company] = {}
    companies = list(Company.objects.filter(edition=edition).order_by("-pk"))
    for company in companies:
        known |= {name: company for name in (folded(company.name_ko), folded(company.name)) if name}
    codes, made = {company.code for company in companies}, []
    for row in nameless:
        name = folded(row.company_name)
        if name not in known:
            known[name] = Company(
                edition=edition, code=_free_code(f"A-{row.code}", codes), name=row.company_name.strip(), country=row.country
            )
            made.append(known[name])
        row.company = known[name]
    Company.objects.bulk_create(made, batch_size=200)
    for row in nameless:
        row.company = known[folded(row.company_name)]


def _tell_sizes(rows: Sequence[Application]) -> None:
    """What applicants say of their company's size, where nobody has said it before; of several the first."""
    said: dict[int, str] = {}
    for row in rows:
        if row.company_id and row.company_size:
            said.setdefault(row.company_id, row.company_size)
    for size in sorted(set(said.values())):
        Company.objects.filter(pk__in=[pk for pk, one in said.items() if one == size], size="").update(size=size)


def folded(name: str) -> str:
    """A company's name as it is compared: the signs of a name in an unknown script alone are kept as they are."""
    return fold(name).replace(" ", "") or name.strip()


def _free_code(wanted: str, codes: set[str]) -> str:
    code, number = wanted, 1
    while code in codes:
        number += 1
        code = f"{wanted}-{number}"
    codes.add(code)
    return code


def _give_participants(edition: Edition, rows: Sequence[Application]) -> None:
    """Who is known by account or address is found, else made; each gets the role of her badge and what nobody knew of her."""
    accounts = accounts_of([NewAccount(row.email, row.latin_name, row.language) for row in rows])
    people = _people_by_email(edition, accounts)
    codes = set(Participant.objects.filter(edition=edition).order_by().values_list("code", flat=True))
    made, changed = [], []
    for row in rows:
        person = people.get(row.email.lower())
        if person is None:
            person = people[row.email.lower()] = _new_participant(row, accounts[row.email.lower()], _free_code(row.code, codes))
            made.append(person)
        elif person.pk and person not in changed:
            changed.append(person)
        _tell_role(person, row, accounts[row.email.lower()])
        row.participant = person
    Participant.objects.bulk_create(made, batch_size=200)
    fields = [*FILLED, *(f"is_{role}" for role in ROLES), "user", "company", "left_at"]
    Participant.objects.bulk_update(changed, fields, batch_size=100)
    for row in rows:
        row.participant = people[row.email.lower()]


def _people_by_email(edition: Edition, accounts: Mapping[str, int]) -> dict[str, Participant]:
    """The edition's participants of these addresses: by account first, else by the address that the edition has of them."""
    by_account = {pk: email for email, pk in accounts.items()}
    wanted = Q(user__in=by_account) | Q(address__in=accounts, user=None)
    found: dict[str, Participant] = {}
    rows = Participant.objects.annotate(address=Lower("email")).filter(wanted, edition=edition)
    for person in rows.select_related("edition").order_by("user", "pk"):
        email = by_account.get(person.user_id or 0) or person.email.lower()
        if person.user_id or email not in found:
            found[email] = person
    return found


def _new_participant(row: Application, account: int, code: str) -> Participant:
    return Participant(
        edition=row.edition,
        code=code,
        user_id=account,
        email=row.email,
        family_name=row.family_name,
        family_first=row.family_first,
    )


def _tell_role(person: Participant, row: Application, account: int) -> None:
    if row.badge_type.role != BadgeRole.PUBLIC:
        setattr(person, f"is_{row.badge_type.role}", True)
    for name in FILLED:
        setattr(person, name, getattr(person, name) or getattr(row, name))
    person.user_id = person.user_id or account
    person.company = person.company or row.company
    person.left_at = None


def dismiss(applications: Iterable[Application], now: dt.datetime, why: str) -> None:
    """Take back what these accepted applications gave: the role, and the badge where nothing else gives it.

    Meetings that were placed stand until the organiser closes them: she is led there.
    """
    for row in applications:
        person = row.participant
        if person is None:
            continue
        others = person.applications.filter(state=ApplicationState.ACCEPTED).exclude(pk=row.pk).select_related("badge_type")
        left = {other.badge_type.role: other for other in others}
        if row.badge_type.role != BadgeRole.PUBLIC and row.badge_type.role not in left:
            setattr(person, f"is_{row.badge_type.role}", False)
            person.save(update_fields=[f"is_{row.badge_type.role}"])
        hers = Badge.objects.filter(participant=person, state=BadgeState.VALID)
        keeps = left or any(getattr(person, f"is_{role}") for role in ROLES)  # else also one that was issued to her role
        mine = hers.filter(application=row) if keeps else hers
        if mine.update(state=BadgeState.REVOKED, voided_at=now, void_reason=why[:300]) and left:
            give_badges(row.edition, [next(iter(left.values()))], now)
