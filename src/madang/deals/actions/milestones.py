"""What dates of contracts hang on: named, estimated, and in the end known."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError, Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from madang.accounts.models import User
from madang.catalogue.models import Title
from madang.deals.actions.refusals import DealRefused
from madang.deals.models import Line, Milestone
from madang.deals.rules import own_titles, visible_milestones
from madang.markets.actions import record
from madang.markets.models import Edition

FIELDS = ("name", "earliest", "latest", "actual")


@transaction.atomic
def add_milestone(actor: User, title: Title, *, code: str = "", **facts: Any) -> Milestone:
    """Something that dates of this title's contracts hang on; `facts` are FIELDS. The same name twice is one milestone."""
    edition = Edition.objects.select_for_update(no_key=True).get(pk=title.edition_id)
    if not own_titles(actor, edition).filter(pk=title.pk).exists():
        raise PermissionDenied
    same = Milestone.objects.filter(title=title, name=facts["name"]).first()
    if same is not None and not code:
        return same
    milestone = Milestone.objects.create(edition=edition, title=title, code=code or next_code(edition), **facts)
    record(edition, actor, "add_milestone", milestone.code, title=title.code)
    return milestone


@transaction.atomic
def change_milestone(actor: User, milestone: Milestone, **facts: Any) -> Milestone:
    """A better estimate, or the day on which it happened."""
    milestone = _mine(actor, milestone)
    before = {name: getattr(milestone, name) for name in FIELDS if name in facts and getattr(milestone, name) != facts[name]}
    if before:
        for name in before:
            setattr(milestone, name, facts[name])
        milestone.save(update_fields=list(before))
        kept = {name: str(value or "") for name, value in before.items()}
        record(milestone.edition, actor, "change_milestone", milestone.code, title=milestone.title.code, before=kept)
    return milestone


@transaction.atomic
def drop_milestone(actor: User, milestone: Milestone) -> None:
    """Take away one on which nothing hangs. Raises DealRefused."""
    milestone = _mine(actor, milestone)
    refused = DealRefused(_("Contracts hang on this milestone. Change their dates first."))
    if Line.objects.filter(Q(ended_early_by=milestone)).exists():
        raise refused
    record(milestone.edition, actor, "drop_milestone", milestone.code, title=milestone.title.code)
    try:
        milestone.delete()
    except ProtectedError:
        raise refused from None


def next_code(edition: Edition) -> str:
    """E and a number that no milestone of the edition has."""
    numbered = Milestone.objects.filter(edition=edition, code__regex=r"^E[0-9]{1,30}$")
    last = numbered.order_by(Length("code").desc(), "-code").values_list("code", flat=True).first() or "E0000"
    return f"E{int(last[1:]) + 1:0{max(4, len(last) - 1)}d}"


def _mine(actor: User, milestone: Milestone) -> Milestone:
    mine = visible_milestones(actor, milestone.edition).filter(pk=milestone.pk)
    found = mine.select_related("title", "edition").select_for_update(of=("self",)).first()
    if found is None:
        raise PermissionDenied
    return found
