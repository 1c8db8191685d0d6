"""The shape of what people write about meetings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from madang.markets.models import Session
from madang.markets.rules import Visitor
from madang.meetings.actions.requests import MANDATE_GONE, REASON_LENGTH, TITLE_GONE
from madang.meetings.models import RequestStatus, Wish
from madang.meetings.queries.requests import mandates_to_discuss, titles_to_discuss
from madang.people.models import Participant

WISHES = [(Wish.MUST.value, Wish.MUST.label), (Wish.LIKE.value, Wish.LIKE.label), (Wish.IF_ROOM.value, Wish.IF_ROOM.label)]


class WordsField(forms.CharField):
    """A few sentences. A line's end counts as one letter, as the browser counts it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 5}), **kwargs)

    def to_python(self, value: Any) -> str:
        return super().to_python(str(value).replace("\r\n", "\n") if value is not None else value) or ""


class SubjectField(forms.ModelChoiceField):  # type: ignore[type-arg]  # it is not generic when it runs
    """A title or a mandate, by its code, with whose it is."""

    def label_from_instance(self, obj: Model) -> str:
        owner = getattr(obj, "company", None) or getattr(obj, "buyer", None)
        return f"{obj} ({owner})" if owner else str(obj)


class AskForm(forms.Form):
    """What a request says. Titles and mandates are those of the two people."""

    title = SubjectField(
        label=_("About which title"),
        queryset=None,
        to_field_name="code",
        required=False,
        empty_label=_("No particular title"),
        error_messages={"invalid_choice": TITLE_GONE},
    )
    mandate = SubjectField(
        label=_("For which mandate"),
        queryset=None,
        to_field_name="code",
        required=False,
        empty_label=_("No particular mandate"),
        error_messages={"invalid_choice": MANDATE_GONE},
    )
    reason = WordsField(label=_("Why you should meet"), help_text=_("What you bring, what you look for, what should come of it."))
    wish = forms.TypedChoiceField(
        label=_("How much do you want it?"), choices=WISHES, coerce=int, initial=2, widget=forms.RadioSelect
    )
    session = forms.ChoiceField(label=_("When it suits you"), choices=[("", _("At any time")), *Session.choices], required=False)

    def __init__(self, *args: Any, user: Visitor, me: Participant, receiver: Participant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        subjects = {"title": titles_to_discuss(user, me, receiver), "mandate": mandates_to_discuss(user, me, receiver)}
        for name, rows in subjects.items():
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = rows
            if name not in self.data and not rows.exists():  # nothing to choose from: no field
                del self.fields[name]


class AnswerForm(forms.Form):
    """Accept with a wish, or decline with a reason; the pressed button is the decision."""

    decision = forms.ChoiceField(
        choices=[("accept", _("Accept")), ("decline", _("Decline"))],
        error_messages={"required": _("Press “Accept” or “Decline”.")},
    )
    wish = forms.TypedChoiceField(
        label=_("How much do you want this meeting?"),
        choices=WISHES,
        coerce=int,
        initial=2,
        widget=forms.RadioSelect,
    )
    answer = WordsField(label=_("A word to the other side"), required=False, help_text=_("They read it, also when you decline."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wish"].required = not self.is_bound  # who declines has no wish; who accepts without one would like to


class RequestFilter(forms.Form):
    """What the organiser's list of requests is narrowed by."""

    q = forms.CharField(label=_("Person"), required=False, max_length=100)
    company = forms.CharField(label=_("Company"), required=False, max_length=100)
    status = forms.ChoiceField(choices=[("", ""), *RequestStatus.choices], required=False)
