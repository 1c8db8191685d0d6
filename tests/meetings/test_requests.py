"""Asking, answering, withdrawing: the actions, the pages, and what is refused with a clear sentence and no row."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories import EditionFactory, MandateFactory, MeetingRequestFactory, ParticipantFactory, TitleFactory, UserFactory

from madang.markets.models import LogEntry, Stage
from madang.meetings.actions.requests import RequestRefused, answer_request, next_code, request_meeting, withdraw_request
from madang.meetings.models import MeetingRequest, RequestStatus, Wish
from madang.meetings.queries.requests import history
from madang.people.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return EditionFactory(requests_out=2)


@pytest.fixture
def buyer(edition):
    return ParticipantFactory(edition=edition, is_buyer=True, given_name="Camille", family_name="Lefèvre")


@pytest.fixture
def seller(edition):
    return ParticipantFactory(edition=edition, is_seller=True, given_name="Haneul", family_name="Seo", native_name="서하늘")


def signed_in(participant_or_user) -> Client:
    client = Client()
    user = getattr(participant_or_user, "user", participant_or_user)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def url(name, edition, *parts) -> str:
    return reverse(f"meetings:{name}", args=[edition.slug, *parts])


def asked(buyer, seller, **facts) -> MeetingRequest:
    return request_meeting(buyer.user, buyer.edition, seller, **{"reason": "Your slate fits ours."} | facts)


def refusal_of(act, *args, **facts) -> str:
    with pytest.raises(RequestRefused) as caught:
        act(*args, **facts)
    return caught.value.refusal.code


def notices(participant) -> list[tuple[str, str]]:
    return list(Notice.objects.filter(recipient=participant).order_by("pk").values_list("kind", "key"))


# Asking


def test_a_request_has_its_row_its_log_line_and_its_notice(edition, buyer, seller):
    title = TitleFactory(edition=edition, company=seller.company)
    mandate = MandateFactory(edition=edition, buyer=buyer)
    made = asked(buyer, seller, title=title, mandate=mandate, wish=Wish.MUST, session="morning")
    row = MeetingRequest.objects.get()
    assert (row.code, row.sender, row.receiver, row.title, row.mandate) == ("R00001", buyer, seller, title, mandate)
    assert (row.sender_wish, row.session, row.status) == (Wish.MUST, "morning", RequestStatus.SENT)
    assert row.created_at.year == 2025  # the edition's clock
    assert notices(seller) == [("request_received", made.code)]
    line = LogEntry.objects.get()
    assert (line.verb, line.subject, line.actor) == ("request_meeting", "R00001", buyer.user)


def test_oneself_the_own_company_and_people_who_do_no_business_are_refused(edition, buyer, seller):
    colleague = ParticipantFactory(edition=edition, is_seller=True, company=buyer.company)
    juror = ParticipantFactory(edition=edition, is_juror=True)
    assert refusal_of(asked, buyer, buyer) == "oneself"
    assert refusal_of(asked, buyer, colleague) == "own_company"
    assert refusal_of(asked, buyer, juror) == "not_business"
    assert refusal_of(asked, juror, seller) == "no_part"
    assert MeetingRequest.objects.count() == Notice.objects.count() == LogEntry.objects.count() == 0


def test_two_people_without_a_company_may_meet(edition):
    one = ParticipantFactory(edition=edition, company=None, is_buyer=True)
    other = ParticipantFactory(edition=edition, company=None, is_creator=True)
    assert asked(one, other).receiver == other


@pytest.mark.parametrize(("stage", "code"), [(Stage.PREPARATION, "too_early"), (Stage.AFTER, "too_late")])
def test_the_wrong_stage_is_refused_even_if_the_page_was_opened_before(buyer, seller, stage, code):
    type(buyer.edition).objects.filter(pk=buyer.edition_id).update(stage=stage)
    assert refusal_of(asked, buyer, seller) == code


def test_a_pair_has_one_open_request_whoever_asks(buyer, seller):
    first = asked(buyer, seller)
    assert refusal_of(asked, buyer, seller) == "asked_already"
    assert refusal_of(asked, seller, buyer) == "asked_by_other"
    answer_request(seller.user, first, accept=True)
    assert refusal_of(asked, buyer, seller) == refusal_of(asked, seller, buyer) == "agreed_already"
    assert MeetingRequest.objects.count() == 1


def test_the_quota_counts_what_was_sent_and_not_withdrawn(edition, buyer):
    first, second, third = (ParticipantFactory(edition=edition, is_seller=True) for _ in range(3))
    declined, sent = asked(buyer, first), asked(buyer, second)
    answer_request(first.user, declined, accept=False)
    assert refusal_of(asked, buyer, third) == "over_quota"
    withdraw_request(buyer.user, sent)
    assert asked(buyer, third).receiver == third


def test_titles_and_mandates_must_belong_to_the_two_and_be_on_offer(edition, buyer, seller):
    withdrawn = TitleFactory(edition=edition, company=seller.company, is_withdrawn=True)
    foreign = TitleFactory(edition=edition)
    hidden = MandateFactory(edition=edition, buyer=buyer, visibility="hidden")
    assert refusal_of(asked, buyer, seller, title=withdrawn) == "title_gone"
    assert refusal_of(asked, buyer, seller, title=foreign) == "title_gone"
    assert refusal_of(asked, seller, buyer, mandate=hidden) == "mandate_gone"
    assert refusal_of(asked, buyer, seller, mandate=MandateFactory(edition=edition)) == "mandate_gone"
    assert MeetingRequest.objects.count() == 0


@pytest.mark.parametrize(("reason", "code"), [("", "no_reason"), (" \n ", "no_reason"), ("x" * 1001, "too_long")])
def test_a_reason_is_needed_and_has_its_length(buyer, seller, reason, code):
    assert refusal_of(asked, buyer, seller, reason=reason) == code
    assert MeetingRequest.objects.count() == 0


def test_codes_go_on_after_imported_ones(edition, buyer):
    assert next_code(edition) == "R00001"
    for code in ("R7", "R00041", "REQ-9", "r99999", "R00012"):
        MeetingRequestFactory(edition=edition, code=code)
    assert next_code(edition) == "R00042"
    MeetingRequestFactory(edition=edition, code="R0000000009")
    assert next_code(edition) == "R0000000010"
    MeetingRequestFactory(edition=edition, code="R9999999999")
    assert next_code(edition) == "R10000000000"
    MeetingRequestFactory(code="R77777777777777")  # of another edition
    assert next_code(edition) == "R10000000000"


@pytest.mark.django_db(transaction=True)
def test_many_people_ask_at_once(edition):
    """Ten people ask at the same moment, each three times over: one row each, no code twice, no quota exceeded."""
    edition.requests_out = 1
    edition.save()
    seller, other = (ParticipantFactory(edition=edition, is_seller=True) for _ in range(2))
    buyers = [ParticipantFactory(edition=edition, is_buyer=True) for _ in range(10)]
    refused: list[str] = []

    def ask(buyer, receiver) -> None:
        try:
            asked(buyer, receiver)
        except RequestRefused as caught:
            refused.append(caught.refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(b, r)) for b in buyers for r in (seller, seller, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = list(MeetingRequest.objects.values_list("sender", "code"))
    assert sorted(sender for sender, _ in rows) == sorted(buyer.pk for buyer in buyers)
    assert sorted(code for _, code in rows) == [f"R{n:05d}" for n in range(1, 11)]
    assert len(refused) == 20
    assert set(refused) <= {"asked_already", "over_quota"}


# Answering and withdrawing


def test_accepting_keeps_the_wish_and_tells_the_sender(buyer, seller):
    made = asked(buyer, seller)
    answer_request(seller.user, made, accept=True, wish=Wish.MUST, answer=" With pleasure. ")
    made.refresh_from_db()
    assert (made.status, made.receiver_wish, made.answer) == (RequestStatus.ACCEPTED, Wish.MUST, "With pleasure.")
    assert made.answered_at.year == 2025
    assert notices(buyer) == [("request_accepted", made.code)]


def test_declining_shows_the_reason_to_the_sender(buyer, seller):
    made = asked(buyer, seller)
    answer_request(seller.user, made, accept=False, answer="No slots for factual this year.")
    page = signed_in(buyer).get(url("request", buyer.edition, made.code)).content.decode()
    assert "No slots for factual this year." in page
    assert Notice.objects.get(recipient=buyer).data["answer"] == "No slots for factual this year."


def test_an_answer_stands_and_a_second_click_is_harmless(buyer, seller):
    made = asked(buyer, seller)
    answer_request(seller.user, made, accept=True)
    answer_request(seller.user, made, accept=True)
    assert refusal_of(answer_request, seller.user, made, accept=False) == "answered"
    made.refresh_from_db()
    assert made.status == RequestStatus.ACCEPTED
    assert notices(buyer) == [("request_accepted", made.code)]
    assert LogEntry.objects.filter(verb="answer_request").count() == 1


def test_nobody_but_the_receiver_answers_and_nobody_but_the_sender_withdraws(edition, buyer, seller):
    made, organiser = asked(buyer, seller), UserFactory()
    edition.market.organisers.add(organiser)
    for user in (buyer.user, organiser):
        assert refusal_of(answer_request, user, made, accept=True) == "not_yours"
    for user in (seller.user, organiser):
        assert refusal_of(withdraw_request, user, made) == "not_yours"
    assert MeetingRequest.objects.get().status == RequestStatus.SENT


def test_withdrawing_tells_the_other_side_once_and_opens_the_pair_again(buyer, seller):
    made = asked(buyer, seller)
    withdraw_request(buyer.user, made)
    withdraw_request(buyer.user, made)
    assert notices(seller) == [("request_received", made.code), ("request_withdrawn", made.code)]
    assert refusal_of(answer_request, seller.user, made, accept=True) == "withdrawn"
    assert asked(buyer, seller).code == "R00002"


def test_withdrawn_at_the_editions_clock(edition, buyer, seller):
    edition.clock_shift = dt.timedelta(days=-500)
    edition.save()
    first, last = history(withdraw_request(buyer.user, asked(buyer, seller)))
    assert (first.code, last.code) == ("asked", "withdrawn")
    assert dt.timedelta(0) <= last.at - first.at < dt.timedelta(minutes=1)


def test_a_declined_request_cannot_be_withdrawn(buyer, seller):
    made = asked(buyer, seller)
    answer_request(seller.user, made, accept=False)
    assert refusal_of(withdraw_request, buyer.user, made) == "answered"


# Pages


def post_ask(buyer, seller, **data):
    data = {"reason": "Your slate fits ours.", "wish": 2} | data
    return signed_in(buyer).post(url("ask", buyer.edition, seller.code), data, follow=True)


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
    missing = client.post(url("answer", edition, made.code), {"wish": 2})
    assert (missing.status_code, "Press “Accept” or “Decline”." in missing.content.decode()) == (422, True)
    done = client.post(url("answer", edition, made.code), {"decision": "accept", "wish": 1}, follow=True)
    assert "You accepted" in done.content.decode()
    again = client.post(url("answer", edition, made.code), {"decision": "decline"}, follow=True)
    assert "You have already answered this request; the answer stands." in again.content.decode()
    made.refresh_from_db()
    assert (made.status, made.receiver_wish) == (RequestStatus.ACCEPTED, Wish.IF_ROOM)
    assert sorted(message.to for message in mail.outbox) == sorted([[seller.email], [buyer.email]])


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
        assert method(url(name, edition, made.code), {"decision": "accept"}).status_code == 404
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


def queries_of(client, address) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def requests_with_subjects(edition, number, **facts) -> None:
    for _ in range(number):
        title, mandate = TitleFactory(edition=edition), MandateFactory(edition=edition)
        MeetingRequestFactory(edition=edition, title=title, mandate=mandate, status=RequestStatus.SENT, **facts)


@pytest.mark.parametrize("side", ["sender", "receiver"])
def test_the_list_of_one_and_of_three_needs_the_same_queries(edition, buyer, side):
    client, address = signed_in(buyer), url("requests", edition) + ("?side=sent" if side == "sender" else "")
    requests_with_subjects(edition, 1, **{side: buyer})
    one = queries_of(client, address)
    requests_with_subjects(edition, 2, **{side: buyer})
    assert queries_of(client, address) == one


# The organiser's list


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
    response = client.post(url("answer", edition, made.code), {"decision": "accept"}, follow=True)
    assert "Only the person who was asked can answer a request." in response.content.decode()
    assert MeetingRequest.objects.get().status == RequestStatus.SENT


def test_names_are_escaped(edition, buyer):
    evil = ParticipantFactory(edition=edition, is_seller=True, family_name="<script>alert(1)</script>")
    made = asked(buyer, evil, reason="<img src=x>")
    for address in (url("requests", edition) + "?side=sent", url("request", edition, made.code)):
        page = signed_in(buyer).get(address).content.decode()
        assert ("<script>alert" in page, "<img src=x>" in page) == (False, False)
