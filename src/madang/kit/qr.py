"""QR codes as drawings in a page."""

from __future__ import annotations

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str) -> SafeString:
    """The QR as an SVG without a size of its own."""
    drawn = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(drawn, kind="svg", xmldecl=False, svgns=True, omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(drawn.getvalue().decode())  # noqa: S308  # segno's own drawing; the text is not in it
