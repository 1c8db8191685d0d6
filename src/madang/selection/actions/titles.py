"""An accepted entry becomes a title of the catalogue, with its identity and where it was shown before."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.catalogue.models import Format, Genre, Identity, IdentityStatement, Progress, Showing, Title
from madang.kit.search import fold
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.people.models import Company
from madang.selection.actions.refusals import Refused
from madang.selection.models import Entry, EntryState
from madang.selection.rules.entries import may_judge_eligibility

SAME = (
    "name", "name_ko", "name_fr", "name_original", "countries", "year", "episodes", "minutes", "synopsis", "synopsis_ko",
    "synopsis_fr", "creators", "directors", "producers", "sales",
)  # fmt: skip
"""Fields that a title has from its entry as they are."""
IDENTITY = tuple(field.name for field in Identity._meta.get_fields())


@transaction.atomic
def title_of_entry(entry: Entry, *, section: str = "", is_showcase: bool = True) -> Title:
    """The title of an entry, made if it has none yet and put back if it was taken out; a second call gives the same one.

    The caller guards and writes the log: being in the line-up is what was decided.
    """
    row = Entry.objects.select_for_update(of=("self",)).select_related("call__edition", "title__edition").get(pk=entry.pk)
    if row.title is None:
        row.title = _make_title(row, section, is_showcase)
        row.save(update_fields=["title"])
    elif row.title.is_withdrawn:
        row.title.is_withdrawn = False
        row.title.save(update_fields=["is_withdrawn"])
    entry.title = row.title
    return row.title


@transaction.atomic
def change_title(actor: User, entry: Entry, *, is_shown: bool) -> bool:
    """The organiser takes an accepted entry's title out of the catalogue, or puts it back; False where it was so already."""
    if not may_judge_eligibility(actor, entry):
        raise PermissionDenied
    row = Entry.objects.select_for_update(of=("self",)).select_related("call__edition").get(pk=entry.pk)
    if is_shown and row.state != EntryState.SUBMITTED:
        raise Refused(_("The entry does not count any more: let it count again first."))
    return show_title(actor, row, is_shown=is_shown) is not None


def show_title(actor: User, entry: Entry, *, is_shown: bool) -> Title | None:
    """Let the title leave the catalogue, as all that people see of the line-up, or come back; None where nothing changes.

    Inside the transaction of the change that ends the entry or lets it count. What hangs on the title stays, for the organiser
    to settle.
    """
    title = Title.objects.select_for_update(of=("self",)).filter(entry=entry, is_withdrawn=is_shown).first()
    if title is None:
        return None
    title.is_withdrawn = not is_shown
    title.save(update_fields=["is_withdrawn"])
    record(entry.call.edition, actor, "restore_title" if is_shown else "withdraw_title", title.code, entry=entry.code)
    return title


def _make_title(entry: Entry, section: str, is_showcase: bool) -> Title:
    edition = entry.call.edition
    title = Title.objects.create(
        edition=edition,
        code=_free_code(edition, entry.code),
        company=company_named(edition, entry.company_name),
        format=entry.format or Format.SERIES,
        genre=entry.genre or Genre.OTHER,
        progress=entry.progress or Progress.COMPLETED,
        languages=entry.languages,
        section=section,
        is_showcase=is_showcase,
        **{name: getattr(entry, name) for name in SAME},
    )
    identity = {name: getattr(entry, name) for name in IDENTITY}
    if any(identity.values()):
        IdentityStatement.objects.create(title=title, saved_at=edition.now(), **identity)
    Showing.objects.bulk_create(_showings(entry, title), ignore_conflicts=True)
    return title


def company_named(edition: Edition, name: str) -> Company | None:
    """The edition's company of that name, whatever its case, accents and signs; none where several could be meant."""
    wanted = fold(name)
    if not wanted:
        return None
    alike = Company.objects.filter(edition=edition, search_text__contains=wanted)
    same = [company for company in alike if wanted in (fold(company.name), fold(company.name_ko))]
    return same[0] if len(same) == 1 else None


def _free_code(edition: Edition, wanted: str) -> str:
    taken = set(Title.objects.filter(edition=edition, code__startswith=wanted[:36]).values_list("code", flat=True))
    if wanted not in taken:
        return wanted
    return next(code for number in range(2, len(taken) + 3) if (code := f"{wanted[:36]}-{number}") not in taken)


def _showings(entry: Entry, title: Title) -> list[Showing]:
    return [
        Showing(
            title=title,
            shown_on=dt.date.fromisoformat(row["on"]),
            country=row["country"],
            place=row.get("place", "")[:200],
            source=entry.code,
        )
        for row in entry.shown
    ]
