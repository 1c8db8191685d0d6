"""Contact cards, and to whom they are given."""

from __future__ import annotations

from django.db.models import QuerySet

from madang.kit.vcard import Card
from madang.markets.rules import Visitor
from madang.meetings.models import Attendee, Meeting
from madang.meetings.queries.held import coming_attendees
from madang.people.mail import address_of
from madang.people.models import Participant


def shown_cards(user: Visitor, meeting: Meeting) -> QuerySet[Attendee]:
    """Those of the meeting who give their card in it, for the people of the meeting: not even an organiser takes one."""
    coming = coming_attendees(meeting)
    if not user.is_authenticated or not coming.filter(participant__user=user).exists():
        return coming.none()
    return coming.filter(shares_card=True).select_related("participant__user")


def card_of(owner: Participant) -> Card:
    """What stands on a participant's card, her name in both scripts."""
    company = owner.company
    return Card(
        family_name=owner.family_name,
        given_name=owner.given_name,
        name=owner.latin_name,
        native_name=owner.native_name,
        company=company.name if company else "",
        native_company=company.name_ko if company else "",
        job_title=owner.job_title,
        email=address_of(owner),
        website=company.website if company else "",
        country=owner.country or (company.country if company else ""),
        met_at=str(owner.edition),
    )
