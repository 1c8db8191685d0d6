"""The sender and the receiver of each request come to its meeting."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


def fill(apps, schema_editor):  # type: ignore[no-untyped-def]  # Django's own signature
    MeetingRequest = apps.get_model("meetings", "MeetingRequest")
    Attendee = apps.get_model("meetings", "Attendee")
    rows = MeetingRequest.objects.values_list("pk", "sender_id", "receiver_id")
    seats = [
        Attendee(request_id=request, participant_id=person, side=side, is_principal=True)
        for request, sender, receiver in rows
        for side, person in (("sender", sender), ("receiver", receiver))
    ]
    Attendee.objects.bulk_create(seats, batch_size=500)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("meetings", "0002_life_of_a_meeting")]
    operations: ClassVar = [migrations.RunPython(fill, migrations.RunPython.noop)]
