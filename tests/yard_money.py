"""The yard's budget and staff: a foreign line over its limit, a replaced posting, a condition, an open shift, a roster."""

from __future__ import annotations

import datetime as dt
from typing import Any

from money_rows import activity, goal, grant, hold, line, post, rate, shift, skill, worker

from madang.markets.models import RunState
from madang.outcomes.actions.budget_import import preview_budget
from madang.outcomes.models import Condition, RosterRun

PARTS = {
    ("outcomes", name): name
    for name in ("activity", "line", "posting", "grant", "condition", "rate", "shift", "duty", "worker", "skill", "roster_run",
                 "budget_import")
} | {("outcomes", "table"): "money_table", ("outcomes", "ending"): "money_ending",
     ("outcomes", "roster_table"): "roster_table", ("outcomes", "round_table"): "round_table"}  # fmt: skip


def add_money(yard: Any) -> None:
    """After the people."""
    edition, by = yard.edition, yard.accounts["organiser"]
    meetings = activity(edition, "MEET", name="The meetings " + "가" * 40)
    meetings.goals.add(goal(edition, "G-MONEY", name="A goal with money"))
    euro = rate(edition, "EUR", "1500")
    given = grant(edition, 900_000, code="F-1", funder="City of Busan")
    condition = Condition.objects.create(grant=given, text="Send the report", due_on=edition.ends_on)
    line(meetings, 900_000, code="L-IN", direction="income", grant=given)
    travel = line(meetings, 1000, code="L-EUR", currency="EUR", limit=900, grows="guests", name="Travel of guests")
    order = post(travel, "committed", 950, by, counterparty="A travel agency", reference="O-1")
    paid = post(travel, "spent", 400, by, settles=order, reference="I-1")
    post(travel, "spent", 390, by, settles=order, replaces=paid, reference="I-1")
    post(travel, "forecast", 50, by, on=edition.ends_on + dt.timedelta(days=20))
    french = skill(edition, "FR")
    person = worker(edition, french, code="S-1", name="Ko Worker", native_name="고일꾼", pay_an_hour=12000, currency="KRW")
    reception = shift(meetings, 30, code="SH-1", skill=french, needed=2, name="Reception")
    duty = hold(reception, person)
    report = {
        "pairs": [], "held": [], "why": {str(reception.pk): {"skill": 1}}, "wanted": 1, "open": 1, "is_best": True,
        "is_fairest": True, "seconds": 0.1,
    }  # fmt: skip
    done = {"state": RunState.DONE, "finished_at": edition.now(), "settings": {"limit": 5}, "report": report}
    run = RosterRun.objects.create(edition=edition, asked_by=by, **done)
    table = b"code,activity,name,planned,currency\nL-EUR,MEET,Travel of guests,1100,EUR\n"
    waiting = preview_budget(by, edition, table, "budget.csv").kept
    yard.codes |= {
        "budget_import": waiting.key,
        "activity": "MEET", "line": "L-EUR", "posting": order.pk, "grant": "F-1", "condition": condition.pk, "rate": euro.pk,
        "shift": "SH-1", "duty": duty.pk, "worker": "S-1", "skill": "FR", "roster_run": run.key, "money_table": "postings",
        "roster_table": "days", "round_table": "answers",
        "money_ending": "xlsx",
    }  # fmt: skip
