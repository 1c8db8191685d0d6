"""Choosing who finds one, blocking a company, dropping out: what is written, closed and told, and who may."""

from __future__ import annotations

import pytest
from asking import asked, kinds, refusal_of, signed_in, url
from factories import (
    CompanyFactory,
    EditionFactory,
    MeetingRequestFactory,
    ParticipantFactory,
    SlotFactory,
    TableFactory,
    UserFactory,
)
from visits import get, post, queries_of

from madang.desk.log import sentence
from madang.markets.models import LogEntry, Stage
from madang.meetings.actions.finding import (
    NotHers,
    block_company,
    choose_seen_by,
    leave_edition,
    return_to_edition,
    unblock_company,
)
from madang.meetings.actions.requests import answer_request, save_draft, send_draft
from madang.meetings.models import Meeting, MeetingRequest, RequestStatus, Timetable, TimetableState
from madang.people.models import Block

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return EditionFactory()


def placed(request):
    timetable = Timetable.objects.create(edition=request.edition, state=TimetableState.PUBLISHED, version=1)
    slot, table = SlotFactory(edition=request.edition, number=100), TableFactory(edition=request.edition)
    return Meeting.objects.create(timetable=timetable, request=request, slot=slot, table=table)


def statuses() -> dict[str, str]:
    return dict(MeetingRequest.objects.order_by("code").values_list("code", "status"))


def test_who_finds_me_is_saved_once(edition, buyer):
    for _ in range(2):
        assert post(buyer.user, "meetings:who_finds_me", edition, seen_by="nobody").status_code == 302
    buyer.refresh_from_db()
    assert (buyer.seen_by, LogEntry.objects.filter(verb="choose_seen_by").count()) == ("nobody", 1)


def test_matches_are_for_buyers(edition, seller):
    page = get(seller.user, "meetings:who_finds_me", edition)
    assert [value for value, _words in page.context["form"].fields["seen_by"].choices] == ["everyone", "nobody"]
    assert post(seller.user, "meetings:who_finds_me", edition, seen_by="matches").status_code == 422
    with pytest.raises(NotHers):
        choose_seen_by(seller.user, edition, "matches")


def test_who_has_these_pages(edition, buyer):
    company = CompanyFactory(edition=edition, code="C-X")
    organiser = UserFactory()
    edition.market.organisers.add(organiser)
    users = {"visitor": None, "stranger": UserFactory(), "organiser": organiser, "buyer": buyer.user}
    users["juror"] = ParticipantFactory(edition=edition, is_juror=True).user
    names = [("meetings:who_finds_me",), ("meetings:block_company", "C-X")]
    pages = {role: tuple(get(user, name, edition, *code).status_code for name, *code in names) for role, user in users.items()}
    nobody = (404, 404)
    assert pages == {"visitor": (302, 302), "stranger": nobody, "organiser": nobody, "buyer": (200, 200), "juror": nobody}
    assert post(users["juror"], "meetings:block_company", edition, "C-X").status_code == 404
    assert post(users["organiser"], "meetings:unblock_company", edition, company.code).status_code == 404
    assert Block.objects.count() == 0


def test_blocking_closes_what_is_open_and_leaves_what_is_placed(edition, buyer):
    company = CompanyFactory(edition=edition)
    people = [ParticipantFactory(edition=edition, company=company, is_seller=True) for _ in range(5)]
    facts = {"edition": edition}
    MeetingRequestFactory(code="R1", sender=buyer, receiver=people[0], status="sent", **facts)
    MeetingRequestFactory(code="R2", sender=people[1], receiver=buyer, status="sent", **facts)
    MeetingRequestFactory(code="R3", sender=people[2], receiver=buyer, status="accepted", **facts)
    placed(MeetingRequestFactory(code="R4", sender=buyer, receiver=people[3], status="accepted", **facts))
    MeetingRequestFactory(code="R5", sender=people[4], receiver=buyer, status="draft", **facts)
    MeetingRequestFactory(code="R6", sender=buyer, status="sent", **facts)
    look = get(buyer.user, "meetings:block_company", edition, company.code)
    assert [row.code for row, _other in look.context["open_requests"]] == ["R1", "R2", "R3"]
    assert [(row.request.code, others) for row, others in look.context["meetings"]] == [("R4", [people[3]])]
    done = post(buyer.user, "meetings:block_company", edition, company.code)
    assert done.status_code == 302
    assert statuses() == {
        "R1": "withdrawn", "R2": "declined", "R3": "declined", "R4": "accepted", "R5": "draft", "R6": "sent",
    }  # fmt: skip
    assert [kinds(person) for person in people] == [["request_withdrawn"], ["request_declined"], ["request_declined"], [], []]
    assert block_company(buyer.user, edition, company) == 0
    assert [entry.verb for entry in LogEntry.objects.filter(verb="block_company")] == ["block_company"]
    assert company.name not in sentence(LogEntry.objects.get(verb="block_company"))


