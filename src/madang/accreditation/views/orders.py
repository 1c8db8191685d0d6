"""Orders of the ticket shop: brought in, matched, and what does not fit."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from madang.accreditation import tasks
from madang.accreditation.actions import order_imports, orders
from madang.accreditation.forms_orders import LIMIT, OrdersForm
from madang.accreditation.models import Order, OrderImport, OrderState
from madang.accreditation.queries_orders import KINDS, TONES, Finding, candidates, price_of, reconcile
from madang.accreditation.rules import visible_applications
from madang.accreditation.rules_badges import visible_order_imports, visible_orders
from madang.accreditation.shop_words import FAULTS, NO_POSITIONS
from madang.kit.money import money
from madang.kit.sheets.faults import REFUSALS
from madang.kit.tables import CSV, csv_bytes
from madang.kit.uploads import refused_limit, takes_files
from madang.markets.actions import notice_interrupted
from madang.markets.files import may_confirm
from madang.markets.pages import organiser_page
from madang.people.pages import SignedInRequest

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def orders_page(request: SignedInRequest) -> HttpResponse:
    """What does not fit, by kind; and all orders. POST: match once more."""
    if request.method == "POST":
        found = orders.match_again(request.user, request.edition)
        words = ngettext("One more order matched.", "%(n)s more orders matched.", found) % {"n": found}
        messages.success(request, words if found else _("No more orders could be matched."))
        return redirect("accreditation:desk_orders", request.edition.slug)
    findings, kind = reconcile(request.edition), request.GET.get("kind", "")
    counts = Counter(one.kind for one in findings)
    shown = [one for one in findings if kind in ("", one.kind)]
    rows = visible_orders(request.user, request.edition)
    context = {
        "kind": kind,
        "kinds": [(key, words, counts[key]) for key, words in KINDS.items() if counts[key]],
        "page": Paginator(shown if kind != "all" else rows, PAGE).get_page(request.GET.get("page")),
        "total": len(findings),
        "figures": _figures(rows),
        "tones": TONES,
    }
    return render(request, "accreditation/desk_orders.html", context)


def _figures(rows: Any) -> dict[str, int]:
    states = Counter(rows.order_by().values_list("state", flat=True))
    return {
        "all": sum(states.values()),
        "paid": states["paid"],
        "pending": states["pending"],
        "matched": rows.exclude(application=None).count(),
    }


@require_safe
@organiser_page
def table(request: SignedInRequest) -> HttpResponse:
    """What does not fit, as a table for the spreadsheet program."""
    head = [
        pgettext("a change", "What"),
        _("Application"),
        _("Name"),
        _("E-mail"),
        _("Orders"),
        _("Told by the shop"),
        _("Price"),
        _("What to do"),
    ]
    content = csv_bytes(head, [_line(one) for one in reconcile(request.edition)])
    name = f"orders-{request.edition.slug}.csv"
    return HttpResponse(content, content_type=CSV, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _line(one: Finding) -> list[Any]:
    row, first = one.application, one.orders[0] if one.orders else None
    told = "; ".join(money(order.price, order.currency) for order in one.orders if order.price is not None)
    name, email = (row.latin_name, row.email) if row else (first.attendee_name, first.email) if first else ("", "")
    codes = "; ".join(str(order) for order in one.orders)
    return [one.label, row.code if row else "", name, email, codes, told, one.expected, one.remedy]


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def order(request: SignedInRequest, pk: int) -> HttpResponse:
    """One order, with what it pays; another application is looked for and matched, or taken away."""
    found = get_object_or_404(visible_orders(request.user, request.edition), pk=pk)
    if request.method == "POST":
        return _matched(request, found)
    words = request.GET.get("q", "")
    application = found.application
    context = {
        "order": found,
        "q": words[:200],
        "candidates": candidates(request.edition, words),
        "expected": price_of(application) if application else None,
        "others": visible_orders(request.user, request.edition).filter(code=found.code).exclude(pk=found.pk),
        "tones": TONES,
    }
    return render(request, "accreditation/order.html", context)


def _matched(request: SignedInRequest, found: Order) -> HttpResponse:
    code = request.POST.get("application", "")
    application = get_object_or_404(visible_applications(request.user, request.edition), code=code) if code else None
    orders.match_order(request.user, found, application)
    messages.success(request, _("Matched by hand.") if application else _("No longer matched; no import will match it again."))
    return redirect("accreditation:order", request.edition.slug, found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@takes_files(LIMIT)
@organiser_page
def imports(request: SignedInRequest) -> HttpResponse:
    """The form, and the imports so far."""
    form = OrdersForm()
    if request.method == "POST":
        form = OrdersForm(request.POST, request.FILES)
        if limit := refused_limit(request):
            form.errors.pop("file", None)
            text = _("The file is larger than %(limit)s MB and was not taken. Export fewer orders at a time.")
            form.add_error("file", text % {"limit": limit // 1_000_000})
        elif form.is_valid():
            return _started(request, form)
    runs = visible_order_imports(request.user, request.edition).defer("report")
    page = Paginator(runs, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page}
    return render(request, "accreditation/order_imports.html", context, status=422 if form.errors else 200)


def _started(request: SignedInRequest, form: OrdersForm) -> HttpResponse:
    with transaction.atomic():  # the run and its task: both or none
        run, is_new = order_imports.start_order_import(request.user, request.edition, form.cleaned_data["file"])
        if is_new:
            tasks.work_on_orders.enqueue(run.key)
    return redirect("accreditation:order_import", request.edition.slug, run.key)


def _run(request: SignedInRequest, key: str) -> OrderImport:
    run = get_object_or_404(visible_order_imports(request.user, request.edition), key=key)
    notice_interrupted(run)
    return run


@require_safe
@organiser_page
def order_import(request: SignedInRequest, key: str) -> HttpResponse:
    """One import: being read, its preview, what it did. For htmx, the part that moves."""
    run = _run(request, key)
    if request.htmx and not run.is_open:
        return HttpResponseClientRedirect(reverse("accreditation:order_import", args=[request.edition.slug, key]))
    report = run.report
    told = report.get("refusal")
    context = {
        "run": run,
        "report": report,
        "counts": report.get("outcome") or report,
        "refusal": _refusal(told["code"], told["params"]) if told else "",
        "faults": [
            (row, column, value, FAULTS.get(code, FAULTS["unreadable"])) for row, column, value, code in report.get("faults", [])
        ],
        "changes": [_change(*row) for row in report.get("changes", [])],
        "states": [(OrderState(state).label, count) for state, count in report.get("states", {}).items()],
        "may_confirm": may_confirm(run),
    }
    return render(
        request, "accreditation/order_import.html#progress" if request.htmx else "accreditation/order_import.html", context
    )


def _refusal(code: str, params: dict[str, object]) -> str:
    return str(NO_POSITIONS) if code == "no_positions" else gettext(REFUSALS[code]) % params


def _change(order: str, column: str, old: str, new: str) -> tuple[str, str, str, str]:
    """What changes, in the reader's words."""
    labels = dict(OrderState.choices) if column == "state" else {}
    words = str(Order._meta.get_field(column).verbose_name)  # type: ignore[union-attr]  # a column of the table
    return order, words, str(labels.get(old, old)), str(labels.get(new, new))


@require_POST
@organiser_page
def load(request: SignedInRequest, key: str) -> HttpResponse:
    """Load it; a second click changes nothing."""
    run = _run(request, key)
    with transaction.atomic():
        is_new = order_imports.confirm_order_import(request.user, run)
        if is_new:
            tasks.work_on_orders.enqueue(run.key)
    if not is_new:
        messages.info(request, _("This file is being loaded, or was loaded before; nothing was done twice."))
    return redirect("accreditation:order_import", request.edition.slug, run.key)
