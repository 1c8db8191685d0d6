"""Titles and projects that an edition shows and sells."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from madang.kit.languages import localised
from madang.kit.search import Searched
from madang.markets.models import Edition
from madang.people.models import Company


class Format(models.TextChoices):
    SERIES = "series", _("Series")
    FILM = "film", _("Feature film")
    DOCUMENTARY = "documentary", _("Documentary")
    ANIMATION = "animation", _("Animation")
    ENTERTAINMENT = "entertainment", _("Entertainment")
    FORMAT = "format", _("Format rights")
    SHORT = "short", _("Short form")


class Genre(models.TextChoices):
    DRAMA = "drama", _("Drama")
    THRILLER = "thriller", _("Thriller")
    CRIME = "crime", _("Crime")
    COMEDY = "comedy", _("Comedy")
    ROMANCE = "romance", _("Romance")
    FANTASY = "fantasy", _("Fantasy")
    HORROR = "horror", _("Horror")
    HISTORY = "history", _("History")
    FAMILY = "family", _("Family")
    FACTUAL = "factual", _("Factual")
    MUSIC = "music", _("Music")
    OTHER = "other", _("Other")


class Progress(models.TextChoices):
    DEVELOPMENT = "development", _("In development")
    PRODUCTION = "production", _("In production")
    COMPLETED = "completed", _("Completed")


class Level(models.TextChoices):
    """What a title is of a whole. What holds for a series holds for its seasons and episodes."""

    WORK = "work", _("Work")
    SERIES = "series", pgettext_lazy("level", "Series")
    SEASON = "season", _("Season")
    EPISODE = "episode", _("Episode")


class Premiere(models.TextChoices):
    """What is claimed of a screening, from the widest to none."""

    WORLD = "world", _("World premiere")
    INTERNATIONAL = "international", _("International premiere")
    ASIAN = "asian", _("Asian premiere")
    KOREAN = "korean", _("Korean premiere")
    NONE = "none", _("No premiere")


class Identity(models.Model):
    """What a work is, in its makers' words (abstract): for whom, what must stay, what may be learned from elsewhere."""

    for_whom = models.TextField(_("whom this is for"), blank=True, max_length=2000)
    for_whom_ko = models.TextField(_("whom this is for, in Korean"), blank=True, max_length=2000)
    for_whom_fr = models.TextField(_("whom this is for, in French"), blank=True, max_length=2000)
    to_keep = models.TextField(_("what must not be changed"), blank=True, max_length=2000)
    to_keep_ko = models.TextField(_("what must not be changed, in Korean"), blank=True, max_length=2000)
    to_keep_fr = models.TextField(_("what must not be changed, in French"), blank=True, max_length=2000)
    to_learn = models.TextField(_("what may be learned from elsewhere"), blank=True, max_length=2000)
    to_learn_ko = models.TextField(_("what may be learned from elsewhere, in Korean"), blank=True, max_length=2000)
    to_learn_fr = models.TextField(_("what may be learned from elsewhere, in French"), blank=True, max_length=2000)

    class Meta:
        abstract = True


