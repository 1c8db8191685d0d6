"""What a notice says, in the reader's language and with times in the venue's zone."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from madang.kit import calendar
from madang.kit.languages import is_hangul, isolated, localised
from madang.people.models import Notice, Participant

TEXTS = {
    "request_received": _("%(who)s asks you for a meeting."),
    "request_accepted": _("%(who)s accepts your meeting request."),
    "request_declined": _("%(who)s declines your meeting request."),
    "request_declined because": _("%(who)s declines your meeting request: “%(answer)s”"),
    "request_withdrawn": _("%(who)s no longer asks you for a meeting."),
    "request_taken_back": _("%(who)s takes back the yes to your meeting request."),
    "request_taken_back because": _("%(who)s takes back the yes to your meeting request: “%(answer)s”"),
    "request_edited": _("%(who)s has edited the meeting request to you."),
    "request_reminder": _("%(who)s waits for your answer. The request expires: %(when)s."),
    "request_expired": _("The meeting request from %(who)s has expired: you did not answer it in time."),
    "request_unanswered": _("Your meeting request to %(who)s has expired without an answer."),
    "meeting_placed": _("You meet %(who)s: %(when)s, %(place)s."),
    "meeting_moved": _("Your meeting with %(who)s has moved. New time and place: %(when)s, %(place)s."),
    "running_late": _("%(who)s will be %(minutes)s minutes late for your meeting: %(when)s, %(place)s."),
    "on_time": _("%(who)s will be on time after all: %(when)s, %(place)s."),
    "absence_reported": _("Reported: you did not come to meet %(who)s, %(when)s (%(cause)s). If you did, check in."),
    "absence_contested": _("%(who)s checked in to the meeting that you reported as not attended: %(when)s."),
    "card_given": _("%(who)s gives you a contact card."),
    "follow_up_due": _("To be done now, after your meeting with %(who)s: %(what)s"),
    "proposal_book": _("%(who)s proposes a time to meet: %(when)s. Please answer."),
    "proposal_move": _("%(who)s would like to move your meeting to %(when)s. Please answer."),
    "proposal_swap": _("Your meeting with %(who)s would move to %(when)s if two meetings are swapped. Please answer."),
    "proposal_standby": _("A place came free for your meeting with %(who)s: %(when)s. It is yours if both of you agree soon."),
    "proposal_refused": _("The proposed time for your meeting with %(who)s does not suit: %(when)s."),
    "proposal_withdrawn": _("The proposed time for your meeting with %(who)s was withdrawn: %(when)s."),
    "proposal_lapsed": _("The proposed time for your meeting with %(who)s has lapsed: %(when)s."),
    "colleague_named": _("You come to the meeting with %(who)s: %(when)s, %(place)s."),
    "colleague_replaced": _("%(who)s goes to the meeting in your place: %(when)s."),
    "taken_off": _("You no longer come to the meeting with %(who)s: %(when)s."),
    "person_joins": _("%(who)s comes to your meeting: %(when)s, %(place)s."),
    "person_leaves": _("%(who)s no longer comes to your meeting: %(when)s, %(place)s."),
    "guest_invited": _("%(who)s invites you to join a meeting: %(when)s."),
    "guest_declines": _("%(who)s does not join your meeting: %(when)s."),
    "place_changed": _("Your meeting with %(who)s now is here: %(place)s (%(when)s)."),
    "event_added": _("The organiser put this into your agenda: %(what)s, %(when)s, %(place)s."),
    "on_stage": _("You are on stage: %(what)s, %(when)s, %(place)s."),
    "event_moved": _("“%(what)s” has moved. New time and place: %(when)s, %(place)s."),
    "event_cancelled": _("“%(what)s” is cancelled (it was to be %(when)s)."),
    "seats_booked": _("Places are booked for you: %(what)s, %(when)s, %(place)s."),
    "seats_offered": _("Places came free for you: %(what)s. They are kept for you until %(when)s."),
    "seats_lapsed": _("The places that were kept for you have gone to whoever waits next: %(what)s."),
    "seats_moved": _("Something has changed about your places: %(what)s, %(when)s, %(place)s."),
    "seats_waiting": _("You wait for places: %(what)s, %(when)s, %(place)s."),
    "signatory_named": _("%(who)s named you: you may sign licences for your company now."),
    "meeting_cancelled": _("Your meeting with %(who)s is cancelled (it was to be %(when)s)."),
    "meeting_cancelled because": _("Your meeting with %(who)s is cancelled (it was to be %(when)s): “%(answer)s”"),
    "deal_asked": _("%(who)s asks you for terms: %(what)s."),
    "value_stated": _("%(who)s states a value of your deal: %(what)s. Is it right?"),
    "value_confirmed": _("%(who)s confirms the value of your deal: %(what)s."),
    "value_disputed": _("%(who)s disputes the value of your deal, %(what)s: “%(answer)s”"),
    "value_withdrawn": _("%(who)s withdraws the value of your deal: %(what)s."),
    "deal_offer": _("%(who)s sends you an offer: %(what)s."),
    "deal_counter": _("%(who)s answers with other terms: %(what)s."),
    "deal_memo": _("%(who)s sends you a deal memo: %(what)s."),
    "deal_to_sign": _("%(who)s asks you to sign: %(what)s."),
    "deal_accepted": _("%(who)s accepts: %(what)s."),
    "deal_declined": _("%(who)s declines: %(what)s."),
    "deal_declined because": _("%(who)s declines %(what)s: “%(answer)s”"),
    "deal_withdrawn": _("%(who)s takes back what was sent to you: %(what)s."),
    "deal_expired": _("Nobody answered in time: %(what)s has expired."),
    "deal_ended": _("%(who)s leaves the negotiation: %(what)s."),
    "deal_ended because": _("%(who)s leaves the negotiation %(what)s: “%(answer)s”"),
    "deal_signature": _("%(who)s has signed. Your signature is still missing: %(what)s."),
    "deal_signed": _("Signed by both sides: %(what)s."),
    "plan_changed": _("%(who)s changed the co-production %(what)s. Do you agree?"),
    "plan_ended": _("%(who)s ends the co-production %(what)s: “%(answer)s”"),
    "plan_agreed": _("%(who)s agrees to the co-production %(what)s."),
    "meetings_suggested": _("The organiser suggests meetings to you. Look at them, and ask whom you want to meet."),
    "search_found": _("New in your saved search: %(what)s."),
    "readings_assigned": _("There are entries for you to read and score: %(what)s."),
    "round_opened": _("What came of %(what)s? Two minutes on a phone are enough. Open until: %(when)s."),
    "round_reminder": _(
        "We still wait for your answers about %(what)s: two minutes, until %(when)s. One press ends these letters."
    ),
    "readings_due": _("Entries still wait for your scores: %(what)s, until %(when)s."),
}
"""Kind -> sentence; a kind followed by "because" is the same with the other side's words."""

