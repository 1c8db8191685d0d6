"""How units, columns and facts of measures are called in pages."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from madang.deals.models import DocumentKind, DocumentState, ValueStage
from madang.kit.money import money
from madang.kit.territories import country_name
from madang.meetings.models import Form
from madang.meetings.queries.held import OUTCOME_WORDS
from madang.outcomes.measures.face import Column, Unit
from madang.people.models import CompanySize
from madang.seating.models import AllotmentKind

COLUMNS: dict[str, Any] = {
    Column.CONFIRMED: pgettext_lazy("column", "Confirmed"),
    Column.ONE_SIDED: pgettext_lazy("column", "One-sided"),
    Column.ESTIMATE: pgettext_lazy("column", "Organiser's estimate"),
}
UNITS: dict[str, Any] = {
    Unit.COUNT: pgettext_lazy("unit", "a number"),
    Unit.SHARE: pgettext_lazy("unit", "a share, in per cent"),
    Unit.MONEY: pgettext_lazy("unit", "an amount of money, by currency"),
    Unit.MINUTES: pgettext_lazy("unit", "minutes"),
    Unit.SCORE: pgettext_lazy("unit", "a mean from 1 to 5"),
    Unit.RATIO: pgettext_lazy("unit", "one number divided by another"),
}
FACTS: dict[str, Any] = {
    "country": _("Country"), "other_country": _("Other side's country"), "day": _("Day"), "where": _("Where"),
    "event": _("Event"), "allotment": _("Allotment"), "outcome": _("Outcome"), "currency": _("Currency"),
    "stage": _("Stage"), "deal": _("Deal"), "meeting": _("Meeting"), "meetings": _("Meetings"),
    "starts_at": _("Starts"), "timetable": _("Version of the timetable"), "sender": _("Side that asked"),
    "receiver": _("Side that was asked"), "sender_checked_in": _("Side that asked, checked in"),
    "receiver_checked_in": _("Side that was asked, checked in"), "sender_absent": _("Side that asked, reported absent"),
    "receiver_absent": _("Side that was asked, reported absent"), "stated_by": _("Stated by"), "stated_at": _("Stated"),
    "confirmed_by": _("Confirmed by"), "waits_for": _("Waits for"), "evidence": _("Evidence"), "document": _("Document"),
    "number": _("Version"), "state": _("State"), "sent_at": pgettext_lazy("moment", "Sent"), "answered_at": _("Answered"),
    "signed_at": _("Signed"), "signed_by": _("Signed by"), "sha256": _("SHA-256 of the text"), "licensor": _("Licensor"),
    "licensee": _("Licensee"), "people": _("People"), "seen": _("Seen there"), "roles": _("Roles"), "company": _("Company"),
    "held": _("Meetings held"), "one_sided": _("One side only"), "over": _("Meetings that are over"),
    "contested": _("Contested"), "silent": _("Nobody said anything"), "disputed": _("Disputed values"),
    "values": _("Values in the columns"), "numerator": _("Above the line"), "denominator": _("Below the line"),
    "buyers": _("Buyers"), "votes": _("Votes"), "seats": _("People let in"), "places": pgettext_lazy("seats", "Places"),
    "let_in": _("People let in"),
    "segment": _("For whom"), "size": _("People employed"), "hour": _("Hour"), "accepted": _("Accepted"),
    "placed": _("In the timetable"), "offer": _("With an offer"), "memo": _("With a memo"),
    "signed": _("Signed, as documents say"), "buyer": _("Buyer"),
}  # fmt: skip
"""What facts of rows and figures are called; those of other measures by their own name, with spaces."""


def fact_label(name: str) -> str:
    return str(FACTS.get(name) or name.replace("_", " ").capitalize())


YES_NO = {"yes": _("yes"), "no": _("no")}
TEXTS: dict[str, Mapping[str, Any]] = {
    **dict.fromkeys(("accepted", "placed", "held", "offer", "memo", "signed"), YES_NO),
    "outcome": OUTCOME_WORDS,
    "where": dict(Form.choices),
    "stage": dict(ValueStage.choices),
    "state": dict(DocumentState.choices),
    "document": dict(DocumentKind.choices),
    "allotment": dict(AllotmentKind.choices),
    "size": {**dict(CompanySize.choices), "unknown": _("Not known")},
}
"""What codes among the texts of facts are called."""


def text_label(name: str, text: str) -> str:
    """A fact's text for the reader: countries and codes in words."""
    if name in ("country", "other_country"):
        return country_label(text)
    return str(TEXTS.get(name, {}).get(text, text))


def country_label(code: str) -> str:
    """The country's name in the reader's language; the code where it is none."""
    return country_name(code, (get_language() or "en")[:2]) or code


def rounded(number: Decimal, places: int) -> Decimal:
    """Half a unit goes up, away from 0; only what is shown is rounded."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def said(number: Decimal | None, unit: str, currency: str = "") -> str:
    """A number in the reader's language; "–" where there is none, which is no 0."""
    if number is None:
        return "–"
    if unit == Unit.SHARE:
        return gettext("%(number)s %%") % {"number": number_format(rounded(number * 100, 1), use_l10n=True)}
    if unit == Unit.MONEY and currency:
        return money(rounded(number, 2), currency)
    if unit == Unit.MINUTES:
        minutes = int(number)
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {
            "n": number_format(minutes, use_l10n=True, force_grouping=True)
        }
    if unit == Unit.RATIO and currency:
        return money(rounded(number, 2), currency)
    if unit in (Unit.SCORE, Unit.RATIO):
        return number_format(rounded(number, 2), use_l10n=True)
    whole = number.to_integral_value() if number == number.to_integral_value() else rounded(number, 2)
    return number_format(whole, use_l10n=True, force_grouping=True)
