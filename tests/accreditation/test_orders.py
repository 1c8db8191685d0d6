"""Orders of the shop: brought in, matched, and what does not fit."""

import datetime as dt
from decimal import Decimal

import pytest
from badges import badge_type, submitted
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories import CompanyFactory, UserFactory
from yard_badges import order, orders_file

from madang.accreditation.actions.applying import save_draft, submit_application
from madang.accreditation.actions.deciding import Decision, decide, revoke_application
from madang.accreditation.actions.inviting import Colleague, Invitee, invite
from madang.accreditation.actions.order_imports import carry_out_import, confirm_order_import, start_order_import
from madang.accreditation.actions.orders import match_again, match_order
from madang.accreditation.actions.transferring import transfer_application
from madang.accreditation.forms_orders import LIMIT
from madang.accreditation.models import Order, OrderImport
from madang.accreditation.queries_orders import candidates, price_of, reconcile
from madang.markets.models import LogEntry


@pytest.fixture
def kind(edition):
    return badge_type(edition, price=Decimal(250), currency="USD")


def accepted(organiser, kind, email, **person):
    row = submitted(kind, email, **person)
    decide(organiser, row.edition, [row.pk], Decision.ACCEPT)
    row.refresh_from_db()
    return row


def paid(code, email, price="250.00", **facts):
    return order(code, email, currency="USD", **facts, position={"price": price, "attendee_name": "", "item": "Badge"})


def bring_in(organiser, edition, *orders, name="orders.json"):
    """Read, confirmed and loaded; gives the run."""
    run, _new = start_order_import(organiser, edition, orders_file(*orders, name=name))
    carry_out_import(run.key)
    run.refresh_from_db()
    confirm_order_import(organiser, run)
    carry_out_import(run.key)
    run.refresh_from_db()
    return run


def matches(edition):
    return [(row.code, row.application and row.application.code, row.matched) for row in Order.objects.filter(edition=edition)]


def findings(edition):
    return [
        (one.kind, one.application and one.application.code, [row.code for row in one.orders], one.expected)
        for one in reconcile(edition)
    ]


def client_of(user):
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_file_is_read_compared_confirmed_and_loaded_once(edition, organiser, kind):
    row = submitted(kind, "hana@example.org")
    run, _new = start_order_import(
        organiser, edition, orders_file(paid("A", "Hana@example.org"), paid("B", "nobody@example.org"))
    )
    carry_out_import(run.key)
    run.refresh_from_db()
    assert {key: run.report[key] for key in ("new", "changed", "same", "matched", "errors", "may_load")} == {
        "new": 2, "changed": 0, "same": 0, "matched": 1, "errors": 0, "may_load": True,
    }  # fmt: skip
    assert Order.objects.count() == 0
    assert confirm_order_import(organiser, run)
    assert not confirm_order_import(organiser, run)
    carry_out_import(run.key)
    assert carry_out_import(run.key) is None
    assert matches(edition) == [("A", row.code, "email"), ("B", None, "none")]
    line = LogEntry.objects.get(verb="import_orders")
    assert line.details == {"new": 2, "changed": 0, "same": 0, "matched": 1}
    run.refresh_from_db()
    assert (run.state, run.stored) == ("done", "")


def test_the_same_orders_again_change_nothing_and_later_ones_what_differs(edition, organiser, kind):
    row = submitted(kind, "hana@example.org")
    bring_in(organiser, edition, paid("A", "hana@example.org", status="n"))
    again = bring_in(organiser, edition, paid("A", "hana@example.org", status="n"))
    assert (again.report["may_load"], again.report["same"], again.is_confirmed) == (False, 1, False)
    later = bring_in(organiser, edition, paid("A", "hana@example.org", status="p"))
    assert later.report["changes"] == [["A-1", "state", "pending", "paid"]]
    assert [(one.state, one.application) for one in Order.objects.all()] == [("paid", row)]


def test_what_the_shop_leaves_out_of_an_order_was_cancelled(edition, organiser, kind):
    first, second = paid("A", "hana@example.org"), order("A", "hana@example.org", position={"positionid": 2})
    whole = first | {"positions": first["positions"] + second["positions"]}
    bring_in(organiser, edition, whole, paid("B", "bom@example.org"))
    later = bring_in(organiser, edition, first | {"status": "p"})
    assert later.report["changes"] == [["A-2", "state", "paid", "cancelled"]]
    page = client_of(organiser).get(reverse("accreditation:order_import", args=[edition.slug, later.key]))
    assert page.context["changes"] == [("A-2", "state", "Paid", "Cancelled")]
    bring_in(organiser, edition, first | {"positions": []})
    states = Order.objects.order_by("code", "position").values_list("code", "position", "state")
    assert list(states) == [("A", 1, "cancelled"), ("A", 2, "cancelled"), ("B", 1, "paid")]


