"""Who sees and does what in a jury: role x act."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from factories import MOMENT, ParticipantFactory, UserFactory
from jury_rows import make_call, make_criteria, make_entries, make_jurors, organiser_of, read_by, score_all

from madang.selection.models import EntryState, Reading, Remark
from madang.selection.rules import (
    discussed_entries,
    juror_of,
    may_remark,
    may_run_jury,
    may_score,
    may_see_makers,
    sits_in_jury,
    visible_readings,
    visible_remarks,
)

pytestmark = pytest.mark.django_db
ROLES = [
    "visitor", "outsider", "buyer", "applicant", "organiser", "administrator", "done", "reading", "idle", "chair", "left", "gone",
]  # fmt: skip


class Jury:
    """One entry: `done` has scored it, `reading` is to, `idle` and the chair do not read it; `left` and `gone` are not there."""

    def __init__(self) -> None:
        self.call = make_call(is_blind=True)
        make_criteria(self.call)
        applicant = UserFactory()
        self.entry = make_entries(self.call, 1, user=applicant)[0]
        names = ["done", "reading", "idle", "chair", "left", "gone"]
        self.jurors = dict(zip(names, make_jurors(self.call, 6), strict=True))
        self.users = {name: juror.participant.user for name, juror in self.jurors.items()}
        self.users |= {"visitor": AnonymousUser(), "outsider": UserFactory(), "applicant": applicant}
        self.users |= {"organiser": organiser_of(self.call), "administrator": UserFactory(is_superuser=True)}
        self.users["buyer"] = ParticipantFactory(edition=self.call.edition, is_buyer=True).user
        readers = [self.jurors[name] for name in ("done", "reading", "left")]
        self.done, self.reading, self.left = read_by(readers, [self.entry])
        score_all(self.call, [self.done])
        self.settle()
        Remark.objects.create(entry=self.entry, juror=self.jurors["done"], text="Bold.")

    def settle(self) -> None:
        for name, facts in (("chair", {"is_chair": True}), ("left", {"left_at": MOMENT})):
            juror = self.jurors[name]
            type(juror).objects.filter(pk=juror.pk).update(**facts)
        gone = self.jurors["gone"].participant
        gone.left_at = MOMENT
        gone.save()
        for reading in (self.done, self.reading, self.left):
            reading.refresh_from_db()

    def who(self, may) -> set[str]:
        return {role for role in ROLES if may(self.users[role])}


@pytest.fixture
def jury() -> Jury:
    return Jury()


RUN = {"organiser", "administrator"}


def test_who_runs_a_jury_and_who_sits_in_it(jury):
    assert jury.who(lambda u: may_run_jury(u, jury.call)) == RUN
    assert jury.who(lambda u: juror_of(u, jury.call) is not None) == {"done", "reading", "idle", "chair"}
    assert jury.who(lambda u: sits_in_jury(u, jury.call.edition)) == {"done", "reading", "idle", "chair"}


def test_who_sees_readings_and_makers(jury):
    assert jury.who(lambda u: jury.done in visible_readings(u, jury.call)) == RUN | {"done"}
    assert jury.who(lambda u: jury.reading in visible_readings(u, jury.call)) == RUN | {"reading"}
    assert jury.who(lambda u: jury.left in visible_readings(u, jury.call)) == RUN
    assert jury.who(lambda u: may_see_makers(u, jury.call)) == RUN
    jury.entry.state = EntryState.WITHDRAWN
    jury.entry.save()
    assert jury.who(lambda u: jury.reading in visible_readings(u, jury.call)) == RUN
    jury.call.is_blind = False
    assert jury.who(lambda u: may_see_makers(u, jury.call)) == set(ROLES)


def test_who_scores(jury):
    assert jury.who(lambda u: may_score(u, jury.reading)) == {"reading"}
    assert jury.who(lambda u: may_score(u, jury.done)) == set()
    assert jury.who(lambda u: may_score(u, jury.left)) == set()
    jury.reading.juror.call.scoring_until = MOMENT - dt.timedelta(seconds=1)
    assert jury.who(lambda u: may_score(u, jury.reading)) == set()


def test_the_discussion_is_open_to_those_who_have_scored(jury):
    assert jury.who(lambda u: jury.entry in discussed_entries(u, jury.call)) == RUN | {"done", "chair"}
    assert jury.who(lambda u: visible_remarks(u, jury.entry).exists()) == RUN | {"done", "chair"}
    assert jury.who(lambda u: may_remark(u, jury.entry)) == {"done", "chair"}
    Reading.objects.create(juror=jury.jurors["chair"], entry=jury.entry)
    assert jury.who(lambda u: jury.entry in discussed_entries(u, jury.call)) == RUN | {"done"}
