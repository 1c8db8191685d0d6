"""Fields of forms in which rows are chosen."""

from __future__ import annotations

from typing import Any

from django import forms

LONGEST = 18
"""Digits of a row's number; a database refuses longer ones."""


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # it is not generic when it runs
    """Several rows; a number longer than any row's is no choice."""

    def clean(self, value: Any) -> Any:
        if any(len(str(pk)) > LONGEST for pk in value or ()):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": "…"})
        return super().clean(value)
