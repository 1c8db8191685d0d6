"""The shape of what is asked of badges."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.accreditation.badge_pdf import FORMATS


class PrintForm(forms.Form):
    """In which format, in which order, and which of the listed badges."""

    format = forms.ChoiceField(label=_("Format"), choices=[(entry.key, entry.label) for entry in FORMATS.values()])
    order = forms.ChoiceField(
        label=pgettext_lazy("sorting", "Order"),
        choices=[("name", _("By family name")), ("company", _("By company")), ("number", _("By number"))],
    )
    both_sides = forms.BooleanField(
        label=_("On both sides"),
        required=False,
        help_text=_("A badge that turns around shows the name all the same. Not for labels."),
    )
