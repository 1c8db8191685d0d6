"""Pages of the budget: what is kept, what is refused at its field, who gets in, how many queries."""

import pytest
from django.urls import reverse
from factories import EditionFactory, ParticipantFactory, UserFactory
from money_rows import activity, goal, grant, line, organiser_of, post, rate, shift, skill, worker
from visits import client_of, get, queries_of
from visits import post as send

from madang.outcomes.models import Activity, BudgetLine, Condition, Grant, Posting, Rate, Shift, Worker

pytestmark = pytest.mark.django_db
LONG = "가🎬\u202e" * 134  # 402 letters that turn what follows
BIG = "9" * 25


@pytest.fixture
def edition():
    return EditionFactory()


@pytest.fixture
def organiser(edition):
    return organiser_of(edition)


def test_from_an_activity_to_a_posting(edition, organiser):
    served = goal(edition)
    sent = send(organiser, "outcomes:new_activity", edition, code="MEET", name="Meetings", goals=[served.pk], position=0)
    assert sent.status_code == 302
    act = Activity.objects.get()
    facts = {"code": "HALL", "activity": act.pk, "name": "Halls", "direction": "cost", "currency": "krw", "grows": "buyers"}
    assert send(organiser, "outcomes:new_line", edition, **facts, planned="1,200,000").status_code == 302
    halls = BudgetLine.objects.get()
    assert (halls.planned, halls.currency, halls.grows, list(act.goals.all())) == (1_200_000, "KRW", "buyers", [served])
    order = {"kind": "committed", "amount": "500", "currency": "KRW", "on": "2025-06-01", "counterparty": "BEXCO"}
    assert send(organiser, "outcomes:line", edition, "HALL", **order).status_code == 302
    first = Posting.objects.get()
    paid = {"kind": "spent", "amount": "200", "currency": "KRW", "on": "2025-05-20", "settles": first.pk, "reference": "I-1"}
    assert send(organiser, "outcomes:line", edition, "HALL", **paid).status_code == 302
    page = get(organiser, "outcomes:line", edition, "HALL")
    assert [(one.posting, one.paid) for one in page.context["one"].commitments] == [(first, 200)]
    replaced = send(organiser, "outcomes:replace_posting", edition, first.pk, **order | {"amount": "600"})
    assert replaced.status_code == 302
    second = Posting.objects.get(replaces=first)
    assert send(organiser, "outcomes:withdraw_posting", edition, second.pk, because="x").status_code == 422
    page = get(organiser, "outcomes:budget", edition)
    assert [amounts.total for amounts in page.context["budget"].costs.columns] == [1_200_000, 600, 200, 0, 1_199_400]
    assert send(organiser, "outcomes:delete_line", edition, "HALL").status_code == 302
    assert BudgetLine.objects.count() == 1


BAD = [
    ("outcomes:new_activity", (), {"code": "A B", "name": "x", "position": 0}, {"code"}),
    ("outcomes:new_activity", (), {"code": "new", "name": LONG, "position": BIG}, {"code", "name", "position"}),
    (
        "outcomes:new_activity",
        (),
        {"code": "TAKEN", "name": "", "goals": [BIG], "position": -1},
        {"code", "name", "goals", "position"},
    ),
    (
        "outcomes:new_line",
        (),
        {
            "code": "L",
            "activity": BIG,
            "name": "x",
            "direction": "up",
            "planned": BIG,
            "currency": "XXX",
            "grows": "x",
            "limit": "NaN",
        },
        {"activity", "direction", "planned", "currency", "grows", "limit"},
    ),
    (
        "outcomes:line",
        ("HALL",),
        {"kind": "x", "amount": "0", "currency": "", "on": "1066-01-01"},
        {"kind", "amount", "currency", "on"},
    ),
    (
        "outcomes:line",
        ("HALL",),
        {"kind": "spent", "amount": "Infinity", "currency": "KRW", "on": "2025-02-30", "reference": LONG},
        {"amount", "on", "reference"},
    ),
    (
        "outcomes:new_grant",
        (),
        {"code": "G", "funder": LONG, "kind": "x", "amount": "0", "currency": "€"},
        {"funder", "kind", "amount", "currency"},
    ),
    ("outcomes:grant", ("F-1",), {"text": "x" * 501, "due_on": "soon"}, {"text", "due_on"}),
    ("outcomes:rates", (), {"currency": "EUR", "on": "2025-05-01", "rate": "-1", "source": ""}, {"rate", "source"}),
    ("outcomes:rates", (), {"currency": "KRW", "on": "2025-05-01", "rate": BIG, "source": "x"}, {"rate"}),
    (
        "outcomes:new_worker",
        (),
        {"code": "W", "name": "x", "email": "no", "hours_a_day": "25", "rest_hours": "-1", "pay_an_hour": "5", "skills": ["x"]},
        {"email", "hours_a_day", "rest_hours", "currency", "skills"},
    ),
    (
        "outcomes:new_shift",
        (),
        {"code": "S", "name": "x", "starts_at": "2025-05-30T10:00", "ends_at": "2025-05-30T09:00", "needed": "0"},
        {"ends_at", "needed", "activity"},
    ),
    ("outcomes:skills", (), {"code": "FR", "name": "Again"}, {"code"}),
    ("outcomes:rosters", (), {"limit": "9999"}, {"limit"}),
]


