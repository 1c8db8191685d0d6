"""Imports of avails files."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from madang.markets.models import Run
from madang.people.models import Company, Participant


class AvailsImport(Run):
    """An avails file on its way in: read and compared first (`report`), loaded whole when confirmed.

    `stored` is the file's name in the storage, `digest` its SHA-256; `matching`: how titles of the file are found.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    imported_by = models.ForeignKey(Participant, models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(_("file"), max_length=200)
    stored = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    matching = models.CharField(_("find titles by"), max_length=20, default="any")
    report = models.JSONField(default=dict, blank=True)
    is_confirmed = models.BooleanField(default=False)
