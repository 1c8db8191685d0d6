"""Who sees which titles, and who says what they are."""

from __future__ import annotations

from django.db.models import QuerySet

from madang.catalogue.models import Title
from madang.markets.models import Edition
from madang.markets.rules import Visitor, may_organise
from madang.people.rules import is_professional, participant_of


def visible_titles(user: Visitor, edition: Edition) -> QuerySet[Title]:
    """The showcase for everyone; the whole catalogue for people who do business; withdrawn titles for organisers only."""
    titles = Title.objects.filter(edition=edition).select_related("company", "edition", "part_of__part_of")
    if may_organise(user, edition):
        return titles
    titles = titles.filter(is_withdrawn=False).exclude(part_of__is_withdrawn=True)
    if is_professional(participant_of(user, edition)):
        return titles
    return titles.filter(is_showcase=True)


def visible_works(user: Visitor, edition: Edition) -> QuerySet[Title]:
    """Those that lists show: whole works, whose seasons and episodes stand on their pages."""
    return visible_titles(user, edition).filter(part_of=None)


def may_edit_identity(user: Visitor, title: Title) -> bool:
    """Organisers, and those who sell or create for the company whose title it is."""
    if may_organise(user, title.edition):
        return True
    me = participant_of(user, title.edition)
    if me is None or me.left_at or title.is_withdrawn or title.company_id is None:
        return False
    return (me.is_seller or me.is_creator) and me.company_id == title.company_id
