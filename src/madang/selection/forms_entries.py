"""The shape of an entry, of its materials, and of what an organiser says about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from madang.catalogue.forms import HELP as IDENTITY_HELP
from madang.kit.codes import codes, language_words
from madang.kit.fields import CountriesField, LanguagesField, LinesField
from madang.kit.territories import country_choices
from madang.selection.actions.materials import ENDINGS, LARGEST, MEGABYTE, too_big
from madang.selection.models import Entry, MaterialKind

PARTS: list[tuple[str, object, tuple[str, ...]]] = [
    ("work", _("The work"), ("name", "format", "genre", "progress", "year", "episodes", "minutes", "is_first_work")),
    ("makers", _("Where it comes from"), ("countries", "creators", "directors", "producers", "sales")),
    ("languages", _("Languages"), ("languages", "subtitles")),
    ("premiere", _("Premiere"), ("premiere",)),
    ("synopsis", _("Synopsis"), ("synopsis",)),
    ("identity", _("Identity statement"), ("for_whom", "to_keep", "to_learn")),
    ("contact", _("Whom to ask"), ("contact_name", "contact_email", "company_name", "company_country", "language")),
]
"""The form's parts: anchor, heading, fields."""
IN_LANGUAGES = ("name", "synopsis", "for_whom", "to_keep", "to_learn")
"""Fields that stand once for each language; of a name there is the original one as well."""
HELP = {
    "name_original": _("As it is called at home, in its own script."),
    "minutes": _("Of one episode, or of the whole work where there is one."),
    "creators": _("With commas."),
    "directors": _("With commas."),
    "producers": _("With commas."),
    "premiere": _("What it would be here, if nothing is shown before."),
    **IDENTITY_HELP,
    "contact_email": _("For questions about the entry. Letters go to the address of your account."),
    "language": _("In which we write to you."),
}
TALL = {"synopsis": 6, "for_whom": 4, "to_keep": 4, "to_learn": 4}


def each_language(name: str) -> list[str]:
    """The fields behind one that stands once for each language."""
    return [name, f"{name}_ko", f"{name}_fr", *(["name_original"] if name == "name" else [])]


FIELDS = [
    name
    for _key, _heading, names in PARTS
    for field in names
    for name in (each_language(field) if field in IN_LANGUAGES else [field])
]


class EntryForm(forms.ModelForm[Entry]):
    """An entry as it is typed. Nothing is required: a draft is saved as far as it makes sense."""

    countries = CountriesField(label=_("Countries that made it"), help_text=_("With commas, such as: Korea, France"))
    languages = LanguagesField(label=_("Languages of dialogue"), help_text=_("With commas, such as: Korean, English"))
    subtitles = LanguagesField(label=_("Languages of subtitles"), help_text=_("With commas, such as: Korean, English"))
    company_country = forms.ChoiceField(label=_("Country of the company"), required=False)

    class Meta:
        model = Entry
        fields = FIELDS
        help_texts = HELP

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        for name, field in self.fields.items():
            field.required = False
            base = name.removesuffix("_ko").removesuffix("_fr")
            if base in TALL and isinstance(field, forms.CharField):
                most = Entry._meta.get_field(name).max_length  # type: ignore[union-attr]  # a text of ours
                self.fields[name] = LinesField(
                    rows=TALL[base], label=field.label, help_text=field.help_text, required=False, max_length=most
                )
        for name, most in {"year": 2100, "episodes": 2000, "minutes": 6000}.items():
            field = self.fields[name]
            least = 1888 if name == "year" else 1
            field.validators = [MinValueValidator(least), MaxValueValidator(most)]
            field.widget = forms.NumberInput(attrs={"min": least, "max": most, "inputmode": "numeric"})
        choices = [("", "—"), *country_choices((get_language() or "en")[:2])]
        self.fields["company_country"].choices = choices  # type: ignore[attr-defined]  # a field of choices

    def _post_clean(self) -> None:
        """The row is written by its action, not by the form."""

    def facts(self) -> dict[str, Any]:
        """What was typed and makes sense."""
        return dict(self.cleaned_data)

    def parts(self) -> Iterator[tuple[str, object, list[tuple[forms.BoundField, list[forms.BoundField]]]]]:
        """(anchor, heading, fields with those of the other languages); the reader's own language comes first."""
        for key, heading, names in PARTS:
            yield key, heading, [self._grouped(name) for name in names]

    def _grouped(self, name: str) -> tuple[forms.BoundField, list[forms.BoundField]]:
        if name not in IN_LANGUAGES:
            return self[name], []
        language = (get_language() or "en")[:2]
        names = each_language(name)
        first = f"{name}_{language}" if name != "name" and f"{name}_{language}" in names else name
        return self[first], [self[other] for other in names if other != first]


