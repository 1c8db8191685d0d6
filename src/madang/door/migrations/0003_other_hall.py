from django.db import migrations, models

OUTCOMES = [
    ("admitted", "Let in"),
    ("twice", "Let in before"),
    ("conflict", "Let in at two doors that were offline"),
    ("unknown", "Not known"),
    ("void", "Void"),
    ("other_event", "For another event"),
    ("other_hall", "At the door of another hall"),
    ("late", "Too late"),
    ("no_place", "No place left"),
]


class Migration(migrations.Migration):
    dependencies = [("door", "0002_queue_slips")]

    operations = [
        migrations.AlterField("scan", "told", models.CharField(choices=OUTCOMES, max_length=12)),
        migrations.AlterField("scan", "outcome", models.CharField(choices=OUTCOMES, max_length=12, verbose_name="outcome")),
    ]
