"""Reads of badges: what is printed on them, lists with filters, whose key it was, who has none yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.accreditation.badge_fit import lost_letters
from madang.accreditation.badge_pdf import Face
from madang.accreditation.models import Badge, BadgeRole, BadgeState, BadgeType
from madang.kit.facets import Filter, words_of
from madang.kit.territories import country_name
from madang.markets.models import Edition
from madang.people.models import Participant

TONES = {"valid": "ok", "lost": "bad", "replaced": "", "revoked": "bad"}
"""How a badge's state looks."""
ORDERS = {
    "name": ("participant__search_text", "number"),
    "company": ("participant__company__search_text", "participant__search_text", "number"),
    "number": ("number",),
}
COLUMNS = ("participant__search_text", "participant__company__search_text")
"""Where the words of a search may stand."""


def filters_of(edition: Edition) -> list[Filter]:
    """The filters of the organiser's list."""
    types = {row.code: str(row) for row in BadgeType.objects.filter(edition=edition)}
    states = words_of(dict(BadgeState.choices))
    return [
        Filter("type", "badge_type__code", _("Badge"), words_of(types), order=list(types)),
        Filter("state", "state", _("State"), states, order=BadgeState.values),
        Filter("unprinted", "unprinted", _("Printed"), lambda _value: str(_("Not printed yet")), is_flag=True),
        Filter("waiting", "waiting", _("Handed out"), lambda _value: str(_("Not handed out yet")), is_flag=True),
    ]


def listed(rows: QuerySet[Badge]) -> QuerySet[Badge]:
    """With the columns that the filters ask for: still to be printed, still to be handed out; only valid ones are."""
    valid = Badge.objects.filter(pk=OuterRef("pk"), state=BadgeState.VALID)
    return rows.annotate(
        unprinted=Exists(valid.filter(printed_at=None)),
        waiting=Exists(valid.filter(handed_out_at=None)),
    )


def scanned_badge(rows: QuerySet[Badge], query: str) -> Badge | None:
    """The badge of that number or key, where `query` is one: scanned (an address that ends in the key), or read from the card."""
    text = query.replace("\x00", "").strip().rstrip("/").rsplit("/", 1)[-1]
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return rows.filter(number=int(text)).first()
    return rows.filter(key=text).first() if 8 <= len(text) <= 32 else None


def valid_badge(participant: Participant) -> Badge | None:
    return Badge.objects.filter(participant=participant, state=BadgeState.VALID).select_related("badge_type", "edition").first()


def void_badge(edition: Edition, key: str) -> Badge | None:
    """The badge of this key, where it opens nothing any more."""
    found = Badge.objects.filter(edition=edition, key=key).exclude(state=BadgeState.VALID)
    return found.select_related("participant", "replaced_by").first()


def without_badge(edition: Edition) -> QuerySet[Participant]:
    """Who takes part and has no valid badge, nor one that was taken away."""
    had = Badge.objects.filter(participant=OuterRef("pk"), state__in=[BadgeState.VALID, BadgeState.REVOKED])
    return Participant.objects.filter(~Exists(had), edition=edition, left_at=None).select_related("edition")


def type_for(participant: Participant, types: Iterable[BadgeType]) -> BadgeType | None:
    """The first badge type, in the organiser's order, whose role she has."""
    return next((t for t in types if t.role != BadgeRole.PUBLIC and getattr(participant, f"is_{t.role}", False)), None)


def chosen_badges(edition: Edition, asked: Mapping[str, Any]) -> QuerySet[Badge]:
    """The valid badges that a print asks for: the numbers that were chosen, in the order that was chosen."""
    rows = Badge.objects.filter(edition=edition, state=BadgeState.VALID, number__in=asked.get("numbers", []))
    near = rows.select_related("participant__company", "badge_type")
    return near.order_by(*ORDERS.get(asked.get("order", "name"), ORDERS["name"]))


def face_of(badge: Badge, edition: Edition, site: str) -> Face:
    """What is printed: Latin letters first, which everybody at an international market reads, the own script below."""
    person, company, kind = badge.participant, badge.participant.company, badge.badge_type
    country = (company.country if company else "") or person.country
    return Face(
        number=str(badge),
        name=person.latin_name,
        other_name="" if person.native_name == person.latin_name else person.native_name,
        company=_both(company.name, company.name_ko) if company else "",
        role=_both(kind.name, kind.name_ko),
        country=country_name(country, "en") if country else "",
        qr=site.rstrip("/") + scan_path(edition, badge.key),
        colour=kind.colour,
        edition=edition.name,
    )


def lost_on(badge: Badge) -> str:
    """Letters of the names on a badge that print cannot show: said before it is printed."""
    person, company = badge.participant, badge.participant.company
    names = (person.latin_name, person.native_name, *((company.name, company.name_ko) if company else ()))
    return "".join(dict.fromkeys("".join(lost_letters(name) for name in names)))


def _both(latin: str, korean: str) -> str:
    return " · ".join(dict.fromkeys(text for text in (latin, korean) if text))


def scan_path(edition: Edition, key: str) -> str:
    """Where a badge's QR leads."""
    return reverse("meetings:scan", args=[edition.slug, key])
