"""Avails files of the demo's seller: one that was loaded, one that waits for her, one with faults."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile

from madang.accounts.models import User
from madang.avails.files import Target, written
from madang.avails.records import Record
from madang.catalogue.models import Format, Title
from madang.deals.actions.avails_runs import (
    confirm_avails_import,
    load_avails_import,
    read_avails_import,
    start_avails_import,
)
from madang.deals.models import AvailsImport, Source
from madang.markets.models import Edition, LogEntry
from madang.people.models import Participant

WINDOWS = (("SVOD", "2025-07-01", "2027-06-30"), ("EST", "2025-06-01", "Open"), ("VOD", "2025-06-15", "2026-12-31"))
LANDS = (("JP", "ja"), ("TW", "zh-Hant"), ("FR", "fr"))
WORLD = ("ZZ", "")


def make_avails(edition: Edition, seller: Participant, now: dt.datetime) -> None:
    """Three files by the seller's own hand, through the same doors as anybody's, set back into the days before `now`."""
    works = list(Title.objects.filter(edition=edition, company=seller.company, part_of=None).order_by("code")[:4])
    if seller.user is None or not works:
        return
    loaded = bring(seller.user, edition, "avails-june.xlsx", rows(works[:3], LANDS), load=True)
    set_back(loaded, now - dt.timedelta(days=9))
    set_back(bring(seller.user, edition, "avails-july.xlsx", rows(works[:3], [*LANDS[:2], WORLD])), now - dt.timedelta(hours=3))
    wrong = rows(works[-1:], LANDS)
    wrong[0].values["Start"] = "06/07/2025"
    wrong[1].values["Territory"] = "KRX"
    wrong[2].values |= {"TitleInternalAlias": "Nightingale and the Lighthouse", "SeriesTitleInternalAlias": "Night and day"}
    for column in ("AltID", "ContentID", "SeriesAltID", "SeriesContentID"):
        wrong[2].values.pop(column, None)
    set_back(bring(seller.user, edition, "avails-from-the-agency.xlsx", wrong), now - dt.timedelta(days=2))


def set_back(run: AvailsImport, moment: dt.datetime) -> None:
    """Let an import and what came of it stand on its day."""
    AvailsImport.objects.filter(pk=run.pk).update(created_at=moment, finished_at=moment + dt.timedelta(minutes=1))
    if run.is_confirmed:
        run.company.documents.filter(source=Source.AVAILS).update(created_at=moment)
        LogEntry.objects.filter(edition=run.edition, verb="import_avails").update(at=moment)


def bring(user: User, edition: Edition, name: str, records: list[Record], *, load: bool = False) -> AvailsImport:
    """Send a workbook, look at it, and load it or leave it."""
    data, _left = written(records, Target.WORKBOOK)
    run, _new = start_avails_import(user, edition, ContentFile(data, name), "any")
    read_avails_import(run.key)
    run.refresh_from_db()
    if load and confirm_avails_import(user, run):
        load_avails_import(run.key)
        run.refresh_from_db()
    return run


def rows(works: list[Title], lands: Any) -> list[Record]:
    """A row for each work, licence and country."""
    return [
        Record(named(work) | terms(work, licence, start, end) | {"Territory": land, "AllowedLanguages": language})
        for work in works
        for licence, start, end in WINDOWS
        for land, language in lands
    ]


def terms(work: Title, licence: str, start: str, end: str) -> dict[str, str]:
    """What is asked for it."""
    price = {} if licence == "SVOD" else {"PriceType": "Tier", "PriceValue": "2", "PriceCurrency": "USD"}
    return price | {
        "EntryType": "Full Extract",
        "ALID": f"md:alid:org:sales.example:{work.code}",
        "DisplayName": work.company.name if work.company else "",
        "LicenseType": licence,
        "FormatProfile": "HD",
        "Start": start,
        "End": end,
        "Exclusive": "No",
    }


def named(work: Title) -> dict[str, str]:
    """What the file calls the work."""
    content = f"md:cid:org:sales.example:{work.code}"
    if work.format == Format.SERIES:
        names = {"SeriesTitleInternalAlias": work.name, "SeriesTitleDisplayUnlimited": work.name, "SeriesAltID": work.code}
        return {"WorkType": "Series", "SeriesContentID": content, **names}
    return {"WorkType": "Movie", "ContentID": content, "TitleInternalAlias": work.name, "AltID": work.code}
