"""What is free in the catalogue: words, filters and a question in one address; a page of it, and all of it as a table."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from madang.catalogue.queries import BY_NAME, TITLE_COLUMNS, TITLE_FILTERS
from madang.deals.forms_free import SearchForm, asked, media_choices, usual_question
from madang.deals.pages import DealerRequest, dealer_page
from madang.deals.queries.asking import own_mandates
from madang.deals.queries.search import Scan, Wanted, hits_of, scan, table_head, table_rows
from madang.deals.rules import answered_titles
from madang.deals.views.free import chosen_mandate, usual_territories
from madang.kernels import rights as kernel
from madang.kit.facets import Search, search
from madang.kit.tables import table_file
from madang.mandates.models import Mandate
from madang.people.models import Company, Participant

PAGE = 24
ALWAYS_SHOWN = ("territories", "media", "start", "end", "mode")
"""Fields that stand above the list; the others open."""


@dataclass(slots=True)
class Asked:
    """What the address asks of the catalogue, and what was found."""

    me: Participant
    company: Company
    form: SearchForm
    found: Search
    mandates: list[Mandate]
    mandate: Mandate | None
    wanted: Wanted | None = None
    scan: Scan | None = None

    @property
    def buyer(self) -> Company | None:
        """For whom it must be free: the reader's company, or nobody in particular."""
        return self.company if self.me.is_buyer else None


def ask_catalogue(request: DealerRequest) -> Asked:
    """Read the address and scan the titles that its words and filters leave."""
    me = request.participant
    mandates = list(own_mandates(me)) if me.is_buyer else []
    mandate = chosen_mandate(request.GET, mandates)
    today = request.edition.now().date()
    form = SearchForm(asked(request.GET, usual_question(usual_territories(me, mandate, is_own=not me.is_buyer), today)))
    everything = answered_titles(request.user, request.edition).filter(part_of=None)
    if me.is_buyer:
        everything = everything.exclude(company=me.company_id)
    found = search(everything, _given(request, mandate), TITLE_FILTERS, TITLE_COLUMNS)
    asking = Asked(me, request.company, form, found, mandates, mandate)
    if form.is_valid():
        said = form.cleaned_data
        asking.wanted = Wanted(
            form.question(), kernel.Mode(said["mode"]), said["days"] or 1, said["truncate"], said["unavailable"]
        )
        rows = found.rows.select_related(None).order_by(*BY_NAME).only("pk", "company", "part_of", "edition")
        asking.scan = scan(list(rows), asking.wanted, asking.buyer)
    return asking


def _given(request: DealerRequest, mandate: Mandate | None) -> dict[str, str]:
    """The address's filters; a mandate that was just chosen brings its format and genre."""
    given = {key: request.GET[key] for key in request.GET}
    if mandate and "territories" not in given:
        given |= {key: text for key, text in (("format", mandate.format), ("genre", mandate.genre)) if text}
    return given


@require_safe
@dealer_page
def free(request: DealerRequest) -> HttpResponse:
    """The titles that are free for a question, a page at a time."""
    asking = ask_catalogue(request)
    found = asking.scan.found if asking.scan else []
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    hits = []
    if asking.scan and asking.wanted:
        hits = hits_of(page.object_list, asking.scan.book, asking.wanted, asking.company, as_buyer=asking.me.is_buyer)
    context = {
        "form": asking.form,
        "shown": [asking.form[name] for name in ALWAYS_SHOWN],
        "more": [field for field in asking.form if field.name not in ALWAYS_SHOWN],
        "is_more": any(asking.form[name].errors or asking.form.data.get(name) for name in ("languages", "days", "exclusive")),
        "selects": [asking.found.facets[key] for key in ("format", "genre", "country")],
        "found": asking.found,
        "mandates": asking.mandates,
        "mandate": asking.mandate,
        "is_buyer": asking.me.is_buyer,
        "page": page,
        "hits": hits,
        "media": media_choices(),
    }
    return render(request, "deals/free.html", context, status=422 if asking.form.errors else 200)


@require_safe
@dealer_page
def table(request: DealerRequest, kind: str) -> HttpResponse:
    """All that was found, as CSV or Excel."""
    asking = ask_catalogue(request)
    if asking.scan is None or asking.wanted is None:
        raise Http404
    rows = table_rows(asking.scan.found, asking.scan.book, asking.wanted, asking.buyer)
    return table_file(f"{request.edition.slug}-free", kind, table_head(), rows, _("What is free"))
