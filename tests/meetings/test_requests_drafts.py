"""Drafts, editing what was sent, titles besides the first, meeting online."""

from __future__ import annotations

import pytest
from asking import asked, kinds, post_ask, refusal_of, signed_in, url
from factories import (
    EditionFactory,
    MandateFactory,
    MeetingPolicyFactory,
    MeetingRequestFactory,
    ParticipantFactory,
    TitleFactory,
    UserFactory,
)
from visits import get

from madang.desk.log import sentence
from madang.desk.queries import facts_of, request_counts
from madang.markets.models import LogEntry, Stage
from madang.meetings.actions.requests import (
    answer_request,
    delete_draft,
    edit_request,
    request_meeting,
    save_draft,
    send_draft,
    withdraw_request,
)
from madang.meetings.models import MeetingRequest, RequestStatus, Wish
from madang.meetings.queries.requests import history
from madang.people.actions import read_notices
from madang.people.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return EditionFactory()


@pytest.fixture
def organiser(edition):
    user = UserFactory()
    edition.market.organisers.add(user)
    return user


def drafted(buyer, seller, **words) -> MeetingRequest:
    return save_draft(buyer.user, buyer.edition, seller, **{"reason": ""} | words)


def test_a_draft_is_seen_by_its_writer_alone(edition, buyer, seller, organiser):
    made = drafted(buyer, seller, reason="Perhaps.")
    for user in (seller.user, organiser):
        assert get(user, "meetings:request", edition, made.code).status_code == 404
        assert get(user, "meetings:edit_request", edition, made.code).status_code == 404
    assert signed_in(buyer).get(url("request", edition, made.code)).status_code == 302
    tabs = {user: get(user, "meetings:requests", edition).context["tabs"] for user in (buyer.user, seller.user)}
    assert [[number for _key, _words, number in rows] for rows in tabs.values()] == [[0, 1], [0, 0]]
    assert get(organiser, "meetings:desk_requests", edition).context["total"] == 0
    assert sum(facts_of(edition).requests.values()) == 0
    assert request_counts([buyer, seller]) == {person.pk: {"in": 0, "waiting": 0, "out": 0} for person in (buyer, seller)}
    assert (Notice.objects.count(), LogEntry.objects.count()) == (0, 0)


def test_a_draft_lacks_what_it_likes_and_there_is_one_for_each_person(edition, buyer, seller):
    first = drafted(buyer, seller)
    second = drafted(buyer, seller, reason="More of it.", wish=Wish.MUST)
    assert (first.pk, second.reason, second.sender_wish) == (second.pk, "More of it.", Wish.MUST)
    assert MeetingRequest.objects.get().status == RequestStatus.DRAFT


def test_sending_a_draft_checks_everything_again(edition, buyer, seller):
    MeetingPolicyFactory(edition=edition, buyers_out=1, expires_after_hours=48)
    title = TitleFactory(edition=edition, company=seller.company)
    made = drafted(buyer, seller, title=title)
    assert refusal_of(send_draft, buyer.user, made) == "no_reason"
    edit_request(buyer.user, made, reason="Your slate.")
    title.is_withdrawn = True
    title.save()
    assert refusal_of(send_draft, buyer.user, made) == "title_gone"
    other = asked(buyer, ParticipantFactory(edition=edition, is_seller=True))
    assert refusal_of(send_draft, buyer.user, made, title=None) == "over_quota"
    withdraw_request(buyer.user, other)
    assert MeetingRequest.objects.get(pk=made.pk).status == RequestStatus.DRAFT
    sent = send_draft(buyer.user, made, title=None)
    assert (sent.status, sent.code, sent.title, sent.expires_at is not None) == (RequestStatus.SENT, made.code, None, True)
    assert send_draft(buyer.user, made).status == RequestStatus.SENT
    assert kinds(seller) == ["request_received"]
    assert LogEntry.objects.filter(verb="request_meeting", subject=made.code).count() == 1


def test_a_draft_does_not_stand_in_the_way_and_becomes_what_is_sent(edition, buyer, seller):
    mine = drafted(buyer, seller)
    hers = asked(seller, buyer)
    assert refusal_of(send_draft, buyer.user, mine, reason="Hello") == "asked_by_other"
    withdraw_request(seller.user, hers)
    made = asked(buyer, seller)
    assert (made.pk, MeetingRequest.objects.filter(sender=buyer).count()) == (mine.pk, 1)


@pytest.mark.parametrize("stage", [Stage.PREPARATION, Stage.AFTER])
def test_drafts_wait_for_the_stage(edition, buyer, seller, stage):
    made = drafted(buyer, seller, reason="Hello")
    type(edition).objects.filter(pk=edition.pk).update(stage=stage)
    assert refusal_of(send_draft, buyer.user, made) == "wrong_stage"
    assert refusal_of(save_draft, buyer.user, edition, ParticipantFactory(edition=edition, is_seller=True)) in {
        "too_early",
        "too_late",
    }
    page = signed_in(buyer).get(url("edit_request", edition, made.code)).content.decode()
    assert (url("delete_request", edition, made.code) in page, "Send the request" in page) == (True, False)


