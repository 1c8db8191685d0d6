"""Rows with a name in three languages."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from madang.kit.languages import localised


class Named(models.Model):
    """A name in three languages (abstract); the international one stands where another is missing."""

    name = models.CharField(_("name"), max_length=200)
    name_ko = models.CharField(_("name in Korean"), max_length=200, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return localised(self, "name")
