"""What is made from the sources and goes stale: compiled translations, collected static files."""

from __future__ import annotations

import hashlib
from pathlib import Path


def compile_translations(folder: Path | None = None) -> list[str]:
    """Compile each catalogue that is newer than its compiled form; gives the languages. A read-only folder is left as it is."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
    from django.conf import settings

    done = []
    for source in sorted(Path(folder or settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as read:
            catalogue = read_po(read, locale=source.parent.parent.name)
        half = target.with_suffix(".mo.part")
        try:
            with half.open("wb") as write:
                write_mo(write, catalogue)
            half.replace(target)
        except PermissionError:
            continue
        done.append(source.parent.parent.name)
    return done


def collect_static() -> bool:
    """Collect and compress static files if any has changed since; True if it was done."""
    from django.conf import settings
    from django.core.management import call_command

    mark = Path(settings.STATIC_ROOT) / ".sources"
    sources = static_sources()
    if mark.exists() and mark.read_text() == sources:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(sources)
    return True


def static_sources() -> str:
    """A digest of every static file's name, time and size."""
    from django.contrib.staticfiles.finders import get_finders

    found = []
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = Path(storage.path(path)).stat()
            found.append(f"{path} {facts.st_mtime_ns} {facts.st_size}")
    return hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()