AT_THE_MEETING = {
    "running_late",
    "on_time",
    "absence_reported",
    "absence_contested",
    "card_given",
    "colleague_named",
    "person_joins",
    "person_leaves",
    "guest_invited",
    "guest_declines",
    "place_changed",
}
"""Kinds that lead to the meeting's page."""

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
    if notice.kind.startswith("proposal_") and (key := notice.data.get("proposal", "")):
        return reverse("meetings:proposal", args=[edition_slug, key])
    if code := notice.data.get("request", ""):
        if notice.kind == "follow_up_due":
            return reverse("meetings:follow_ups", args=[edition_slug])
        if notice.kind in AT_THE_MEETING:
            return reverse("meetings:meeting", args=[edition_slug, code])
        if notice.kind.startswith("request_"):
            return reverse("meetings:request", args=[edition_slug, code])
        return reverse("meetings:agenda", args=[edition_slug])
    if value := notice.data.get("value", ""):
        return reverse("deals:value", args=[edition_slug, value])
    if notice.kind.startswith("deal_") and (deal := notice.data.get("deal", "")):
        return reverse("deals:deal", args=[edition_slug, deal])
    if notice.kind.startswith("plan_") and (deal := notice.data.get("deal", "")):
        return reverse("deals:coproduction", args=[edition_slug, deal])
    if notice.kind == "meetings_suggested":
        return reverse("matching:suggestions", args=[edition_slug])
    if notice.kind == "search_found":
        return reverse("search:saved", args=[edition_slug])
    if notice.kind.startswith("readings_") and (call := notice.data.get("call", "")):
        return reverse("selection:jury", args=[edition_slug, call])
    if asked := notice.data.get("asked", ""):
        return reverse("outcomes:after", args=[edition_slug, asked])
    if notice.kind == "signatory_named":
        return reverse("deals:signatories", args=[edition_slug])
    if booking := notice.data.get("booking", ""):
        return reverse("seating:booking", args=[edition_slug, booking])
    if event := notice.data.get("event", ""):
        return reverse("programme:event", args=[edition_slug, event])
    return reverse("site:edition", args=[edition_slug])


def _words(data: dict[str, Any], own_zone: str) -> dict[str, str]:
    facts = SimpleNamespace(**data)
    names = [localised(facts, "who"), localised(facts, "company")]
    answer = str(data.get("answer", ""))
    return {
        "who": ", ".join(isolated(name) for name in names if name) or gettext("Someone"),
        "place": isolated(localised(facts, "place")) or gettext("place to be announced"),
        "answer": isolated(answer if len(answer) <= MORE_THAN_SHOWN else answer[:MORE_THAN_SHOWN].rstrip() + " …"),
        "minutes": str(data.get("minutes", "")),
        "cause": localised(facts, "cause"),
        "what": isolated(localised(facts, "what")) or gettext("a follow-up"),
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
