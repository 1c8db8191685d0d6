"""Pages of requests: asking, answering, one's lists, the organiser's list."""

from __future__ import annotations

import pytest
from asking import asked, post_ask, queries_of, requests_with_subjects, signed_in, url
from django.core import mail
from django.test import Client
from factories import (
    EditionFactory,
    MandateFactory,
    MeetingPolicyFactory,
    MeetingRequestFactory,
    ParticipantFactory,
    TitleFactory,
    UserFactory,
)

from madang.meetings.models import MeetingRequest, RequestStatus, Timetable, TimetableState, Wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return MeetingPolicyFactory(buyers_out=2).edition


def test_asking_in_the_browser_sends_one_mail_to_the_receiver(edition, buyer, seller):
    title = TitleFactory(edition=edition, company=seller.company)
    response = post_ask(buyer, seller, title=title.code, wish=3, session="afternoon")
    made = MeetingRequest.objects.get()
    assert response.redirect_chain == [(url("request", edition, made.code), 302)]
    assert (made.title, made.sender_wish, made.session) == (title, Wish.MUST, "afternoon")
    assert [message.to for message in mail.outbox] == [[seller.email]]
    assert url("request", edition, made.code) in mail.outbox[0].body


def test_the_same_form_sent_twice_leads_to_the_request(edition, buyer, seller):
    post_ask(buyer, seller)
    response = post_ask(buyer, seller)
    assert response.redirect_chain == [(url("request", edition, "R00001"), 302)]
    assert "You have already asked" in response.content.decode()
    assert MeetingRequest.objects.count() == len(mail.outbox) == 1


def test_who_has_been_asked_is_led_to_the_answer(edition, buyer, seller):
    asked(buyer, seller)
    response = signed_in(seller).get(url("ask", edition, buyer.code), follow=True)
    page = response.content.decode()
    assert "has already asked you for a meeting: answer here." in page
    assert url("answer", edition, "R00001") in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"reason": ""}, "This field is required."),
        ({"reason": "x" * 1001}, "Ensure this value has at most 1000 characters (it has 1001)."),
        ({"title": "GONE"}, "This title is not on offer any more"),
        ({"mandate": "FOREIGN"}, "This mandate does not exist any more"),
        ({"wish": "9"}, "Select a valid choice."),
        ({"session": "night"}, "Select a valid choice."),
    ],
)
def test_bad_input_gets_a_sentence_and_no_row(edition, buyer, seller, data, sentence):
    TitleFactory(edition=edition, company=seller.company, code="GONE", is_withdrawn=True)
    MandateFactory(edition=edition, code="FOREIGN")
    response = post_ask(buyer, seller, **data)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert MeetingRequest.objects.count() == 0


def test_a_line_end_counts_as_one_letter_as_in_the_browser(buyer, seller):
    post_ask(buyer, seller, reason="x" * 499 + "\r\n" + "y" * 500)
    assert MeetingRequest.objects.get().reason == "x" * 499 + "\n" + "y" * 500


@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_say_what_stands_against_asking(edition, buyer, method):
    colleague = ParticipantFactory(edition=edition, is_seller=True, company=buyer.company)
    response = getattr(signed_in(buyer), method)(url("ask", edition, colleague.code), {"reason": "Hello", "wish": 2})
    assert response.status_code == (200 if method == "get" else 422)
    assert "You work for the same company." in response.content.decode()
    assert MeetingRequest.objects.count() == 0


def test_who_is_not_visible_is_not_found(edition, buyer):
    elsewhere, juror = ParticipantFactory(is_seller=True), ParticipantFactory(edition=edition, is_juror=True)
    assert signed_in(buyer).get(url("ask", edition, elsewhere.code)).status_code == 404
    assert signed_in(buyer).get(url("ask", edition, juror.code)).status_code == 404
    assert signed_in(UserFactory()).get(url("ask", edition, buyer.code)).status_code == 404


def test_answering_in_the_browser(edition, buyer, seller):
    made, client = asked(buyer, seller), signed_in(seller)
    page = client.get(url("request", edition, made.code)).content.decode()
    assert url("answer", edition, made.code) in page
    missing = client.post(url("answer", edition, made.code), {"answer": "Hello"})
    assert (missing.status_code, "Choose one of the four." in missing.content.decode()) == (422, True)
    done = client.post(url("answer", edition, made.code), {"level": "1"}, follow=True)
    assert "You accepted" in done.content.decode()
    no = client.post(url("answer", edition, made.code), {"level": "no", "answer": "Ill.", "answer_shown": "on"}, follow=True)
    assert "You declined" in no.content.decode()
    again = client.post(url("answer", edition, made.code), {"level": "3"}, follow=True)
    assert "You have declined this request." in again.content.decode()
    made.refresh_from_db()
    assert (made.status, made.receiver_wish, made.answer) == (RequestStatus.DECLINED, None, "Ill.")
    assert sorted(message.to for message in mail.outbox) == sorted([[seller.email], [buyer.email], [buyer.email]])


def test_who_accepts_after_publication_reads_that_no_timetable_will_find_a_time(edition, buyer, seller):
    answer = {"level": "2"}
    before = signed_in(seller).post(url("answer", edition, asked(buyer, seller).code), answer, follow=True).content.decode()
    Timetable.objects.create(edition=edition, state=TimetableState.PUBLISHED, version=1)
    late = ParticipantFactory(edition=edition, is_buyer=True)
    after = signed_in(seller).post(url("answer", edition, asked(late, seller).code), answer, follow=True).content.decode()
    words = ("the timetable will find a time", "the meeting still needs a time")
    assert [[sentence in page for sentence in words] for page in (before, after)] == [[True, False], [False, True]]


