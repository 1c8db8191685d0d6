"""Imports of avails files."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from madang.markets.models import FileRun
from madang.people.models import Company, Participant


class AvailsImport(FileRun):
    """An avails file on its way in; `matching`: how titles of the file are found."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    imported_by = models.ForeignKey(Participant, models.PROTECT, null=True, related_name="+")
    matching = models.CharField(_("find titles by"), max_length=20, default="any")
