"""The shape of what is typed at the door and on the profile page."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.forms import AddEmailForm
from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from madang.accounts.actions import vouch_for_address
from madang.accounts.models import User
from madang.kit.calendar import zone_choices
from madang.kit.languages import LANGUAGES


class SignInLinkForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The one the market's organiser knows you by."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)
    welcome = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, may_open: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if may_open:
            self.fields["email"].help_text = _("It is your account: nothing else is needed.")


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(
        label=_("Language"),
        help_text=_("Of the site, and of the mail that it sends you."),
        choices=[("", _("As the browser asks for")), *LANGUAGES],
        required=False,
    )
    time_zone = forms.ChoiceField(
        label=_("Your own time zone"),
        help_text=_("Times are always in the market's zone; where yours differs, your time stands beside it."),
        required=False,
    )

    def __init__(self, user: User, data: QueryDict | None = None) -> None:
        kept = user.time_zone
        super().__init__(data, initial={"name": user.name, "language": user.language, "time_zone": kept})
        groups = zone_choices((get_language() or "en")[:2])
        if kept and not any(kept == zone for _name, zones in groups for zone, _city in zones):
            groups = [("", [(kept, kept)]), *groups]
        zones_field = cast(forms.ChoiceField, self.fields["time_zone"])
        zones_field.choices = [("", _("The market's zone is enough")), *groups]


class NewAddressForm(AddEmailForm):  # type: ignore[misc]  # allauth carries no types
    """allauth's form; without the vouching it would take an account's only address, never confirmed by it, for a leftover."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")
        vouch_for_address(self.user)
