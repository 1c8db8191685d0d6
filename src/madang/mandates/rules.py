"""Who sees which mandates, and who writes them."""

from __future__ import annotations

from django.db.models import Exists, Q, QuerySet

from madang.kit.codes import codes
from madang.mandates.fitting import fitting, of_row, offered_titles, tags_of
from madang.mandates.models import Mandate, Visibility
from madang.markets.models import Edition, Stage
from madang.markets.rules import Visitor, may_organise
from madang.people.rules import is_professional, participant_of, visible_participants


def visible_mandates(user: Visitor, edition: Edition) -> QuerySet[Mandate]:
    """Organisers see all; people who do business see their own, and open ones of those whom they see.

    One for matches is seen by sellers and creators of a company with a title on offer that passes its gates of the catalogue
    (`fitting`). A hidden one is not in the query of anybody else, so that nothing that is counted or timed tells of it.
    """
    mandates = Mandate.objects.filter(edition=edition).select_related("buyer__company", "edition")
    if may_organise(user, edition):
        return mandates
    me = participant_of(user, edition)
    if me is None or not is_professional(me):
        return mandates.none()
    seen = visible_participants(user, edition).values("pk")
    opened = Q(visibility=Visibility.PUBLIC)
    if me.company_id and (me.is_seller or me.is_creator):
        opened |= matching_titles_of(edition, me.company_id)
    return mandates.filter(opened & Q(buyer__in=seen) | Q(buyer=me))


def matching_titles_of(edition: Edition, company: int) -> Q:
    """Mandates of the edition for matches alone that a title of this company passes. Two queries."""
    told = Mandate.objects.filter(edition=edition, visibility=Visibility.MATCHES).exclude(must_nots="").order_by()
    ruled_out = {code for text in told.values_list("must_nots", flat=True).distinct() for code in codes(text)}
    titles = fitting(offered_titles().filter(company=company), of_row, tags_of(company) & ruled_out)
    return Q(Exists(titles), visibility=Visibility.MATCHES)


def may_write_mandates(user: Visitor, edition: Edition) -> bool:
    """Buyers, until the edition is over."""
    me = participant_of(user, edition)
    return me is not None and me.is_buyer and edition.stage != Stage.AFTER


def changeable_mandates(user: Visitor, edition: Edition) -> QuerySet[Mandate]:
    """One's own, as long as one may write mandates."""
    if not user.is_authenticated or not may_write_mandates(user, edition):
        return Mandate.objects.none()
    return Mandate.objects.filter(edition=edition, buyer__user=user).select_related("buyer__company", "edition")


def versioned_mandates(user: Visitor, edition: Edition) -> QuerySet[Mandate]:
    """Those whose earlier words one reads: one's own, and all for organisers."""
    mandates = Mandate.objects.filter(edition=edition).select_related("buyer__company", "edition")
    if may_organise(user, edition):
        return mandates
    me = participant_of(user, edition)
    return mandates.filter(buyer=me) if me else mandates.none()


def may_change_mandate(user: Visitor, mandate: Mandate) -> bool:
    return changeable_mandates(user, mandate.edition).filter(pk=mandate.pk).exists()