def test_withdrawing_in_the_browser(edition, buyer, seller):
    made, client = asked(buyer, seller), signed_in(buyer)
    done = client.post(url("withdraw", edition, made.code), follow=True)
    assert "Your request is withdrawn" in done.content.decode()
    assert "withdrew the request." in done.content.decode()
    made.refresh_from_db()
    assert made.status == RequestStatus.WITHDRAWN


def test_requests_of_others_are_not_found(edition, buyer, seller):
    made, third = asked(buyer, seller), ParticipantFactory(edition=edition, is_seller=True)
    for name in ("request", "answer", "withdraw"):
        client = signed_in(third)
        method = client.get if name == "request" else client.post
        assert method(url(name, edition, made.code), {"level": "2"}).status_code == 404
    assert signed_in(buyer).get(url("request", EditionFactory(), made.code)).status_code == 404
    assert MeetingRequest.objects.get().status == RequestStatus.SENT


def test_changes_need_a_post(edition, buyer, seller):
    made = asked(buyer, seller)
    assert signed_in(seller).get(url("answer", edition, made.code)).status_code == 405
    assert signed_in(buyer).get(url("withdraw", edition, made.code)).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(buyer.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert strict.post(url("withdraw", edition, made.code)).status_code == 403


def test_a_visitor_is_asked_to_sign_in(edition, buyer, seller):
    made = asked(buyer, seller)
    for name, parts in [("requests", []), ("request", [made.code]), ("ask", [seller.code]), ("desk_requests", [])]:
        response = Client().get(url(name, edition, *parts))
        assert (response.status_code, "next=" in response["Location"]) == (302, True)


def test_the_list_has_tabs_chips_counts_and_the_quota(edition, buyer, seller):
    asked(buyer, seller)
    MeetingRequestFactory(edition=edition, receiver=buyer, status=RequestStatus.DECLINED)
    client = signed_in(buyer)
    sent = client.get(url("requests", edition) + "?side=sent")
    assert [(key, number) for key, _, number in sent.context["tabs"]] == [("received", 1), ("sent", 1)]
    assert "1 of 2 requests sent." in sent.content.decode()
    received = client.get(url("requests", edition) + "?status=declined")
    assert [row.status for row in received.context["page"]] == ["declined"]
    assert [row.status for row in client.get(url("requests", edition) + "?status=sent").context["page"]] == []
    assert len(client.get(url("requests", edition) + "?status=nonsense&page=x").context["page"]) == 1


@pytest.mark.parametrize("side", ["sender", "receiver"])
def test_the_list_of_one_and_of_three_needs_the_same_queries(edition, buyer, side):
    client, address = signed_in(buyer), url("requests", edition) + ("?side=sent" if side == "sender" else "")
    requests_with_subjects(edition, 1, **{side: buyer})
    one = queries_of(client, address)
    requests_with_subjects(edition, 2, **{side: buyer})
    assert queries_of(client, address) == one


@pytest.fixture
def organiser(edition):
    user = UserFactory()
    edition.market.organisers.add(user)
    return user


def test_the_organisers_list_needs_the_same_queries_for_one_and_three(edition, organiser):
    client = signed_in(organiser)
    requests_with_subjects(edition, 1)
    one = queries_of(client, url("desk_requests", edition))
    requests_with_subjects(edition, 2)
    assert queries_of(client, url("desk_requests", edition)) == one


def test_the_organiser_finds_requests_by_person_company_and_status(edition, organiser, buyer, seller):
    mine = MeetingRequestFactory(edition=edition, sender=buyer, receiver=seller, status=RequestStatus.DECLINED)
    MeetingRequestFactory(edition=edition)
    MeetingRequestFactory(edition=EditionFactory(market=edition.market))
    client = signed_in(organiser)

    def found(query) -> list[str]:
        return [row.code for row in client.get(url("desk_requests", edition) + query).context["page"]]

    assert len(found("")) == 2
    company = seller.company.name.lower()
    for query in ("?q=lefevre", "?q=camille+lef", "?q=서하늘", f"?q={buyer.email}", f"?company={company}", "?status=declined"):
        assert found(query) == [mine.code], query
    assert found("?q=camille&status=accepted") == []
    assert len(found("?status=nonsense")) == 2


def test_participants_have_no_part_in_the_organisers_list(edition, buyer):
    assert signed_in(buyer).get(url("desk_requests", edition)).status_code == 404


def test_the_organiser_reads_a_request_but_does_not_answer_it(edition, organiser, buyer, seller):
    made, client = asked(buyer, seller), signed_in(organiser)
    page = client.get(url("request", edition, made.code)).content.decode()
    assert url("answer", edition, made.code) not in page
    response = client.post(url("answer", edition, made.code), {"level": "2"}, follow=True)
    assert "Only the person who was asked can answer a request." in response.content.decode()
    assert MeetingRequest.objects.get().status == RequestStatus.SENT


def test_names_are_escaped(edition, buyer):
    evil = ParticipantFactory(edition=edition, is_seller=True, family_name="<script>alert(1)</script>")
    made = asked(buyer, evil, reason="<img src=x>")
    for address in (url("requests", edition) + "?side=sent", url("request", edition, made.code)):
        page = signed_in(buyer).get(address).content.decode()
        assert ("<script>alert" in page, "<img src=x>" in page) == (False, False)
