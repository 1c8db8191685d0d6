"""Asking for a meeting: what is written and told, and what is refused with a clear sentence and no row."""

from __future__ import annotations

import threading

import pytest
from asking import asked, notices, refusal_of
from django.db import connection
from factories import MandateFactory, MeetingPolicyFactory, MeetingRequestFactory, ParticipantFactory, TitleFactory

from madang.markets.models import LogEntry, Stage
from madang.meetings.actions.requests import RequestRefused, answer_request, next_code, withdraw_request
from madang.meetings.models import MeetingRequest, RequestStatus, Wish
from madang.people.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return MeetingPolicyFactory(buyers_out=2).edition


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
    edition.meeting_policy.buyers_out = 1
    edition.meeting_policy.save()
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
