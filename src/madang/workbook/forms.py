"""The upload of a workbook."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madang.kit.sheets import Limits

ENDINGS = ".xlsx,.zip,.csv"


class UploadForm(forms.Form):
    """One file. What is in it is looked at by a worker."""

    file = forms.FileField(
        label=_("Workbook"),
        max_length=200,
        allow_empty_file=True,
        help_text=_(
            "An Excel workbook (.xlsx), or CSV files in one .zip file. Nothing is changed before you have seen what it would do."
        ),
        widget=forms.FileInput(attrs={"accept": ENDINGS}),
        error_messages={
            "required": _("Choose the file first."),
            "max_length": _("The file's name is too long. Give it a shorter one."),
        },
    )

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        limit = Limits().packed
        if (file.size or 0) > limit:
            text = gettext("The file is too big: %(size)s MB, where %(limit)s MB are allowed.")
            raise forms.ValidationError(text % {"size": f"{(file.size or 0) / 1e6:.0f}", "limit": limit // 1_000_000})
        return file
