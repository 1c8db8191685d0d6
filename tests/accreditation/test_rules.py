"""Who sees and who may: role x act."""

import datetime as dt

import pytest
from badges import badge_type, submitted
from django.contrib.auth.models import AnonymousUser
from factories import EditionFactory, UserFactory

from madang.accreditation import rules
from madang.accreditation.actions.applying import save_draft
from madang.accreditation.actions.deciding import Decision, decide
from madang.accreditation.models import Application, ApplicationState, Invitation

ROLES = ["visitor", "stranger", "writer", "holder", "organiser"]


@pytest.fixture
def roles(edition, organiser):
    return {
        "visitor": AnonymousUser(), "stranger": UserFactory(), "writer": UserFactory(),
        "holder": UserFactory(email="h@example.org"), "organiser": organiser,
    }  # fmt: skip


@pytest.fixture
def row(edition, roles):
    """Written by one, for another."""
    found = submitted(badge_type(edition), user=roles["writer"])
    found.email = "h@example.org"
    found.save()
    return found


def who(roles, act):
    return [name for name in ROLES if act(roles[name])]


def test_who_sees_an_application(edition, roles, row):
    own = who(roles, lambda user: rules.own_applications(user, edition).filter(pk=row.pk).exists())
    desk = who(roles, lambda user: rules.visible_applications(user, edition).filter(pk=row.pk).exists())
    assert (own, desk) == (["writer", "holder"], ["organiser"])


def test_a_draft_is_its_writers_alone(edition, roles, row):
    Application.objects.update(state=ApplicationState.DRAFT)
    row.refresh_from_db()
    own = who(roles, lambda user: rules.own_applications(user, edition).filter(pk=row.pk).exists())
    desk = who(roles, lambda user: rules.visible_applications(user, edition).filter(pk=row.pk).exists())
    assert (own, desk, who(roles, lambda user: rules.may_edit(user, row))) == (["writer"], [], ["writer"])


MAY = {
    "draft": ([], []),
    "submitted": (["writer", "holder"], []),
    "asked": (["writer", "holder"], []),
    "waiting": (["writer", "holder"], []),
    "accepted": (["writer", "holder"], ["writer", "holder", "organiser"]),
    "declined": ([], []),
    "withdrawn": ([], []),
    "revoked": ([], []),
    "transferred": ([], []),
}


@pytest.mark.parametrize("state", ApplicationState.values)
def test_who_withdraws_and_passes_on(roles, row, state):
    row.state = state
    acts = (rules.may_withdraw, rules.may_transfer)
    assert tuple(who(roles, lambda user, act=act: act(user, row)) for act in acts) == MAY[state]


def test_nothing_is_given_up_after_the_end(edition, roles, row):
    row.state = "accepted"
    row.edition.clock_shift += dt.timedelta(days=90)
    assert (who(roles, lambda u: rules.may_withdraw(u, row)), who(roles, lambda u: rules.may_transfer(u, row))) == ([], [])


@pytest.mark.parametrize(
    ("facts", "is_open"),
    [
        ({}, True),
        ({"opens_at": -1, "closes_at": 1}, True),
        ({"opens_at": 1}, False),
        ({"closes_at": -1}, False),
        ({"by_invitation": True}, False),
    ],
)
def test_when_a_badge_may_be_applied_for(edition, facts, is_open):
    now = edition.now()
    kind = badge_type(edition, **{k: now + dt.timedelta(days=v) if k.endswith("_at") else v for k, v in facts.items()})
    assert (rules.is_open(kind), rules.takes_applications(edition)) == (is_open, is_open)
    edition.clock_shift += dt.timedelta(days=90)
    assert rules.takes_applications(edition) is False


@pytest.mark.parametrize(
    ("facts", "works"), [({}, True), ({"revoked_at": 0}, False), ({"expires_at": -1}, False), ({"expires_at": 1}, True)]
)
def test_when_an_invitation_works(edition, organiser, facts, works):
    kind = badge_type(edition, by_invitation=True)
    times = {name: edition.now() + dt.timedelta(days=days) for name, days in facts.items()}
    row = Invitation.objects.create(edition=edition, badge_type=kind, email="a@example.org", created_by=organiser, **times)
    assert rules.is_open(kind, row) is works
    assert rules.is_open(badge_type(EditionFactory(), by_invitation=True), row) is False


def test_who_decides(edition, roles):
    assert who(roles, lambda user: rules.may_decide(user, edition)) == ["organiser"]


def test_types_by_invitation_are_the_organisers(edition, roles):
    badge_type(edition, "juror", by_invitation=True)
    badge_type(edition)
    seen = {name: set(rules.visible_badge_types(roles[name], edition).values_list("code", flat=True)) for name in ROLES}
    assert seen == {name: {"buyer"} for name in ROLES[:4]} | {"organiser": {"buyer", "juror"}}


def test_answers_are_the_writers_as_long_as_nothing_is_decided(edition, roles, row):
    inquiry = row.inquiries.create(text="?", asked_by=roles["organiser"])
    before = who(roles, lambda user: rules.may_answer(user, inquiry))
    decide(roles["organiser"], edition, [row.pk], Decision.DECLINE, reason="No.")
    inquiry.application.refresh_from_db()
    assert (before, who(roles, lambda user: rules.may_answer(user, inquiry))) == (["writer"], [])


def test_a_draft_needs_no_name(edition, roles):
    row = save_draft(roles["writer"], badge_type(edition), {}, {}, language="en")
    assert (row.state, row.family_name) == ("draft", "")