class Title(Searched):
    """A work at one edition, or (`part_of`) a season or an episode of one, counted by `number`; lists show whole works.

    An empty `name` means that the title is to be announced.
    """

    SEARCHED = ("name", "name_ko", "name_fr", "name_original", "creators", "directors", "producers", "sales", "code")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="titles")
    code = models.CharField(_("code"), max_length=40)
    company = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="titles", verbose_name=_("sold by"))
    name = models.CharField(_("international title"), max_length=200, blank=True)
    name_ko = models.CharField(_("Korean title"), max_length=200, blank=True)
    name_fr = models.CharField(_("French title"), max_length=200, blank=True)
    name_original = models.CharField(_("original title"), max_length=200, blank=True)
    countries = models.CharField(_("countries"), max_length=60, blank=True, help_text=_("ISO codes with commas: KR, FR"))
    format = models.CharField(_("format"), max_length=20, choices=Format, default=Format.SERIES)
    genre = models.CharField(_("genre"), max_length=20, choices=Genre, default=Genre.OTHER)
    progress = models.CharField(_("stage of work"), max_length=20, choices=Progress, default=Progress.COMPLETED)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    episodes = models.PositiveSmallIntegerField(_("episodes"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes (each)"), null=True, blank=True)
    languages = models.CharField(_("languages"), max_length=60, blank=True)
    synopsis = models.TextField(_("synopsis"), blank=True)
    synopsis_ko = models.TextField(_("synopsis in Korean"), blank=True)
    synopsis_fr = models.TextField(_("synopsis in French"), blank=True)
    creators = models.CharField(_("creators"), max_length=300, blank=True)
    directors = models.CharField(_("directors"), max_length=300, blank=True)
    producers = models.CharField(_("producers and broadcasters"), max_length=300, blank=True)
    sales = models.CharField(_("international sales"), max_length=200, blank=True)
    is_showcase = models.BooleanField(_("in the showcase"), default=False)
    section = models.CharField(_("section"), max_length=200, blank=True)
    prizes = models.CharField(_("prizes"), max_length=300, blank=True)
    is_withdrawn = models.BooleanField(pgettext_lazy("title", "withdrawn"), default=False)
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.WORK)
    part_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of"))
    number = models.PositiveSmallIntegerField(pgettext_lazy("season or episode", "number"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="title_code"),
            models.CheckConstraint(condition=Q(part_of=None) | Q(level__in=["season", "episode"]), name="title_level"),
        ]

    def __str__(self) -> str:
        return localised(self, "name") or gettext("To be announced")

    @property
    def country_list(self) -> list[str]:
        return [code.strip() for code in self.countries.split(",") if code.strip()]

    def get_absolute_url(self) -> str:
        return reverse("catalogue:title", args=[self.edition.slug, self.code])


class IdentityStatement(Identity):
    """The identity of a title: it stands on the title's page, before jurors, and in deals."""

    title = models.OneToOneField(Title, models.CASCADE, related_name="identity")
    saved_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"identity of {self.title_id}"


class Seeks(models.TextChoices):
    """What those behind a title ask of whom they meet."""

    LICENCE = "licence", _("A licence")
    PRESALE = "presale", _("A presale")
    COPRODUCTION = "coproduction", _("A co-producer")
    FINANCE = "finance", _("Finance")
    REMAKE = "remake", _("A remake or a format deal")
    FESTIVAL = "festival", _("A festival or a showcase")


class Profile(models.Model):
    """What matches need to know of a title beside its facts.

    `tones`, `themes` and `audiences` are codes of the concept lexicon with commas; `spoken_in` the languages in which it can
    be had, dubbed or subtitled (BCP 47, with commas); `asks` is the least that is asked for a licence, none where that is
    open.
    """

    title = models.OneToOneField(Title, models.CASCADE, related_name="profile")
    tones = models.CharField(_("tone"), max_length=200, blank=True)
    themes = models.CharField(_("themes"), max_length=300, blank=True)
    audiences = models.CharField(_("audience"), max_length=200, blank=True)
    comparables = models.TextField(_("comparable titles"), blank=True, max_length=600)
    is_first_work = models.BooleanField(_("its creators' first work"), default=False)
    spoken_in = models.CharField(_("dubbed or subtitled in"), max_length=100, blank=True)
    seeks = models.CharField(_("what is asked for"), max_length=15, choices=Seeks, blank=True)
    asks = models.DecimalField(_("asked at least"), max_digits=15, decimal_places=2, null=True, blank=True)
    asks_currency = models.CharField(_("currency"), max_length=3, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(asks=None) | ~Q(asks_currency=""), name="asks_in_a_currency")]

    def __str__(self) -> str:
        return f"profile of {self.title_id}"


class Showing(models.Model):
    """A title was shown in public before or elsewhere: premiere claims are checked against it."""

    title = models.ForeignKey(Title, models.CASCADE, related_name="showings")
    shown_on = models.DateField(_("day"))
    country = models.CharField(_("country"), max_length=2)
    place = models.CharField(_("festival, channel or platform"), max_length=200, blank=True)
    source = models.CharField(_("where this is known from"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["shown_on", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["title", "shown_on", "country", "place"], name="showing_once")]

    def __str__(self) -> str:
        return f"{self.shown_on} {self.country}"


class Scheme(models.TextChoices):
    EIDR = "eidr", "EIDR"
    ISAN = "isan", "ISAN"
    IMDB = "imdb", "IMDb"
    OWN = "own", _("The seller's own number")


class Identifier(models.Model):
    """What a title is called by machines, as files of other people name it."""

    title = models.ForeignKey(Title, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(_("kind of number"), max_length=10, choices=Scheme)
    value = models.CharField(_("number"), max_length=100)

    class Meta:
        ordering: ClassVar = ["title", "scheme", "value"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["title", "scheme", "value"], name="identifier_once")]
        indexes: ClassVar = [models.Index(fields=["scheme", "value"])]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"
