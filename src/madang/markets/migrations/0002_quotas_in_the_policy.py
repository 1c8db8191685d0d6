"""The number of requests a person may send has moved to the settings of meetings."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("markets", "0001_initial"), ("meetings", "0005_quotas_in_the_policy")]
    operations: ClassVar = [migrations.RemoveField(model_name="edition", name="requests_out")]