class ShownForm(forms.Form):
    """One earlier public showing; an empty one is none."""

    on = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    country = forms.ChoiceField(label=_("Country"), required=False)
    place = forms.CharField(label=_("Festival, channel or platform"), required=False, max_length=200)

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        choices = [("", "—"), *country_choices((get_language() or "en")[:2])]
        self.fields["country"].choices = choices  # type: ignore[attr-defined]  # a field of choices

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if any(facts.values()) and not self.errors:
            for name in ("on", "country"):
                if not facts.get(name):
                    self.add_error(name, _("A showing has a day and a country."))
        if (day := facts.get("on")) and day < dt.date(1888, 1, 1):
            self.add_error("on", _("This day is too early."))
        return facts


class ShownRows(forms.BaseFormSet[ShownForm]):
    """Earlier showings as an entry keeps them."""

    def rows(self) -> list[dict[str, str]]:
        return [
            {"on": facts["on"].isoformat(), "country": facts["country"], "place": facts["place"]}
            for facts in self.cleaned_data
            if facts.get("on") and facts.get("country")
        ]


ShownFormSet = forms.formset_factory(ShownForm, formset=ShownRows, extra=2, max_num=20, absolute_max=20)


def shown_initial(entry: Entry) -> list[dict[str, Any]]:
    return [{**row, "on": dt.date.fromisoformat(row["on"])} for row in entry.shown]


class FileForm(forms.Form):
    """A file of one kind of material; its size is told before it leaves."""

    def __init__(self, kind: MaterialKind, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, prefix=kind.value)
        limit = LARGEST[kind]
        told = gettext("%(endings)s, at most %(limit)s MB.") % {
            "endings": ENDINGS[kind].replace(".", "").replace(",", ", ").upper(),
            "limit": limit // MEGABYTE,
        }
        attrs = {"accept": ENDINGS[kind], "data-largest": limit, "data-too-big": too_big(limit)}
        missing = gettext("Choose a file.")
        self.fields["file"] = forms.FileField(
            label=gettext("File"),
            help_text=told,
            max_length=250,
            widget=forms.FileInput(attrs=attrs),
            error_messages={"required": missing, "empty": gettext("This file is empty.")},
        )
        if kind == MaterialKind.SUBTITLES:
            self.fields["language"] = forms.ChoiceField(label=gettext("Language"), choices=subtitle_languages())


def subtitle_languages() -> list[tuple[str, str]]:
    usual = ["ko", "en", "fr", "ja", "zh", "es", "de", "it", "pt", "th", "vi", "id", "ms", "ar", "hi", "ru", "tr"]
    language = (get_language() or "en")[:2]
    return [(code, language_words(code, language)) for code in usual]


class LinkForm(forms.Form):
    """Where a screener or a trailer is watched."""

    link = forms.CharField(
        label=_("Web address"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        validators=[URLValidator(schemes=["https"], message=_("A whole web address that begins with https:// is needed."))],
    )

    def __init__(self, kind: MaterialKind, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, prefix=kind.value)
        if kind == MaterialKind.SCREENER:
            self.fields["password"] = forms.CharField(
                label=_("Password of the screener"),
                required=False,
                max_length=100,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
                help_text=_("Seen by you, by the jurors of this entry and by the organiser; it stands in no list and no file."),
            )

    def clean_link(self) -> str:
        link = str(self.cleaned_data["link"])
        if "@" in link.split("/")[2]:
            raise forms.ValidationError(_("No name and password inside the address: there is a field for the password."))
        return link


def material_form(kind: MaterialKind, data: Any = None, files: Any = None) -> FileForm | LinkForm:
    """The form of a kind: a file or a link."""
    return FileForm(kind, data, files) if kind in LARGEST else LinkForm(kind, data, files)


class ReasonForm(forms.Form):
    """Why an entry is not eligible; its author reads it."""

    reason = LinesField(label=_("Reason, as its author will read it"), max_length=500)


def choice_words(text: str, labels: dict[str, Any]) -> str:
    """Codes of a stored list in words."""
    return ", ".join(str(labels.get(code, code)) for code in codes(text))
