"""The upload of a company's rights: the file once, then the same bytes again with the word to load it."""

from __future__ import annotations

import base64
import binascii
import io
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madang.kit.sheets import Book, UnreadableFile, open_book

MOST_BYTES = 2_000_000
"""A workbook of rights is far smaller; it is kept in the page between look and load, so that nothing lies on the server."""


class RightsBookForm(forms.Form):
    """A workbook, as a file or (`kept`) as the page kept it. `book` and `packed` after `is_valid()`."""

    file = forms.FileField(
        label=_("Workbook"),
        max_length=200,
        error_messages={"required": _("Choose the file first.")},
        help_text=_("An Excel workbook (.xlsx) of up to 2 MB. Nothing is changed before you have seen what it would do."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.zip,.csv"}),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    book: Book
    packed: str
    file_name: str

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.fields["file"].required = not (data and data.get("kept"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        given, name = self._given(data)
        if given is None:
            self.add_error("file", _("Choose the file first."))
        elif len(given) > MOST_BYTES:
            self.add_error("file", _("The file is too big."))
        else:
            self._open(given, name)
        return data

    def _given(self, data: dict[str, Any]) -> tuple[bytes | None, str]:
        if data.get("file"):
            return data["file"].read(MOST_BYTES + 1), data["file"].name
        try:
            return base64.b64decode(data.get("kept", ""), validate=True) or None, data.get("name", "")
        except binascii.Error:
            return None, ""

    def _open(self, given: bytes, name: str) -> None:
        try:
            self.book = open_book(io.BytesIO(given), name)
        except UnreadableFile as fault:
            self.add_error("file", fault.text(gettext))
        self.packed, self.file_name = base64.b64encode(given).decode(), name
