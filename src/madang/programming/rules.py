"""The programme is made by the edition's organisers alone; what is published of it is `programme`'s."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from madang.accounts.models import User
from madang.markets.models import Edition
from madang.markets.rules import Visitor, may_organise
from madang.programming.models import Item, SuggestRun, Version


def visible_items(user: Visitor, edition: Edition) -> QuerySet[Item]:
    """All of the edition's, for its organisers."""
    items = Item.objects.filter(edition=edition)
    return items if may_programme(user, edition) else items.none()


def visible_suggestions(user: Visitor, edition: Edition) -> QuerySet[SuggestRun]:
    """Those that the edition's organisers asked for."""
    runs = SuggestRun.objects.filter(edition=edition)
    return runs if may_programme(user, edition) else runs.none()


def visible_versions(user: Visitor, edition: Edition) -> QuerySet[Version]:
    """What was published, when and by whom: the organisers' to compare."""
    versions = Version.objects.filter(edition=edition)
    return versions if may_programme(user, edition) else versions.none()


def may_programme(user: Visitor, edition: Edition) -> bool:
    return may_organise(user, edition)


def guard(actor: User | None, edition: Edition) -> None:
    """Raise PermissionDenied unless the actor may make the programme. None is the command line on the server itself."""
    if actor is not None and not may_programme(actor, edition):
        raise PermissionDenied
