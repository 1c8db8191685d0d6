"""`{% load deal_values %}`: values on the page of a deal; deals on the page of a meeting, which lies below this app."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.template import Context
from django.utils.translation import get_language

from madang.deals.models import Deal
from madang.deals.queries.plan_text import percent_text
from madang.deals.queries.values_panel import MeetingDeals, Panel, deals_of_meeting, values_panel
from madang.kit.money import money as money_text
from madang.kit.money import offered_currencies
from madang.meetings.models import MeetingRequest

register = template.Library()


@register.simple_tag(takes_context=True)
def deal_values(context: Context, deal: Deal) -> Panel:
    """What `deals/values.html#panel` shows. A constant number of queries: once a page, never in a loop."""
    return values_panel(context["request"].user, deal)


@register.simple_tag(takes_context=True)
def meeting_deals(context: Context, found: MeetingRequest) -> MeetingDeals:
    """What `deals/from_meeting.html#panel` shows: once a page, never in a loop."""
    return deals_of_meeting(context["request"].user, found)


@register.simple_tag
def currency_list() -> list[tuple[str, str]]:
    """Codes and names of currencies, the usual ones first."""
    return offered_currencies((get_language() or "en")[:2])


@register.filter
def money(amount: Decimal, currency: str) -> str:
    """`{{ value.amount|money:value.currency }}`: the currency, then the amount."""
    return money_text(amount, currency)


@register.filter
def percent(share: Decimal) -> str:
    """`33.334 %`."""
    return percent_text(share)
