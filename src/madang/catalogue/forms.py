"""The shape of an identity statement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Identity, IdentityStatement

FIELDS = [field.name for field in Identity._meta.get_fields()]
HELP = {
    "for_whom": _("One person who would love it, in a few sentences: who is she, when does she watch, what does it give her?"),
    "to_keep": _("What makes it yours: a rhythm, a silence, an ending, a language. Without it, it would be another work."),
    "to_learn": _("What another country, format or audience could teach it, and where you would gladly be advised."),
}


class IdentityForm(forms.ModelForm[IdentityStatement]):
    """Three questions in three languages; each may stay open."""

    class Meta:
        model = IdentityStatement
        fields = FIELDS
        help_texts = HELP
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in FIELDS}  # noqa: RUF012 - as Django's forms are written

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        return {name: text.replace("\r\n", "\n") if isinstance(text, str) else text for name, text in facts.items()}

    def _post_clean(self) -> None:
        """The row is written by its action, not by the form."""
