"""Pages of the organiser's desk."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madang.accounts.models import User
from madang.desk import queries
from madang.desk.actions import FIELDS, change_edition
from madang.desk.forms import EditionForm
from madang.desk.log import link, sentence, verb_words
from madang.desk.steps import open_steps, steps_of
from madang.kit.facets import search
from madang.markets.pages import EditionRequest, organiser_page
from madang.markets.rules import visible_log
from madang.meetings.models import RequestStatus
from madang.people.models import ROLES
from madang.people.queries import PERSON_COLUMNS, PERSON_FILTERS, ROLE_GROUPS, country_words, role_counts, roles_of
from madang.people.rules import visible_participants

PAGE = 50
MOST_COUNTRIES = 12


@require_safe
@organiser_page
def desk(request: EditionRequest) -> HttpResponse:
    """What is left to do, and how the edition stands."""
    facts = queries.facts_of(request.edition)
    steps, countries = steps_of(request.edition, facts), queries.countries_of(request.edition)
    roles = [(key, words, facts.people[key]) for key, words in ROLE_GROUPS.items() if facts.people[key]]
    context = {
        "steps": steps,
        "left": len(open_steps(steps)),
        "facts": facts,
        "roles": roles,
        "requests": [(status, RequestStatus(status).label, number) for status, number in facts.requests.items()],
        "asked": sum(facts.requests.values()),
        "countries": [(country_words(code), number) for code, number in countries[:MOST_COUNTRIES]],
        "most": countries[0][1] if countries else 0,
        "more_countries": max(0, len(countries) - MOST_COUNTRIES),
        "entries": [(entry, sentence(entry)) for entry in visible_log(request.user, request.edition).select_related("actor")[:5]],
    }
    return render(request, "desk/desk.html", context)


@require_safe
@organiser_page
def people(request: EditionRequest) -> HttpResponse:
    """Everybody, with what they asked for and were asked, and who misses something."""
    everyone = visible_participants(request.user, request.edition)
    role = request.GET.get("role", "")
    gap = request.GET.get("gap", "")
    role, gap = role if role in ROLES else "", gap if gap in queries.GAPS else ""
    found = search(queries.with_gap(everyone, gap), request.GET, PERSON_FILTERS, (*PERSON_COLUMNS, "email"))
    counts = role_counts(found.rows)
    rows = found.rows.filter(**{f"is_{role}": True}) if role else found.rows
    page = Paginator(rows.order_by("search_text", "code"), PAGE).get_page(request.GET.get("page"))
    asked = queries.request_counts(page.object_list)
    context = {
        "found": found,
        "page": page,
        "rows": [(person, roles_of(person), asked[person.pk]) for person in page],
        "selects": [found.facets["country"]],
        "kept": [("role", role), ("gap", gap)],
        "role": role,
        "roles": [(key, words, counts[key]) for key, words in ROLE_GROUPS.items() if counts[key] or key == role],
        "total": counts["everyone"],
        "gap": gap,
        "gaps": list(queries.GAPS.items()),
        "is_narrowed": found.is_narrowed or bool(role or gap),
    }
    return render(request, "desk/people.html", context)


@require_safe
@organiser_page
def log(request: EditionRequest) -> HttpResponse:
    """Who did what, the newest first."""
    lines = visible_log(request.user, request.edition)
    verb, actor = request.GET.get("verb", "")[:60], request.GET.get("actor", "")
    actor = actor if actor.isdecimal() and len(actor) < 19 else ""
    verbs = lines.order_by().values_list("verb").annotate(n=Count("pk"))
    actors = User.objects.filter(pk__in=lines.order_by().values("actor").distinct()).order_by("name", "email")[:200]
    rows = lines.filter(verb=verb) if verb else lines
    rows = rows.filter(actor=int(actor)) if actor else rows
    page = Paginator(rows.select_related("actor"), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(entry, sentence(entry), link(entry, request.edition)) for entry in page],
        "verbs": sorted(((key, verb_words(key), number) for key, number in verbs), key=lambda row: row[1]),
        "verb": verb,
        "actors": [(str(user.pk), str(user)) for user in actors],
        "actor": actor,
    }
    return render(request, "desk/log.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def settings(request: EditionRequest) -> HttpResponse:
    """The edition's stage, what the public sees, quota and names."""
    initial = {name: getattr(request.edition, name) for name in FIELDS}
    form = EditionForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_edition(cast(User, request.user), request.edition, **form.cleaned_data)
        messages.success(request, _("The settings are saved."))
        return redirect("desk:settings", request.edition.slug)
    return render(request, "desk/settings.html", {"form": form}, status=422 if form.errors else 200)
