"""Materials of an entry: files looked into before they are kept, and links."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator, Mapping
from typing import IO, Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madang.accounts.models import User
from madang.markets.actions import record
from madang.selection.actions.entries import guard_eligible, locked
from madang.selection.actions.refusals import Refused
from madang.selection.models import Entry, EntryState, Material, MaterialKind
from madang.selection.pictures import NotAPicture, read_picture
from madang.selection.rules.entries import may_change_entry
from madang.selection.subtitles import NotSubtitles, read_subtitles

MEGABYTE = 1_000_000
LARGEST = {
    MaterialKind.POSTER: 20 * MEGABYTE,
    MaterialKind.STILL: 20 * MEGABYTE,
    MaterialKind.SUBTITLES: 2 * MEGABYTE,
    MaterialKind.SCRIPT: 30 * MEGABYTE,
    MaterialKind.DOSSIER: 30 * MEGABYTE,
}
"""Bytes of a file of each kind that is a file; the others are links."""
LEAST_PIXELS = {MaterialKind.POSTER: 800, MaterialKind.STILL: 720}
"""Pixels of a picture's shorter side."""
MOST = {MaterialKind.STILL: 6, MaterialKind.SUBTITLES: 10}
"""How many of a kind there may be; of the others one, which a new one replaces."""
ENDINGS = {
    MaterialKind.POSTER: ".jpg,.jpeg,.png,.webp",
    MaterialKind.STILL: ".jpg,.jpeg,.png,.webp",
    MaterialKind.SUBTITLES: ".srt,.vtt",
    MaterialKind.SCRIPT: ".pdf",
    MaterialKind.DOSSIER: ".pdf",
}
PICTURE_FAULTS = {
    "svg": gettext_lazy("This is a drawing or a web page (SVG, HTML), which can carry programs. Save it as JPEG or PNG."),
    "kind": gettext_lazy("This is no picture that can be read. Save it as JPEG or PNG."),
    "damaged": gettext_lazy("The picture is damaged, or not all of it came. Save it once more and send it again."),
    "too_many_pixels": gettext_lazy("The picture has more than %(most)s million pixels. Make it smaller."),
    "too_small": gettext_lazy("The picture has %(width)s × %(height)s pixels; its shorter side needs at least %(least)s."),
}
SUBTITLE_FAULTS = {
    "encoding": gettext_lazy("The letters of this file cannot be read. Save it as UTF-8."),
    "no_cues": gettext_lazy("There is no subtitle in this file. Send an .srt or .vtt file."),
}


class WrongFile(Refused):
    """A file that is not taken; the text says why and what would do."""


class Kept(NamedTuple):
    """A file as it will be kept: what is in it, its ending, and what was found."""

    file: File[Any]
    ending: str
    facts: dict[str, Any]
    warnings: list[dict[str, Any]]


@transaction.atomic
def add_link(actor: User, entry: Entry, kind: str, *, link: str, password: str = "") -> Material:
    """A screener or a trailer; the one before is replaced."""
    row = _changeable(actor, entry)
    facts = {"link": link, "password": password, "added_at": row.call.edition.now()}
    material, _new = Material.objects.update_or_create(entry=row, kind=kind, defaults=facts)
    _changed(actor, row, "add_material", kind)
    return material


def add_file(actor: User, entry: Entry, kind: str, *, file: File[Any], language: str = "") -> Material:
    """Look into a file and keep it. Raises WrongFile. What cannot be kept leaves nothing behind."""
    if not may_change_entry(actor, entry):
        raise PermissionDenied
    kept = look_into(MaterialKind(kind), file)  # outside the transaction: a picture takes a second
    with _stored(kept) as name, transaction.atomic():
        row = _changeable(actor, entry)
        there = list(row.materials.filter(kind=kind))
        replaced = [old for old in there if kind not in MOST or (kind == MaterialKind.SUBTITLES and old.language == language)]
        if len(there) - len(replaced) >= MOST.get(MaterialKind(kind), 1):
            raise Refused(_("There are as many of these as fit: delete one first."))
        material = Material.objects.create(
            entry=row,
            kind=kind,
            language=language,
            file=name,
            file_name=_plain_name(file.name or ""),
            bytes=kept.file.size,
            facts=kept.facts,
            warnings=kept.warnings,
            added_at=row.call.edition.now(),
        )
        _drop(replaced)
        _changed(actor, row, "add_material", kind)
    return material


