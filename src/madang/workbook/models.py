"""Imports of an organiser's workbook."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from madang.markets.models import Run


class ImportRun(Run):
    """A workbook on its way in: read and compared first (`report`), loaded whole when the organiser confirms.

    `stored` is the file's name in the storage, `digest` its SHA-256; `is_confirmed` says that loading was asked for.
    """

    file_name = models.CharField(_("file"), max_length=200)
    stored = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    report = models.JSONField(default=dict, blank=True)
    is_confirmed = models.BooleanField(default=False)
