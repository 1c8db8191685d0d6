"""Reads of calls and entries: what a call asks for in words, an entry's facts, the organiser's lists and numbers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Format, Genre, Progress
from madang.kit.calendar import day_text
from madang.kit.codes import country_words, language_words
from madang.kit.facets import Filter, words_of
from madang.kit.tables import Cell
from madang.kit.territories import country_name
from madang.selection.eligibility import verdicts
from madang.selection.models import Call, Entry, EntryState, Material, MaterialKind


def call_state(call: Call) -> str:
    """ "coming", "open" or "closed", by the edition's clock."""
    now = call.edition.now()
    return "coming" if now < call.opens_at else "open" if now < call.closes_at else "closed"


def asked_of(call: Call) -> list[str]:
    """The call's rules in words, as they will be checked: those that everybody must fill in are left out."""
    known = {"format": call.formats, "progress": call.progress, "countries": call.countries, "languages": call.languages}
    like = Entry(
        call=call,
        premiere=call.premieres.split(",")[0].strip(),
        **{name: codes.split(",")[0].strip() for name, codes in known.items()},
        year=call.year_from or call.year_until,
        minutes=call.minutes_from or call.minutes_until,
        episodes=call.episodes_until,
    )
    plain = {verdict.rule for verdict in verdicts(Call(edition=call.edition), Entry(), ())}  # what everybody fills in
    found = verdicts(call, like, ())
    rules = [verdict.rule for verdict in found if verdict.rule not in plain and not verdict.field.startswith("material-")]
    materials = [verdict.rule for verdict in found if verdict.field.startswith("material-")]
    if call.needs_identity:
        rules.append(gettext("The identity statement: for whom it is, what must not be changed, what may be learned"))
    if materials:
        rules.append(gettext("Materials: %(names)s") % {"names": ", ".join(materials)})
    return list(dict.fromkeys(rules))


def entry_facts(entry: Entry) -> list[tuple[str | Promise, str]]:
    """(label, words) of what an entry says of the work, besides its synopsis and its identity."""
    language = (get_language() or "en")[:2]
    names = [entry.name, entry.name_ko, entry.name_fr, entry.name_original]
    length = [gettext("%(n)s episodes") % {"n": entry.episodes} if entry.episodes else "", _minutes(entry.minutes)]
    facts = [
        (_("Titles"), " · ".join(dict.fromkeys(name for name in names if name))),
        (_("Countries"), country_words(entry.countries, language)),
        (_("Format"), entry.get_format_display()),
        (_("Genre"), entry.get_genre_display()),
        (_("Stage of work"), entry.get_progress_display()),
        (_("Year"), str(entry.year or "")),
        (_("Length"), ", ".join(part for part in length if part)),
        (_("Languages"), language_words(entry.languages, language)),
        (_("Subtitles"), language_words(entry.subtitles, language)),
        (_("Creators"), entry.creators),
        (_("Directors"), entry.directors),
        (_("Producers and broadcasters"), entry.producers),
        (_("International sales"), entry.sales),
        (_("Premiere"), entry.get_premiere_display()),
        (_("Shown before"), "; ".join(shown_words(entry))),
        (_("A first work"), gettext("Yes") if entry.is_first_work else ""),
        (_("Company"), ", ".join(part for part in (entry.company_name, country_name(entry.company_country, language)) if part)),
        (_("Contact"), ", ".join(part for part in (entry.contact_name, entry.contact_email) if part)),
    ]
    return [(label, str(text)) for label, text in facts if text]


def shown_words(entry: Entry) -> list[str]:
    language = (get_language() or "en")[:2]
    return [
        ", ".join(
            part
            for part in (
                day_text(dt.date.fromisoformat(row["on"]), language),
                country_name(row["country"], language),
                row.get("place", ""),
            )
            if part
        )
        for row in entry.shown
    ]


def _minutes(minutes: int | None) -> str:
    return gettext("%(minutes)s min") % {"minutes": minutes} if minutes else ""


def materials_of(entry: Entry, rows: Iterable[Material]) -> list[tuple[MaterialKind, list[Material]]]:
    """Every kind with what there is of it, those first that the call asks for."""
    by_kind: dict[str, list[Material]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row)
    required = [code.strip() for code in entry.call.required.split(",")]
    kinds = sorted(MaterialKind, key=lambda kind: kind not in required)
    return [(kind, by_kind.get(kind, [])) for kind in kinds]


# --- The organiser's ---------------------------------------------------------------------------------------------------

ENTRY_FILTERS = [
    Filter("state", "state", _("State"), words_of(dict(EntryState.choices)), order=EntryState.values),
    Filter("format", "format", _("Format"), words_of(dict(Format.choices)), order=Format.values),
    Filter("genre", "genre", _("Genre"), words_of(dict(Genre.choices)), order=Genre.values),
    Filter("progress", "progress", _("Stage of work"), words_of(dict(Progress.choices)), order=Progress.values),
    Filter(
        "country",
        "countries",
        _("Country"),
        lambda code: country_name(code, (get_language() or "en")[:2]),
        is_list=True,
        by_words=True,
    ),
    Filter("first", "is_first_work", _("A first work"), lambda _value: gettext("A first work"), is_flag=True),
]


def call_counts(calls: QuerySet[Call]) -> QuerySet[Call]:
    """Each with its number of entries by state."""
    counts = {state: Count("entries", filter=Q(entries__state=state)) for state in EntryState.values}
    return calls.annotate(**{f"number_{state}": count for state, count in counts.items()})


def by_day(call: Call) -> list[tuple[dt.date, int, int]]:
    """(day at the venue, entries submitted on it, until then) from the first to the last day on which one came."""
    zone = call.edition.zone
    moments = call.entries.filter(submitted_at__isnull=False).values_list("submitted_at", flat=True)
    counts = Counter(moment.astimezone(zone).date() for moment in moments if moment)
    if not counts:
        return []
    days, whole, day = [], 0, min(counts)
    while day <= max(counts):
        whole += counts[day]
        days.append((day, counts[day], whole))
        day += dt.timedelta(days=1)
    return days


TABLE_HEAD = [
    _("Number"), _("Call"), _("State"), _("International title"), _("Korean title"), _("French title"), _("Original title"),
    _("Format"), _("Genre"), _("Stage of work"), _("Year"), _("Episodes"), _("Minutes (each)"), _("Countries"), _("Languages"),
    _("Subtitles"), _("Creators"), _("Directors"), _("Producers and broadcasters"), _("International sales"), _("Premiere"),
    _("Shown before"), _("Company"), _("Country of the company"), _("Contact"), _("E-mail address"), _("Submitted"),
]  # fmt: skip


def table_rows(entries: QuerySet[Entry]) -> Iterable[list[Cell]]:
    """The organiser's table; passwords of screeners are not in it."""
    for entry in entries.select_related("call__edition").iterator(chunk_size=500):
        submitted = entry.submitted_at.astimezone(entry.call.edition.zone).replace(tzinfo=None) if entry.submitted_at else None
        yield [
            entry.code, str(entry.call), entry.get_state_display(), entry.name, entry.name_ko, entry.name_fr, entry.name_original,
            entry.get_format_display(), entry.get_genre_display(), entry.get_progress_display(), entry.year, entry.episodes,
            entry.minutes, entry.countries, entry.languages, entry.subtitles, entry.creators, entry.directors, entry.producers,
            entry.sales, entry.get_premiere_display(), "; ".join(shown_words(entry)), entry.company_name, entry.company_country,
            entry.contact_name, entry.contact_email, submitted,
        ]  # fmt: skip