def test_items_by_name_or_number_and_those_left_aside(edition, organiser):
    row = submitted(badge_type(edition, shop_item="Buyer badge; 1001"), "hana@example.org")
    numbers = [order("A", "hana@example.org", position={"item": 1001}), order("B", "hana@example.org", position={"item": 7})]
    first = bring_in(organiser, edition, *numbers)
    assert (first.report["matched"], first.report["aside"]) == (1, [["7", 1]])
    names = [order(code, "hana@example.org", position={"item": item}) for code, item in (("A", "Buyer badge"), ("B", "Dinner"))]
    bring_in(organiser, edition, *names)
    assert bring_in(organiser, edition, *numbers).report["same"] == 2
    assert matches(edition) == [("A", row.code, "email"), ("B", None, "none")]


def test_an_order_for_another_badge(edition, organiser):
    buyer = submitted(badge_type(edition, shop_item="Buyer badge"), "hana@example.org")
    badge_type(edition, "press", shop_item="Press badge")
    press = order("A", "Hana@Example.org", position={"item": "Press badge"})
    bring_in(organiser, edition, press, press | {"code": "B", "comment": buyer.code}, press | {"code": "C", "status": "c"})
    assert [(found[0], found[1], found[2]) for found in findings(edition)] == [
        ("other", buyer.code, ["A"]),
        ("other", buyer.code, ["B"]),
    ]


def test_a_refund_is_of_the_whole_order(edition, organiser, kind):
    rows = [accepted(organiser, kind, f"p{number}@example.org") for number in range(3)]
    orders = [paid("A", row.email) for row in rows]
    positions = [one["positions"][0] | {"positionid": number} for number, one in enumerate(orders, 1)]
    payments, part = [{"state": "confirmed", "amount": "750.00"}], [{"state": "done", "amount": "250.00"}]
    told = orders[0] | {"positions": positions, "payments": payments, "refunds": part, "total": "500.00"}
    bring_in(organiser, edition, told | {"positions": positions[:2]})
    assert findings(edition) == [("unpaid", rows[2].code, [], 250)]
    bring_in(organiser, edition, told | {"positions": positions[:2], "total": "600.00"})
    assert [found[0] for found in findings(edition)] == ["unpaid", "amount", "amount"]
    bring_in(organiser, edition, told | {"refunds": [{"state": "done", "amount": "750.00"}]})
    assert [found[0] for found in findings(edition)] == ["void", "void", "void"]


def test_a_table_after_json_keeps_what_only_json_tells(edition, organiser, kind):
    refunds = [{"state": "done", "amount": "20.00"}]
    payments = [{"state": "confirmed", "payment_date": "2025-03-02T01:00:00Z"}]
    bring_in(organiser, edition, paid("A", "hana@example.org", refunds=refunds, payments=payments))
    text = "Order code,Position ID,Status,Email,Product,Price\nA,1,paid,hana@example.org,Badge,250.00\n"
    run, _new = start_order_import(organiser, edition, ContentFile(text.encode(), name="orders.csv"))
    carry_out_import(run.key)
    run.refresh_from_db()
    assert (run.report["same"], run.report["changed"]) == (1, 0)


def test_faults_keep_the_whole_file_out(edition, organiser, kind):
    run = bring_in(organiser, edition, paid("A", "a@example.org"), paid("B", "b@example.org", price="many"))
    assert (run.report["may_load"], run.report["faults"]) == (False, [["2.1", "price", "many", "not_an_amount"]])
    page = client_of(organiser).get(reverse("accreditation:order_import", args=[edition.slug, run.key])).content.decode()
    assert "This is not an amount of money." in page
    assert Order.objects.count() == 0


def test_what_is_no_export_is_refused_in_words(edition, organiser):
    address = reverse("accreditation:order_imports", args=[edition.slug])
    for data in (b"", b"%PDF", b"{}"):
        answer = client_of(organiser).post(address, {"file": SimpleUploadedFile("orders.csv", data)}, follow=True)
        assert "The file cannot be read" in answer.content.decode()
    assert client_of(organiser).post(address, {}).status_code == 422
    big = SimpleUploadedFile("orders.csv", b"x" * (LIMIT + 1))
    assert list(client_of(organiser).post(address, {"file": big}).context["form"].errors["file"]) == [
        "The file is larger than 60 MB and was not taken. Export fewer orders at a time."
    ]


