"""Writing an offer, a memo, a licence: lines of rights, what is paid and when, what is handed over, conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Title
from madang.deals.actions.drafts import end_of_day
from madang.deals.forms_offer_rows import (
    EXCLUSIVE,
    MOST_ROWS,
    ON_A_DAY,
    PLAIN,
    MaterialForm,
    OfferLineForm,
    PartForm,
    RestForm,
    RowForm,
    TermForm,
)
from madang.deals.models import Deal, DocumentKind, LineKind, Milestone
from madang.deals.queries.contents import Content, DeliverableWords, InstalmentWords, LineWords, TermWords
from madang.kit.editing import Difference, as_posted, differing, values_of
from madang.people.models import Company

GROUPS: dict[str, type[RowForm]] = {"lines": OfferLineForm, "terms": TermForm, "parts": PartForm, "materials": MaterialForm}
GROUP_WORDS: dict[str, Promise] = {
    "lines": _("Line %(n)s"),
    "terms": _("Payment no. %(n)s"),
    "parts": _("Instalment %(n)s"),
    "materials": _("Material %(n)s"),
}
"""What a row of each group is called, by its number."""


class OfferForm:
    """The whole form. Rows are counted by `<group>-count`; a row that nobody filled in is left out."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        deal: Deal,
        kind: str,
        company: Company,
        titles: Sequence[Title],
        milestones: Iterable[Milestone] = (),
        content: Content | None = None,
    ) -> None:
        self.data, self.deal, self.faults = data, deal, list[str | Promise]()
        self.facts: dict[str, Any] = {
            "titles": {title.code: title for title in titles},
            "milestones": {f"m{milestone.pk}": milestone for milestone in milestones},
        }
        begun = initial_rows(content, deal) if data is None else {}
        self.lines = self._rows("lines", begun)
        self.terms = self._rows("terms", begun)
        self.parts = self._rows("parts", begun)
        self.materials = self._rows("materials", begun)
        may_hold = kind == DocumentKind.OFFER and company.pk == deal.licensor_id
        self.rest = RestForm(data, may_hold=may_hold, initial=(begun.get("rest") or [{}])[0])

    def change(self, act: str) -> bool:
        """Do what a button of the form asks for (`add-terms`, `drop-lines-2`); False for another button."""
        verb, _dash, rest = act.partition("-")
        group, _dash, number = rest.partition("-")
        if group not in GROUPS or verb not in ("add", "drop"):
            return False
        self._unjudged()
        rows: list[RowForm] = getattr(self, group)
        if verb == "add" and len(rows) < MOST_ROWS:
            rows.append(
                self._row(group, len(rows), None, values_of(rows[-1], without="title") if rows and group == "lines" else {})
            )
        elif verb == "drop" and number.isdecimal() and len(number) < 6 and int(number) < len(rows):
            del rows[int(number)]
            self._unjudged()
        return True

    def is_valid(self) -> bool:
        """Whether every row that is filled in can be read, and instalments come to their payments."""
        kept = [*(row for group in GROUPS for row in self.kept(group)), self.rest]
        wrong = [row for row in kept if not row.is_valid()]
        return not wrong and self._parts_fit()

    def kept(self, group: str) -> list[Any]:
        """Rows in which something stands."""
        return [row for row in getattr(self, group) if not row.is_blank]

    def content(self) -> Content:
        """What was written; call it after `is_valid()`."""
        rest = self.rest.cleaned_data
        terms = tuple(self._term(number, row) for number, row in self._numbered_terms())
        return Content(
            tuple(row.words() for row in self.kept("lines")),
            terms,
            tuple(DeliverableWords(**row.cleaned_data) for row in self.kept("materials")),
            rest["conditions"],
            rest["note"],
            end_of_day(rest["expires_on"], self.deal),
            end_of_day(rest.get("holds_on"), self.deal),
        )

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many rows each group has, for the form's hidden fields."""
        return [(group, len(getattr(self, group))) for group in GROUPS]

    def as_sent(self) -> dict[str, Any]:
        """What a form that shows its beginning would post."""
        rows = [*(row for group in GROUPS for row in getattr(self, group)), self.rest]
        sent = {f"{group}-count": str(count) for group, count in self.counts}
        return sent | {key: value for row in rows for key, value in as_posted(row).items()}

    def readable_lines(self) -> list[tuple[int, LineWords]]:
        """Lines that can be held against rights already, by their place in the form."""
        found = []
        for number, row in enumerate(self.lines):
            if row.is_blank:
                continue
            judged = row if row.is_bound else self._row("lines", number, as_posted(row), {})
            if judged.is_valid():
                found.append((number, judged.words()))
        return found

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """(id of the field, its label, what is wrong) for the summary."""
        found = [("", "", str(fault)) for fault in self.faults]
        for row in [*(row for group in GROUPS for row in self.kept(group)), self.rest]:
            if not row.is_bound:
                continue
            found += [(field.id_for_label, str(field.label), str(error)) for field in row for error in field.errors]
        return found

    def _rows(self, group: str, begun: Mapping[str, Any]) -> list[Any]:
        if self.data is None:
            rows = begun.get(group) or ([{}] if group in ("lines", "terms") else [])
            return [self._row(group, n, None, initial) for n, initial in enumerate(rows)]
        said = str(self.data.get(f"{group}-count", ""))
        count = min(int(said), MOST_ROWS) if said.isdecimal() and len(said) < 6 else 1
        return [self._row(group, n, self.data, {}) for n in range(count)]

    def _row(self, group: str, number: int, data: Mapping[str, Any] | None, initial: Mapping[str, Any]) -> Any:
        facts: dict[str, Any] = self.facts if group == "lines" else {}
        return GROUPS[group](data, prefix=f"{group}-{number}", initial=dict(initial), **facts)

    def _unjudged(self) -> None:
        """What stands in the form, numbered anew, without a word on what is wrong: it is still being written."""
        for group in GROUPS:
            rows = [self._row(group, n, None, values_of(row)) for n, row in enumerate(getattr(self, group))]
            setattr(self, group, rows)
        self.rest = RestForm(None, may_hold="holds_on" in self.rest.fields, initial=values_of(self.rest))

    def _numbered_terms(self) -> list[tuple[int, TermForm]]:
        """Payments by the number that stands beside them on the page."""
        return [(n, row) for n, row in enumerate(self.terms, 1) if not row.is_blank]

    def _term(self, number: int, row: TermForm) -> TermWords:
        data = row.cleaned_data
        parts = tuple(
            InstalmentWords(part.cleaned_data["amount"], part.cleaned_data["due"], part.cleaned_data["due_on"])
            for part in self.kept("parts")
            if part.cleaned_data["of"] == number
        )
        currency = data["currency"] if data["amount"] is not None else ""
        return TermWords(data["kind"], data["amount"], currency, data["percent"], data["base"], data["note"], parts)

    def _parts_fit(self) -> bool:
        by_number = dict(self._numbered_terms())
        fits = True
        for part in self.kept("parts"):
            if part.cleaned_data["of"] not in by_number:
                part.add_error("of", _("There is no payment with this number."))
                fits = False
        for number, term in by_number.items():
            parts = [part for part in self.kept("parts") if part.cleaned_data.get("of") == number]
            total = sum((part.cleaned_data["amount"] for part in parts), Decimal(0))
            if parts and total != term.cleaned_data["amount"]:
                text = gettext("The instalments of payment %(number)s come to %(total)s, not to %(amount)s.")
                amount = term.cleaned_data["amount"] if term.cleaned_data["amount"] is not None else "–"
                parts[-1].add_error("amount", text % {"number": number, "total": total, "amount": amount})
                fits = False
        return fits


