"""Files that come with an application: PDF and pictures, known by their content, pictures written anew."""

from __future__ import annotations

import io
import warnings
from typing import Any

from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

BIGGEST = 10_000_000
"""Bytes of a file."""
MOST_PIXELS = 40_000_000
ENDINGS = ".pdf,.png,.jpg,.jpeg"
TYPES = {"PDF": "application/pdf", "PNG": "image/png", "JPEG": "image/jpeg"}


class WrongFile(ValueError):
    """A file that is not taken; the text says why."""


def kept_proof(file: File[Any]) -> ContentFile[bytes]:
    """The file as it is kept, named by its kind alone. Raises WrongFile for one that is too big or of another kind.

    A picture is opened and written anew, so that nothing hides in it (a script, the place where it was taken).
    """
    if (file.size or 0) > BIGGEST:
        raise WrongFile(too_big())
    file.seek(0)
    content = file.read(BIGGEST + 1)
    if content.startswith(b"%PDF-"):
        return ContentFile(content, name="proof.pdf")
    if content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return _picture(content)
    raise WrongFile(_("This is no PDF and no picture (PNG or JPEG). Save it as a PDF first."))


def too_big() -> str:
    return _("The file is too big: %(limit)s MB are allowed.") % {"limit": BIGGEST // 1_000_000}


def _picture(content: bytes) -> ContentFile[bytes]:
    broken = WrongFile(_("This picture cannot be opened. Save it anew, or as a PDF."))
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=["PNG", "JPEG"]) as picture:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            if picture.width * picture.height > MOST_PIXELS:
                raise WrongFile(_("This picture has too many pixels: 40 million are allowed."))
            kind = picture.format or "PNG"
            stream = io.BytesIO()
            picture.convert("RGB" if kind == "JPEG" else "RGBA").save(stream, kind)
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError, Warning) as fault:
        raise fault if isinstance(fault, WrongFile) else broken from fault
    return ContentFile(stream.getvalue(), name=f"proof.{'jpg' if kind == 'JPEG' else 'png'}")


def media_type(name: str) -> str:
    """The media type of a kept proof by its ending, which `kept_proof` gave it."""
    ending = name.rsplit(".", 1)[-1].lower()
    return {"pdf": TYPES["PDF"], "png": TYPES["PNG"], "jpg": TYPES["JPEG"]}.get(ending, "application/octet-stream")
