"""The upload of an export of the ticket shop."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

LIMIT = 60_000_000
"""Bytes of an export: some 20,000 orders as JSON."""


class OrdersForm(forms.Form):
    """One file. What is in it is looked at by a worker."""

    file = forms.FileField(
        label=_("Export of the ticket shop"),
        max_length=200,
        allow_empty_file=True,
        help_text=_(
            "From pretix: “Order data” as CSV or Excel with its order positions, or as JSON; or the answers of its API. "
            "Nothing is changed before you have seen what it would do."
        ),
        widget=forms.FileInput(attrs={"accept": ".json,.csv,.xlsx,.zip"}),
        error_messages={
            "required": _("Choose the file first."),
            "max_length": _("The file's name is too long. Give it a shorter one."),
        },
    )

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > LIMIT:
            text = gettext("The file is too big: %(size)s MB, where %(limit)s MB are allowed.")
            raise forms.ValidationError(text % {"size": f"{(file.size or 0) / 1e6:.0f}", "limit": LIMIT // 1_000_000})
        return file
