"""Suggested meetings: who sees which, who is told, what each side says, and that nothing is booked by it."""

from __future__ import annotations

import pytest
from asking import kinds, notices
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from exposure_rows import fair
from factories import MandateFactory, MeetingRequestFactory, ParticipantFactory, TitleFactory
from visits import get

from madang.mandates.rules import visible_mandates
from madang.markets.models import LogEntry, Stage
from madang.matching.actions.suggestions import (
    decline_suggestion,
    drop_suggestion,
    restore_suggestion,
    show_suggestions,
    take_decline_back,
)
from madang.matching.models import Feedback, Suggestion
from madang.matching.queries.suggestions import readers_of, rows_of
from madang.matching.rules_exposure import suggestions_to_buyer, suggestions_to_seller, visible_suggestions
from madang.matching.views.suggestions import A_PAGE
from madang.meetings.actions.requests import RequestRefused, answer_request, request_meeting
from madang.meetings.models import MeetingRequest
from madang.meetings.queries.timetable import timetable_problem
from madang.people.models import Block, Introduction, Participant

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    """One buyer, one title, one meeting that is shown to both."""
    made = fair(buyers=1, titles=1)
    show_suggestions(made.organiser, made.run())
    return made


def sides(here) -> tuple[bool, bool]:
    """Whether the first buyer and the first seller see the suggestion."""
    to_buyer = suggestions_to_buyer(here.buyers[0].user, here.edition).exists()
    return to_buyer, suggestions_to_seller(here.sellers[0].user, here.edition).exists()


def change(row, **facts) -> None:
    type(row).objects.filter(pk=row.pk).update(**facts)


NOW = "2025-05-29T00:00:00+00:00"


@pytest.mark.parametrize(
    ("what", "seen"),
    [
        (lambda here: None, (True, True)),
        (lambda here: change(here.buyers[0], seen_by="nobody"), (True, False)),
        (lambda here: change(here.buyers[0], seen_by="matches"), (True, False)),
        (lambda here: introduced(here), (True, True)),
        (lambda here: change(here.sellers[0], seen_by="nobody"), (False, True)),
        (lambda here: change(here.mandates[0], visibility="hidden"), (True, False)),
        (lambda here: change(here.mandates[0], visibility="matches"), (True, True)),
        (lambda here: here.mandates[0].delete(), (True, False)),
        (lambda here: Block.objects.create(participant=here.buyers[0], company=here.sellers[0].company), (False, False)),
        (lambda here: Block.objects.create(participant=here.sellers[0], company=here.buyers[0].company), (False, False)),
        (lambda here: change(here.buyers[0], left_at=NOW), (False, False)),
        (lambda here: change(here.sellers[0], left_at=NOW), (False, False)),
        (lambda here: change(here.titles[0], is_withdrawn=True), (False, False)),
        (lambda here: change(here.sellers[0], is_seller=False), (False, False)),
        (lambda here: drop_suggestion(here.organiser, Suggestion.objects.get()), (False, False)),
        (lambda here: change(here.edition, stage=Stage.AFTER), (True, True)),
    ],
)
def test_who_sees_it(here, what, seen):
    what(here)
    here.edition.refresh_from_db()
    assert sides(here) == seen


def introduced(here) -> None:
    change(here.buyers[0], seen_by="matches")
    Introduction.objects.create(hidden=here.buyers[0], to=here.sellers[0], cause="match")


def test_drafts_and_others_suggestions_are_seen_by_nobody():
    here = fair(buyers=1, titles=1)
    here.run()
    assert sides(here) == (False, False)
    show_suggestions(here.organiser, here.run())
    stranger = fair(buyers=1, titles=1)
    press = ParticipantFactory(edition=here.edition, is_press=True)
    people = [here.organiser, stranger.buyers[0].user, stranger.sellers[0].user, press.user]
    assert [visible_suggestions(user, here.edition).count() for user in people] == [0, 0, 0, 0]
    assert visible_suggestions(here.buyers[0].user, here.edition).count() == 1


def test_showing_tells_exactly_those_on_whose_page_it_stands():
    here = fair(buyers=5, titles=3)
    change(here.buyers[1], seen_by="nobody")
    introduced(here)
    change(here.mandates[2], visibility="hidden")
    change(here.sellers[1], seen_by="nobody")
    ParticipantFactory(edition=here.edition, company=here.sellers[0].company, is_creator=True)
    ParticipantFactory(edition=here.edition, company=here.sellers[0].company, is_press=True)
    Block.objects.create(participant=here.buyers[3], company=here.sellers[2].company)
    Block.objects.create(participant=here.sellers[2], company=here.buyers[4].company)
    run = here.run(buyer_room=3)
    change(here.mandates[0], visibility="hidden")
    change(here.mandates[4], visibility="hidden")  # since the run
    shown = show_suggestions(here.organiser, run)
    pages = {
        person.code
        for person in Participant.objects.filter(edition=here.edition)
        if visible_suggestions(person.user, here.edition).exists()
    }
    told = [person for person in Participant.objects.filter(edition=here.edition) if kinds(person)]
    assert {person.code for person in told} == pages
    assert (shown.people, shown.meetings) == (len(told), run.suggestions.count())
    for person in told:
        assert notices(person) == [("meetings_suggested", run.key)]


