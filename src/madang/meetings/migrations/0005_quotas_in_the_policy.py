"""How many requests a person may send is a setting of meetings: the edition's number becomes that of both sides."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

DEFAULT = 30


def move(apps, schema_editor):  # type: ignore[no-untyped-def]  # Django's own signature
    Edition = apps.get_model("markets", "Edition")
    MeetingPolicy = apps.get_model("meetings", "MeetingPolicy")
    for edition in Edition.objects.exclude(requests_out=DEFAULT):
        numbers = {"buyers_out": edition.requests_out, "sellers_out": edition.requests_out}
        MeetingPolicy.objects.update_or_create(edition=edition, defaults=numbers)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("markets", "0001_initial"), ("meetings", "0004_closures_and_publishing")]
    operations: ClassVar = [migrations.RunPython(move, migrations.RunPython.noop)]
