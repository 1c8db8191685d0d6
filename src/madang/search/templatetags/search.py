"""`{% load search %}`: the words of a search marked where they stand."""

from __future__ import annotations

import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from madang.kit.search import fold
from madang.search.queries.results import Row
from madang.search.tokens import Query, in_pairs

register = template.Library()
WORD = re.compile(r"\w+")
AROUND = 90
"""Letters of a text that are shown on each side of a word."""


@register.simple_tag
def marked(text: str, query: Query) -> SafeString:
    """The text with the words of the query in <mark>, escaped."""
    parts, last = [], 0
    for start, end in spans(text, query):
        parts += [conditional_escape(text[last:start]), format_html("<mark>{}</mark>", text[start:end])]
        last = end
    return mark_safe("".join([*parts, conditional_escape(text[last:])]))  # noqa: S308  # each part is escaped above


@register.simple_tag
def excerpt(row: Row, query: Query) -> SafeString:
    """The first of the row's texts that has a word of the query, around that word and marked; else nothing."""
    for text in row.texts:
        if found := spans(text, query):
            start, end = max(0, found[0][0] - AROUND), min(len(text), found[0][1] + AROUND)
            start = text.rfind(" ", 0, start) + 1 if start else 0
            end = cut if end < len(text) and (cut := text.find(" ", end)) > 0 else len(text) if end == len(text) else end
            cut_text = ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")
            return marked(cut_text, query)
    return mark_safe("")


def spans(text: str, query: Query) -> list[tuple[int, int]]:
    """Where words of the query stand: whole Latin words (the last may be a beginning), parts of Korean ones."""
    found = []
    for word in WORD.finditer(text or ""):
        folded = fold(word.group())
        for number, asked in enumerate(query.words):
            if in_pairs(asked):
                at = folded.find(asked) if len(folded) == len(word.group()) else -1
                if at >= 0:
                    found.append((word.start() + at, word.start() + at + len(asked)))
                    break
            elif folded == asked or (folded.startswith(asked) and (number == len(query.words) - 1 or len(asked) == 1)):
                found.append(word.span())
                break
    return found
