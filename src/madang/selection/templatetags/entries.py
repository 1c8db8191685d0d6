"""`{% load entries %}`: warnings and languages of materials in words."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

from madang.kit.codes import language_words as languages
from madang.selection.actions.materials import warning_words as words

register = template.Library()


@register.filter
def warning_words(warning: dict[str, Any]) -> str:
    """A warning as a sentence."""
    return words(warning)


@register.filter
def language_words(codes: str) -> str:
    """Codes of languages in words."""
    return languages(codes, (get_language() or "en")[:2])
