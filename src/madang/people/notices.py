"""What a notice says, in the reader's language and with times in the venue's zone."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from madang.kit import calendar
from madang.kit.languages import is_hangul, localised
from madang.people.models import Notice, Participant

TEXTS = {
    "request_received": _("%(who)s asks you for a meeting."),
    "request_accepted": _("%(who)s accepts your meeting request."),
    "request_declined": _("%(who)s declines your meeting request."),
    "request_declined because": _("%(who)s declines your meeting request: “%(answer)s”"),
    "request_withdrawn": _("%(who)s no longer asks you for a meeting."),
    "meeting_placed": _("You meet %(who)s: %(when)s, %(place)s."),
    "meeting_moved": _("Your meeting with %(who)s has moved. New time and place: %(when)s, %(place)s."),
    "meeting_cancelled": _("Your meeting with %(who)s is cancelled (it was to be %(when)s)."),
    "meeting_cancelled because": _("Your meeting with %(who)s is cancelled (it was to be %(when)s): “%(answer)s”"),
}
"""Kind -> sentence; a kind followed by "because" is the same with the other side's words."""

MORE_THAN_SHOWN = 120
"""Letters of the other side's words that fit into a notice; the page shows all of them."""


def person_facts(participant: Participant) -> dict[str, str]:
    """What a notice's `data` keeps of a person, in every language, so that it reads well later in any of them."""
    native = participant.native_name
    facts = {"who": participant.latin_name, "who_ko": native if is_hangul(native) else ""}
    if company := participant.company:
        facts |= {"company": company.name, "company_ko": company.name_ko}
    return {key: text for key, text in facts.items() if text}


def notice_text(notice: Notice, own_zone: str = "") -> str:
    """One sentence in the active language. `own_zone`: the reader's IANA zone, if her own time shall stand beside."""
    kind = notice.kind
    if notice.data.get("answer") and f"{kind} because" in TEXTS:
        kind = f"{kind} because"
    if kind not in TEXTS:
        return gettext("There is news for you.")
    return str(TEXTS[kind]) % _words(notice.data, own_zone)


def notice_url(notice: Notice, edition_slug: str) -> str:
    """The path of the page that the notice is about."""
    if code := notice.data.get("request", ""):
        if notice.kind.startswith("request_"):
            return reverse("meetings:request", args=[edition_slug, code])
        return reverse("meetings:agenda", args=[edition_slug])
    return reverse("site:edition", args=[edition_slug])


def _words(data: dict[str, Any], own_zone: str) -> dict[str, str]:
    facts = SimpleNamespace(**data)
    names = [localised(facts, "who"), localised(facts, "company")]
    answer = str(data.get("answer", ""))
    return {
        "who": ", ".join(name for name in names if name) or gettext("Someone"),
        "place": localised(facts, "place") or gettext("place to be announced"),
        "answer": answer if len(answer) <= MORE_THAN_SHOWN else answer[:MORE_THAN_SHOWN].rstrip() + " …",
        "when": _moment(str(data.get("starts_at", "")), str(data.get("zone", "")), own_zone),
    }


def _moment(text: str, zone: str, own_zone: str) -> str:
    try:
        moment = calendar.in_zone(dt.datetime.fromisoformat(text), zone)
    except ValueError:  # a notice without a time
        return gettext("time to be announced")
    language = (get_language() or "en")[:2]
    here = f"{calendar.moment_text(moment, language)} {calendar.zone_mark(moment)}"
    own = calendar.own_time_text(moment, own_zone, language)
    return f"{here} ({own})" if own else here
