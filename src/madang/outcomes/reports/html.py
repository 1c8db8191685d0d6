"""A report as one file of HTML that asks nobody for anything: its style is inside it, and it has no script."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from madang.outcomes.reports.parts import HIDDEN, Cell, Document, Number, Section, Sheet, Word
from madang.outcomes.reports.wording import NOTHING

PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header><h1>{title}</h1><dl>{facts}</dl></header>
<nav aria-label="{contents}"><ul>{links}</ul></nav>
<main>{sections}</main>
</body>
</html>
"""
TABLE = (
    '<div class="wrap" role="region" tabindex="0" aria-label="{}"><table>{}<thead><tr>{}</tr></thead>'
    "<tbody>{}</tbody></table></div>"
)


def html_bytes(document: Document) -> bytes:
    """The page, UTF-8."""
    page = format_html(
        PAGE,
        language=document.language,
        title=document.title,
        style=mark_safe((files("madang.outcomes.reports") / "report.css").read_text()),  # noqa: S308  # a file of ours
        facts=format_html_join("", "<dt>{}</dt><dd>{}</dd>", document.facts),
        contents=_("Contents"),
        links=format_html_join("", '<li><a href="#{}">{}</a></li>', ((one.key, one.heading) for one in document.sections)),
        sections=format_html_join("\n", "{}", ((_section(one),) for one in document.sections)),
    )
    return page.encode()


def _section(section: Section) -> SafeString:
    return format_html(
        '<section id="{}"><h2>{}</h2>{}{}{}</section>',
        section.key,
        section.heading,
        format_html_join("", "<p>{}</p>", ((text,) for text in section.texts)),
        format_html_join("", "<figure>{}</figure>", ((one.svg,) for one in section.pictures)),
        format_html_join("\n", "{}", ((_table(one, section.heading),) for one in section.sheets)),
    )


def _table(sheet: Sheet, heading: str) -> SafeString:
    caption = format_html("<caption>{}</caption>", sheet.caption) if sheet.caption != heading else ""
    heads = ((_class(is_number), words) for words, is_number in sheet.heads)
    head = format_html_join("", '<th scope="col"{}>{}</th>', heads)
    body = format_html_join("\n", "<tr>{}</tr>", ((_row(row),) for row in sheet.rows))
    return format_html(TABLE, sheet.caption, caption, head, body)


def _class(is_number: bool) -> SafeString:
    return mark_safe(' class="num"') if is_number else mark_safe("")


def _row(row: Sequence[Cell]) -> SafeString:
    first = format_html('<th scope="row">{}</th>', _words(row[0]))
    return format_html("{}{}", first, format_html_join("", "{}", ((_cell(cell),) for cell in row[1:])))


def _cell(cell: Cell) -> SafeString:
    if isinstance(cell, Number) or cell in (NOTHING, HIDDEN):
        return format_html('<td class="num">{}</td>', _words(cell))
    if isinstance(cell, Word):
        return format_html('<td class="{}">{}</td>', cell.tone or "soft", cell.text)
    return format_html("<td>{}</td>", cell)


def _words(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell.text
