"""What the organiser types of badge types and their questions."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madang.accreditation.models import AnswerKind, BadgeType, Question
from madang.markets.models import Edition

MOMENTS = ("opens_at", "closes_at", "early_until")
LISTS = (AnswerKind.CHOICE, AnswerKind.CHOICES)


class BadgeTypeForm(forms.ModelForm):  # type: ignore[type-arg]  # it is not generic when it runs
    """A badge type; its times are in the edition's zone (the page sets it)."""

    class Meta:
        model = BadgeType
        fields: ClassVar = [
            "code", "role", "name", "name_ko", "name_fr", "about", "about_ko", "about_fr", *MOMENTS, "price",
            "early_price", "currency", "quota", "has_waiting_list", "by_invitation", "is_transferable", "colour", "shop_item",
            "position",
        ]  # fmt: skip
        widgets: ClassVar = {
            **{
                name: forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
                for name in ("opens_at", "closes_at", "early_until")
            },
            **{name: forms.Textarea(attrs={"rows": 2}) for name in ("about", "about_ko", "about_fr")},
            "colour": forms.TextInput(attrs={"type": "color"}),
        }

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition = edition
        quota = self.fields["quota"]
        self.fields["position"].help_text = _("Smaller numbers stand first in the list.")
        self.fields["position"].required = False
        if not self.instance.pk:  # a new one comes last
            del self.fields["position"]
        self.fields["shop_item"].help_text = _("Its name and, for answers of the API, its number: Buyer badge; 12345.")
        quota.help_text = _("Empty: no limit. If you raise it, the waiting list moves up at once.")
        for name in ("about", "about_ko", "about_fr"):
            self.fields[name].max_length = 2000  # type: ignore[attr-defined]  # a text has one

    def clean_code(self) -> str:
        code = str(slugify(self.cleaned_data["code"]))
        if not code:
            raise forms.ValidationError(gettext("Letters, digits and hyphens."))
        if BadgeType.objects.filter(edition=self.edition, code=code).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(gettext("Another badge type has this code."))
        return code

    def clean_position(self) -> int:
        position: int | None = self.cleaned_data["position"]
        return self.instance.position if position is None else position

    def clean_quota(self) -> int | None:
        quota: int | None = self.cleaned_data["quota"]
        if quota is not None and quota > 1_000_000:
            raise forms.ValidationError(gettext("A million at most."))
        return quota

    def clean_colour(self) -> str:
        colour = str(self.cleaned_data["colour"])
        if len(colour) != 7 or colour[0] != "#" or any(sign not in "0123456789abcdefABCDEF" for sign in colour[1:]):
            raise forms.ValidationError(gettext("A colour is written as #1a1a1a."))
        return colour

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).upper()
        if currency and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
            raise forms.ValidationError(gettext("Three letters, such as KRW."))
        return currency

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        opens, closes = facts.get("opens_at"), facts.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", gettext("This is before applications open."))
        if facts.get("early_price") is not None and not facts.get("early_until"):
            self.add_error("early_until", gettext("Until when does the early price hold?"))
        if facts.get("price") is not None and not facts.get("currency"):
            self.add_error("currency", gettext("In which currency?"))
        return facts


class QuestionForm(forms.ModelForm):  # type: ignore[type-arg]  # it is not generic when it runs
    """A question in three languages; a list's choices stand one a line."""

    choices_text = forms.CharField(
        label=_("The list, one choice a line"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("English | 한국어 | Français. Where one is left out, English stands."),
    )

    class Meta:
        model = Question
        fields: ClassVar = ["kind", "label", "label_ko", "label_fr", "help", "help_ko", "help_fr", "is_required"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.instance.options if self.instance.pk else []
        self.fields["choices_text"].initial = "\n".join(
            " | ".join([row.get("en", ""), row.get("ko", ""), row.get("fr", "")]).rstrip(" |") for row in rows
        )

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        facts["options"] = self._options(facts.pop("choices_text", "") or "") if facts.get("kind") in LISTS else []
        if facts.get("kind") in LISTS and not facts["options"] and "choices_text" not in self.errors:
            self.add_error("choices_text", gettext("A list needs at least one choice."))
        return facts

    def _options(self, text: str) -> list[dict[str, str]]:
        """A choice that was there keeps its value, so that answers keep their meaning."""
        known = {row.get("en"): row["value"] for row in (self.instance.options if self.instance.pk else [])}
        used, found = set(known.values()), []
        for line in filter(str.strip, text.splitlines()):
            en, ko, fr = [*(part.strip()[:200] for part in line.split("|")), "", ""][:3]
            value, number = known.get(en) or slugify(en)[:40] or "choice", 1
            while en not in known and value in used:
                number += 1
                value = f"{slugify(en)[:36] or 'choice'}-{number}"
            used.add(value)
            found.append({"value": value, "en": en, "ko": ko, "fr": fr})
        return found
