"""Proposed meetings: the most expected hits, with a floor of meetings for every title.

market = Market(buyers, titles, chances, gates, buyer_room, title_room, floor=2)
plan = solve(market)
assert not check(market, plan)
why_missing(market, plan, title)
"""

from .prices import FloorPrice, floor_prices
from .problem import Group, Market, Meeting, Plan, Progress, Status, owed
from .referee import Violation, check
from .solve import greedy, solve
from .why import Code, Missing, Why, lacking, why, why_missing

__all__ = [
    "Code",
    "FloorPrice",
    "Group",
    "Market",
    "Meeting",
    "Missing",
    "Plan",
    "Progress",
    "Status",
    "Violation",
    "Why",
    "check",
    "floor_prices",
    "greedy",
    "lacking",
    "owed",
    "solve",
    "why",
    "why_missing",
]
