"""The versions of a mandate: kept at every write, wherever it comes from, and told by what is other than before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from madang.accounts.models import User
from madang.mandates.facts import FIELDS, fact_words, facts_of, label_of
from madang.mandates.models import Mandate, MandateVersion

BATCH = 500


def keep_versions(mandates: Iterable[Mandate], actor: User | None, at: dt.datetime | None = None) -> None:
    """Write down what each mandate says now as its next version, unless its latest one says the same.

    Call it in the transaction of every write: before a change without `at`, so that rows which have no version yet get their
    first one (of the time of their last change), and after it with the time and the actor.
    """
    rows = list(mandates)
    for start in range(0, len(rows), BATCH):
        _keep(rows[start : start + BATCH], actor, at)


def _keep(rows: list[Mandate], actor: User | None, at: dt.datetime | None) -> None:
    kept = MandateVersion.objects.filter(mandate__in=[row.pk for row in rows]).order_by("number")
    latest = {version.mandate_id: version for version in kept}
    made, moved = [], []
    for row in rows:
        last, facts = latest.get(row.pk), facts_of(row)
        if last is not None and last.facts == facts:
            continue
        if last is not None or at is not None:
            row.version, row.changed_at = last.number + 1 if last else row.version, at or row.changed_at
            moved.append(row)
        made.append(MandateVersion(mandate=row, number=row.version, facts=facts, at=at or row.changed_at, by=actor))
    MandateVersion.objects.bulk_create(made)
    Mandate.objects.bulk_update(moved, ["version", "changed_at"])


class Said(NamedTuple):
    """The words of a mandate at a moment; `number` of the version, 0 where none was written down yet."""

    text: str
    number: int


def said_at(mandate: Mandate, moment: dt.datetime) -> Said:
    """What the mandate said at a moment; before its first version what that says."""
    versions = MandateVersion.objects.filter(mandate=mandate).order_by("-number")
    found = versions.filter(at__lte=moment).first() or versions.last()
    return Said(str(found.facts["text"]), found.number) if found else Said(mandate.text, 0)


@dataclass(slots=True)
class Told:
    """A version for a page: `changes` are (field, before, now) against the one before; the first has none."""

    version: MandateVersion
    changes: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return str(self.version.facts.get("text", ""))


def told_versions(mandate: Mandate) -> list[Told]:
    """Every version, the newest first. One query."""
    rows = list(MandateVersion.objects.filter(mandate=mandate).select_related("by").order_by("number"))
    told = [Told(row) for row in rows]
    for before, now in pairwise(told):
        now.changes = differences(before.version.facts, now.version.facts)
    return told[::-1]


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(field, before, now) in words, for each field that is other than it was."""
    changed = [name for name in FIELDS if old.get(name) != new.get(name)]
    return [(label_of(name), fact_words(name, old), fact_words(name, new)) for name in changed]