@transaction.atomic
def remove_material(actor: User, material: Material) -> None:
    """Take one away; what is submitted keeps what the call asks for."""
    row = _changeable(actor, material.entry)
    _drop([material])
    if row.state == EntryState.SUBMITTED:
        guard_eligible(row)
    _changed(actor, row, "remove_material", material.kind)


def look_into(kind: MaterialKind, file: File[Any]) -> Kept:
    """What is in the file, as it will be kept. Raises WrongFile."""
    if (file.size or 0) > LARGEST[kind]:
        raise WrongFile(too_big(LARGEST[kind]))
    file.seek(0)
    if kind in LEAST_PIXELS:
        return _picture(kind, file)
    return _subtitles(file) if kind == MaterialKind.SUBTITLES else _pdf(file)


def too_big(limit: int) -> str:
    """Said at the field, whether the file came whole or was cut off."""
    return _("The file is too big: %(limit)s MB are allowed.") % {"limit": limit // MEGABYTE}


def _picture(kind: MaterialKind, file: IO[bytes]) -> Kept:
    try:
        picture = read_picture(file, LEAST_PIXELS[kind])
    except NotAPicture as fault:
        raise WrongFile(str(PICTURE_FAULTS[fault.code]) % fault.facts) from fault
    lies = kind == MaterialKind.POSTER and picture.width > picture.height
    facts = {"width": picture.came_width, "height": picture.came_height}
    return Kept(ContentFile(picture.data), ".jpg", facts, [{"code": "poster_lies"}] if lies else [])


def _subtitles(file: IO[bytes]) -> Kept:
    data = file.read()
    try:
        found = read_subtitles(data)
    except NotSubtitles as fault:
        raise WrongFile(str(SUBTITLE_FAULTS[fault.code])) from fault
    facts = {"cues": found.cues, "minutes": round(found.ends / 60_000)}
    ending = ".vtt" if data.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT") else ".srt"
    return Kept(ContentFile(data), ending, facts, [{"code": code, "line": line} for code, line in found.faults])


def _pdf(file: File[Any]) -> Kept:
    if not file.read(1024).lstrip().startswith(b"%PDF-"):
        raise WrongFile(_("This is no PDF. Save it as a PDF first."))
    file.seek(max(0, (file.size or 0) - 2048))
    if b"%%EOF" not in file.read():
        raise WrongFile(_("The end of this PDF is missing: not all of it came, or it is damaged. Send it again."))
    file.seek(0)
    return Kept(file, ".pdf", {}, [])


@contextlib.contextmanager
def _stored(kept: Kept) -> Iterator[str]:
    """The file under a name that tells nothing; gone again if what follows fails."""
    name = default_storage.save(f"entries/{secrets.token_hex(16)}{kept.ending}", kept.file)
    try:
        yield name
    except BaseException:
        default_storage.delete(name)
        raise


def _changeable(actor: User, entry: Entry) -> Entry:
    row = locked(entry)
    if not may_change_entry(actor, row):
        raise PermissionDenied
    return row


def _changed(actor: User, entry: Entry, verb: str, kind: str) -> None:
    """What others have seen leaves a line in the log."""
    if entry.state == EntryState.SUBMITTED:
        record(entry.call.edition, actor, verb, entry.code, kind=kind)


def _drop(materials: list[Material]) -> None:
    for material in materials:
        if material.file:
            transaction.on_commit(lambda name=material.file.name: default_storage.delete(name))  # type: ignore[misc]  # a default
        material.delete()


def _plain_name(name: str) -> str:
    """Its last part, without signs that no name has."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable())[-200:]


def warning_words(warning: Mapping[str, Any]) -> str:
    """A warning of a material as a sentence."""
    sentences = {
        "poster_lies": _("This picture is wider than high: a poster usually stands upright."),
        "timing": _("Line %(line)s: this time cannot be read."),
        "backwards": _("Line %(line)s: ends before it begins."),
        "order": _("Line %(line)s: begins before the subtitle above it."),
        "overlap": _("Line %(line)s: begins before the subtitle above it has ended."),
        "empty": _("Line %(line)s: no words."),
    }
    return sentences.get(str(warning.get("code")), "") % {"line": warning.get("line", "")}