def test_ways_of_matching(edition, organiser, kind):
    by_email, by_code = submitted(kind, "a@example.org"), submitted(kind, "b@example.org")
    written_by = UserFactory(email="boss@example.org")
    for_another = submitted(kind, user=written_by)
    bring_in(
        organiser, edition,
        paid("A", "a@example.org"), paid("B", "elsewhere@example.org", comment=f"Order for {by_code.code.lower()}, thank you"),
        paid("C", "boss@example.org"), paid("D", "nobody@example.org"),
    )  # fmt: skip
    assert matches(edition) == [
        ("A", by_email.code, "email"), ("B", by_code.code, "code"), ("C", for_another.code, "email"), ("D", None, "none"),
    ]  # fmt: skip


def test_a_company_pays_for_those_it_invited(edition, organiser, kind):
    company = CompanyFactory(edition=edition, name="Yard Pictures", name_ko="마당 픽처스")
    invited = invite(organiser, kind, [Invitee("boss@yard.example", "Yard Pictures", 3)], payer="company", at_once=False)[0]
    invited.company = company
    invited.save()
    rows = []
    for number, name in enumerate(("Hana", "Bora")):
        user = UserFactory(email=f"p{number}@yard.example")
        draft = save_draft(
            user, kind, {"family_name": "Kim", "given_name": name, "country": "KR"}, {}, language="ko", invitation=invited
        )
        rows.append(submit_application(user, draft))
    orders = [
        order(
            "A",
            "pay@other.example",
            position={"positionid": n, "attendee_email": None, "attendee_name": name, "company": "마당픽처스"},
        )
        for n, name in enumerate(("Bora Kim", "somebody", "a third"), 1)
    ]
    bring_in(organiser, edition, *orders)
    assert [code for _order, code, _way in matches(edition)] == [rows[1].code, rows[0].code, None]
    assert {way for _order, _code, way in matches(edition)} == {"company", "none"}


def test_an_item_of_the_shop_is_for_its_badge_type(edition, organiser):
    user = UserFactory(email="hana@example.org")
    buyer = submitted(badge_type(edition, shop_item="Buyer badge"), user=user)
    press = submitted(badge_type(edition, "press", shop_item="Press badge"), user=user)
    items = [("A", "press badge"), ("B", "Buyer badge"), ("C", "Gala dinner")]
    bring_in(organiser, edition, *[order(code, user.email, position={"item": item}) for code, item in items])
    assert matches(edition) == [("A", press.code, "email"), ("B", buyer.code, "email"), ("C", None, "none")]
    assert [kind for kind, *_rest in findings(edition)] == []


def test_by_hand_stays_so(edition, organiser, kind):
    row, other = submitted(kind, "a@example.org"), submitted(kind, "b@example.org")
    bring_in(organiser, edition, paid("A", "a@example.org"))
    found = Order.objects.get()
    match_order(organiser, found, other)
    assert matches(edition) == [("A", other.code, "hand")]
    match_order(organiser, found, None)
    assert match_again(organiser, edition) == 0
    bring_in(organiser, edition, paid("A", "a@example.org", price="300.00"))
    assert matches(edition) == [("A", None, "hand")]
    lines = LogEntry.objects.filter(verb="match_order").order_by("pk").values_list("details", flat=True)
    assert list(lines) == [{"before": row.code, "after": other.code}, {"before": other.code, "after": "–"}]
    with pytest.raises(PermissionDenied):
        match_order(row.user, found, row)


def test_an_application_that_came_later_is_found_when_asked_again(edition, organiser, kind):
    bring_in(organiser, edition, paid("A", "a@example.org"))
    row = submitted(kind, "a@example.org")
    assert (match_again(organiser, edition), match_again(organiser, edition)) == (1, 0)
    assert matches(edition) == [("A", row.code, "email")]


def test_the_price_is_that_of_the_day_of_the_application(edition, organiser, kind):
    kind.early_price, kind.early_until = Decimal(200), edition.now() + dt.timedelta(days=1)
    kind.save()
    early, late = submitted(kind, "a@example.org"), submitted(kind, "b@example.org")
    late.submitted_at += dt.timedelta(days=2)
    guest = invite(organiser, kind, [Invitee("c@example.org", "", 1)], payer="nobody", at_once=False)[0]
    late.badge_type = early.badge_type = kind
    on_the_minute = submitted(kind, "d@example.org")
    on_the_minute.submitted_at = kind.early_until
    assert price_of(on_the_minute) == 250
    assert (price_of(early), price_of(late)) == (200, 250)
    late.invitation = guest
    assert price_of(late) == 0