def offer_differences(theirs: OfferForm, mine: OfferForm) -> list[Difference]:
    """Fields in which two forms that are filled in say something else, row by row."""
    found = []
    for group, words in GROUP_WORDS.items():
        for n, (one, other) in enumerate(zip_longest(theirs.kept(group), mine.kept(group)), 1):
            found += differing(one, other, str(words) % {"n": n})
    return found + differing(theirs.rest, mine.rest)


def initial_rows(content: Content | None, deal: Deal) -> dict[str, list[dict[str, Any]]]:
    """What a form begins with: an older document, or a line for each title of the deal."""
    if content is None:
        return {"lines": [{"title": title.code} for title in deal.titles.all()]}
    zone = deal.edition.zone
    parts = [
        {"of": n, "amount": short(part.amount), "due": part.due, "due_on": part.due_on}
        for n, term in enumerate(content.terms, 1)
        for part in term.instalments
    ]
    rest = {
        "conditions": content.conditions,
        "note": content.note,
        "expires_on": content.expires_at.astimezone(zone).date() if content.expires_at else None,
        "holds_on": content.holds_until.astimezone(zone).date() if content.holds_until else None,
    }
    names = ("kind", "amount", "currency", "percent", "base", "note")
    return {
        "lines": [_line_initial(line) for line in content.lines],
        "terms": [{name: short(getattr(term, name)) for name in names} for term in content.terms],
        "parts": parts,
        "materials": [{"what": one.what, "due_on": one.due_on} for one in content.deliverables],
        "rest": [rest],
    }


def short(value: Any) -> Any:
    """A number without needless zeros; anything else as it is."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else value.normalize()


def _line_initial(line: LineWords) -> dict[str, Any]:
    what = (EXCLUSIVE if line.exclusive else PLAIN) if line.kind == LineKind.LICENCE else line.reason
    names = ("territories", "media", "languages", "start", "end", "runs", "clause")
    bounds = {}
    for side in ("start", "end"):
        after = getattr(line, f"{side}_after")
        bounds[f"{side}_from"] = f"m{after.pk}" if after else getattr(line, f"{side}_open") or ON_A_DAY
        bounds[f"{side}_lag"] = getattr(line, f"{side}_lag") or None
    return {"title": line.title.code, "what": what, **{name: getattr(line, name) for name in names}, **bounds}
