"""What buyers look for."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Format, Genre
from madang.kit.search import Searched
from madang.markets.models import Edition
from madang.people.models import Participant


class Visibility(models.TextChoices):
    PUBLIC = "public", _("All participants")
    MATCHES = "matches", _("Only those whose titles match it")
    HIDDEN = "hidden", _("Only me and the organiser")


class Exclusivity(models.TextChoices):
    EXCLUSIVE = "exclusive", _("Exclusive")
    NON_EXCLUSIVE = "non_exclusive", _("Non-exclusive")


class FirstTime(models.TextChoices):
    """What a buyer says of creators with their first work."""

    WELCOME = "welcome", _("Welcome")
    SOUGHT = "sought", _("Sought above all")
    NOT = "not", _("Not this time")


class Mandate(Searched):
    """A buyer's wish in her own words, with the fields that lists filter by ("" means any).

    `territories` is what she wrote: codes of countries, which pages show in words, or words. `tones`, `audiences` and
    `must_nots` are codes of the concept lexicon with commas, `media` codes of the tree of media rights, `languages` BCP 47;
    minutes are of one episode or of the film; the window is when she needs the rights (both days belong to it); the budget is
    what she can pay for all of it. Each state that a mandate had stands in its versions, the current one too.
    """

    SEARCHED = ("text", "code")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="mandates")
    code = models.CharField(_("code"), max_length=40)
    buyer = models.ForeignKey(Participant, models.CASCADE, related_name="mandates", verbose_name=_("buyer"))
    text = models.TextField(_("what I look for"))
    format = models.CharField(_("format"), max_length=20, choices=Format, blank=True)
    genre = models.CharField(_("genre"), max_length=20, choices=Genre, blank=True)
    territories = models.CharField(_("territories"), max_length=200, blank=True)
    tones = models.CharField(_("tone"), max_length=200, blank=True)
    audiences = models.CharField(_("audience"), max_length=200, blank=True)
    minutes_from = models.PositiveSmallIntegerField(_("minutes, at least"), null=True, blank=True)
    minutes_to = models.PositiveSmallIntegerField(_("minutes, at most"), null=True, blank=True)
    media = models.CharField(_("media"), max_length=200, blank=True)
    window_from = models.DateField(_("rights from"), null=True, blank=True)
    window_to = models.DateField(_("rights until"), null=True, blank=True)
    exclusivity = models.CharField(_("exclusivity"), max_length=15, choices=Exclusivity, blank=True)
    budget_from = models.DecimalField(_("budget from"), max_digits=15, decimal_places=2, null=True, blank=True)
    budget_to = models.DecimalField(_("budget up to"), max_digits=15, decimal_places=2, null=True, blank=True)
    budget_currency = models.CharField(_("currency"), max_length=3, blank=True)
    languages = models.CharField(_("languages"), max_length=100, blank=True)
    must_nots = models.CharField(_("must not be"), max_length=300, blank=True)
    first_time = models.CharField(_("first-time creators"), max_length=8, choices=FirstTime, default=FirstTime.WELCOME)
    visibility = models.CharField(_("seen by"), max_length=10, choices=Visibility, default=Visibility.PUBLIC)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="mandate_code"),
            models.CheckConstraint(
                condition=Q(minutes_from=None) | Q(minutes_to=None) | Q(minutes_from__lte=F("minutes_to")), name="mandate_minutes"
            ),
            models.CheckConstraint(
                condition=Q(window_from=None) | Q(window_to=None) | Q(window_from__lte=F("window_to")), name="mandate_window"
            ),
            models.CheckConstraint(
                condition=Q(budget_from=None) | Q(budget_to=None) | Q(budget_from__lte=F("budget_to")), name="mandate_budget"
            ),
            models.CheckConstraint(
                condition=Q(budget_from=None, budget_to=None) | ~Q(budget_currency=""), name="mandate_budget_has_a_currency"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class MandateVersion(models.Model):
    """What a mandate said from a moment on. Written by actions, never changed; `facts` by the names of its fields."""

    mandate = models.ForeignKey(Mandate, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["mandate", "-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["mandate", "number"], name="mandate_version_once")]

    def __str__(self) -> str:
        return f"{self.mandate_id}.{self.number}"
