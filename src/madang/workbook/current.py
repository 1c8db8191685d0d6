"""An edition as it stands in the database -> contents, in the same words as a workbook's records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from madang.catalogue.models import Identifier, Profile, Scheme, Title
from madang.mandates.models import Mandate
from madang.markets.models import Edition, Slot, Table
from madang.meetings.models import MeetingRequest, RequestStatus, Unavailability
from madang.people.models import ROLES, Company, Participant
from madang.workbook.columns import spec_of
from madang.workbook.columns.matches import PROFILE
from madang.workbook.records import Contents, Values
from madang.workbook.times import span_code

EDITION_FIELDS = ("name", "name_ko", "name_fr", "starts_on", "ends_on", "time_zone", "venue", "city", "country", "stage",
                  "is_public")  # fmt: skip
COMPANY_FIELDS = ("name", "name_ko", "country", "kind", "size", "website", "about")
PERSON_FIELDS = ("family_name", "given_name", "native_name", "family_first", "email", "job_title", "country", "language",
                 "time_zone", "max_meetings_per_day", "seen_by")  # fmt: skip
PROFILE_FIELDS = tuple(column.key for column in PROFILE)
TITLE_FIELDS = tuple(
    column.key
    for column in spec_of("Titles").columns
    if column.key not in ("code", "company", "part_of", "eidr", *PROFILE_FIELDS)
)
MANDATE_FIELDS = tuple(column.key for column in spec_of("Mandates").columns if column.key not in ("code", "buyer"))
REQUEST_FIELDS = ("reason", "sender_wish", "receiver_wish", "status", "answer", "session", "form", "link")
REQUEST_LINKS = ("sender", "receiver", "title", "mandate", "fixed_slot", "fixed_table")


def edition_contents(edition: Edition | None) -> Contents:
    """Every row that a workbook can speak of, in the order in which it is exported; empty for no edition."""
    if edition is None:
        return {}
    return {
        "Edition": {edition.slug: _edition(edition)},
        "Tables": _tables(edition),
        "Slots": _by_code(Slot.objects.filter(edition=edition).values("code", "starts_at", "ends_at", "session")),
        "Companies": _by_code(Company.objects.filter(edition=edition).order_by("code").values("code", *COMPANY_FIELDS)),
        "People": _people(edition),
        "Titles": _titles(edition),
        "Mandates": _linked(Mandate.objects.filter(edition=edition).order_by("code"), MANDATE_FIELDS, ("buyer",)),
        "Requests": _requests(edition),
        "Unavailable": _spans(edition),
    }


def _edition(edition: Edition) -> Values:
    values: Values = {name: getattr(edition, name) for name in EDITION_FIELDS}
    return values | {"code": edition.slug, "market": edition.market.slug, "market_name": edition.market.name}


def _by_code(rows: Iterable[Any]) -> dict[str, Values]:
    return {row["code"]: row for row in rows}


def _linked(rows: Any, fields: tuple[str, ...], links: tuple[str, ...]) -> dict[str, Values]:
    """Rows with the codes of what they refer to in place of ids."""
    found = {}
    for row in rows.values("code", *fields, *(f"{link}__code" for link in links)):
        found[row["code"]] = row | {link: row.pop(f"{link}__code") or "" for link in links}
    return found


def _titles(edition: Edition) -> dict[str, Values]:
    found = _linked(Title.objects.filter(edition=edition).order_by("code"), TITLE_FIELDS, ("company", "part_of"))
    numbers = Identifier.objects.filter(title__edition=edition, scheme=Scheme.EIDR).order_by("-pk")
    eidr = dict(numbers.values_list("title__code", "value"))
    unsaid = {column.key: column.default for column in PROFILE}
    rows = Profile.objects.filter(title__edition=edition).values("title__code", *PROFILE_FIELDS)
    profiles = {row.pop("title__code"): row for row in rows}
    return {code: row | {"eidr": eidr.get(code, "")} | profiles.get(code, unsaid) for code, row in found.items()}


def _tables(edition: Edition) -> dict[str, Values]:
    companies = defaultdict(list)
    for code, booth in Company.objects.filter(edition=edition, booth__isnull=False).values_list("code", "booth_id"):
        companies[booth].append(code)
    found = {}
    for table in Table.objects.filter(edition=edition).select_related("hall"):
        found[table.code] = {
            "code": table.code,
            "name": table.name,
            "hall": table.hall.code if table.hall else "",
            "hall_name": table.hall.name if table.hall else "",
            "hall_name_ko": table.hall.name_ko if table.hall else "",
            "is_booth": table.is_booth,
            "companies": tuple(sorted(companies[table.pk])),
            "position": table.position,
        }
    return found


def _people(edition: Edition) -> dict[str, Values]:
    flags = [f"is_{role}" for role in ROLES]
    found = {}
    rows = Participant.objects.filter(edition=edition).order_by("code").values("code", "company__code", *PERSON_FIELDS, *flags)
    for row in rows:
        roles = tuple(role for role in ROLES if row.pop(f"is_{role}"))
        found[row["code"]] = row | {"company": row.pop("company__code") or "", "roles": roles}
    return found


def _requests(edition: Edition) -> dict[str, Values]:
    """All that were sent; a draft is its writer's alone."""
    rows = MeetingRequest.objects.filter(edition=edition).exclude(status=RequestStatus.DRAFT).order_by("code")
    sent = rows.order_by().values("pk")
    after = MeetingRequest.after.through.objects.filter(from_meetingrequest__in=sent)
    also = MeetingRequest.also_about.through.objects.filter(meetingrequest__in=sent)
    lists = {
        "after": _lists(after.values_list("from_meetingrequest__code", "to_meetingrequest__code")),
        "also_about": _lists(also.values_list("meetingrequest__code", "title__code")),
    }
    found = _linked(rows, REQUEST_FIELDS, REQUEST_LINKS)
    for code, row in found.items():
        row |= {key: tuple(sorted(codes.get(code, ()))) for key, codes in lists.items()}
    return found


def _lists(links: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found = defaultdict(list)
    for code, other in links:
        found[code].append(other)
    return found


def _spans(edition: Edition) -> dict[str, Values]:
    rows = Unavailability.objects.filter(participant__edition=edition).order_by("participant__code", "starts_at")
    found = {}
    for person, start, end, reason in rows.values_list("participant__code", "starts_at", "ends_at", "reason"):
        found[span_code(person, start)] = {"person": person, "starts_at": start, "ends_at": end, "reason": reason}
    return found
