"""The upload of an avails file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madang.deals.queries.avails_titles import Matching
from madang.kit.sheets import Limits

ENDINGS = ".xlsx,.xml,.csv"


class AvailsForm(forms.Form):
    """One file, and how its titles are found. What is in it is looked at by a worker."""

    file = forms.FileField(
        label=_("Avails file"),
        max_length=200,
        allow_empty_file=True,
        help_text=_(
            "An avails workbook of Excel 1.5 to 1.9, avails XML 2.2 to 2.7, or our workbook of rights. "
            "Nothing is changed before you have seen what it would do."
        ),
        widget=forms.FileInput(attrs={"accept": ENDINGS}),
        error_messages={
            "required": _("Choose the file first."),
            "max_length": _("The file's name is too long. Give it a shorter one."),
        },
    )
    matching = forms.ChoiceField(label=_("Find your titles by"), choices=Matching.choices, initial=Matching.ANY)
    create_parts = forms.BooleanField(
        label=_("Make seasons and episodes that the file names"),
        required=False,
        help_text=_("Only of series that are yours already; other titles are never made."),
    )

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        limit = Limits().packed
        if (file.size or 0) > limit:
            text = gettext("The file is too big: %(size)s MB, where %(limit)s MB are allowed.")
            raise forms.ValidationError(text % {"size": f"{(file.size or 0) / 1e6:.0f}", "limit": limit // 1_000_000})
        return file