def test_only_its_writer_deletes_a_draft_and_only_a_draft(edition, buyer, seller, organiser):
    made = drafted(buyer, seller)
    for user in (seller.user, organiser):
        assert refusal_of(delete_draft, user, made) == "no_draft"
        assert signed_in(user).post(url("delete_request", edition, made.code)).status_code == 302
    assert MeetingRequest.objects.count() == 1
    delete_draft(buyer.user, made)
    delete_draft(buyer.user, made)
    assert MeetingRequest.objects.count() == 0
    sent = asked(buyer, seller)
    assert refusal_of(delete_draft, buyer.user, sent) == "no_draft"
    assert refusal_of(send_draft, buyer.user, made) == "gone"


def test_what_was_sent_is_edited_until_it_is_answered(edition, buyer, seller, organiser):
    titles = [TitleFactory(edition=edition, company=seller.company) for _ in range(3)]
    mandate = MandateFactory(edition=edition, buyer=buyer)
    made = asked(buyer, seller, title=titles[0])
    words = {"reason": "Another reason.", "title": titles[1], "also_about": titles, "mandate": mandate, "wish": Wish.MUST}
    edited = edit_request(buyer.user, made, **words, session="morning", form="online", link="https://meet.example.org/1")
    row = MeetingRequest.objects.get()
    assert (row.reason, row.title, row.mandate, row.sender_wish) == ("Another reason.", titles[1], mandate, Wish.MUST)
    assert set(row.also_about.all()) == {titles[0], titles[2]}
    assert (row.session, row.form, row.link) == ("morning", "online", "https://meet.example.org/1")
    assert (row.created_at, row.expires_at) == (made.created_at, made.expires_at)
    line = LogEntry.objects.get(verb="edit_request")
    changed = ["reason", "title", "mandate", "sender_wish", "session", "form", "link", "also_about"]
    assert (line.details["changed"], edited.edited_at.year) == (changed, 2025)
    assert "why we should meet, about the title" in sentence(line)
    assert [step.code for step in history(row)] == ["asked", "edited"]
    page = signed_in(seller).get(url("request", edition, made.code)).content.decode()
    assert ("Edited" in page, "edited the request." in page, "https://meet.example.org/1" in page) == (True, True, True)
    answer_request(seller.user, row, accept=True)
    assert refusal_of(edit_request, buyer.user, made, reason="Too late.") == "answered"
    assert MeetingRequest.objects.get().reason == "Another reason."


def test_the_receiver_is_told_of_edits_once_until_she_has_read(edition, buyer, seller):
    made = asked(buyer, seller)
    edit_request(buyer.user, made, reason="One.")
    assert kinds(seller) == ["request_received"]  # not read yet: the page behind it shows the new words
    read_notices(seller.user, edition, last=str(Notice.objects.latest("pk").pk))
    edit_request(buyer.user, made, reason="Two.")
    edit_request(buyer.user, made, reason="Three.")
    edit_request(buyer.user, made, reason="Three.")
    assert kinds(seller) == ["request_received", "request_edited"]
    assert LogEntry.objects.filter(verb="edit_request").count() == 3
    read_notices(seller.user, edition, last=str(Notice.objects.latest("pk").pk))
    edit_request(buyer.user, made, reason="Four.")
    assert kinds(seller) == ["request_received", "request_edited", "request_edited"]


def test_nobody_edits_for_somebody_else(edition, buyer, seller, organiser):
    made, draft = asked(buyer, seller), drafted(buyer, ParticipantFactory(edition=edition, is_seller=True))
    for user in (seller.user, organiser):
        assert refusal_of(edit_request, user, made, reason="Mine.") == "not_yours"
        assert refusal_of(edit_request, user, draft, reason="Mine.") == "not_yours"
        assert refusal_of(send_draft, user, draft, reason="Mine.") == "not_yours"
    other = ParticipantFactory(edition=edition, is_buyer=True)
    for code in (made.code, draft.code):
        assert signed_in(other).post(url("edit_request", edition, code), {"reason": "Mine", "wish": 2}).status_code == 404
    assert signed_in(seller).post(url("edit_request", edition, made.code), {"reason": "Mine"}).status_code == 302
    assert MeetingRequest.objects.get(pk=made.pk).reason == "Your slate fits ours."


def test_titles_besides_are_of_the_two_on_offer_and_few(edition, buyer, seller):
    mine, gone = TitleFactory(edition=edition, company=seller.company), TitleFactory(edition=edition)
    assert refusal_of(asked, buyer, seller, also_about=[mine, gone]) == "title_gone"
    many = [TitleFactory(edition=edition, company=seller.company) for _ in range(11)]
    assert refusal_of(asked, buyer, seller, also_about=many) == "too_many_titles"
    assert MeetingRequest.objects.count() == 0


def test_a_link_is_kept_for_online_meetings_only(buyer, seller):
    made = asked(buyer, seller, form="online", link="https://meet.example.org/1")
    assert edit_request(buyer.user, made, form="in_person").link == ""


