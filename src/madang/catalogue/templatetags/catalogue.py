"""`{% load catalogue %}`: titles on the pages of companies and people, which lie below this app."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.template import Context
from django.utils.functional import Promise

from madang.catalogue.models import IdentityStatement, Title
from madang.catalogue.queries import card_facts as facts_in_a_line
from madang.catalogue.queries import identity_of
from madang.catalogue.queries import other_names as names_besides
from madang.catalogue.rules import visible_works
from madang.people.models import Company

register = template.Library()

MOST = 60


@register.simple_tag(takes_context=True)
def company_titles(context: Context, company: Company) -> list[Title]:
    """The company's titles that the reader may see. One query: once a page, never in a loop."""
    request = context["request"]
    return list(visible_works(request.user, request.edition).filter(company=company)[:MOST])


@register.simple_tag
def identities(titles: Iterable[Title]) -> list[tuple[Title, list[tuple[str | Promise, str]]]]:
    """(title, its identity statement) of those that have one, for pages where titles are dealt with. One query."""
    rows = {row.title_id: row for row in IdentityStatement.objects.filter(title__in=list(titles))}
    return [(title, answers) for title in titles if (answers := identity_of(rows.get(title.pk)))]


@register.filter
def other_names(title: Title) -> list[tuple[str, str]]:
    """(language, name) of a title's other names."""
    return names_besides(title)


@register.filter
def card_facts(title: Title) -> str:
    """Country, format, genre and year in one line."""
    return facts_in_a_line(title)
