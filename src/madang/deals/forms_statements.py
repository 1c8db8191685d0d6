"""Forms in which a company states what it holds and sold elsewhere, its milestones, and why a contract ended."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.boundfield import BoundField
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Level, Title
from madang.deals.forms_offer_rows import DAYS
from madang.deals.models import Document, DocumentKind, Line, LineKind, LineReason, Milestone, OpenDate, StatedStanding
from madang.deals.queries.entries import Entry, entry_of
from madang.deals.readings import Read, read_rights
from madang.kit.choices import RowsField
from madang.people.models import Company

ON_A_DAY = "day"
LICENCE, EXCLUSIVE = "licence", "exclusive"
WHATS: list[tuple[str, str | Promise]] = [
    (EXCLUSIVE, _("Exclusive licence")),
    (LICENCE, _("Licence, not exclusive")),
    *((value, label) for value, label in LineReason.choices if value != LineReason.EXCLUSIVITY),
]
"""What a line of a contract elsewhere does."""
MOST_DAYS = 36_500


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PaperForm(forms.Form):
    """A statement's document: with whom, under which number."""

    counterparty = forms.CharField(max_length=200, required=False)
    reference = forms.CharField(
        label=_("Contract number"),
        max_length=100,
        required=False,
        help_text=_("As it stands on the contract. Only your company reads it."),
    )
    standing = forms.ChoiceField(label=_("How far it has come"), choices=StatedStanding.choices, initial=StatedStanding.SIGNED)
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, *, kind: str, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.kind = kind
        is_holding = kind == DocumentKind.HOLDING
        name = self.fields["counterparty"]
        name.label = _("From whom you hold it") if is_holding else _("With whom")
        name.help_text = (
            _("The producer or licensor; empty if the work is your own.")
            if is_holding
            else _("The other company. If it takes part here, write its name or code as it stands in the list of companies.")
        )
        name.required = not is_holding
        if is_holding:
            del self.fields["standing"]

    def paper(self) -> dict[str, Any]:
        """The document's fields."""
        return {name: self.cleaned_data[name] for name in self.fields}


