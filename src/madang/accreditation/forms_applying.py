"""What applicants type: who they are, answers to a badge type's questions, colleagues of an invitation."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from madang.accreditation.actions.applying import Proof
from madang.accreditation.actions.inviting import Colleague
from madang.accreditation.models import Answer, AnswerKind, Application, BadgeType, Question
from madang.accreditation.proofs import BIGGEST, ENDINGS, WrongFile, kept_proof, too_big
from madang.kit.languages import localised
from madang.kit.territories import country_choices
from madang.people.models import CompanySize

PERSON = ("family_name", "given_name", "native_name", "family_first", "company_name", "company_size", "job_title", "country")
FILE_HELP = _("PDF, PNG or JPEG, 10 MB at most.")


class ProofField(forms.FileField):
    """A PDF or a picture, known by its content; gives a `Proof`."""

    widget = forms.FileInput(attrs={"accept": ENDINGS})

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if not data or not file:
            return None
        try:
            return Proof(kept_proof(file), _short_name(file.name or ""))
        except WrongFile as fault:
            raise forms.ValidationError(str(fault)) from fault


def _short_name(name: str) -> str:
    """The file's own name, without a way to a folder."""
    return "".join(letter for letter in name.replace("\\", "/").rsplit("/", 1)[-1] if letter.isprintable())[-200:]


class ApplicationForm(forms.Form):
    """An application for one badge type; with `is_draft` nothing must be filled in yet."""

    family_name = forms.CharField(label=_("Family name"), max_length=100, help_text=_("As it is to stand on the badge."))
    given_name = forms.CharField(label=_("Given name"), max_length=100, required=False)
    native_name = forms.CharField(
        label=_("Name in your own script"), max_length=200, required=False, help_text=_("For instance in Hangul: 서하늘")
    )
    family_first = forms.BooleanField(label=_("My family name stands first"), required=False)
    company_name = forms.CharField(
        label=_("Company"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    company_size = forms.ChoiceField(
        label=_("How many people it employs"), choices=[("", _("I do not say")), *CompanySize.choices], required=False,
        help_text=_("For figures of the whole market; only the organisers see it."),
    )  # fmt: skip
    job_title = forms.CharField(label=pgettext_lazy("job title", "Position"), max_length=200, required=False)
    country = forms.ChoiceField(label=_("Country"))

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        badge_type: BadgeType,
        application: Application | None,
        initial: dict[str, Any],
        is_draft: bool = False,
        saves_itself: bool = False,
    ) -> None:
        answers = {row.question_id: row for row in application.answers.all()} if application else {}
        self.questions = list(badge_type.questions.all())
        given = {f"q{row.pk}": answers[row.pk].value for row in self.questions if row.pk in answers}
        super().__init__(data, files, initial=initial | given)
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)  # noqa: S101 - tells the type checker what stands above
        country.choices = [("", "—"), *country_choices((get_language() or "en")[:2])]
        for row in self.questions:
            self.fields[f"q{row.pk}"] = field_of(row, answers.get(row.pk))
        for field in self.fields.values():
            field.required = field.required and not is_draft
            if saves_itself and isinstance(field, ProofField):
                field.widget.attrs |= {"data-largest": str(BIGGEST), "data-too-big": too_big()}

    @property
    def person(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in PERSON if name in self.cleaned_data}

    @property
    def answers(self) -> dict[int, Any]:
        """By the question's id; a yes that was not given counts as no answer. What makes no sense is not among them."""
        given = self.cleaned_data
        return {row.pk: given[f"q{row.pk}"] or None for row in self.questions if f"q{row.pk}" in given}


def field_of(question: Question, answer: Answer | None) -> forms.Field:
    """The field in which a question is answered, in the reader's language."""
    facts: dict[str, Any] = {
        "label": localised(question, "label"), "help_text": localised(question, "help"), "required": question.is_required,
    }  # fmt: skip
    choices = [(str(row["value"]), str(row.get((get_language() or "en")[:2]) or row.get("en"))) for row in question.options]
    match question.kind:
        case AnswerKind.LONG:
            return forms.CharField(**facts, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
        case AnswerKind.CHOICE:
            return forms.ChoiceField(**facts, choices=[("", "—"), *choices])
        case AnswerKind.CHOICES:
            return forms.MultipleChoiceField(**facts, choices=choices, widget=forms.CheckboxSelectMultiple)
        case AnswerKind.YES:
            return forms.BooleanField(**facts)
        case AnswerKind.NUMBER:
            return forms.IntegerField(**facts, min_value=0, max_value=1_000_000_000)
        case AnswerKind.LINK:
            return forms.URLField(**facts, max_length=500, assume_scheme="https")
        case AnswerKind.FILE:
            return _file_field(facts, answer)
    return forms.CharField(**facts, max_length=500)


def _file_field(facts: dict[str, Any], answer: Answer | None) -> ProofField:
    words = [str(text) for text in (facts["help_text"], FILE_HELP) if text]
    if answer and answer.file:
        words.append(gettext("Kept: %(name)s. Choose another file to replace it.") % {"name": answer.file_name})
        facts["required"] = False
    return ProofField(**(facts | {"help_text": " ".join(words)}))


class AnswerForm(forms.Form):
    """An answer to what the organiser asked."""

    answer = forms.CharField(label=_("Your answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    file = ProofField(label=_("A file with it"), required=False, help_text=FILE_HELP)


class ColleagueForm(forms.Form):
    """Somebody for whom another person applies."""

    family_name = forms.CharField(label=_("Family name"), max_length=100)
    given_name = forms.CharField(label=_("Given name"), max_length=100, required=False)
    email = forms.EmailField(label=_("E-mail address"))
    job_title = forms.CharField(label=pgettext_lazy("job title", "Position"), max_length=200, required=False)

    @property
    def colleague(self) -> Colleague:
        facts = self.cleaned_data
        return Colleague(facts["family_name"], facts["given_name"], facts["email"].lower(), facts["job_title"])


class Colleagues(BaseFormSet[ColleagueForm]):
    """Lines of the table; empty ones do not count, the same address twice is a slip."""

    def clean(self) -> None:
        seen: set[str] = set()
        for form in self.forms:
            email = str(form.cleaned_data.get("email", "")).lower() if form.is_valid() else ""
            if email and email in seen:
                form.add_error("email", gettext("This address stands here twice."))
            seen.add(email)

    @property
    def people(self) -> list[Colleague]:
        return [form.colleague for form in self.forms if form.has_changed()]


def colleagues_form(places: int, data: Any = None) -> Colleagues:
    """A table of as many lines as the invitation has places left (at most 50 at once)."""
    lines = max(1, min(places, 50))
    made = formset_factory(ColleagueForm, formset=Colleagues, extra=lines, max_num=lines, validate_max=True, absolute_max=lines)
    return cast(Colleagues, made(data, prefix="people"))
