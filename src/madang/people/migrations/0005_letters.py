from typing import ClassVar

import django.db.models.deletion
import django.utils.timezone
import madang.people.models
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("people", "0004_one_badge_key_each"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(default=madang.people.models.new_letter_key, max_length=32, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("claimed", "Waiting to be sent"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("uncertain", "Perhaps sent"),
                            ("refused", "Refused by the mail server"),
                            ("left", "Left as it is"),
                        ],
                        default="claimed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("state_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("fault", models.CharField(blank=True, max_length=300, verbose_name="what went wrong")),
                (
                    "edition",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="letters", to="markets.edition"),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="letters", to="people.participant"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="notice",
            name="letter",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="notices", to="people.letter"
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["state", "state_at"], name="people_lett_state_bb965e_idx"),
        ),
    ]
