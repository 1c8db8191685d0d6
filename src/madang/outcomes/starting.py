"""Goals that an edition may start with: for a public market, a commercial one, a showcase. All of it can be changed later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.outcomes.models import Level


@dataclass(frozen=True, slots=True)
class Start:
    """A goal to start with; `measures` are codes of the catalogue that fit it, `serves` codes of segments."""

    code: str
    name: Any
    why: Any = ""
    level: str = ""
    measures: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    parts: tuple[Start, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A tree of goals with the segments that it serves (code -> name, who they are)."""

    code: str
    name: Any
    about: Any
    goals: tuple[Start, ...]
    segments: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def every(self) -> Iterator[Start]:
        """Its goals with their parts."""
        for goal in self.goals:
            yield goal
            yield from goal.parts


SMALL = (_("Small production companies"), _("Companies that have no sales agent, and come with one or two titles."))
NEWCOMERS = (_("Companies that come for the first time"), _("They know nobody yet, and need introductions."))
BUYERS = (_("Buyers from abroad"), _("Broadcasters, platforms and distributors who look for titles."))
CREATORS = (_("Creators of the titles shown"), _("Writers, directors and producers of what is shown."))
AUDIENCE = (_("The audience of the city"), _("People who come to screenings and talks."))
EXHIBITORS = (_("Exhibitors"), _("Companies that pay for a booth or a badge."))

MEETINGS = Start(
    "meetings", _("Agreed meetings take place"), _("A meeting that is planned and not held costs both sides the slot."),
    Level.LEARNING, ("meetings_held", "meetings_held_share", "meetings_missed"),
)  # fmt: skip
CONTRACTS = Start(
    "contracts", _("Talks become contracts"), _("What was signed counts, not what was talked about."), Level.IMPACT,
    ("licences", "contract_value"), parts=(
        Start("offers", _("Offers are made"), level=Level.APPLICATION, measures=("offers",)),
        Start("memos", _("Offers become memos"), level=Level.APPLICATION, measures=("memos",)),
    ),
)  # fmt: skip
REACH = Start(
    "reach", _("Buyers come from many countries"), level=Level.INPUT, measures=("buyers", "countries"), serves=("buyers",)
)

TEMPLATES = {
    one.code: one
    for one in (
        Template(
            "public", pgettext_lazy("template", "A public market"),
            _("Paid for with public money: whoever is small or new gets a chance, and the city has something of it."),
            (
                Start(
                    "access", _("Small and new companies find partners"),
                    _("Large companies find each other anyway; public money is for those who do not."), Level.LEARNING,
                    ("first_time_pairs",), ("small", "newcomers"), (
                        Start("share", _("Small companies have their share"), level=Level.INPUT,
                              measures=("small_companies_share", "companies"), serves=("small",)),
                        Start("talked", _("Every title is talked about"), level=Level.LEARNING,
                              measures=("titles_met", "titles_met_thrice")),
                    ),
                ),
                MEETINGS, CONTRACTS, REACH,
                Start("city", _("The city takes part"), level=Level.REACTION, measures=("attendance", "audience_vote"),
                      serves=("audience",)),
            ),
            {"small": SMALL, "newcomers": NEWCOMERS, "buyers": BUYERS, "audience": AUDIENCE},
        ),
        Template(
            "commercial", pgettext_lazy("template", "A commercial market"),
            _("Paid for by those who exhibit: they come back when their meetings are worth the booth."),
            (
                Start("exhibitors", _("Exhibitors come, and come back"), level=Level.INPUT, measures=("companies",),
                      serves=("exhibitors",)),
                REACH, MEETINGS, CONTRACTS,
                Start("new", _("Exhibitors meet companies that they did not know"), level=Level.LEARNING,
                      measures=("first_time_pairs",), serves=("exhibitors",)),
            ),
            {"exhibitors": EXHIBITORS, "buyers": BUYERS},
        ),
        Template(
            "showcase", pgettext_lazy("template", "A showcase"),
            _("A few titles are shown: that they are seen, liked, talked about and sold is what it is for."),
            (
                Start("seen", _("The titles are seen"), level=Level.INPUT, measures=("attendance", "seats_filled"),
                      serves=("audience",)),
                Start("liked", _("The audience likes them"), level=Level.REACTION, measures=("audience_vote",),
                      serves=("audience",)),
                Start("asked", _("Buyers ask for them"), level=Level.LEARNING,
                      measures=("titles_met", "titles_met_thrice"), serves=("creators", "buyers")),
                CONTRACTS,
            ),
            {"creators": CREATORS, "buyers": BUYERS, "audience": AUDIENCE},
        ),
    )
}  # fmt: skip
SUGGESTED: dict[str, tuple[str, ...]] = {goal.code: goal.measures for one in TEMPLATES.values() for goal in one.every()}
"""Code of a goal -> measures that fit it."""
