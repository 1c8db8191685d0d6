"""Entries keep their words, so that counts of words stay right: all of them are counted anew at the next refresh."""

from django.db import migrations, models


def forget_counts(apps, schema_editor):
    """The refresh of the next minute finds every entry made in an older way, and makes it anew."""
    apps.get_model("search", "Word").objects.all().delete()
    apps.get_model("search", "Freshness").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("search", "0003_full_text")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [  # in plain SQL: on SQLite Django would make the table anew, and lose the triggers of the full-text index
                migrations.RunSQL(
                    "ALTER TABLE search_entry ADD COLUMN words text NOT NULL DEFAULT ''",
                    "ALTER TABLE search_entry DROP COLUMN words",
                )
            ],
            [migrations.AddField("entry", "words", models.TextField(blank=True))],
        ),
        migrations.RunPython(forget_counts, migrations.RunPython.noop),
        migrations.RemoveField("word", "is_open"),
        migrations.AddField("word", "open_entries", models.PositiveIntegerField(default=0)),
    ]
