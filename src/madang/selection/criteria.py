"""A standard set of criteria: four on each of the two axes, which are never made one number."""

from __future__ import annotations

from typing import Any

from madang.selection.models import Axis

_ROWS = [
    (Axis.AUTHORSHIP, "voice", "Voice", "독자성", "Voix", "Could nobody else have made it?"),
    (Axis.AUTHORSHIP, "writing", "Writing", "극본", "Écriture", "Story, characters and dialogue."),
    (Axis.AUTHORSHIP, "direction", "Direction and images", "연출과 영상", "Réalisation et image", "How it is told and shown."),
    (Axis.AUTHORSHIP, "daring", "Daring", "도전", "Audace", "What it risks, and whether that holds."),
    (Axis.AUDIENCE, "pull", "Pull", "몰입", "Attrait", "Would one watch the next episode at once?"),
    (Axis.AUDIENCE, "clear", "Clear whom it is for", "대상의 분명함", "Public visé", "Against the applicant’s own statement."),
    (Axis.AUDIENCE, "travel", "Travels", "해외 통용", "Circulation", "Would it be understood and wanted elsewhere?"),
    (Axis.AUDIENCE, "talk", "Gets people talking", "화제성", "Fait parler", "Is there something to say to others?"),
]
STANDARD: list[dict[str, Any]] = [
    {"axis": axis, "code": code, "name": name, "name_ko": ko, "name_fr": fr, "help": text}
    for axis, code, name, ko, fr, text in _ROWS
]
"""Fields of `Criterion`, in the order of the page."""