def test_nobody_asks_across_a_block_and_the_blocked_are_not_told_of_it(edition, buyer, seller):
    draft = save_draft(seller.user, edition, buyer, reason="Hello")
    block_company(buyer.user, edition, seller.company)
    assert refusal_of(asked, seller, buyer) == "not_visible"
    assert refusal_of(send_draft, seller.user, draft) == "not_visible"
    assert signed_in(seller).get(url("ask", edition, buyer.code)).status_code == 404
    assert (
        "block" not in signed_in(seller).get(url("edit_request", edition, draft.code)).content.decode().split("<main")[1].lower()
    )
    assert refusal_of(asked, buyer, seller) == "blocked"
    page = signed_in(buyer).get(url("ask", edition, seller.code)).content.decode()
    assert "You have blocked this company. Unblock it first, then ask." in page
    assert unblock_company(buyer.user, edition, seller.company) is True
    assert unblock_company(buyer.user, edition, seller.company) is False
    assert asked(buyer, seller).status == RequestStatus.SENT


def test_ones_own_company_is_not_blocked(edition, buyer):
    with pytest.raises(NotHers):
        block_company(buyer.user, edition, buyer.company)
    assert post(buyer.user, "meetings:block_company", edition, buyer.company.code).status_code == 404
    with pytest.raises(NotHers):
        block_company(buyer.user, edition, CompanyFactory())
    assert Block.objects.count() == 0


def test_blocks_are_listed_with_a_button(edition, buyer, seller):
    block_company(buyer.user, edition, seller.company)
    page = get(buyer.user, "meetings:who_finds_me", edition)
    assert [company.code for company in page.context["blocked"]] == [seller.company.code]
    assert post(buyer.user, "meetings:unblock_company", edition, seller.company.code).status_code == 302
    assert Block.objects.count() == 0


def test_dropping_out_closes_what_is_open_and_coming_back_opens_nothing(edition, buyer, seller):
    sent, answered = asked(buyer, seller), asked(ParticipantFactory(edition=edition, is_seller=True), buyer)
    answer_request(buyer.user, answered, accept=True)
    stands = placed(MeetingRequestFactory(edition=edition, code="R9", receiver=buyer, sender__is_seller=True))
    for _ in range(2):
        assert post(buyer.user, "meetings:leave", edition, buyer.code, act="leave").status_code == 302
    assert statuses() == {sent.code: "withdrawn", answered.code: "declined", "R9": "accepted"}
    stands.refresh_from_db()
    assert stands.is_cancelled is False
    buyer.refresh_from_db()
    assert (buyer.left_at is not None, LogEntry.objects.filter(verb="leave_edition").count()) == (True, 1)
    assert refusal_of(asked, buyer, seller) == "left"
    assert refusal_of(asked, seller, buyer) == "not_visible"
    assert post(buyer.user, "meetings:leave", edition, buyer.code, act="return").status_code == 302
    assert statuses() == {sent.code: "withdrawn", answered.code: "declined", "R9": "accepted"}
    assert asked(seller, buyer).status == RequestStatus.SENT


@pytest.mark.parametrize(("role", "stage", "may"), [
    ("herself", Stage.MEETINGS, True), ("herself", Stage.AFTER, False), ("organiser", Stage.AFTER, True),
    ("other", Stage.MEETINGS, False), ("juror", Stage.MEETINGS, False),
])  # fmt: skip
def test_who_takes_whom_out(edition, buyer, seller, role, stage, may):
    edition.stage = stage
    edition.save()
    organiser = UserFactory()
    edition.market.organisers.add(organiser)
    juror = ParticipantFactory(edition=edition, is_juror=True).user
    user = {"herself": buyer.user, "organiser": organiser, "other": seller.user, "juror": juror}[role]
    buyer.edition.refresh_from_db()
    assert get(user, "meetings:leave", edition, buyer.code).status_code == (200 if may else 404)
    assert post(user, "meetings:leave", edition, buyer.code, act="leave").status_code == (302 if may else 404)
    buyer.refresh_from_db()
    assert (buyer.left_at is not None) is may
    if not may:
        for act in (leave_edition, return_to_edition):
            with pytest.raises(NotHers):
                act(user, buyer)


@pytest.mark.parametrize("name", ["meetings:block_company", "meetings:leave", "meetings:who_finds_me"])
def test_pages_take_the_same_queries_for_1_and_3_rows(edition, buyer, name):
    company = CompanyFactory(edition=edition)
    parts = {"meetings:block_company": [company.code], "meetings:leave": [buyer.code]}.get(name, [])
    choose_seen_by(buyer.user, edition, "nobody")
    timetable = Timetable.objects.create(edition=edition, state=TimetableState.PUBLISHED, version=1)

    def add(number: int) -> None:
        for _ in range(number):
            people = [ParticipantFactory(edition=edition, company=company, is_seller=True) for _ in range(2)]
            MeetingRequestFactory(edition=edition, sender=buyer, receiver=people[0], status="sent")
            request = MeetingRequestFactory(edition=edition, sender=buyer, receiver=people[1])
            slot = SlotFactory(edition=edition, number=100 + request.pk)
            Meeting.objects.create(timetable=timetable, request=request, slot=slot, table=TableFactory(edition=edition))
            if name == "meetings:who_finds_me":
                Block.objects.create(participant=buyer, company=CompanyFactory(edition=edition))

    add(1)
    one = queries_of(buyer.user, name, edition, *parts)
    add(2)
    assert queries_of(buyer.user, name, edition, *parts) == one
