"""Posters and stills: opened, measured, and written anew as plain JPEG without anything else that came in the file."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from typing import IO, NamedTuple

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 3000
"""Pixels that are kept of the longer side."""
DAMAGE = (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, OverflowError, MemoryError, struct.error, zlib.error)
"""What Pillow raises on files that are broken, by accident or on purpose."""


class NotAPicture(ValueError):
    """`code`: "svg", "kind", "damaged", "too_many_pixels" or "too_small"; `facts` go into its sentence."""

    def __init__(self, code: str, **facts: int) -> None:
        self.code, self.facts = code, facts
        super().__init__(code)


class Picture(NamedTuple):
    """A picture as it is kept: JPEG, with its size and that of the picture that came."""

    data: bytes
    width: int
    height: int
    came_width: int
    came_height: int


def read_picture(file: IO[bytes], shorter: int) -> Picture:
    """Open and write anew; the shorter side must have so many pixels. Raises NotAPicture."""
    begin = file.read(512)
    file.seek(0)
    if b"<svg" in begin.lower() or begin.lstrip().startswith((b"<?xml", b"<!DOCTYPE", b"<html")):
        raise NotAPicture("svg")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of bombs: the size is looked at here, before a pixel is unpacked
        image = _opened(file)
        if image.width * image.height > MOST_PIXELS:
            raise NotAPicture("too_many_pixels", most=MOST_PIXELS // 1_000_000)
        if min(image.width, image.height) < shorter:
            raise NotAPicture("too_small", width=image.width, height=image.height, least=shorter)
        try:
            return _anew(image)
        except DAMAGE as fault:
            raise NotAPicture("damaged") from fault


def _opened(file: IO[bytes]) -> Image.Image:
    try:
        return Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError as fault:
        raise NotAPicture("too_many_pixels", most=MOST_PIXELS // 1_000_000) from fault
    except UnidentifiedImageError as fault:
        raise NotAPicture("kind") from fault
    except DAMAGE as fault:
        raise NotAPicture("damaged") from fault


def _anew(image: Image.Image) -> Picture:
    came = image.width, image.height
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    profile = image.info.get("icc_profile")
    turned = ImageOps.exif_transpose(image)
    plain = _flat(turned, profile)
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=88, optimize=True)
    return Picture(out.getvalue(), plain.width, plain.height, *came)


def _flat(image: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB on white, its colours turned into sRGB where the file says what they are."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        image = Image.new("RGBA", layer.size, "white")
        image.alpha_composite(layer)
    elif profile and image.mode in ("RGB", "CMYK"):
        try:
            known = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            image = ImageCms.profileToProfile(image, known, ImageCms.createProfile("sRGB"), outputMode="RGB") or image
        except ImageCms.PyCMSError:
            pass
    plain = Image.new("RGB", image.size)
    plain.paste(image.convert("RGB"))
    return plain
