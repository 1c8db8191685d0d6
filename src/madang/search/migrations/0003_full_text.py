"""The full-text index over entries: FTS5 with triggers on SQLite, a tsvector with GIN on PostgreSQL."""

from django.db import migrations

SQLITE = [
    """CREATE VIRTUAL TABLE search_index USING fts5(
        names, texts, content='search_entry', content_rowid='id', prefix='2 3',
        tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* Co'")""",
    "INSERT INTO search_index(search_index, rank) VALUES ('rank', 'bm25(10.0, 1.0)')",
    """CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
        INSERT INTO search_index(rowid, names, texts) VALUES (new.id, new.names, new.texts);
    END""",
    """CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry BEGIN
        INSERT INTO search_index(search_index, rowid, names, texts) VALUES ('delete', old.id, old.names, old.texts);
    END""",
    """CREATE TRIGGER search_entry_changed AFTER UPDATE OF names, texts ON search_entry BEGIN
        INSERT INTO search_index(search_index, rowid, names, texts) VALUES ('delete', old.id, old.names, old.texts);
        INSERT INTO search_index(rowid, names, texts) VALUES (new.id, new.names, new.texts);
    END""",
    "INSERT INTO search_index(search_index) VALUES ('rebuild')",
]
SQLITE_BACK = [
    "DROP TRIGGER search_entry_added",
    "DROP TRIGGER search_entry_gone",
    "DROP TRIGGER search_entry_changed",
    "DROP TABLE search_index",
]
POSTGRESQL = [
    """ALTER TABLE search_entry ADD COLUMN document tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', names), 'A') || setweight(to_tsvector('simple', texts), 'D')) STORED""",
    "CREATE INDEX search_entry_document ON search_entry USING gin (document)",
]
POSTGRESQL_BACK = ["ALTER TABLE search_entry DROP COLUMN document"]


def run(schema_editor, sqlite, postgresql):
    for statement in {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def forwards(apps, schema_editor):
    run(schema_editor, SQLITE, POSTGRESQL)


def backwards(apps, schema_editor):
    run(schema_editor, SQLITE_BACK, POSTGRESQL_BACK)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_circles")]

    operations = [migrations.RunPython(forwards, backwards)]
