"""A zip file is believed in nothing: its names, its sizes, what really comes out of it."""

from __future__ import annotations

import re
import unicodedata
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO

from madang.kit.sheets.faults import Limits, UnreadableFile

CHUNK = 1 << 18
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)
DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)|<\x00!\x00D\x00O|\x00<\x00!\x00D\x00O", re.IGNORECASE)
PIECE = re.compile(rb"</?(?:\w+:)?(?:si|row)\b")


def open_archive(file: IO[bytes], limits: Limits) -> zipfile.ZipFile:
    """The archive, once its directory and all that it unpacks to have been checked."""
    try:
        archive = zipfile.ZipFile(file)
    except DAMAGED as fault:
        raise UnreadableFile("truncated") from fault
    _check_directory(archive, limits)
    _check_contents(archive, limits)
    return archive


def _check_directory(archive: zipfile.ZipFile, limits: Limits) -> None:
    parts = archive.infolist()
    if len(parts) > limits.parts:
        raise UnreadableFile("too_many_parts", limit=limits.parts)
    for part in parts:
        if _is_unsafe(part):
            raise UnreadableFile("unsafe_names", name=part.filename[:100])
        if part.flag_bits & 0x1:
            raise UnreadableFile("encrypted")
    unpacked, packed = sum(p.file_size for p in parts), sum(p.compress_size for p in parts)
    _check_size(unpacked, packed, limits)
    if any(p.file_size > limits.part for p in parts):
        raise UnreadableFile("too_big_unpacked", limit=limits.part // 1_000_000)


def _is_unsafe(part: zipfile.ZipInfo) -> bool:
    name = part.orig_filename.replace("\\", "/")
    is_link = (part.external_attr >> 16) & 0o170000 == 0o120000
    return is_link or "\0" in name or name.startswith("/") or ":" in name[:3] or ".." in PurePosixPath(name).parts


def _check_size(unpacked: int, packed: int, limits: Limits) -> None:
    if unpacked > limits.unpacked:
        raise UnreadableFile("too_big_unpacked", limit=limits.unpacked // 1_000_000)
    if unpacked > limits.dense_from and unpacked > limits.ratio * max(packed, 1):
        raise UnreadableFile("too_dense", limit=limits.ratio)


def _check_contents(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Inflate everything once, counting: a directory may lie, and its checksums are compared on the way."""
    total, packed = 0, sum(part.compress_size for part in archive.infolist())
    for part in archive.infolist():
        try:
            with archive.open(part) as stream:
                total += _inflate(stream, part.filename, limits)
        except DAMAGED as fault:
            raise UnreadableFile("truncated") from fault
        _check_size(total, packed, limits)


def _inflate(stream: IO[bytes], name: str, limits: Limits) -> int:
    is_xml = name.lower().endswith((".xml", ".rels", ".vml"))
    has_pieces = name.startswith("xl/worksheets/") or name == "xl/sharedStrings.xml"
    limit = limits.settings_part if is_xml and not has_pieces else limits.part
    size = since_piece = 0
    tail = b""
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        since_piece = 0 if not has_pieces or PIECE.search(tail + chunk) else since_piece + len(chunk)
        # A single row or text with a million children is small in the file and fills the memory when parsed.
        if size > limit or since_piece > limits.row_bytes:
            raise UnreadableFile("too_big_unpacked", limit=limit // 1_000_000)
        if is_xml and DECLARATION.search(tail + chunk):
            raise UnreadableFile("entities")
        tail = chunk[-32:]
    return size


def entry_name(part: zipfile.ZipInfo) -> str:
    """The part's name, also where a Korean Windows wrote it without saying in which encoding."""
    name = part.filename
    if not part.flag_bits & 0x800 and not name.isascii():
        raw = name.encode("cp437", errors="replace")
        for encoding in ("utf-8", "cp949"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return unicodedata.normalize("NFC", name)