def test_what_does_not_fit(edition, organiser, kind):
    fits = accepted(organiser, kind, "fits@example.org")
    unpaid = accepted(organiser, kind, "unpaid@example.org")
    pending = accepted(organiser, kind, "pending@example.org")
    cheap = accepted(organiser, kind, "cheap@example.org")
    cancelled = accepted(organiser, kind, "cancelled@example.org")
    refunded = accepted(organiser, kind, "refunded@example.org")
    double = accepted(organiser, kind, "double@example.org")
    revoked = accepted(organiser, kind, "revoked@example.org")
    revoke_application(organiser, revoked, reason="")
    bring_in(
        organiser, edition,
        paid("A", "fits@example.org"), paid("B", "pending@example.org", status="n"), paid("C", "cheap@example.org", price="200"),
        paid("D", "cancelled@example.org", status="c"), paid("F", "double@example.org"), paid("G", "double@example.org"),
        paid("E", "refunded@example.org", refunds=[{"state": "done", "amount": "250.00"}]),
        paid("H", "revoked@example.org"), paid("I", "nobody@example.org"), paid("J", "nobody2@example.org", status="e"),
    )  # fmt: skip
    assert findings(edition) == [
        ("unmatched", None, ["I"], None),
        ("unpaid", unpaid.code, [], 250),
        ("unpaid", pending.code, ["B"], 250),
        ("amount", cheap.code, ["C"], 250),
        ("void", cancelled.code, ["D"], None),
        ("void", refunded.code, ["E"], None),
        ("doubled", double.code, ["F", "G"], None),
        ("declined", revoked.code, ["H"], None),
    ]
    assert fits.code not in [code for _kind, code, _orders, _price in findings(edition)]


def test_an_order_follows_a_badge_to_the_colleague(edition, organiser, kind):
    kind.early_price, kind.early_until = Decimal(200), edition.now() - dt.timedelta(days=1)
    kind.save()
    row = accepted(organiser, kind, "old@example.org")
    row.submitted_at = kind.early_until - dt.timedelta(seconds=1)
    row.save()
    bring_in(organiser, edition, paid("A", "old@example.org", price="200.00"))
    transfer_application(organiser, row, Colleague("Park", "Bom", "new@example.org"))
    assert findings(edition) == []


def test_reconciling_takes_as_many_queries_for_one_as_for_many(edition, organiser, kind):
    counts = []
    for number in range(2):
        for one in range(1 + 3 * number):
            accepted(organiser, kind, f"p{number}{one}@example.org")
        with CaptureQueriesContext(connection) as seen:
            reconcile(edition)
        counts.append(len(seen))
    assert counts == [4, 4]


def test_pages(edition, organiser, kind):
    row = accepted(organiser, kind, "cmd@example.org", family_name="=HYPERLINK(1)", given_name="")
    bring_in(organiser, edition, paid("A", "nobody@example.org"))
    client, slug = client_of(organiser), edition.slug
    counts = []
    for _times in range(2):
        with CaptureQueriesContext(connection) as seen:
            page = client.get(reverse("accreditation:desk_orders", args=[slug]))
        counts.append(len(seen))
        accepted(organiser, kind, f"more{_times}@example.org")
        bring_in(organiser, edition, paid(f"X{_times}", f"nobody{_times}@example.org"))
    assert counts[0] == counts[1]
    assert [one.kind for one in page.context["page"].object_list] == ["unmatched", "unmatched", "unpaid", "unpaid"]
    assert client.get(reverse("accreditation:desk_orders", args=[slug]), {"kind": "all"}).context["page"].paginator.count == 3
    table = client.get(reverse("accreditation:orders_table", args=[slug])).content.decode("utf-8-sig").splitlines()
    assert "'=HYPERLINK(1)" in next(line for line in table if row.code in line)
    found = Order.objects.get(code="A")
    address = reverse("accreditation:order", args=[slug, found.pk])
    assert row.code in client.get(address, {"q": row.code}).content.decode()
    client.post(address, {"application": row.code})
    assert Order.objects.get(code="A").application == row
    client.post(address, {"application": ""})
    assert Order.objects.get(code="A").application is None
    client.post(reverse("accreditation:desk_orders", args=[slug]))
    assert client_of(row.user).get(address).status_code == 404


def test_candidates_for_matching_by_hand(edition, organiser, kind):
    row = submitted(kind, "hana@example.org", family_name="Kim", native_name="김하나")
    for words in (row.code.lower(), "HANA@example.org", "kim", "김하나"):
        assert candidates(edition, words) == [row]
    assert (candidates(edition, ""), candidates(edition, "\x00"), candidates(edition, "%")) == ([], [], [])


def test_a_stranger_starts_nothing(edition, kind):
    stranger = UserFactory()
    with pytest.raises(PermissionDenied):
        start_order_import(stranger, edition, orders_file())
    with pytest.raises(PermissionDenied):
        match_again(stranger, edition)
    assert OrderImport.objects.count() == 0