class LineForm(forms.Form):
    """What a line says; `entry()` after `is_valid()`. `titles`: those one may choose; a `line` that is changed keeps its own."""

    titles = RowsField(
        label=_("Titles"), queryset=Title.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text=_("A season or an episode alone, or the series for all of it. Several titles: a package with the same terms."),
    )  # fmt: skip
    what = forms.ChoiceField(label=_("What it does"), choices=WHATS, initial=EXCLUSIVE)
    territories = forms.CharField(
        label=_("Territories"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("As you would write them: KR, Benelux, BE-VLG, World excl. US, CA."),
    )  # fmt: skip
    media = forms.CharField(  # type: ignore[assignment]  # a field is no part of the class: its name is the trade's
        label=_("Media"), max_length=1000, help_text=_("Codes or names with commas: SVOD, AVOD, Free TV, TV, All media.")
    )
    languages = forms.CharField(
        label=_("Languages"), max_length=1000, required=False,
        help_text=_("Tags with commas: ko, fr:dub, en:sub, any:sub. Empty means all languages."),
    )  # fmt: skip
    exclusive = forms.BooleanField(label=_("Exclusive: nobody else holds it"), required=False)
    start_from = forms.ChoiceField(label=_("Begins"))
    start = forms.DateField(
        label=_("First day"), required=False, widget=DayInput(), validators=DAYS, help_text=_("With “on a day”.")
    )
    start_lag = forms.IntegerField(
        label=_("Days after that"),
        required=False,
        min_value=-MOST_DAYS,
        max_value=MOST_DAYS,
        help_text=_("With a milestone alone; negative: before it."),
    )
    end_from = forms.ChoiceField(label=_("Ends"))
    end = forms.DateField(
        label=_("Last day"), required=False, widget=DayInput(), validators=DAYS, help_text=_("With “on a day”: it is still in.")
    )
    end_lag = forms.IntegerField(label=_("Days after that"), required=False, min_value=-MOST_DAYS, max_value=MOST_DAYS)
    ended_early_by = RowsField(
        label=_("Ends early with"), queryset=Milestone.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Reversion: the earliest of the last day and these milestones ends it."),
    )  # fmt: skip
    runs = forms.IntegerField(label=_("Runs"), required=False, min_value=1, max_value=100_000, help_text=_("Empty: not counted."))
    clause = forms.CharField(label=_("Clause"), max_length=60, required=False)
    exempt = forms.CharField(
        label=_("Does not bind"), max_length=1000, required=False,
        help_text=_("Of a restriction: companies of this edition that it does not keep out, by name or code, with semicolons."),
    )  # fmt: skip
    only = forms.CharField(
        label=_("Binds only"), max_length=1000, required=False,
        help_text=_("Of a restriction: companies of this edition that it alone keeps out."),
    )  # fmt: skip
    only_party = forms.BooleanField(label=_("Binds only the other party of this contract"), required=False)
    subject_to = forms.CharField(
        label=_("Subject to"), max_length=1000, required=False,
        help_text=_("Numbers of your contracts that this one accepts beside it, with semicolons."),
    )  # fmt: skip

    HOLDING = ("titles", "territories", "media", "languages", "exclusive", "start_from", "start", "start_lag", "end_from",
               "end", "end_lag", "runs", "ended_early_by", "clause")  # fmt: skip
    READ = ("territories", "media", "languages")

    def __init__(
        self,
        data: Any = None,
        *,
        document: Document,
        titles: Iterable[Title],
        line: Line | None = None,
        chosen: Sequence[Title] = (),
        milestones: Iterable[Milestone] = (),
    ) -> None:
        self.document, self.line, self.own = document, line, list(titles)
        self.chosen = list(chosen)
        self.milestones = {str(milestone.pk): milestone for milestone in milestones}
        super().__init__(data, initial=_initial(entry_of(line)) if line else {"titles": [title.pk for title in chosen]})
        if document.kind == DocumentKind.HOLDING:
            for name in set(self.fields) - set(self.HOLDING):
                del self.fields[name]
            self.fields["exclusive"].initial = True
        else:
            del self.fields["exclusive"]
        self._choices()

    def _choices(self) -> None:
        if self.line is not None:
            del self.fields["titles"]
        else:
            self.fields["titles"].queryset = Title.objects.filter(pk__in=[title.pk for title in self.own])  # type: ignore[attr-defined]  # of this field
            self.fields["titles"].choices = [(title.pk, str(title)) for title in self._offered()]  # type: ignore[attr-defined]  # of this field
        events = [(pk, gettext("After: %(milestone)s") % {"milestone": f"{m} ({m.title})"}) for pk, m in self.milestones.items()]
        on_a_day = [(ON_A_DAY, _("On a day"))]
        begins = [(OpenDate.PERPETUITY.value, _("From the beginning")), (OpenDate.TBA.value, OpenDate.TBA.label)]
        self.fields["start_from"].choices = [*on_a_day, *begins, *events]  # type: ignore[attr-defined]  # of this field
        self.fields["end_from"].choices = [*on_a_day, *OpenDate.choices, *events]  # type: ignore[attr-defined]  # of this field
        for name in ("start_lag", "end_lag") if not self.milestones else ():
            del self.fields[name]
        if "ended_early_by" in self.fields:
            milestones = Milestone.objects.filter(pk__in=[m.pk for m in self.milestones.values()])
            self.fields["ended_early_by"].queryset = milestones  # type: ignore[attr-defined]  # of this field
            if not self.milestones:
                del self.fields["ended_early_by"]
        address = reverse("deals:read_rights", args=[self.document.edition.slug])
        for name in self.READ:
            reads = {"hx-get": address, "hx-trigger": "input changed delay:400ms", "hx-target": f"#read_{name}"}
            plain = {"autocapitalize": "off", "autocomplete": "off", "spellcheck": "false"}
            self.fields[name].widget.attrs |= reads | plain

    def _offered(self) -> list[Title]:
        """Whole works and seasons; episodes and the like of the title one came from, and what was chosen before."""
        family = {title.pk for title in self.chosen} | {title.part_of_id for title in self.chosen}
        picked = set(self.data.getlist("titles")) if hasattr(self.data, "getlist") else set()
        return [
            title
            for title in self.own
            if title.level != Level.EPISODE or {title.pk, title.part_of_id} & family or str(title.pk) in picked
        ]

    @property
    def parts(self) -> list[tuple[str, list[tuple[BoundField, Read | None]]]]:
        """The fields under their headings, each with what its text means; the last part is folded away."""
        parts = [
            (gettext("Which titles"), ("titles",)),
            (gettext("What and where"), ("what", "territories", "media", "languages", "exclusive")),
            (gettext("When"), ("start_from", "start", "start_lag", "end_from", "end", "end_lag")),
            (gettext("More"), ("runs", "ended_early_by", "exempt", "only", "only_party", "subject_to", "clause")),
        ]
        found = [(heading, [(self[name], self._read(name)) for name in names if name in self.fields]) for heading, names in parts]
        return [(heading, fields) for heading, fields in found if fields]

    @property
    def more_is_used(self) -> bool:
        """Whether what is folded away says something."""
        return any(field.errors or field.value() for field, _read in self.parts[-1][1])

    def _read(self, name: str) -> Read | None:
        return read_rights(name, str(self[name].value() or "")) if name in self.READ else None

    def clean_territories(self) -> str:
        return self._readable("territories")

    def clean_media(self) -> str:
        return self._readable("media")

    def clean_languages(self) -> str:
        return self._readable("languages")

    def _readable(self, name: str) -> str:
        text = str(self.cleaned_data[name]).strip()
        if fault := read_rights(name, text).fault:
            raise forms.ValidationError(fault)
        return text

    def clean_exempt(self) -> tuple[Company, ...]:
        return self._companies("exempt")

    def clean_only(self) -> tuple[Company, ...]:
        return self._companies("only")

    def _companies(self, name: str) -> tuple[Company, ...]:
        return tuple(self._company(word) for word in listed_words(self.cleaned_data[name]))

    def _company(self, word: str) -> Company:
        found = company_called(self.document, word)
        if found is None:
            raise forms.ValidationError(_("“%(name)s” is no company of this edition."), params={"name": word})
        return found

    def clean_subject_to(self) -> tuple[Document, ...]:
        found = []
        for word in listed_words(self.cleaned_data["subject_to"]):
            papers = Document.objects.filter(edition=self.document.edition, company=self.document.company)
            paper = papers.filter(Q(reference=word) | Q(code=word)).exclude(pk=self.document.pk).first()
            if paper is None:
                raise forms.ValidationError(_("You have no contract with the number “%(number)s”."), params={"number": word})
            found.append(paper)
        return tuple(found)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for side, missing in (("start", _("Which day?")), ("end", _("Which day?"))):
            if data.get(f"{side}_from") == ON_A_DAY and not data.get(side) and side not in self.errors:
                self.add_error(side, missing)
        first, last = (data.get(side) if data.get(f"{side}_from") == ON_A_DAY else None for side in ("start", "end"))
        if first and last and last < first:
            self.add_error("end", _("The last day is before the first."))
        if data.get("only") and data.get("only_party"):
            self.add_error("only", _("Either these companies or the other party, not both."))
        return data

    def entry(self, party: Company | None) -> Entry:
        """What was written; `party` is the licensee where she takes part here, or the holder."""
        data = self.cleaned_data
        is_holding = self.document.kind == DocumentKind.HOLDING
        what = LICENCE if is_holding else data["what"]
        kind = LineKind.GRANT if is_holding else LineKind.LICENCE if what in (LICENCE, EXCLUSIVE) else LineKind.RESTRICTION
        is_restriction = kind == LineKind.RESTRICTION
        return Entry(
            titles=(self.line.title,) if self.line else tuple(title for title in self.own if title in data["titles"]),
            kind=kind,
            reason=what if is_restriction else "",
            territories=data["territories"],
            media=data["media"],
            languages=data["languages"],
            **self._bound("start"),
            **self._bound("end"),
            party=party,
            exclusive=data["exclusive"] if is_holding else what == EXCLUSIVE,
            only_party=is_restriction and data["only_party"],
            runs=data["runs"],
            clause=data["clause"],
            exempt=data["exempt"] if is_restriction else (),
            only=data["only"] if is_restriction else (),
            subject_to=data.get("subject_to", ()),
            ended_early_by=tuple(data.get("ended_early_by", ())),
        )

    def _bound(self, side: str) -> dict[str, Any]:
        hangs_on = self.cleaned_data[f"{side}_from"]
        if hangs_on == ON_A_DAY:
            return {side: self.cleaned_data[side]}
        if hangs_on in self.milestones:
            return {f"{side}_after": self.milestones[hangs_on], f"{side}_lag": self.cleaned_data.get(f"{side}_lag") or 0}
        return {f"{side}_open": hangs_on}


class MilestoneForm(forms.Form):
    name = forms.CharField(label=_("What happens"), max_length=200, help_text=_("E.g. theatrical release in Germany."))
    earliest = forms.DateField(label=_("Not before"), required=False, widget=DayInput(), validators=DAYS)
    latest = forms.DateField(label=_("Not after"), required=False, widget=DayInput(), validators=DAYS)
    actual = forms.DateField(
        label=_("Happened on"),
        required=False,
        widget=DayInput(),
        validators=DAYS,
        help_text=_("Once it is known: dates that hang on it are then certain."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        earliest, latest = data.get("earliest"), data.get("latest")
        if earliest and latest and latest < earliest:
            self.add_error("latest", _("This is before “not before”."))
        return data


class EndForm(forms.Form):
    reason = forms.CharField(label=_("Why it ended"), max_length=300, required=False)


def listed_words(text: str) -> list[str]:
    """Names or numbers with semicolons or line ends, each once."""
    return list(dict.fromkeys(word.strip() for word in re.split(r"[;\n]", text) if word.strip()))


def company_called(document: Document, word: str) -> Company | None:
    """The company of the edition with that code or name; None where there is none or more than one."""
    word = word.strip()
    companies = Company.objects.filter(edition=document.edition)
    found = companies.filter(Q(code=word) | Q(name__iexact=word) | Q(name_ko=word))[:2]
    return found[0] if word and len(found) == 1 else None


def _initial(entry: Entry) -> dict[str, Any]:
    """What a line says, as the form's fields."""
    what = entry.reason or (EXCLUSIVE if entry.exclusive else LICENCE)
    return {
        **{
            name: getattr(entry, name)
            for name in ("territories", "media", "languages", "exclusive", "runs", "clause", "only_party")
        },
        "what": what,
        "start_from": _from(entry.start, entry.start_after, entry.start_open),
        "start": entry.start,
        "start_lag": entry.start_lag or None,
        "end_from": _from(entry.end, entry.end_after, entry.end_open),
        "end": entry.end,
        "end_lag": entry.end_lag or None,
        "exempt": "; ".join(str(company) for company in entry.exempt),
        "only": "; ".join(str(company) for company in entry.only),
        "subject_to": "; ".join(paper.reference or paper.code for paper in entry.subject_to),
        "ended_early_by": [milestone.pk for milestone in entry.ended_early_by],
    }


def _from(day: dt.date | None, milestone: Milestone | None, is_open: str) -> str:
    if day:
        return ON_A_DAY
    return str(milestone.pk) if milestone else is_open or OpenDate.TBA
