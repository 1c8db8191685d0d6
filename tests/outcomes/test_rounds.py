"""Rounds of questions: planned, opened and reminded by the clock, answered by a link, and what the answers leave open."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from factories import UserFactory
from negotiation import table
from round_rows import After, at
from visits import client_of, queries_of

from madang.markets.models import LogEntry
from madang.outcomes.actions import rounds as actions
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.models import Answer, Asked, Came, Round
from madang.outcomes.queries.rounds import (
    LED_ON,
    months_after,
    pairs_of,
    said_of_meetings,
    satisfaction_of,
    tallies,
    things_of,
)
from madang.people.models import Notice

pytestmark = pytest.mark.django_db


def opened(after: After, day: str = "2025-08-30") -> Round:
    actions.open_due_rounds(after.edition, at(after.edition, day))
    return after.round()


def asked_of(after: After, person) -> Asked:
    return Asked.objects.select_related("round__edition", "participant__user").get(round=after.round(), participant=person)


def path_of(asked: Asked) -> str:
    return f"/e/{asked.round.edition.slug}/after/{asked.key}/"


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2025-05-30", 3, "2025-08-30"),
        ("2024-11-30", 3, "2025-02-28"),
        ("2025-12-31", 12, "2026-12-31"),
        ("2025-10-31", 2, "2025-12-31"),
    ],
)
def test_months_later(day, months, then):
    assert months_after(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(then)


def test_the_usual_rounds_are_planned_once_and_not_for_times_that_are_over():
    after = After(plan=False)
    assert actions.plan_rounds(after.organiser, after.edition) == 4
    assert actions.plan_rounds(after.organiser, after.edition) == 0
    days = [(one.months, one.opens_on.isoformat(), one.closes_on.isoformat()) for one in Round.objects.all()]
    assert days[0] == (3, "2025-08-30", "2025-09-27")
    assert days[3] == (24, "2027-05-30", "2027-06-27")
    late = After(day="2026-01-15")
    assert list(late.edition.rounds.values_list("months", flat=True)) == [12, 24]
    with pytest.raises(PermissionDenied):
        actions.plan_rounds(UserFactory(), after.edition)


def test_both_sides_are_asked_once_and_reminded_twice_at_most():
    after = After()
    silent = after.person("Silent", is_buyer=True)
    after.met(silent, after.seller, held=False)
    nobody = after.person("Nowhere", is_buyer=True, user=None, email="")
    after.met(nobody, after.seller)
    after.edition.name_ko, after.edition.name_fr = "마켓", "Le marché"
    after.edition.save()
    opened(after)
    actions.open_due_rounds(after.edition, at(after.edition, "2025-08-31"))
    named = [{name: told[name] for name in ("what_ko", "what_fr")} for told in Notice.objects.values_list("data", flat=True)]
    assert named == [{"what_ko": "마켓", "what_fr": "Le marché"}] * 2  # French readers read French
    people = set(Asked.objects.values_list("participant__given_name", flat=True))
    assert people == {"Haneul", "Buyer 0", "Nowhere"}
    actions.answer(asked_of(after, after.seller), {}, actions.Opinion(5), is_done=True)
    told = [actions.remind_due(after.edition, at(after.edition, day)) for day in ("2025-09-05", "2025-09-06", "2025-09-07")]
    told += [actions.remind_due(after.edition, at(after.edition, day)) for day in ("2025-09-13", "2025-09-14", "2025-09-20")]
    assert told == [0, 1, 0, 1, 0, 0]
    kinds = Notice.objects.order_by("pk").values_list("recipient__given_name", "kind", "key")
    assert sorted(kinds) == [
        ("Buyer 0", "round_opened", "3:0"),
        ("Buyer 0", "round_reminder", "3:1"),
        ("Buyer 0", "round_reminder", "3:2"),
        ("Haneul", "round_opened", "3:0"),
    ]
    actions.open_due_rounds(after.edition, at(after.edition, "2025-09-28"))
    assert after.round().closed_at is not None
    assert list(LogEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "plan_rounds", "open_round", "answer_round", "remind_round", "remind_round", "close_round",
    ]  # fmt: skip


def test_no_more_questions_ends_letters_of_this_round_and_the_next():
    after = After()
    opened(after)
    buyer = asked_of(after, after.buyers[0])
    answer = client_of().post(f"{path_of(buyer)}stop/")
    assert (answer.status_code, answer["Location"]) == (302, path_of(buyer))
    assert actions.remind_due(after.edition, at(after.edition, "2025-09-10")) == 1  # the seller
    actions.open_due_rounds(after.edition, at(after.edition, "2025-11-30"))
    again = Asked.objects.get(round=after.round(6), participant=buyer.participant)
    assert (again.sent_at, again.stopped_at is not None) == (None, True)
    assert Notice.objects.filter(recipient=buyer.participant).count() == 1
    assert [(one.asked, one.stopped, one.unreached) for one in tallies(after.edition)[:2]] == [(2, 0, 0), (2, 1, 0)]


def test_answers_come_in_parts_and_change_until_the_round_closes():
    after = After()
    opened(after)
    buyer = asked_of(after, after.buyers[0])
    thing = things_of(buyer)[0]
    client = client_of()
    part = {"part": thing.key, f"came-{thing.key}": "offer", f"amount-{thing.key}": "1,200.50", f"currency-{thing.key}": "eur"}
    kept = client.post(path_of(buyer), part)
    assert (kept.status_code, "Kept." in kept.text) == (200, True)
    buyer.refresh_from_db()
    assert (buyer.opened_at is not None, buyer.answered_at) == (True, None)
    whole = {f"came-{thing.key}": "signed", "satisfaction": "4", "share": "60", "words": "Good." + "가" * 90}
    done = client.post(path_of(buyer), whole)
    assert (done.status_code, done["Location"]) == (302, f"{path_of(buyer)}?thanks=1")
    assert list(Answer.objects.values_list("request", "came", "amount", "currency")) == [
        (after.requests[0].pk, "signed", None, "")
    ]
    buyer.refresh_from_db()
    assert (buyer.satisfaction, buyer.share, buyer.words[:5], buyer.answered_at is not None) == (4, 60, "Good.", True)
    at(after.edition, "2025-09-28")
    for method in (client.get, client.post):
        assert method(path_of(buyer)).status_code == 404
    with pytest.raises(Refused):
        actions.answer(buyer, {thing.key: actions.Reply("nothing")})


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"came": "signed", "amount": "100"}, "currency"),
        ({"amount": "100", "currency": "EUR"}, "came"),
        ({"came": "signed", "amount": "9" * 25, "currency": "EUR"}, "amount"),
        ({"came": "a" * 400}, "came"),
        ({"came": "signed", "amount": "-5", "currency": "EUR"}, "amount"),
        ({"came": "signed", "amount": "5", "currency": "XXZ"}, "currency"),
    ],
)
def test_bad_input_is_answered_at_the_field(facts, field):
    after = After()
    opened(after)
    buyer = asked_of(after, after.buyers[0])
    key = things_of(buyer)[0].key
    sent = client_of().post(path_of(buyer), {f"{name}-{key}": value for name, value in facts.items()})
    assert sent.status_code == 422
    assert set(sent.context["form"].errors) == {f"{field}-{key}"}
    assert not Answer.objects.exists()


def test_a_stranger_and_an_unknown_link_get_one_page():
    after = After(is_public=False)
    opened(after)
    buyer = asked_of(after, after.buyers[0])
    assert client_of().get(path_of(buyer)).status_code == 200
    for path in (f"/e/{after.edition.slug}/after/unknown/", f"/e/no-such/after/{buyer.key}/"):
        gone = client_of().get(path)
        assert (gone.status_code, "These questions are closed" in gone.text) == (404, True)


def test_her_page_is_in_her_language():
    after = After()
    after.buyers[0].language = "fr"
    after.buyers[0].save()
    opened(after)
    page = client_of().get(path_of(asked_of(after, after.buyers[0])))
    assert (page["Content-Language"], '<html lang="fr"' in page.text, page["X-Robots-Tag"]) == ("fr", True, "noindex")


def test_the_last_answer_and_the_deal_prefill_the_page():
    at_table = table()
    licence = at_table.signed()
    edition = at_table.edition
    at(edition, "2025-08-30")
    organiser = UserFactory()
    edition.market.organisers.add(organiser)
    actions.plan_rounds(organiser, edition)
    actions.open_due_rounds(edition, edition.now())
    asked = Asked.objects.select_related("round__edition", "participant").get(participant=at_table.buyer)
    assert Asked.objects.count() == 2  # both companies, one person each
    thing = things_of(asked)[0]
    assert (thing.deal, thing.came, thing.amount, thing.currency) == (licence.deal, Came.SIGNED, Decimal(10000), "EUR")
    actions.answer(asked, {thing.key: actions.Reply("signed", Decimal(12000), "EUR")}, is_done=True)
    assert things_of(asked)[0].is_said
    actions.open_due_rounds(edition, at(edition, "2025-11-30"))
    later = Asked.objects.select_related("round__edition", "participant").get(participant=at_table.buyer, round__months=6)
    found = things_of(later)[0]
    assert (found.is_last, found.is_said, found.amount) == (True, False, Decimal(12000))
    for said, prefilled in (("memo", (Came.SIGNED, Decimal(10000), False)), ("elsewhere", (Came.ELSEWHERE, None, True))):
        Answer.objects.filter(asked=asked).update(came=said, amount=None, currency="")  # the contract was signed since
        found = things_of(later)[0]
        assert (found.came, found.amount, found.is_last) == prefilled


def test_sides_that_differ_stay_side_by_side_and_the_silent_leave_bounds():
    after = After(buyers=4)
    asking = opened(after)
    seller = asked_of(after, after.seller)
    keys = [f"m{request.pk}" for request in after.requests]
    actions.answer(seller, {keys[0]: actions.Reply("signed"), keys[1]: actions.Reply("offer"), keys[2]: actions.Reply("nothing")})
    for number, came in ((0, "signed"), (1, "talking")):
        actions.answer(
            asked_of(after, after.buyers[number]), {keys[number]: actions.Reply(came)}, actions.Opinion(4 + number), is_done=True
        )
    pairs = pairs_of(asking)
    assert [(pair.differs, pair.is_one_sided) for pair in pairs] == [(True, False), (False, False), (False, True)]
    led_on = said_of_meetings(asking, pairs, LED_ON)
    assert (led_on.both, led_on.one, led_on.told, led_on.told_by_both, led_on.asked) == (1, 1, 3, 2, 4)
    assert led_on.either.worst == (0.5, 0.75)
    assert led_on.agreed.worst == (0.25, 0.75)
    bounds = satisfaction_of(asking)
    assert (bounds.answered, bounds.worst) == (4.5, ((9 + 3) / 5, (9 + 15) / 5))
    page = client_of(after.organiser).get(f"/e/{after.edition.slug}/desk/outcomes/rounds/3/")
    assert page.text.count("They differ") == 1


def test_pages_take_as_many_queries_for_one_as_for_three():
    counts = []
    for buyers in (1, 3):
        after = After(buyers=buyers)
        asking = opened(after)
        for person in (after.seller, *after.buyers):
            asked = asked_of(after, person)
            actions.answer(asked, {thing.key: actions.Reply("offer") for thing in things_of(asked)}, is_done=True)
        counts.append(
            (
                queries_of(None, "outcomes:after", after.edition, asked_of(after, after.seller).key),
                queries_of(after.organiser, "outcomes:round", after.edition, asking.months),
                queries_of(after.organiser, "outcomes:rounds", after.edition),
                queries_of(after.organiser, "outcomes:deal_clock", after.edition),
            )
        )
    assert counts[0] == counts[1]


def test_an_open_round_keeps_its_day_and_a_closed_one_does_not_change():
    after = After()
    asking = opened(after)
    facts = {"reminders": 1, "days_between": 3}
    with pytest.raises(Refused):
        actions.change_round(after.organiser, asking, opens_on=dt.date(2025, 8, 1), closes_on=dt.date(2025, 9, 1), **facts)
    actions.change_round(after.organiser, asking, opens_on=asking.opens_on, closes_on=dt.date(2025, 9, 1), **facts)
    actions.open_due_rounds(after.edition, at(after.edition, "2025-09-02"))
    with pytest.raises(Refused):
        actions.change_round(after.organiser, asking, opens_on=asking.opens_on, closes_on=dt.date(2025, 12, 1), **facts)
    sent = client_of(after.organiser).post(
        f"/e/{after.edition.slug}/desk/outcomes/rounds/6/",
        {"opens_on": "2025-12-01", "closes_on": "2025-11-01", "reminders": "2", "days_between": "7"},
    )
    assert (sent.status_code, set(sent.context["form"].errors)) == (422, {"closes_on"})
