"""Who may import, and into what."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.db.models import QuerySet

from madang.accounts.models import User
from madang.markets.models import Edition, Market
from madang.markets.rules import Visitor, may_organise, organised_editions
from madang.workbook.faults import Fault
from madang.workbook.models import ImportRun
from madang.workbook.places import fault_in
from madang.workbook.records import Records


def visible_imports(user: Visitor, edition: Edition) -> QuerySet[ImportRun]:
    """An edition's imports are its organisers'."""
    if not may_organise(user, edition):
        return ImportRun.objects.none()
    return ImportRun.objects.filter(edition=edition).select_related("asked_by")


def may_import(user: Visitor, edition: Edition) -> bool:
    return may_organise(user, edition)


def organised_markets(user: User | None) -> QuerySet[Market]:
    """The markets to which the user may add editions; None is the installation's own administrator at the command line."""
    if user is None or user.is_superuser:
        return Market.objects.all()
    return Market.objects.filter(organisers=user)


def may_create_market(user: User | None) -> bool:
    """Administrators, and whoever organises a market already."""
    return user is None or user.is_superuser or user.is_staff or organised_markets(user).exists()


@dataclass(slots=True)
class Target:
    """Where a workbook goes: an edition that is there, or a new one in `market` (which is new too where `market` is None)."""

    edition: Edition | None = None
    market: Market | None = None
    market_slug: str = ""
    faults: list[Fault] = field(default_factory=list)


def target_of(user: User | None, page: Edition | None, market_slug: str, records: Records) -> Target:
    """The edition that the workbook names, as far as the user may write there.

    `page` is the edition whose desk the file was brought to; `market_slug` was chosen on the command line.
    What others run looks the same as what may not be named: nothing tells whether it is there.
    """
    record = records.edition
    if record is None or not record.code:
        return Target(edition=page, market=page.market if page else None)
    if page is not None and record.code == page.slug:
        return _known(page, records)
    named = Edition.objects.filter(slug=record.code).select_related("market").first()
    if named is not None:
        mine = user is None or organised_editions(user).filter(pk=named.pk).exists()
        if not mine:
            return Target(faults=[fault_in(records, record, "code", "edition_refused")])
        if page is not None:
            return Target(faults=[fault_in(records, record, "code", "edition_differs", code=named.slug)])
        return _known(named, records)
    return _new(user, page, market_slug, records)


def _known(edition: Edition, records: Records) -> Target:
    target = Target(edition=edition, market=edition.market)
    record = records.edition
    slug = record.values.get("market") if record else ""
    if record and slug and slug != edition.market.slug:
        target.faults.append(fault_in(records, record, "market", "market_differs"))
    return target


def _new(user: User | None, page: Edition | None, market_slug: str, records: Records) -> Target:
    record = records.edition
    assert record is not None  # noqa: S101 # target_of has looked
    slug = record.values.get("market") or market_slug or (page.market.slug if page else "") or _market_slug(record.code)
    market = organised_markets(user).filter(slug=slug).first()
    if market is not None:
        return Target(market=market, market_slug=slug)
    if page is not None or Market.objects.filter(slug=slug).exists():
        return Target(faults=[fault_in(records, record, "market" if record.values.get("market") else "code", "market_refused")])
    if not may_create_market(user):
        return Target(faults=[fault_in(records, record, "code", "may_not_create")])
    return Target(market_slug=slug)


def _market_slug(code: str) -> str:
    """ "yard-market-2026" -> "yard-market"."""
    return re.sub(r"[-_]?\d+$", "", code) or code
