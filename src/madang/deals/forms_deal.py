"""Small forms of deals: with whom, why not, what somebody with an older right said, a signature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Title
from madang.catalogue.rules import visible_titles
from madang.deals.actions.signing import NAME_LENGTH
from madang.meetings.models import MeetingRequest
from madang.people.models import Company, Participant
from madang.people.rules import PROFESSIONAL

SELL, BUY = "sell", "buy"


class NewDealForm(forms.Form):
    """With whom, about what. `asked`: what the address says (`title`, `company`, `request`)."""

    side = forms.ChoiceField(
        label=_("What you want to do"), choices=[(SELL, _("License titles of ours")), (BUY, _("License titles of theirs"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    company = forms.ModelChoiceField(label=_("With which company"), queryset=Company.objects.none(), to_field_name="code")
    request = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    title = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, me: Participant, asked: Mapping[str, str], met: MeetingRequest | None = None) -> None:
        self.me, self.met = me, met
        about = met.title if met and met.title and not asked.get("title") else None
        self.asked_title = about or self._title(asked.get("title", "") if data is None else data.get("title", ""))
        super().__init__(data, initial=self._initial(asked))
        dealers = Participant.objects.filter(PROFESSIONAL, company=OuterRef("pk"), left_at=None)
        others = Company.objects.filter(Exists(dealers), edition=me.edition_id).exclude(people=me)
        blocked = Q(blocked_by__participant__company=me.company_id)
        self.fields["company"].queryset = others.exclude(blocked).order_by("name", "code")  # type: ignore[attr-defined]  # of this field
        sells, buys = me.is_seller or me.is_creator, me.is_buyer
        if sells != buys:
            self.fields["side"].initial = SELL if sells else BUY
            self.fields["side"].widget = forms.HiddenInput()

    def parties(self) -> dict[str, Any]:
        """Licensor, licensee and titles, for `start_deal`."""
        parties = [self.me.company, self.cleaned_data["company"]]
        licensor, licensee = parties if self.cleaned_data["side"] == SELL else reversed(parties)
        titles = [self.asked_title] if self.asked_title and self.asked_title.company == licensor else []
        return {"licensor": licensor, "licensee": licensee, "titles": titles}

    def _title(self, code: str) -> Title | None:
        user = self.me.user
        return visible_titles(user, self.me.edition).filter(code=code).first() if code and user else None

    def _initial(self, asked: Mapping[str, str]) -> dict[str, Any]:
        initial: dict[str, Any] = {name: asked.get(name, "") for name in ("company", "request", "title")}
        if self.met is not None:
            sides = [self.met.sender.company, self.met.receiver.company]
            initial["company"] = next((side.code for side in sides if side and side != self.me.company), "")
            initial["title"] = self.asked_title.code if self.asked_title else ""
        if self.asked_title is not None and self.asked_title.company is not None:
            is_mine = self.asked_title.company_id == self.me.company_id
            initial["side"] = SELL if is_mine else BUY
            initial["company"] = initial["company"] if is_mine else self.asked_title.company.code
        else:
            initial["side"] = SELL if self.me.is_seller or self.me.is_creator else BUY
        return initial


class DeclineForm(forms.Form):
    reason = forms.CharField(label=_("Why not"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class EndForm(forms.Form):
    reason = forms.CharField(label=_("Why it ends"), max_length=300)


class ClearForm(forms.Form):
    answer = forms.CharField(label=_("What they answered"), max_length=300)


class SignForm(forms.Form):
    """A signature is a name that is typed and a word that one has read it."""

    name = forms.CharField(label=_("Your name"), max_length=NAME_LENGTH, help_text=_("As you sign contracts."))
    read = forms.BooleanField(label=_("I have read this document and sign it for my company."))
