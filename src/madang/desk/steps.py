"""What is left to do before, during and after an edition, computed from its facts."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from madang.desk.queries import Facts
from madang.kit.numbers import grouped
from madang.markets.models import Edition, Stage

Text = str | Promise
STILL_OPEN = {"edition", "opening", "letters"}
"""What can still be done when the market is over; nobody answers requests or goes to meetings any more."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: `text` says how far it is, `link` leads to where it is done."""

    key: str
    title: Text
    text: Text
    is_done: bool
    link: str
    link_text: Text


def steps_of(edition: Edition, facts: Facts) -> list[Step]:
    """All steps in the order in which a market is made, done ones among them."""
    steps = [
        _edition(edition),
        _places(edition, facts),
        _people(edition, facts),
        _addresses(edition, facts),
        _titles(edition, facts),
        _mandates(edition, facts),
        _opening(edition),
        _answers(edition, facts),
        _warnings(edition, facts),
        _timetable(edition, facts),
        _letters(edition, facts),
    ]
    found = [step for step in [*steps, *_afterwards(edition, facts)] if step is not None]
    return [step for step in found if step.is_done or step.key in STILL_OPEN] if edition.stage == Stage.AFTER else found


def open_steps(steps: list[Step]) -> list[Step]:
    return [step for step in steps if not step.is_done]


def _link(edition: Edition, name: str) -> str:
    return reverse(name, args=[edition.slug])


def _edition(edition: Edition) -> Step:
    missing = [
        str(label)
        for label, value in ((_("venue"), edition.venue), (_("city"), edition.city), (_("country"), edition.country))
        if not value
    ]
    text = _("Still missing: %(facts)s.") % {"facts": ", ".join(missing)} if missing else _("Name, days, zone and venue are set.")
    return Step("edition", _("Describe the edition"), text, not missing, _link(edition, "desk:settings"), _("Settings"))


def _places(edition: Edition, facts: Facts) -> Step:
    done = bool(facts.slots and facts.tables)
    slots = ngettext("%(n)s slot", "%(n)s slots", facts.slots) % {"n": grouped(facts.slots)}
    tables = ngettext("%(n)s table", "%(n)s tables", facts.tables) % {"n": grouped(facts.tables)}
    text = _("There are %(slots)s and %(tables)s.") % {"slots": slots, "tables": tables}
    return Step("places", _("Bring in slots and tables"), text, done, _link(edition, "workbook:uploads"), _("Workbook"))


def _people(edition: Edition, facts: Facts) -> Step:
    people, done = facts.people["everyone"], bool(facts.people["buyer"] and facts.people["seller"])
    companies = ngettext("%(n)s company", "%(n)s companies", facts.companies) % {"n": grouped(facts.companies)}
    persons = ngettext("%(n)s person", "%(n)s people", people) % {"n": grouped(people)}
    text = _("There are %(companies)s and %(people)s.") % {"companies": companies, "people": persons}
    return Step("people", _("Bring in companies and people"), text, done, _link(edition, "workbook:uploads"), _("Workbook"))


def _addresses(edition: Edition, facts: Facts) -> Step | None:
    if not facts.people["everyone"]:
        return None
    missing = facts.gaps.without_email
    text = ngettext(
        "%(n)s person has no e-mail address and can neither sign in nor be told of anything.",
        "%(n)s people have no e-mail address and can neither sign in nor be told of anything.",
        missing,
    ) % {"n": grouped(missing)}
    link = _link(edition, "desk:people") + "?gap=email"
    done = _("Everybody can be reached.")
    return Step("addresses", _("Reach everybody by e-mail"), text if missing else done, not missing, link, _("Show them"))


def _titles(edition: Edition, facts: Facts) -> Step:
    link, words = _link(edition, "workbook:uploads"), _("Workbook")
    if not facts.titles:
        return Step("titles", _("Bring in titles"), _("There are no titles yet."), False, link, words)
    gap = facts.gaps.sellers_without_title
    if not gap:
        return Step("titles", _("Bring in titles"), _("Every seller's company has a title."), True, link, words)
    text = ngettext(
        "%(n)s seller's company has no title: buyers cannot see what she offers.",
        "%(n)s sellers' companies have no title: buyers cannot see what they offer.",
        gap,
    ) % {"n": grouped(gap)}
    return Step("titles", _("Bring in titles"), text, False, _link(edition, "desk:people") + "?gap=title", _("Show them"))


