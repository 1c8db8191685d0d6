"""What buyers look for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Format, Genre
from madang.kit.search import Searched
from madang.markets.models import Edition
from madang.people.models import Participant


class Visibility(models.TextChoices):
    PUBLIC = "public", _("All participants")
    HIDDEN = "hidden", _("Only me and the organiser")


class Mandate(Searched):
    """A buyer's wish in her own words, with the fields that lists filter by ("" means any).

    `territories` is what she wrote: codes of countries, which pages show in words, or words.
    """

    SEARCHED = ("text", "code")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="mandates")
    code = models.CharField(_("code"), max_length=40)
    buyer = models.ForeignKey(Participant, models.CASCADE, related_name="mandates", verbose_name=_("buyer"))
    text = models.TextField(_("what I look for"))
    format = models.CharField(_("format"), max_length=20, choices=Format, blank=True)
    genre = models.CharField(_("genre"), max_length=20, choices=Genre, blank=True)
    territories = models.CharField(_("territories"), max_length=200, blank=True)
    visibility = models.CharField(_("seen by"), max_length=10, choices=Visibility, default=Visibility.PUBLIC)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code"], name="mandate_code")]

    def __str__(self) -> str:
        return self.text[:80]