def test_drafting_editing_and_sending_in_the_browser(edition, buyer, seller):
    titles = [TitleFactory(edition=edition, company=seller.company) for _ in range(2)]
    kept = post_ask(buyer, seller, reason="", act="draft", also_about=[titles[1].code])
    assert "Your draft is kept." in kept.content.decode()
    draft = MeetingRequest.objects.get()
    assert kept.redirect_chain == [(url("edit_request", edition, draft.code), 302)]
    client, address = signed_in(buyer), url("edit_request", edition, draft.code)
    assert client.get(url("ask", edition, seller.code), follow=True).redirect_chain == [(address, 302)]
    refused = client.post(address, {"reason": "", "wish": 2, "act": "send"})
    assert (refused.status_code, "This field is required." in refused.content.decode()) == (422, True)
    sent = client.post(address, {"reason": "Hello", "wish": 3, "act": "send"}, follow=True)
    assert sent.redirect_chain == [(url("request", edition, draft.code), 302)]
    changed = client.post(
        address, {"reason": "Hello again", "wish": 1, "form": "online", "link": "meet.example.org"}, follow=True
    )
    assert "sees that it was edited." in changed.content.decode()
    draft.refresh_from_db()
    assert (draft.reason, draft.sender_wish, draft.link) == ("Hello again", Wish.IF_ROOM, "https://meet.example.org")
    deleted = client.post(url("delete_request", edition, draft.code), follow=True)
    assert "This is no draft of yours any more." in deleted.content.decode()


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://example.org", "not an address"])
def test_only_addresses_of_pages(buyer, seller, link):
    response = post_ask(buyer, seller, form="online", link=link)
    assert (response.status_code, MeetingRequest.objects.count()) == (422, 0)


def test_over_quota_one_may_still_write_a_draft(edition, buyer, seller):
    MeetingPolicyFactory(edition=edition, buyers_out=0)
    page = signed_in(buyer).get(url("ask", edition, seller.code)).content.decode()
    assert ("You have sent all 0 requests" in page, "Keep as a draft" in page) == (True, True)
    assert post_ask(buyer, seller).status_code == 422
    assert post_ask(buyer, seller, act="draft").status_code == 200
    assert MeetingRequest.objects.get().status == RequestStatus.DRAFT


@pytest.mark.parametrize("side", ["received", "sent"])
def test_lists_have_chips_for_every_status_that_side_has(edition, buyer, side):
    for status in RequestStatus.values:
        MeetingRequestFactory(edition=edition, status=status, **{"sender" if side == "sent" else "receiver": buyer})
    page = signed_in(buyer).get(url("requests", edition) + f"?side={side}")
    numbers = {value: number for value, _words, number in page.context["chips"]}
    drafts = 1 if side == "sent" else 0
    assert numbers == dict.fromkeys(RequestStatus.values, 1) | {"draft": drafts}
    expired = signed_in(buyer).get(url("requests", edition) + f"?side={side}&status=expired")
    assert [row.status for row in expired.context["page"]] == ["expired"]


BAD = {
    "oneself": lambda house: request_meeting(house["me"].user, house["edition"], house["me"], reason="Hello"),
    "own_company": lambda house: asked(house["me"], house["colleague"]),
    "not_visible": lambda house: asked(house["me"], house["hidden"]),
    "no_reason": lambda house: asked(house["me"], house["seller"], reason="  "),
    "too_long": lambda house: asked(house["me"], house["seller"], reason="가" * 1001),
    "title_gone": lambda house: asked(house["me"], house["seller"], title=house["withdrawn"]),
    "not_yours": lambda house: send_draft(house["me"].user, house["draft"], reason="Mine now"),
    "list_full": lambda house: asked(house["me"], house["full"]),
    "left": lambda house: asked(house["gone"], house["seller"]),
}


@pytest.mark.parametrize("code", BAD)
def test_bad_input_is_a_clear_sentence_and_no_row(edition, buyer, seller, code):
    MeetingPolicyFactory(edition=edition, sellers_in=1)
    house = {"edition": edition, "me": buyer, "seller": seller}
    house["colleague"] = ParticipantFactory(edition=edition, is_seller=True, company=buyer.company)
    house["hidden"] = ParticipantFactory(edition=edition, is_seller=True, seen_by="nobody")
    house["withdrawn"] = TitleFactory(edition=edition, company=seller.company, is_withdrawn=True)
    house["full"] = ParticipantFactory(edition=edition, is_seller=True)
    house["gone"] = ParticipantFactory(edition=edition, is_buyer=True, left_at=edition.now())
    other = ParticipantFactory(edition=edition, is_buyer=True)
    asked(other, house["full"])
    house["draft"] = drafted(other, seller)
    before = list(MeetingRequest.objects.order_by("pk").values())
    assert refusal_of(BAD[code], house) == code
    assert list(MeetingRequest.objects.order_by("pk").values()) == before
    assert LogEntry.objects.count() == Notice.objects.count() == 1  # of the request that fills the list
