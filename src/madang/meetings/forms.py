"""The shape of what people write about meetings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from madang.markets.models import Session
from madang.markets.rules import Visitor
from madang.meetings.actions.requests import MANDATE_GONE, REASON_LENGTH, TITLE_GONE
from madang.meetings.models import Form, MeetingRequest, RequestStatus, Wish
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


class SubjectsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # it is not generic when it runs
    """Several titles, by their codes."""

    label_from_instance = SubjectField.label_from_instance


class AskForm(forms.Form):
    """What a request says. Titles and mandates are those of the two people. A draft may lack its reason."""

    title = SubjectField(
        label=_("About which title"),
        queryset=None,
        to_field_name="code",
        required=False,
        empty_label=_("No particular title"),
        error_messages={"invalid_choice": TITLE_GONE},
    )
    also_about = SubjectsField(
        label=_("Also about"),
        queryset=None,
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
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
    form = forms.ChoiceField(
        label=_("Where you meet"), choices=Form.choices, initial=Form.IN_PERSON, required=False, widget=forms.RadioSelect
    )
    link = forms.URLField(
        label=_("Address of the online meeting"),
        required=False,
        max_length=200,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("Only if you meet online; it can be added later."),
    )

    def __init__(
        self, *args: Any, user: Visitor, me: Participant, receiver: Participant, is_draft: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        titles = titles_to_discuss(user, me, receiver)
        subjects = {"title": titles, "also_about": titles, "mandate": mandates_to_discuss(user, me, receiver)}
        for name, rows in subjects.items():
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = rows
            least = 2 if name == "also_about" else 1
            if name not in self.data and rows.count() < least:  # nothing to choose from: no field
                del self.fields[name]
        self.fields["reason"].required = not is_draft


def words_of(request: MeetingRequest) -> dict[str, Any]:
    """A request's words, as the form of asking begins with them."""
    return {
        "title": request.title.code if request.title else "",
        "also_about": [title.code for title in request.also_about.all()],
        "mandate": request.mandate.code if request.mandate else "",
        "reason": request.reason,
        "wish": request.sender_wish,
        "session": request.session,
        "form": request.form,
        "link": request.link,
    }


NO = "no"


class AnswerForm(forms.Form):
    """One choice of four: how much one wants the meeting, or no."""

    level = forms.ChoiceField(
        label=_("Do you want this meeting?"),
        choices=[(str(value), label) for value, label in WISHES] + [(NO, _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the four.")},
    )
    answer = WordsField(label=_("A word to the other side"), required=False)
    answer_shown = forms.BooleanField(
        label=_("They read my words also when I say no"),
        required=False,
        initial=True,
        help_text=_("Otherwise only you and the organiser read them. A yes is always read."),
    )
    read_at_edit = forms.DateTimeField(required=False, widget=forms.HiddenInput, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"])

    def said(self) -> dict[str, Any]:
        """The answer as `answer_request` takes it."""
        accept = self.cleaned_data["level"] != NO
        given = {name: self.cleaned_data[name] for name in ("answer", "answer_shown", "read_at_edit")}
        return given | {"accept": accept, "wish": int(self.cleaned_data["level"]) if accept else Wish.LIKE}


class WishForm(forms.Form):
    """How much the sender wants the meeting by now."""

    wish = forms.TypedChoiceField(label=_("How much do you want it?"), choices=WISHES, coerce=int)


class RequestFilter(forms.Form):
    """What the organiser's list of requests is narrowed by."""

    q = forms.CharField(label=_("Person"), required=False, max_length=100)
    company = forms.CharField(label=_("Company"), required=False, max_length=100)
    status = forms.ChoiceField(
        choices=[("", ""), *((value, label) for value, label in RequestStatus.choices if value != RequestStatus.DRAFT)],
        required=False,
    )