def test_whom_it_is_told_takes_as_many_queries_however_many(django_assert_num_queries):
    here = fair(buyers=4, titles=4)
    shown = list(here.run(buyer_room=4).suggestions.values_list("pk", flat=True))
    with django_assert_num_queries(4):
        assert len(readers_of(here.edition, shown)) == 8


def test_each_person_is_told_once_for_a_run_and_each_pair_shown_once():
    here = fair(buyers=1, titles=2)
    first, second = here.run(), here.run()
    one, other = first.suggestions.order_by("pk")
    assert show_suggestions(here.organiser, first, [one.pk]) == (1, 2, 0)
    assert show_suggestions(here.organiser, first, [one.pk]) == (0, 0, 0)
    assert show_suggestions(here.organiser, first) == (1, 2, 0)
    assert show_suggestions(here.organiser, second) == (0, 0, 2)  # the same two pairs
    assert notices(here.buyers[0]) == [("meetings_suggested", first.key)]
    lines = LogEntry.objects.filter(verb="show_suggestions").order_by("pk")
    assert [line.details for line in lines] == [{"meetings": 1, "people": 2}, {"meetings": 1, "people": 2}]
    assert other.pk != one.pk


def test_nothing_of_a_run_that_is_not_done_is_shown():
    here = fair(buyers=1, titles=1)
    run = here.run()
    change(run, state="failed")
    assert show_suggestions(here.organiser, run) == (0, 0, 0)


@pytest.mark.parametrize(("stage", "shown"), [("preparation", 0), ("registration", 1), ("live", 1), ("after", 0)])
def test_meetings_are_suggested_while_people_may_ask(stage, shown):
    here = fair(buyers=1, titles=1)
    run = here.run()
    run.edition.stage = stage
    assert show_suggestions(here.organiser, run) == (shown, 2 * shown, 1 - shown)


def test_dropping_and_making_a_draft_again():
    here = fair(buyers=1, titles=1)
    [one] = here.run().suggestions.all()
    assert restore_suggestion(here.organiser, one).state == "draft"
    assert drop_suggestion(here.organiser, one).state == "dropped"
    assert show_suggestions(here.organiser, one.run).meetings == 0
    assert restore_suggestion(here.organiser, one).state == "draft"
    with pytest.raises(PermissionDenied):
        drop_suggestion(here.buyers[0].user, one)
    verbs = LogEntry.objects.exclude(verb="propose_meetings").order_by("pk").values_list("verb", "subject")
    assert list(verbs) == [("drop_suggestion", "W0"), ("restore_suggestion", "W0")]


def test_the_timetable_gets_nothing_until_both_said_yes(here):
    def asked() -> int:
        return len(timetable_problem(here.edition)[0].requests)

    buyer, seller = here.buyers[0], here.sellers[0]
    assert asked() == 0
    request = request_meeting(buyer.user, here.edition, seller, reason="The organiser suggests it.", title=here.titles[0])
    assert asked() == 0
    answer_request(seller.user, request, accept=True)
    assert asked() == 1


@pytest.mark.parametrize(
    ("between", "seen", "answers", "placed"),
    [
        (lambda here: None, (True, True), 1, 1),
        (lambda here: change(here.titles[0], is_withdrawn=True), (False, False), 1, 0),  # the timetable says why
        (lambda here: change(here.mandates[0], visibility="hidden"), (True, False), 1, 1),
        (lambda here: decline_suggestion(here.sellers[0].user, Suggestion.objects.get()), (True, True), 1, 1),
        # whoever blocks and then says yes herself has said yes
        (lambda here: Block.objects.create(participant=here.sellers[0], company=here.buyers[0].company), (False, False), 1, 1),
        (lambda here: MeetingRequest.objects.update(status="withdrawn"), (True, True), 0, 0),
        (lambda here: MeetingRequest.objects.update(status="expired"), (True, True), 0, 0),
    ],
)
def test_what_happens_between_the_two_yeses(here, between, seen, answers, placed):
    buyer, seller = here.buyers[0], here.sellers[0]
    request = request_meeting(buyer.user, here.edition, seller, reason="The organiser suggests it.", title=here.titles[0])
    between(here)
    assert sides(here) == seen
    for _ in range(2):  # a second yes is the same yes
        if answers:
            answer_request(seller.user, request, accept=True)
        else:
            with pytest.raises(RequestRefused):
                answer_request(seller.user, request, accept=True)
    assert len(timetable_problem(here.edition)[0].requests) == placed
    assert LogEntry.objects.filter(verb="answer_request").count() == answers


