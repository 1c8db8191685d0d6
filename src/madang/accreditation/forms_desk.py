"""What the organiser types: decisions, inquiries, invitations."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from madang.accreditation.actions.admitting import folded
from madang.accreditation.actions.deciding import Decision
from madang.accreditation.actions.inviting import Invitee
from madang.accreditation.models import BadgeType, Payer
from madang.kit.languages import LANGUAGES
from madang.markets.models import Edition
from madang.people.models import Company

MOST = 300
"""Applications that are decided, and invitations that are written, at once."""


class DecideForm(forms.Form):
    """What becomes of the chosen applications."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (Decision.ACCEPT, _("Accept")),
            (Decision.WAIT, _("Put on the waiting list")),
            (Decision.DECLINE, _("Decline")),
        ],
    )
    reason = forms.CharField(
        label=_("Words for the letter"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Applicants read them. Who is declined has to be told why."),
    )

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("decision") == Decision.DECLINE and not facts.get("reason"):
            self.add_error("reason", gettext("Say why, in words that applicants read."))
        return facts


class AskForm(forms.Form):
    """A question to one applicant."""

    text = forms.CharField(label=_("What you would like to know"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class RevokeForm(forms.Form):
    """Why an accreditation is taken back."""

    reason = forms.CharField(
        label=pgettext_lazy("decision", "Why"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands in the letter."),
    )


class CompanyForm(forms.Form):
    """Which of the edition's companies the applicant means: by its name or code."""

    company = forms.CharField(
        label=_("Company in this edition"),
        max_length=200,
        required=False,
        help_text=_("Its name or code. Leave it empty: the one of that name is taken, or a new one made."),
        widget=forms.TextInput(attrs={"list": "companies", "autocomplete": "off"}),
    )

    def __init__(self, edition: Edition, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.edition = edition

    def clean_company(self) -> Company | None:
        text = self.cleaned_data["company"].strip()
        if not text:
            return None
        companies = list(Company.objects.filter(edition=self.edition))
        named = [row for row in companies if folded(text) in (folded(row.name), folded(row.name_ko))]
        found = [row for row in companies if row.code == text] or named
        if len(found) != 1:
            raise ValidationError(
                gettext("No company of this edition has that name or code.")
                if not found
                else gettext("Several have it: use the code.")
            )
        return found[0]


class InviteForm(forms.Form):
    """One invitation a line: the address, and after commas the company and the number of people."""

    badge_type = forms.ModelChoiceField(label=_("Badge"), queryset=BadgeType.objects.none())
    lines = forms.CharField(
        label=_("Whom to invite"),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("One a line: e-mail address; company; number of people. Company and number may be left out."),
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=LANGUAGES, initial="en")
    payer = forms.ChoiceField(label=_("Who pays"), choices=Payer.choices)
    at_once = forms.BooleanField(label=_("Accepted without another look, as long as there are places"), required=False)
    expires_at = forms.DateTimeField(
        label=_("The invitation holds until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, edition: Edition, data: Any = None) -> None:
        super().__init__(data)
        self.edition = edition
        field = self.fields["badge_type"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker what stands above
        field.queryset = BadgeType.objects.filter(edition=edition)

    def clean_lines(self) -> list[Invitee]:
        found, faults = [], []
        for number, line in enumerate(self.cleaned_data["lines"].splitlines(), 1):
            if line.strip():
                try:
                    found.append(_invitee(line))
                except ValidationError as fault:
                    faults.append(gettext("Line %(number)s: %(fault)s") % {"number": number, "fault": " ".join(fault.messages)})
        if len(found) > MOST:
            faults = [gettext("At most %(count)s invitations at once.") % {"count": MOST}]
        if faults:
            raise ValidationError(faults[:10])
        return found

    def clean_expires_at(self) -> dt.datetime | None:
        moment: dt.datetime | None = self.cleaned_data["expires_at"]
        if moment and moment <= self.edition.now():
            raise ValidationError(gettext("This is over already: the invitation would never work."))
        return moment

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        self.invitees = [row._replace(language=facts.get("language", "")) for row in facts.get("lines") or []]
        return facts


def _invitee(line: str) -> Invitee:
    """One line, its parts apart by semicolons, tabs or commas."""
    sign = next((sign for sign in (";", "\t", ",") if sign in line), ";")
    parts = [part.strip() for part in line.split(sign)]
    email, company, places = [*parts, "", ""][:3]
    validate_email(email)
    if len(email) > 254 or len(company) > 200:
        raise ValidationError(gettext("too long"))
    if places and not (places.isdecimal() and len(places) < 4 and 1 <= int(places) <= 500):
        raise ValidationError(gettext("the number of people is 1 to 500"))
    return Invitee(email, company, int(places or 1))
