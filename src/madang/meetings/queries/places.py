"""Where a meeting takes place, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from madang.kit.languages import LANGUAGES
from madang.markets.models import Table
from madang.meetings.models import Form, MeetingRequest


def booth_of(request: MeetingRequest) -> Table | None:
    """The booth of a meeting without a shared table: the receiver's company's, else the sender's; none for an online meeting."""
    if request.form == Form.ONLINE:
        return None
    companies = [person.company for person in (request.receiver, request.sender)]
    return next((company.booth for company in companies if company is not None and company.booth is not None), None)


def place_words(table: Table | None) -> str:
    """ "Table 12", "Booth A4"; a name of several words ("Garden terrace") as it is; empty for no place."""
    if table is None:
        return ""
    name = table.name or table.code
    if " " in name:
        return name
    return (_("Booth %(code)s") if table.is_booth else _("Table %(code)s")) % {"code": name}


def place_facts(table: Table | None) -> dict[str, str]:
    """The place in every language, for a notice that is read later: `place`, `place_ko`, `place_fr`."""
    facts = {}
    for language, _name in LANGUAGES:
        with override(language):
            facts["place" if language == "en" else f"place_{language}"] = place_words(table)
    return facts


def where_facts(request: MeetingRequest, table: Table | None) -> dict[str, str]:
    """The place of the request's meeting in every language, as `place_facts`: its table, a booth, or online."""
    return online_facts() if request.form == Form.ONLINE else place_facts(table or booth_of(request))


def online_facts() -> dict[str, str]:
    """That a meeting is online, as `place_facts`."""
    facts = {}
    for language, _name in LANGUAGES:
        with override(language):
            facts["place" if language == "en" else f"place_{language}"] = _("Online")
    return facts
