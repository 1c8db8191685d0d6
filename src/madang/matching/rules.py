"""Who sees which matches. What a person said of matches is hers alone."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from madang.catalogue.models import Title
from madang.deals.rules import dealer_of
from madang.mandates.models import Mandate, Visibility
from madang.mandates.rules import visible_mandates
from madang.markets.models import Edition
from madang.markets.rules import Visitor
from madang.matching.models import Feedback
from madang.people.models import Participant
from madang.people.rules import blocked_companies


def buyer_of(user: Visitor, edition: Edition) -> Participant | None:
    """The buyer who reads matches of her mandates."""
    me = dealer_of(user, edition)
    return me if me is not None and me.is_buyer else None


def matched_mandates(user: Visitor, edition: Edition) -> QuerySet[Mandate]:
    """One's own mandates, those whose matches one reads."""
    me = buyer_of(user, edition)
    mandates = Mandate.objects.filter(edition=edition).select_related("buyer__company", "edition")
    return mandates.filter(buyer=me) if me else mandates.none()


def titles_on_offer(edition: Edition) -> QuerySet[Title]:
    """Whole works that somebody sells."""
    return Title.objects.filter(edition=edition, part_of=None, is_withdrawn=False, company__isnull=False)


def matched_titles(user: Visitor, edition: Edition) -> QuerySet[Title]:
    """The titles of one's own company, for those who sell or create: those whose matches one reads."""
    me = dealer_of(user, edition)
    titles = titles_on_offer(edition).select_related("company", "edition")
    if me is None or not (me.is_seller or me.is_creator):
        return titles.none()
    return titles.filter(company=me.company_id)


def mandates_to_match(user: Visitor, edition: Edition) -> QuerySet[Mandate]:
    """Mandates of other companies' buyers that the user may read: what she may not read is in no query of hers."""
    seen = visible_mandates(user, edition).exclude(visibility=Visibility.HIDDEN)
    seen = seen.filter(buyer__is_buyer=True, buyer__left_at=None)
    return seen.select_related("buyer__company", "buyer__edition", "edition")


def blocked_sellers(me: Participant) -> Q:
    """A condition: titles of companies that blocked a buyer's or that she blocked: a match says what is free of them."""
    return Q(company__in=blocked_companies(me).values("pk"))


def visible_feedback(user: Visitor, edition: Edition) -> QuerySet[Feedback]:
    """One's own. Nobody else reads it: no page, export or log of the organiser has it."""
    if not user.is_authenticated:
        return Feedback.objects.none()
    return Feedback.objects.filter(edition=edition, by__user=user).select_related("title", "mandate")
