"""Files that questions over many editions are answered from, and the runs that make them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from madang.markets.models import Edition, Run, RunState


class EditionFiles(models.Model):
    """The Parquet files of an edition, as they were last made; no row, or an empty `folder`: there are none yet.

    `folder` is a name under the folder of all editions, `before` the one that it replaced: whoever is reading it still may.
    `mark` is what the edition looked like then (`across.marks`): the same mark, the same files. `files`: by name of the table its
    rows, bytes and SHA-256. `looked_on`: the night in which the clock last asked for them.
    """

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="across_files")
    folder = models.CharField(max_length=80, blank=True)
    before = models.CharField(max_length=80, blank=True)
    mark = models.CharField(max_length=200, blank=True)
    files = models.JSONField(default=dict, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    looked_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.folder or f"no files of {self.edition_id}"


class AcrossRun(Run):
    """Somebody brings the files of all editions that she organises up to date; it has no edition of its own.

    `report`: how many editions were made anew, and how many were as they should be.
    """

    report = models.JSONField(default=dict, blank=True)

    class Meta(Run.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["asked_by"],
                condition=Q(state__in=[RunState.QUEUED, RunState.RUNNING]),
                name="one_open_across_run_a_person",
            )
        ]