@pytest.mark.parametrize(("page", "args", "sent", "wrong"), BAD, ids=[f"{n}-{row[0].split(':')[1]}" for n, row in enumerate(BAD)])
def test_what_cannot_be_is_said_at_its_field(edition, organiser, page, args, sent, wrong):
    line(activity(edition, "TAKEN"), 10, code="HALL")
    grant(edition, code="F-1")
    skill(edition)
    answer = send(organiser, page, edition, *args, **sent)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, wrong)
    assert all(str(value) in answer.content.decode() for value in sent.values() if isinstance(value, str) and value.isalnum())
    counts = [model.objects.count() for model in (Activity, BudgetLine, Posting, Grant, Condition, Rate, Worker, Shift)]
    assert counts == [1, 1, 0, 1, 0, 0, 0, 0]


def test_times_of_a_shift_are_at_the_venue(edition, organiser):
    act = activity(edition)
    facts = {"code": "S", "name": "Desk", "activity": act.pk, "starts_at": "2025-05-30T09:00", "ends_at": "2025-05-30T13:00"}
    assert send(organiser, "outcomes:new_shift", edition, **facts, needed=2).status_code == 302
    made = Shift.objects.get()
    assert (made.starts_at.isoformat(), made.ends_at.isoformat()) == ("2025-05-30T00:00:00+00:00", "2025-05-30T04:00:00+00:00")
    assert b'value="2025-05-30T09:00"' in get(organiser, "outcomes:change_shift", edition, "S").content


def test_a_grant_its_condition_and_a_rate(edition, organiser):
    facts = {"code": "F", "funder": "City", "kind": "public", "amount": "900", "currency": "KRW", "agreed_on": "2025-01-20"}
    assert send(organiser, "outcomes:new_grant", edition, **facts).status_code == 302
    assert send(organiser, "outcomes:grant", edition, "F", text="Report", due_on="2025-07-01").status_code == 302
    condition = Condition.objects.get()
    assert send(organiser, "outcomes:meet_condition", edition, condition.pk).status_code == 422
    assert send(organiser, "outcomes:meet_condition", edition, condition.pk, evidence="Letter").status_code == 302
    assert Condition.objects.get().met_by == organiser
    assert (
        send(organiser, "outcomes:rates", edition, currency="eur", on="2025-05-01", rate="1500.25", source="bank").status_code
        == 302
    )
    assert send(organiser, "outcomes:rates", edition, **{"totals": "yes", "of-currency": "EUR"}).status_code == 422
    assert send(organiser, "outcomes:delete_rate", edition, Rate.objects.get().pk).status_code == 302
    assert Rate.objects.count() == 0


@pytest.mark.parametrize(
    ("asked", "status"),
    [({}, 200), ({"exhibitors": "-20"}, 200), ({"buyers": "x"}, 422), ({"guests": BIG}, 422), ({"meetings": "-101"}, 422)],
)
def test_what_if_is_asked_for_by_address(edition, organiser, asked, status):
    line(activity(edition), 1000, grows="exhibitors")
    answer = get(organiser, "outcomes:scenario", edition, **asked)
    assert answer.status_code == status
    assert answer.context["scenario"].costs_then.total == (800 if status == 200 else 1000)


@pytest.mark.parametrize(
    "page", ["outcomes:budget", "outcomes:postings", "outcomes:grants", "outcomes:cash", "outcomes:scenario"]
)
def test_the_same_queries_for_1_and_3_rows(edition, organiser, page):
    def fill():
        act, given = activity(edition), grant(edition)
        act.goals.add(goal(edition))
        Condition.objects.create(grant=given, text="x", due_on=edition.starts_on)
        travel = line(act, 10, currency="EUR", grant=given)
        order = post(travel, "committed", 5, organiser)
        post(travel, "spent", 5, organiser, settles=order)

    rate(edition, "EUR", "1500")
    fill()
    one = queries_of(organiser, page, edition)
    fill()
    fill()
    assert queries_of(organiser, page, edition) == one


def test_nobody_else_gets_in_and_nothing_of_another_edition(edition, organiser):
    other = EditionFactory()
    act, posting = activity(other, "THEIRS"), post(line(activity(other), 10, code="L"), "spent", 1, organiser)
    worker(other, code="W"), shift(act, code="S")
    buyer = ParticipantFactory(edition=edition, is_buyer=True, user=UserFactory()).user
    names = ["budget", "warnings", "scenario", "cash", "postings", "grants", "rates", "roster", "workers", "skills", "rosters"]
    assert {get(buyer, f"outcomes:{name}", edition).status_code for name in names} == {404}
    assert {client_of().get(reverse(f"outcomes:{name}", args=[edition.slug])).status_code for name in names} == {302}
    theirs = [
        ("activity", "THEIRS"),
        ("line", "L"),
        ("posting", posting.pk),
        ("worker", "W"),
        ("shift", "S"),
        ("posting", int(BIG)),
    ]
    assert [get(organiser, f"outcomes:{name}", edition, key).status_code for name, key in theirs] == [404] * 6