def _mandates(edition: Edition, facts: Facts) -> Step | None:
    if not facts.people["buyer"]:
        return None
    gap = facts.gaps.buyers_without_mandate
    text = ngettext("%(n)s buyer has not said what she looks for.", "%(n)s buyers have not said what they look for.", gap) % {
        "n": gap
    }
    done = _("Every buyer has said what she looks for.")
    link = _link(edition, "desk:people") + "?gap=mandate"
    return Step("mandates", _("Know what buyers look for"), text if gap else done, not gap, link, _("Show them"))


def _opening(edition: Edition) -> Step:
    closed = []
    if edition.stage == Stage.PREPARATION:
        closed.append(_("People do not see each other yet: move on to registration when the data are right."))
    if not edition.is_public:
        closed.append(_("The public does not see the programme yet."))
    text = " ".join(closed) or _("The edition is public, and its people see each other.")
    return Step("opening", _("Open the doors"), text, not closed, _link(edition, "desk:settings"), _("Settings"))


def _answers(edition: Edition, facts: Facts) -> Step | None:
    if not sum(facts.requests.values()):
        return None
    late = facts.waiting_long
    text = ngettext(
        "%(n)s request has waited for its answer for more than three days.",
        "%(n)s requests have waited for their answers for more than three days.",
        late,
    ) % {"n": grouped(late)}
    link = _link(edition, "meetings:desk_requests") + "?status=sent"
    done = _("No request has waited longer than three days.")
    return Step("answers", _("Get requests answered"), text if late else done, not late, link, _("Show them"))


def _warnings(edition: Edition, facts: Facts) -> Step | None:
    if not sum(facts.requests.values()):
        return None
    text = ngettext("%(n)s thing would make a meeting fail.", "%(n)s things would make meetings fail.", facts.warnings)
    done = _("Everybody is named, reachable and free at the time of the meeting.")
    words = text % {"n": grouped(facts.warnings)} if facts.warnings else done
    link = _link(edition, "meetings:warnings")
    return Step("warnings", _("Mend what would make meetings fail"), words, not facts.warnings, link, _("Show them"))


def _letters(edition: Edition, facts: Facts) -> Step | None:
    if not facts.letters:
        return None
    text = ngettext(
        "%(n)s letter was refused, or nobody knows whether it arrived.",
        "%(n)s letters were refused, or nobody knows whether they arrived.",
        facts.letters,
    ) % {"n": grouped(facts.letters)}
    return Step("letters", _("Decide about letters"), text, False, _link(edition, "people:letters"), _("Show them"))


def _timetable(edition: Edition, facts: Facts) -> Step:
    link, words, title = _link(edition, "meetings:timetable"), _("Timetable"), _("Compute and publish the timetable")
    if facts.has_draft:
        return Step("timetable", title, _("A draft waits to be looked at and published."), False, link, words)
    if facts.published.version:
        number = facts.published.meetings
        meetings = ngettext("%(n)s meeting", "%(n)s meetings", number) % {"n": grouped(number)}
        told = {"version": facts.published.version, "meetings": meetings}
        return Step("timetable", title, _("Version %(version)s is published, with %(meetings)s.") % told, True, link, words)
    accepted = facts.requests.get("accepted", 0)
    text = ngettext("%(n)s accepted request waits for a time.", "%(n)s accepted requests wait for a time.", accepted)
    return Step("timetable", title, text % {"n": grouped(accepted)}, False, link, words)


def _afterwards(edition: Edition, facts: Facts) -> list[Step]:
    """What the published timetable does not fit any more."""
    link, words, found = _link(edition, "meetings:timetable"), _("Timetable"), []
    if facts.published.stale:
        text = ngettext(
            "%(n)s published meeting stands although its request or title was withdrawn. A new version takes it out.",
            "%(n)s published meetings stand although their requests or titles were withdrawn. A new version takes them out.",
            facts.published.stale,
        ) % {"n": grouped(facts.published.stale)}
        found.append(Step("stale", _("Take out what was withdrawn"), text, False, link, words))
    if facts.published.left_out:
        text = ngettext(
            "%(n)s request was accepted after the timetable was made. A new version can place it.",
            "%(n)s requests were accepted after the timetable was made. A new version can place them.",
            facts.published.left_out,
        ) % {"n": grouped(facts.published.left_out)}
        found.append(Step("late", _("Place what was accepted late"), text, False, link, words))
    return found
