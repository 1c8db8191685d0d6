"""Forms of lotteries: the list, and what was counted afterwards."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from madang.kit.languages import isolated
from madang.outcomes.forms_studies import CodeField
from madang.outcomes.models import Lottery
from madang.outcomes.queries.pasted import BadList, lines_of

GREATEST = Decimal(10) ** 13


class LotteryForm(forms.Form):
    """Who is in the draw, and for how many places."""

    code = CodeField(label=_("Code"), help_text=_("It stands in the public address: pitch-2025"))
    name = forms.CharField(label=_("What is drawn"), max_length=200)
    name_ko = forms.CharField(label=_("Name in Korean"), max_length=200, required=False)
    name_fr = forms.CharField(label=_("Name in French"), max_length=200, required=False)
    places = forms.IntegerField(label=pgettext_lazy("seats", "Places"), min_value=1, max_value=1000)
    candidates = forms.CharField(
        label=_("Candidates"), widget=forms.Textarea(attrs={"rows": 9}), max_length=200_000, required=False,
        help_text=_("One a line: code, name. Codes are public, names are not: tell everybody her code."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, lottery: Lottery | None = None) -> None:
        initial: dict[str, Any] = {}
        if lottery:
            initial = {name: getattr(lottery, name) for name in ("code", "name", "name_ko", "name_fr", "places")}
            initial["candidates"] = "\n".join(f"{lot.code}, {lot.name}" for lot in lottery.lots.order_by("code"))
        super().__init__(data, initial=initial)

    def clean_candidates(self) -> list[tuple[str, str]]:
        try:
            return [(line.code, (line.rest or line.code)[:200]) for line in lines_of(self.cleaned_data["candidates"])]
        except BadList as bad:
            raise ValidationError(str(bad)) from None

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("code", "name", "name_ko", "name_fr", "places")}


class OutcomesForm(forms.Form):
    """What was counted afterwards, one number a candidate."""

    outcomes = forms.CharField(
        label=_("What was counted afterwards"), widget=forms.Textarea(attrs={"rows": 9}), max_length=200_000, required=False,
        help_text=_(
            "One a line: code, number (1200.50). Settle before the draw what you count. Leave out whom nothing is known of."
        ),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, lottery: Lottery) -> None:
        self.codes = {lot.code: lot.outcome for lot in lottery.lots.all()}
        known = "\n".join(f"{code}, {outcome}" for code, outcome in sorted(self.codes.items()) if outcome is not None)
        super().__init__(data, initial={"outcomes": known})

    def clean_outcomes(self) -> dict[str, Decimal]:
        found = {}
        try:
            for line in lines_of(self.cleaned_data["outcomes"]):
                where = gettext("Line %(n)s:") % {"n": line.number}
                if line.code not in self.codes:
                    raise BadList(f"{where} " + gettext("%(code)s was not in the draw.") % {"code": line.code})
                found[line.code] = _number(line.rest, where)
        except BadList as bad:
            raise ValidationError(str(bad)) from None
        return found


def _number(text: str, where: str) -> Decimal:
    """A number with a point. Raises BadList."""
    try:
        value = Decimal(text.replace(" ", ""))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) >= GREATEST:
        raise BadList(f"{where} " + gettext("“%(text)s” is no number like 1200.50.") % {"text": isolated(text[:40])})
    return value.quantize(Decimal("0.01"))
