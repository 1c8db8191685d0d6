"""Concepts of the lexicon on forms and pages: as ticks, as words with commas, named in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language

from madang.kernels.matching import lexicon
from madang.kit.codes import APART, codes
from madang.kit.fields import CodesField, TicksField, listed
from madang.kit.search import fold

TONES, AUDIENCES, THEMES = lexicon().of_kind("tone"), lexicon().of_kind("audience"), lexicon().of_kind("theme", "setting")
EVERY = lexicon().names
LONGEST_READ = 20_000
"""Letters of a text in which concepts are looked for."""


def concept_name(concept: str) -> str:
    """A concept in the reader's language."""
    return lexicon().name(concept, (get_language() or "en")[:2])


def concept_words(text: str) -> str:
    """A stored list of concepts, in words."""
    return ", ".join(concept_name(concept) for concept in codes(text))


def concepts_in(text: str, known: Iterable[str] = EVERY) -> list[str]:
    """Those of `known` that a text names in any of the three languages, in the order of the lexicon."""
    found = lexicon().found(text[:LONGEST_READ])
    return [concept for concept in known if concept in found]


def reader_of(known: tuple[str, ...]) -> Callable[[str], tuple[list[str], list[str]]]:
    """A reader of what people write with commas -> (concepts, parts that name none): by name first, else by what they say."""

    def read(text: str) -> tuple[list[str], list[str]]:
        found, strange = set[str](), []
        for part in (part.strip() for part in APART.split(text)):
            named = _by_name().get(fold(part), "")
            said = [named] if named in known else concepts_in(part, known)
            found.update(said)
            if part and not said:
                strange.append(part)
        return in_order(found), strange

    return read


def in_order(concepts: Iterable[str]) -> list[str]:
    """Concepts in the order of the lexicon, so that the same ones are always the same text; each once."""
    kept = set(concepts)
    return [concept for concept in EVERY if concept in kept]


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    named = {fold(lexicon().name(concept, language)): concept for language in ("ko", "fr", "en") for concept in EVERY}
    return named | {fold(concept): concept for concept in EVERY}


def _words(text: str, _language: str) -> str:
    return concept_words(text)


class ThemesField(CodesField):
    """What a work is about and where it plays, in words with commas."""

    read = staticmethod(reader_of(THEMES))
    words = staticmethod(_words)


class ConceptsField(CodesField):
    """Any concepts, in words with commas."""

    read = staticmethod(reader_of(EVERY))
    words = staticmethod(_words)


class OfferingForm(forms.Form):
    """A form that offers as ticks what its texts say. `offered` are "field:concept"; `offers` those that the page shows.

    Nothing is filled in by itself: what is ticked joins what stands in its field.
    """

    TAKES: dict[str, tuple[str, ...]] = {}  # noqa: RUF012 - a constant of each form
    """Fields that keep lists of concepts, with those that each may have."""
    offered = TicksField((), concept_name, longest=4000)

    def __init__(self, *args: Any, offers: Iterable[str] = (), **facts: Any) -> None:
        super().__init__(*args, **facts)
        field = self.fields["offered"]
        assert isinstance(field, TicksField)  # noqa: S101 # declared above
        field.codes = tuple(f"{name}:{code}" for name, known in self.TAKES.items() for code in known)
        sent = self.data.getlist("offered") if hasattr(self.data, "getlist") else self.data.get("offered", [])
        new = [one for one in offers if not self._has(*one.split(":", 1))]
        self.shown = tuple(dict.fromkeys([*new, *(one for one in sent if one in field.codes)]))

    def _has(self, name: str, code: str) -> bool:
        """Whether a concept stands in its field already."""
        field, value = self.fields[name], self.initial.get(name) or ""
        if isinstance(field, CodesField):
            return code in type(field).read(str(value))[0]
        return code in (codes(value) if isinstance(value, str) else value)

    @property
    def offers(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """(label of a field, its (value, name, is ticked)) for the page."""
        ticked = set(self["offered"].value() or ())
        groups: dict[str, list[tuple[str, str, bool]]] = {}
        for value in self.shown:
            name, _, code = value.partition(":")
            groups.setdefault(name, []).append((value, self.offer_name(name, code), value in ticked))
        return [(str(self.fields[name].label), rows) for name, rows in groups.items()]

    def offer_name(self, name: str, code: str) -> str:
        """How a tick is called."""
        return concept_name(code)

    def taken(self) -> dict[str, list[str]]:
        """Field -> codes that were ticked."""
        found: dict[str, list[str]] = {}
        for value in codes(self.cleaned_data.pop("offered", "")):
            name, _, code = value.partition(":")
            found.setdefault(name, []).append(code)
        return found

    def take(self, name: str, concepts: Iterable[str]) -> None:
        """Add ticked concepts to a field; an error stands there where they do not fit any more."""
        if name not in self.cleaned_data:
            return
        try:
            self.cleaned_data[name] = listed(
                in_order([*codes(self.cleaned_data[name]), *concepts]), getattr(self.fields[name], "longest", 0)
            )
        except forms.ValidationError as fault:
            self.add_error(name, fault)


def as_sent(sent: QueryDict, form: type[forms.Form]) -> dict[str, Any]:
    """What somebody typed so far, as a form's first values: nothing of it is checked yet."""
    several = {name for name, field in form.base_fields.items() if isinstance(field, forms.MultipleChoiceField)}
    return {name: sent.getlist(name) if name in several else sent.get(name, "") for name in form.base_fields if name in sent}
