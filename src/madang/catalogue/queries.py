"""Reads of the catalogue: its filters and orders, and what is known of a title."""

from __future__ import annotations

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from madang.catalogue.concepts import concept_words
from madang.catalogue.models import Format, Genre, Identifier, Identity, Profile, Progress, Scheme, Seeks, Title
from madang.kit.codes import language_words
from madang.kit.facets import Filter, words_of
from madang.kit.languages import localised
from madang.kit.money import money
from madang.markets.models import LogEntry
from madang.people.queries import country_words

TITLE_COLUMNS = ("search_text", "company__search_text")
"""Where the words of a search for a title may stand."""

TITLE_FILTERS = [
    Filter("format", "format", _("Format"), words_of(dict(Format.choices)), order=Format.values),
    Filter("genre", "genre", _("Genre"), words_of(dict(Genre.choices)), order=Genre.values),
    Filter("country", "countries", _("Country"), country_words, is_list=True, by_words=True),
    Filter("progress", "progress", _("Stage of work"), words_of(dict(Progress.choices)), order=Progress.values),
    Filter("showcase", "is_showcase", _("Showcase"), lambda _value: gettext("In the showcase"), is_flag=True),
    Filter("first", "profile__is_first_work", _("First work"), lambda _value: gettext("First work"), is_flag=True),
    Filter("seeks", "profile__seeks", _("What is asked for"), words_of(dict(Seeks.choices)), order=Seeks.values),
]

PUBLIC_FILTERS = [entry for entry in TITLE_FILTERS if entry.key != "seeks"]
"""Without what is told to those who do business alone."""

SORTS: dict[str, str | Promise] = {
    "showcase": _("Showcase first"),
    "name": _("By title"),
    "company": _("By company"),
    "year": _("Newest first"),
}

BY_NAME: list[str | Case] = [
    Case(When(name="", then=Value(1)), default=Value(0), output_field=IntegerField()),
    "search_text",
    "code",
]
"""Titles without an international name, or to be announced, stand last."""


def ordered(titles: QuerySet[Title], sort: str) -> QuerySet[Title]:
    """In the order of that name of SORTS."""
    if sort == "name":
        return titles.order_by(*BY_NAME)
    if sort == "company":
        return titles.order_by(F("company__search_text").asc(nulls_last=True), *BY_NAME)
    if sort == "year":
        return titles.order_by(F("year").desc(nulls_last=True), *BY_NAME)
    return titles.order_by("-is_showcase", *BY_NAME)


def other_names(title: Title) -> list[tuple[str, str]]:
    """(language, name) of a title's names besides the one that the reader sees as its name; each name once."""
    shown = localised(title, "name")
    names = [("ko", title.name_ko), ("", title.name_original), ("", title.name), ("fr", title.name_fr)]
    kept: dict[str, str] = {}
    for language, name in names:
        if name and name != shown:
            kept.setdefault(name, language)
    return [(language, name) for name, language in kept.items()][:2]


def facts_of(title: Title) -> list[tuple[str | Promise, str]]:
    """(label, words) of what is known. A showcase title also shows what is not known yet, as to be announced."""
    countries = ", ".join(country_words(code) for code in title.country_list)
    facts = [
        (_("Countries"), countries, True),
        (_("Creators"), _names(title.creators), True),
        (_("Directors"), _names(title.directors), True),
        (_("Producers and broadcasters"), _names(title.producers), True),
        (_("International sales"), _names(title.sales), True),
        (_("Format"), str(title.get_format_display()), False),
        (_("Genre"), "" if title.genre == Genre.OTHER else str(title.get_genre_display()), False),
        (_("Episodes"), episode_words(title), True),
        (_("Stage of work"), "" if title.is_showcase else str(title.get_progress_display()), False),
        (_("Year"), str(title.year or ""), False),
        (_("Languages"), _names(title.languages), False),
        (_("Prizes"), _names(title.prizes), False),
        (_("Numbers"), number_words(title), False),
    ]
    open_words = gettext("To be announced") if title.is_showcase else ""
    return [(label, text or open_words) for label, text, is_expected in facts if text or (open_words and is_expected)]


def card_facts(title: Title) -> str:
    """What a card says of a title in one line: where from, of what kind, how far, from when."""
    facts = [", ".join(country_words(code) for code in title.country_list), str(title.get_format_display())]
    if title.genre != Genre.OTHER:
        facts.append(str(title.get_genre_display()))
    if title.progress != Progress.COMPLETED and not title.is_showcase:
        facts.append(str(title.get_progress_display()))
    return " · ".join(fact for fact in [*facts, str(title.year or "")] if fact)


def episode_words(title: Title) -> str:
    """ "8 × 52 min", "8 episodes", "90 min"; empty where neither is known."""
    if title.episodes and title.minutes:
        return gettext("%(episodes)s × %(minutes)s min") % {"episodes": title.episodes, "minutes": title.minutes}
    if title.episodes:
        return ngettext("%(episodes)s episode", "%(episodes)s episodes", title.episodes) % {"episodes": title.episodes}
    return gettext("%(minutes)s min") % {"minutes": title.minutes} if title.minutes else ""


def identity_of(row: Identity | None) -> list[tuple[str | Promise, str]]:
    """(question, answer) of an identity in the reader's language, as far as it is answered."""
    questions = {
        "for_whom": _("Whom this is for"),
        "to_keep": _("What must not be changed"),
        "to_learn": _("What may be learned from elsewhere"),
    }
    return [(question, text) for name, question in questions.items() if (text := localised(row, name))] if row else []


def profile_of(row: Profile | None, *, is_business: bool) -> list[tuple[str | Promise, str]]:
    """(label, words) of a title's side of a match; what is asked and how much is for those who do business."""
    if row is None:
        return []
    language = (get_language() or "en")[:2]
    asked = money(row.asks, row.asks_currency) if row.asks is not None and is_business else ""
    facts = [
        (_("Tone"), concept_words(row.tones)),
        (_("Themes and settings"), concept_words(row.themes)),
        (_("Audience"), concept_words(row.audiences)),
        (_("Comparable titles"), row.comparables),
        (_("First work"), gettext("Its creators’ first work") if row.is_first_work else ""),
        (_("Dubbed or subtitled in"), language_words(row.spoken_in, language)),
        (_("What is asked for"), str(row.get_seeks_display()) if row.seeks and is_business else ""),
        (_("Asked at least"), asked),
    ]
    return [(label, text) for label, text in facts if text]


def number_words(title: Title) -> str:
    """What machines call it; a seller's own number is hers."""
    numbers = Identifier.objects.filter(title_id=title.pk).exclude(scheme=Scheme.OWN)
    return ", ".join(f"{number.get_scheme_display()} {number.value}" for number in numbers)


def last_saved_by(title: Title, verb: str) -> str:
    """Who did that to a title last, by the log; "" where nobody did."""
    line = LogEntry.objects.filter(edition=title.edition_id, verb=verb, subject=title.code).select_related("actor").first()
    return str(line.actor) if line and line.actor else ""


def _names(text: str) -> str:
    return ", ".join(part.strip() for part in text.replace(",", ";").split(";") if part.strip())