def test_what_came_of_it_is_read_from_requests(here):
    buyer, seller = here.buyers[0], here.sellers[0]
    [row] = rows_of(buyer.user, buyer)
    assert (row.request, row.other, row.ask) == (None, seller, "title=W0&mandate=M0")
    other = TitleFactory(edition=here.edition, company=seller.company)
    facts = {"edition": here.edition, "sender": seller, "receiver": buyer}
    elsewhere = MeetingRequestFactory(**facts, title=other, status="declined")
    assert rows_of(buyer.user, buyer)[0].request is None  # closed, and about another title
    waiting = MeetingRequestFactory(**facts, status="sent")
    assert rows_of(buyer.user, buyer)[0].request == waiting
    assert rows_of(seller.user, seller)[0].request == waiting
    change(waiting, status="withdrawn")
    assert rows_of(buyer.user, buyer)[0].request is None
    elsewhere.also_about.add(here.titles[0])
    assert rows_of(buyer.user, buyer)[0].request == elsewhere
    colleague = ParticipantFactory(edition=here.edition, company=seller.company, is_seller=True)
    assert rows_of(colleague.user, colleague)[0].request is None  # not hers to read


def test_a_seller_reads_a_mandate_only_where_its_page_is_open_to_her(here):
    for visibility in ("public", "matches"):
        change(here.mandates[0], visibility=visibility)
        is_open = visible_mandates(here.sellers[0].user, here.edition).exists()
        [row] = rows_of(here.sellers[0].user, here.sellers[0])
        assert (row.mandate == here.mandates[0], row.other) == (is_open, here.buyers[0])
        assert row.ask == ("title=W0&mandate=M0" if is_open else "title=W0")


def test_no_thanks_is_private_and_can_be_taken_back(here):
    buyer, seller = here.buyers[0], here.sellers[0]
    [one] = Suggestion.objects.all()
    decline_suggestion(buyer.user, one, because="genre", words=" Too dark. ")
    assert [row.is_declined for row in rows_of(buyer.user, buyer)] == [True]
    assert [row.is_declined for row in rows_of(seller.user, seller)] == [False]
    said = Feedback.objects.get()
    assert (said.by, said.title, said.mandate, said.verdict, said.because, said.words) == (
        buyer, here.titles[0], None, "not_for_me", "genre", "Too dark.",
    )  # fmt: skip
    assert (kinds(seller), LogEntry.objects.filter(verb__contains="decline").count()) == (
        ["meetings_suggested"],
        0,
    )
    take_decline_back(buyer.user, one)
    assert [row.is_declined for row in rows_of(buyer.user, buyer)] == [False]
    decline_suggestion(seller.user, one)
    one.refresh_from_db()
    assert (one.buyer_declined_at, one.seller_declined_at is not None, Feedback.objects.count()) == (None, True, 1)
    with pytest.raises(PermissionDenied):
        decline_suggestion(here.organiser, one)


def test_a_long_list_comes_in_pages(here):
    one = Suggestion.objects.get()
    facts = {"run": one.run, "buyer": one.buyer, "mandate": one.mandate, "chance": 0.5, "low": 0, "high": 1, "state": "shown"}
    titles = TitleFactory.create_batch(A_PAGE + 1, edition=here.edition, company=one.title.company)
    Suggestion.objects.bulk_create(Suggestion(title=title, **facts) for title in titles)
    pages = [get(one.buyer.user, "matching:suggestions", here.edition, page=page) for page in ("1", "2", "nonsense")]
    assert [len(page.context["as_buyer"]) for page in pages] == [A_PAGE, 2, A_PAGE]


def test_rows_take_as_many_queries_however_many_suggestions():
    counts = []
    for titles in (1, 3):
        here = fair(buyers=1, titles=titles)
        MandateFactory(edition=here.edition, buyer=here.buyers[0])
        show_suggestions(here.organiser, here.run())
        MeetingRequestFactory(edition=here.edition, sender=here.buyers[0], receiver=here.sellers[0], title=here.titles[0])
        with CaptureQueriesContext(connection) as captured:
            assert len(rows_of(here.buyers[0].user, here.buyers[0])) == titles
        counts.append(len(captured))
    assert counts[0] == counts[1]
