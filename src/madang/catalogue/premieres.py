"""What a claim of a premiere means, held against where a work was shown before."""

from __future__ import annotations

from collections.abc import Collection

from madang.catalogue.models import Premiere

ASIA_CODES = (
    "AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH PK PS QA SA SG "
    "SY TH TJ TL TM TR TW UZ VN YE"
)
ASIA = frozenset(ASIA_CODES.split())
"""Countries of Asia as the United Nations count them (M.49, region 142), with Taiwan."""


def breaks_claim(claim: str, country: str, home: Collection[str]) -> bool:
    """Whether an earlier public showing in `country` makes the claim untrue; `home`: the countries that made the work."""
    return {
        Premiere.WORLD: True,
        Premiere.INTERNATIONAL: country not in home,
        Premiere.ASIAN: country in ASIA,
        Premiere.KOREAN: country == "KR",
    }.get(Premiere(claim), False)


def widest_claim(shown_in: Collection[str], home: Collection[str]) -> Premiere:
    """The widest premiere that is still to be had after showings in these countries."""
    return next(claim for claim in Premiere if not any(breaks_claim(claim, country, home) for country in shown_in))


def implied_claims(claim: str, home: Collection[str]) -> set[str]:
    """The claim and all that is true with it: who was shown nowhere was not shown in Korea either."""
    implied = {claim}
    if claim == Premiere.WORLD:
        implied |= {Premiere.INTERNATIONAL, Premiere.ASIAN, Premiere.KOREAN}
    if claim == Premiere.INTERNATIONAL:
        implied |= {Premiere.ASIAN} if ASIA.isdisjoint(home) else set()
        implied |= {Premiere.KOREAN} if "KR" not in home else set()
    if claim == Premiere.ASIAN:
        implied |= {Premiere.KOREAN}
    return {str(one) for one in implied}
