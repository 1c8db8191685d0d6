"""Forms of studies: what is settled before the event, and the file of counts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madang.kit.sheets import UnreadableFile
from madang.kit.sheets.values import ValueFault
from madang.markets.models import Edition
from madang.outcomes.actions.studies import Studied
from madang.outcomes.models import Study
from madang.outcomes.queries.counts_file import CountsFile, as_month, read_counts
from madang.outcomes.queries.pasted import CODE, BadList, lines_of
from madang.outcomes.queries.studies import month_text, showcase_titles
from madang.outcomes.queries.titles_file import TitlesFile, read_titles

FILE_MOST = 5_000_000


class MonthField(forms.CharField):
    """A month like 2025-05; its value is the first day."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"type": "month", "placeholder": "2025-05"}), max_length=20, **facts)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return as_month(text)
        except ValueFault:
            raise ValidationError(gettext("This is no month: write it like 2025-05.")) from None


class CodeField(forms.RegexField):
    """A code that stands in addresses and lists."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(
            CODE, max_length=40, error_messages={"invalid": _("Latin letters, digits, points and dashes.")}, **facts
        )  # fmt: skip

    def clean(self, value: Any) -> Any:
        code = super().clean(value)
        if code == "new":  # the address of the form itself
            raise ValidationError(gettext("Another code, please: this word is taken."))
        return code


class ListField(forms.CharField):
    """Pasted lines of a code and a name; its value is a list of `Studied`."""

    def __init__(self, *, is_donor: bool = False, **facts: Any) -> None:
        self.is_donor = is_donor
        super().__init__(widget=forms.Textarea(attrs={"rows": 9}), max_length=200_000, **facts)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return [Studied(line.code, (line.rest or line.code)[:200], self.is_donor) for line in lines_of(text)]
        except BadList as bad:
            raise ValidationError(str(bad)) from None


class StudyForm(forms.Form):
    """Everything that is settled before the event."""

    code = CodeField(label=_("Code"), help_text=_("It stands in addresses and in the log: showcase-2025"))
    name = forms.CharField(label=_("Name"), max_length=200)
    name_ko = forms.CharField(label=_("Name in Korean"), max_length=200, required=False)
    name_fr = forms.CharField(label=_("Name in French"), max_length=200, required=False)
    measure = forms.CharField(
        label=_("What is counted"), max_length=200,
        help_text=_(
            "One number a title and month, for instance page views in an encyclopedia. "
            "Use the same words in each edition: studies of one measure are pooled."
        ),
    )  # fmt: skip
    source = forms.CharField(label=_("Where the counts come from"), max_length=300)
    event = MonthField(label=_("Month of the event"))
    months_before = forms.IntegerField(label=_("Months before"), min_value=1, max_value=60, initial=12)
    months_after = forms.IntegerField(label=_("Months after"), min_value=1, max_value=60, initial=12)
    skip = forms.IntegerField(
        label=_("Months left out from the event on"), min_value=0, max_value=12, initial=0,
        help_text=_("1: the month of the event itself is counted neither before nor after."),
    )  # fmt: skip
    nearest = forms.IntegerField(
        label=_("Donors for each title"), min_value=0, max_value=500, initial=10,
        help_text=_("Those that were most like it before the event. 0: all of them."),
    )  # fmt: skip
    shown = ListField(
        label=_("Titles that are shown"), help_text=_("One a line: code, name. The showcase of this edition is filled in.")
    )
    donors = ListField(
        label=_("Donors"), is_donor=True, required=False,
        help_text=_(
            "Titles like them that are not shown, one a line: code, name. Ten for each title are good. Paste them from a table."
        ),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Or donors from a file (.csv or .xlsx)"), required=False,
        help_text=_(
            "The columns code, name; if it has the titles that are shown too, a column kind says “shown” or “donor”. Columns "
            "of months (2024-05, 2024-06 …) bring their counts along. What the file names takes the place of the lines above."
        ),
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, edition: Edition, study: Study | None = None) -> None:
        super().__init__(data, files, initial=_written(study) if study else _offered(edition))
        self.read = TitlesFile()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not file:
            return None
        if file.size > FILE_MOST:
            raise ValidationError(gettext("The file is too big: 5 MB are the most."))
        try:
            self.read = read_titles(file, file.name)
        except UnreadableFile as fault:
            raise ValidationError(fault.text(gettext)) from None
        if self.read.troubles:
            raise ValidationError(gettext("Nothing was taken over: mend the cells below and send the file again."))
        return file

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        for name, is_donor in (("shown", False), ("donors", True)):
            from_file = [Studied(code, *told) for code, told in self.read.titles.items() if told[1] == is_donor]
            if from_file and name not in self.errors:
                facts[name] = from_file
        shown, donors = facts.get("shown"), facts.get("donors")
        if shown is not None and len(shown) < 2:
            self.add_error("shown", _("Two titles are the least: with one there is no spread to judge by."))
        if donors is not None and len(donors) < 2 and "file" not in self.errors:
            self.add_error("donors", _("Two donors are the least."))
        both = {one.code for one in shown or ()} & {one.code for one in donors or ()}
        if both:
            self.add_error("donors", gettext("%(code)s is among the titles that are shown.") % {"code": min(both)})
        return facts

    def facts(self) -> dict[str, Any]:
        """The fields of the row."""
        names = ("code", "name", "name_ko", "name_fr", "measure", "source", "event", "months_before", "months_after")
        way = {name: self.cleaned_data[name] for name in ("skip", "nearest")}
        return {name: self.cleaned_data[name] for name in names} | {"way": way}

    def titles(self) -> list[Studied]:
        return [*self.cleaned_data["shown"], *self.cleaned_data["donors"]]


def _offered(edition: Edition) -> dict[str, Any]:
    """A new study: the showcase's titles, the month of the first day."""
    lines = [f"{title.code}, {title.name or title.code}" for title in showcase_titles(edition)]
    return {"shown": "\n".join(lines), "event": month_text(edition.starts_on), "skip": 1}


