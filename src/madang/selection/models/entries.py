"""Calls for entries, what is entered, and its materials."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.catalogue.models import Format, Genre, Identity, Premiere, Progress, Title
from madang.kit.languages import LANGUAGES, localised
from madang.kit.search import Searched
from madang.markets.models import Edition


class Call(models.Model):
    """A call for entries: until when, for what. Empty limits and lists allow everything.

    `formats`, `countries`, `premieres`, `languages`: codes with commas. `required`: kinds of material without which nothing is
    submitted. `is_blind`: jurors do not see who made an entry. `readers`: jurors for each entry.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="calls")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    name_ko = models.CharField(_("name in Korean"), max_length=200, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=200, blank=True)
    rules = models.TextField(_("rules"), blank=True)
    rules_ko = models.TextField(_("rules in Korean"), blank=True)
    rules_fr = models.TextField(_("rules in French"), blank=True)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    is_public = models.BooleanField(_("public"), default=True)
    formats = models.CharField(_("formats"), max_length=200, blank=True)
    countries = models.CharField(_("countries"), max_length=600, blank=True)
    languages = models.CharField(_("languages of dialogue or subtitles"), max_length=100, blank=True)
    premieres = models.CharField(_("premieres"), max_length=100, blank=True)
    progress = models.CharField(_("stages of work"), max_length=60, blank=True)
    year_from = models.PositiveSmallIntegerField(_("made in or after"), null=True, blank=True)
    year_until = models.PositiveSmallIntegerField(_("made in or before"), null=True, blank=True)
    minutes_from = models.PositiveSmallIntegerField(_("minutes at least"), null=True, blank=True)
    minutes_until = models.PositiveSmallIntegerField(_("minutes at most"), null=True, blank=True)
    episodes_until = models.PositiveSmallIntegerField(_("episodes at most"), null=True, blank=True)
    most_entries = models.PositiveSmallIntegerField(_("entries a person may submit"), null=True, blank=True)
    required = models.CharField(_("materials that must be there"), max_length=200, blank=True)
    needs_identity = models.BooleanField(_("the identity statement must be there"), default=True)
    is_blind = models.BooleanField(_("jurors do not see who made it"), default=False)
    readers = models.PositiveSmallIntegerField(_("jurors for each entry"), default=3)
    scoring_until = models.DateTimeField(_("jurors score until"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["closes_at", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="call_code"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="call_closes_after_opening"),
            models.CheckConstraint(condition=Q(readers__gte=1), name="call_has_readers"),
        ]

    def __str__(self) -> str:
        return localised(self, "name")

    def get_absolute_url(self) -> str:
        return reverse("selection:call", args=[self.edition.slug, self.code])


class EntryState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("entry", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("entry", "Submitted")
    REFUSED = "refused", _("Not eligible")
    WITHDRAWN = "withdrawn", pgettext_lazy("entry", "Withdrawn")


class Entry(Searched, Identity):
    """A work that somebody enters into a call. In the catalogue it stands only once it is in the line-up (`title`).

    `shown`: earlier public showings, each {"on": "2026-05-18", "country": "FR", "place": "..."}. `version` rises with each save,
    so that of two windows the later one does not overwrite what the other wrote unseen.
    """

    SEARCHED = ("name", "name_ko", "name_fr", "name_original", "company_name", "directors", "creators", "code")

    call = models.ForeignKey(Call, models.PROTECT, related_name="entries")
    code = models.CharField(_("code"), max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=EntryState, default=EntryState.DRAFT)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="entries")
    contact_name = models.CharField(_("contact"), max_length=200, blank=True)
    contact_email = models.EmailField(_("e-mail address of the contact"), blank=True)
    language = models.CharField(_("language of letters"), max_length=5, choices=LANGUAGES, blank=True)
    company_name = models.CharField(_("company"), max_length=200, blank=True)
    company_country = models.CharField(_("country of the company"), max_length=2, blank=True)
    name = models.CharField(_("international title"), max_length=200, blank=True)
    name_ko = models.CharField(_("Korean title"), max_length=200, blank=True)
    name_fr = models.CharField(_("French title"), max_length=200, blank=True)
    name_original = models.CharField(_("original title"), max_length=200, blank=True)
    countries = models.CharField(_("countries"), max_length=60, blank=True, help_text=_("ISO codes with commas: KR, FR"))
    format = models.CharField(_("format"), max_length=20, choices=Format, blank=True)
    genre = models.CharField(_("genre"), max_length=20, choices=Genre, blank=True)
    progress = models.CharField(_("stage of work"), max_length=20, choices=Progress, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    episodes = models.PositiveSmallIntegerField(_("episodes"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes (each)"), null=True, blank=True)
    languages = models.CharField(_("languages of dialogue"), max_length=60, blank=True)
    subtitles = models.CharField(_("languages of subtitles"), max_length=60, blank=True)
    synopsis = models.TextField(_("synopsis"), blank=True, max_length=5000)
    synopsis_ko = models.TextField(_("synopsis in Korean"), blank=True, max_length=5000)
    synopsis_fr = models.TextField(_("synopsis in French"), blank=True, max_length=5000)
    creators = models.CharField(_("creators"), max_length=300, blank=True)
    directors = models.CharField(_("directors"), max_length=300, blank=True)
    producers = models.CharField(_("producers and broadcasters"), max_length=300, blank=True)
    sales = models.CharField(_("international sales"), max_length=200, blank=True)
    is_first_work = models.BooleanField(_("a first work"), default=False)
    premiere = models.CharField(_("premiere"), max_length=15, choices=Premiere, blank=True)
    shown = models.JSONField(_("shown in public before"), default=list, blank=True)
    title = models.OneToOneField(Title, models.SET_NULL, null=True, blank=True, related_name="entry")
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    state_reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["call", "code"], name="entry_code")]
        indexes: ClassVar = [models.Index(fields=["call", "state"])]

    def __str__(self) -> str:
        return localised(self, "name") or self.code

    @property
    def country_list(self) -> list[str]:
        return [code.strip() for code in self.countries.split(",") if code.strip()]


class MaterialKind(models.TextChoices):
    POSTER = "poster", _("Poster")
    STILL = "still", _("Still")
    SCREENER = "screener", _("Screener")
    TRAILER = "trailer", _("Trailer")
    SUBTITLES = "subtitles", _("Subtitles")
    SCRIPT = "script", _("Script")
    DOSSIER = "dossier", _("Dossier")


class Material(models.Model):
    """A file or a link of an entry. `facts`: what was found in it (width and height in pixels, minutes, number of lines)."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="materials")
    kind = models.CharField(_("kind"), max_length=10, choices=MaterialKind)
    language = models.CharField(_("language"), max_length=10, blank=True)
    file = models.FileField(_("file"), upload_to="entries/", blank=True, max_length=300)
    file_name = models.CharField(max_length=200, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    link = models.URLField(_("web address"), blank=True, max_length=500)
    password = models.CharField(_("password of the screener"), max_length=100, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    warnings = models.JSONField(default=list, blank=True)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["kind", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(file="") ^ ~Q(link=""), name="material_is_file_or_link"),
        ]

    def __str__(self) -> str:
        return self.file_name or self.link
