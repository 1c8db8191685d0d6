"""Studies: begun, changed until they are registered, then frozen; counts that come in; what was withdrawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.catalogue.models import Title
from madang.kernels.impact import ImpactError
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.actions.rounds import guard
from madang.outcomes.models import MonthlyCount, StudiedTitle, Study
from madang.outcomes.queries.studies import month_text, registration_of


@dataclass(frozen=True, slots=True)
class Studied:
    """A title of a study as it was written down."""

    code: str
    name: str
    is_donor: bool = False


@transaction.atomic
def save_study(
    actor: User, edition: Edition, facts: Mapping[str, Any], titles: Sequence[Studied], study: Study | None = None
) -> Study:
    """Begin a study, or change one that is not registered. Titles of the catalogue are found by their codes."""
    guard(actor, edition)
    found = _unregistered(study) if study else Study(edition=edition)
    for name, value in facts.items():
        setattr(found, name, value)
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:
        raise Refused(_("There is a study of this code already.")) from None
    _set_titles(found, titles)
    record(edition, actor, "change_study" if study else "make_study", found.code, titles=len(titles))
    return found


def _unregistered(study: Study) -> Study:
    """The row, locked. Raises Refused where it is registered."""
    found = Study.objects.select_for_update(of=("self",)).select_related("edition").get(pk=study.pk)
    if found.registered_at:
        raise Refused(_("This study is registered: it does not change any more."))
    return found


def _set_titles(study: Study, titles: Sequence[Studied]) -> None:
    """Titles that go take their counts with them; those that stay keep them."""
    wanted = {one.code: one for one in titles}
    study.titles.exclude(code__in=wanted).delete()
    works = {title.code: title for title in Title.objects.filter(edition=study.edition_id, code__in=wanted)}
    rows = [
        StudiedTitle(study=study, code=one.code, name=one.name, is_donor=one.is_donor, title=works.get(one.code))
        for one in wanted.values()
    ]
    StudiedTitle.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["study", "code"], update_fields=["name", "is_donor", "title"]
    )


@transaction.atomic
def discard_study(actor: User, study: Study) -> None:
    """Throw away a study that was never registered; a registered one stays for ever."""
    guard(actor, study.edition)
    found = _unregistered(study)
    record(found.edition, actor, "discard_study", found.code)
    found.delete()


@transaction.atomic
def register_study(actor: User, study: Study, *, late: bool = False) -> Study:
    """Freeze the study and keep its digest. From the month of the event on only as `late`, and then it always says so."""
    guard(actor, study.edition)
    found = _unregistered(study)
    now = found.edition.now()
    if month_text(now.astimezone(found.edition.zone).date()) >= month_text(found.event) and not late:
        raise Refused(_("The month of the event has begun: a study is registered before it, or as a late one that says so."))
    found.registered_at, found.registered_by = now, actor
    try:
        found.digest = registration_of(found).digest
    except ImpactError:
        raise Refused(_("A study needs two titles that were shown and two donors at least.")) from None
    found.save()
    record(found.edition, actor, "register_study", found.code, digest=found.digest, late=late)
    return found


@transaction.atomic
def withdraw_studied(actor: User, title: StudiedTitle, on: dt.date | None) -> None:
    """Note when a title was withdrawn, or (None) that it was not. Before the event it is left out; later it stays in."""
    guard(actor, title.study.edition)
    title.withdrawn_on = on
    title.save(update_fields=["withdrawn_on"])
    day = on.isoformat() if on else "–"
    record(title.study.edition, actor, "withdraw_studied", title.study.code, title=title.name, on=day)


@transaction.atomic
def import_counts(actor: User, study: Study, counts: Mapping[tuple[str, dt.date], int], *, file: str) -> int:
    """Counts by (code, first day of the month); a count that is there already is replaced, and the log says how many were."""
    guard(actor, study.edition)
    found = Study.objects.select_for_update(of=("self",)).select_related("edition").get(pk=study.pk)
    titles = dict(found.titles.values_list("code", "pk"))
    before = dict(MonthlyCount.objects.filter(title__study=found).values_list("pk", "count"))
    rows = [MonthlyCount(title_id=titles[code], month=month, count=count) for (code, month), count in counts.items()]
    MonthlyCount.objects.bulk_create(
        rows, batch_size=1000, update_conflicts=True, unique_fields=["title", "month"], update_fields=["count"]
    )
    after = dict(MonthlyCount.objects.filter(pk__in=before).values_list("pk", "count"))
    changed = sum(after[pk] != count for pk, count in before.items())
    record(found.edition, actor, "import_counts", found.code, count=len(rows), changed=changed, file=file[:200])
    return changed
