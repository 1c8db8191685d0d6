"""What people answered in a round, as tables to take along: without names, so that they can be handed on to be looked into.

People, companies, meetings and deals have pseudonyms: the same in every round of an edition, others in every other edition,
and nobody without the installation's secret can tell whose they are. What people wrote in their own words stays out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from madang.kit.tables import Cell
from madang.meetings.models import Attendee, Side
from madang.outcomes.models import Answer, Asked, Round
from madang.outcomes.queries.roster_tables import Table

DIGITS = 12
"""Of a pseudonym, hexadecimal: 48 bits, enough that no two of an edition are alike."""


def pseudonym(asking: Round, kind: str, key: int | None) -> str:
    """ "" for nobody."""
    if key is None:
        return ""
    return salted_hmac("outcomes.round_tables", f"{asking.edition_id}:{kind}:{key}", algorithm="sha256").hexdigest()[:DIGITS]


def answers(asking: Round) -> Table:
    """A row an answer, by pseudonym, so that their order tells nothing. Two queries."""
    head = [
        _("Person"), _("Company"), _("About"), _("Meeting or deal"), _("Side"), _("What came of it"), _("Amount"), _("Currency"),
        _("Day"),
    ]  # fmt: skip
    rows = list(Answer.objects.filter(asked__round=asking).select_related("asked__participant", "deal"))
    seats = Attendee.objects.filter(request__answers__asked__round=asking).values_list("request", "participant", "side")
    sides = {(request, person): side for request, person, side in seats}
    lines: list[list[Cell]] = [_answer(asking, row, sides) for row in rows]
    return head, sorted(lines, key=lambda line: [str(line[0]), str(line[3])])


def _answer(asking: Round, row: Answer, sides: Mapping[tuple[int, int], str]) -> list[Cell]:
    person, zone = row.asked.participant, asking.edition.zone
    if row.deal is not None:
        about, thing = _("deal"), pseudonym(asking, "deal", row.deal_id)
        is_first = person.company_id == row.deal.licensor_id
    else:
        about, thing = _("meeting"), pseudonym(asking, "meeting", row.request_id)
        is_first = sides.get((row.request_id or 0, person.pk)) == Side.SENDER
    return [
        pseudonym(asking, "person", person.pk), pseudonym(asking, "company", person.company_id), about, thing,
        _("asked, or sells") if is_first else _("the other side"), str(row.get_came_display()), row.amount, row.currency,
        row.at.astimezone(zone).date(),
    ]  # fmt: skip


def people(asking: Round) -> Table:
    """A row for everybody who was asked, the silent among them: what bounds are computed from. One query."""
    head = [
        _("Person"), _("Company"), _("Told"), _("Reminders"), _("Answered on"), _("Wants no more letters"),
        _("Usefulness, 1 to 5"), _("Owed to the event, in percent"),
    ]  # fmt: skip
    rows = Asked.objects.filter(round=asking).select_related("participant")
    lines: list[list[Cell]] = [_one(asking, row) for row in rows]
    return head, sorted(lines, key=lambda line: str(line[0]))


def _one(asking: Round, row: Asked) -> list[Cell]:
    on = row.answered_at.astimezone(asking.edition.zone).date() if row.answered_at else None
    return [
        pseudonym(asking, "person", row.participant_id), pseudonym(asking, "company", row.participant.company_id),
        _("yes") if row.sent_at else _("no"), row.reminded, on, _("yes") if row.stopped_at else _("no"), row.satisfaction,
        row.share,
    ]  # fmt: skip


TABLES: Mapping[str, Callable[[Round], Table]] = {"answers": answers, "people": people}
