"""The dials of exposure, and what somebody says who does not want a suggested meeting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from madang.catalogue.models import Title
from madang.markets.models import Edition
from madang.matching.models import Because, Dials, ProposeRun
from madang.matching.queries.exposure import FLOORS
from madang.people.queries import country_words

MOST_EACH = 5
"""The highest floor of a group of titles."""
COUNTRY = "country_"
HELP: dict[str, str | Promise] = {
    "floor_first_time": gettext_lazy("At least so many for titles whose makers call them their first work. 0: as all others."),
    "buyer_room": gettext_lazy("What waits for her answer counts."),
    "title_room": gettext_lazy("What waits for an answer counts."),
}


class DialsForm(forms.ModelForm[Dials]):
    """The dials; a field `country_XX` for each country from which there are titles. `prices`: the newest run's, by floor."""

    floor = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect)

    class Meta:
        model = Dials
        fields = ("floor", "floor_first_time", "buyer_room", "title_room")
        help_texts = HELP

    def __init__(self, *args: Any, edition: Edition, latest: ProposeRun | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prices = {row["floor"]: row for row in latest.report.get("prices", [])} if latest else {}
        floor = self.fields["floor"]
        floor.label = capfirst(Dials._meta.get_field("floor").verbose_name)
        floor.choices = [(n, floor_words(n, prices.get(n))) for n in FLOORS]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["floor_first_time"] = _number(self.fields["floor_first_time"], 0, MOST_EACH)
        for name in ("buyer_room", "title_room"):
            self.fields[name] = _number(self.fields[name], 1, 100)
        for code, titles in countries_of(edition):
            words = ngettext("%(country)s (%(count)s title)", "%(country)s (%(count)s titles)", titles)
            label = words % {"country": country_words(code), "count": titles}
            least = (self.instance.floor_countries or {}).get(code, 0)
            self.fields[COUNTRY + code] = forms.IntegerField(
                label=label, min_value=0, max_value=MOST_EACH, required=False, initial=least
            )

    @property
    def countries(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(COUNTRY)]

    @property
    def others(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if not name.startswith(COUNTRY) and name != "floor"]

    @property
    def names_countries(self) -> bool:
        """Whether a country has a floor of its own, or a fault: then their fields stand open."""
        return bool(self.instance.floor_countries) or any(field.errors for field in self.countries)

    def facts(self) -> dict[str, Any]:
        """What `turn_dials` takes; codes of countries from which there are no titles now keep their floors."""
        kept = {code: floor for code, floor in self.instance.floor_countries.items() if COUNTRY + code not in self.fields}
        given = {name.removeprefix(COUNTRY): self.cleaned_data[name] for name in self.fields if name.startswith(COUNTRY)}
        floors = kept | {code: floor for code, floor in given.items() if floor}
        return {name: self.cleaned_data[name] for name in self.Meta.fields} | {"floor_countries": dict(sorted(floors.items()))}


def _number(field: forms.Field, least: int, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=field.label, help_text=field.help_text, min_value=least, max_value=most)


def countries_of(edition: Edition) -> list[tuple[str, int]]:
    """(code, titles) of the countries from which there are titles on offer, by their names."""
    counts: dict[str, int] = {}
    titles = Title.objects.filter(edition=edition, part_of=None, is_withdrawn=False, company__isnull=False).order_by()
    for cell, number in titles.values_list("countries").annotate(n=Count("pk")):
        for code in {part.strip() for part in cell.split(",") if part.strip()}:
            counts[code] = counts.get(code, 0) + number
    return sorted(counts.items(), key=lambda one: country_words(one[0]))


PROVEN = 0.0001
"""How well a plan is proven to be the best: what is lost by less than that is nothing."""


def floor_words(floor: int, price: dict[str, Any] | None) -> str:
    """A position of the dial with what it costs, as far as a run told it."""
    words = ngettext("%(floor)s meeting", "%(floor)s meetings", floor) % {"floor": floor} if floor else _("No floor")
    if price is None:
        return words
    cost = _("costs %(share)s %% of the expected hits") % {"share": number_format(100 * price["lost"], 1)}
    if price["lost"] < PROVEN:
        cost = _("costs nothing")
    elif price["lost"] < 0.0005:
        cost = _("costs less than %(share)s %% of the expected hits") % {"share": number_format(0.1, 1)}
    return _("%(dial)s: %(cost)s") % {"dial": words, "cost": cost}


class DeclineForm(forms.Form):
    """Why not, if she wants to say so: her own matches learn from it, and nobody reads it."""

    because = forms.ChoiceField(
        label=gettext_lazy("Not for me because of"),
        required=False,
        choices=[("", gettext_lazy("I would rather not say")), *Because.choices],
    )
    words = forms.CharField(
        label=gettext_lazy("In your words"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
