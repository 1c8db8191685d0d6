"""Each badge gets a key of its own."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import migrations


def fill(apps, schema_editor):  # type: ignore[no-untyped-def]  # Django's own signature
    Participant = apps.get_model("people", "Participant")
    rows = list(Participant.objects.only("pk"))
    for row in rows:
        row.badge_key = secrets.token_urlsafe(12)
    Participant.objects.bulk_update(rows, ["badge_key"], batch_size=500)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0002_hidden_blocked_left")]
    operations: ClassVar = [migrations.RunPython(fill, migrations.RunPython.noop)]