def _written(study: Study) -> dict[str, Any]:
    rows = list(study.titles.all())
    names = ("code", "name", "name_ko", "name_fr", "measure", "source", "months_before", "months_after")
    lists = {
        field: "\n".join(f"{row.code}, {row.name}" for row in rows if row.is_donor == is_donor)
        for field, is_donor in (("shown", False), ("donors", True))
    }
    way: dict[str, Any] = study.way
    return {name: getattr(study, name) for name in names} | way | lists | {"event": month_text(study.event)}


class CountsForm(forms.Form):
    """A file of monthly counts; `read` has what stands in it."""

    file = forms.FileField(
        label=_("Monthly counts (.csv or .xlsx)"),
        help_text=_(
            "Either the columns code, month, count; or a code and one column a month (2024-05, 2024-06 …). "
            "An empty cell is an unknown month, which is no 0."
        ),
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, study: Study) -> None:
        super().__init__(data, files)
        self.study, self.read = study, CountsFile()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > FILE_MOST:
            raise ValidationError(gettext("The file is too big: 5 MB are the most."))
        codes = set(self.study.titles.values_list("code", flat=True))
        try:
            self.read = read_counts(file, file.name, codes)
        except UnreadableFile as fault:
            raise ValidationError(fault.text(gettext)) from None
        if self.read.troubles:
            raise ValidationError(gettext("Nothing was taken over: mend the cells below and send the file again."))
        if not self.read.counts:
            raise ValidationError(gettext("There is no count in this file."))
        return file


class WithdrawForm(forms.Form):
    """When a title of a study was withdrawn; empty: it was not."""

    withdrawn_on = forms.DateField(
        label=_("Withdrawn on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_withdrawn_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["withdrawn_on"]
        if day and not 1990 <= day.year < 2100:
            raise ValidationError(gettext("This day is too far away."))
        return day
