"""What people are told: each thing once, in their language, in one letter."""

from __future__ import annotations

import threading

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.utils import translation
from factories import EditionFactory, ParticipantFactory

from madang.people.actions import Telling, notify, notify_many, renew_feed_key
from madang.people.letters import mail_letters
from madang.people.models import Notice
from madang.people.notices import TEXTS, notice_text, notice_url, person_facts

pytestmark = pytest.mark.django_db
FACTS = {"who": "Haneul Seo", "who_ko": "서하늘", "company": "Hanbada", "company_ko": "한바다", "request": "R00001"}
TIMED = FACTS | {"starts_at": "2025-05-28T00:00:00+00:00", "zone": "Asia/Seoul", "place": "Table 4", "place_ko": "4번 테이블"}


@pytest.fixture
def reader():
    return ParticipantFactory(edition=EditionFactory(slug="yard"))


def text_of(kind, data, language="en", own_zone="") -> str:
    with translation.override(language):
        return notice_text(Notice(kind=kind, data=data), own_zone)


def test_the_same_thing_is_told_once(reader):
    for _ in range(2):
        notify(reader, "request_received", "R00001", FACTS)
    notify(reader, "request_withdrawn", "R00001", FACTS)
    assert list(Notice.objects.order_by("pk").values_list("kind", "key")) == [
        ("request_received", "R00001"),
        ("request_withdrawn", "R00001"),
    ]
    assert Notice.objects.first().created_at.year == 2025  # the edition's clock


def test_many_are_told_with_one_query(reader, django_assert_num_queries):
    people = [reader, *(ParticipantFactory(edition=reader.edition) for _ in range(9))]
    tellings = [Telling(person, "meeting_placed", "v1:R00001", TIMED) for person in people]
    with django_assert_num_queries(1):
        notify_many(tellings)
    notify_many(tellings)
    assert Notice.objects.count() == 10


@pytest.mark.parametrize("kind", list(TEXTS))
def test_every_kind_reads_well_with_and_without_its_facts(kind):
    kind = kind.removesuffix(" because")
    is_about_somebody = kind not in {
        "event_added",
        "on_stage",
        "event_moved",
        "event_cancelled",
        "seats_booked",
        "seats_offered",
        "seats_lapsed",
        "seats_moved",
        "seats_waiting",
        "deal_expired",
        "deal_signed",
        "meetings_suggested",
        "search_found",
        "readings_assigned",
        "readings_due",
        "round_opened",
        "round_reminder",
    }
    assert ("Haneul Seo, Hanbada" in text_of(kind, TIMED)) == is_about_somebody
    assert ("Someone" in text_of(kind, {})) == is_about_somebody
    assert "%(" not in text_of(kind, TIMED | {"answer": "100 % no"})


def test_names_places_and_times_are_in_the_readers_language_and_zone():
    english = "Your meeting with Haneul Seo, Hanbada has moved. New time and place: Wed 28 May, 09:00 KST, Table 4."
    assert text_of("meeting_moved", TIMED) == english
    korean = text_of("meeting_moved", TIMED, "ko", "Europe/Paris")
    for words in ("서하늘", "한바다", "2025년 5월 28일 (수) 09:00 KST (02:00 CEST)", "4번 테이블"):
        assert words in korean


def test_a_decline_gives_its_reason_shortened():
    assert text_of("request_declined", FACTS | {"answer": "No room."}).endswith("request: “No room.”")
    assert len(text_of("request_declined", FACTS | {"answer": "x" * 1000})) < 220
    assert text_of("something_new", FACTS) == "There is news for you."


def test_a_notice_leads_to_its_page(reader):
    assert notice_url(Notice(kind="request_accepted", data=FACTS), "yard") == "/e/yard/requests/R00001/"
    assert notice_url(Notice(kind="meeting_moved", data=TIMED), "yard") == "/e/yard/agenda/"
    assert notice_url(Notice(kind="else", data={}), "yard") == "/e/yard/"


def test_facts_of_a_person_are_kept_in_every_language(reader):
    reader.native_name, reader.company.name_ko = "서하늘", "한바다"
    assert person_facts(reader) == {
        "who": reader.latin_name,
        "who_ko": "서하늘",
        "company": reader.company.name,
        "company_ko": "한바다",
    }


def test_one_letter_a_person_and_nothing_twice(reader):
    other = ParticipantFactory(edition=reader.edition)
    notify(reader, "request_received", "R00001", FACTS)
    notify(reader, "meeting_placed", "v1:R00001", TIMED)
    notify(other, "request_received", "R00002", FACTS)
    assert mail_letters("https://market.example/") == 2
    assert mail_letters("https://market.example/") == 0
    assert [message.to for message in mail.outbox] == [[reader.email], [other.email]]
    assert mail.outbox[0].subject == "Yard Market 2025: 2 messages for you"
    body = mail.outbox[0].body
    assert "- Haneul Seo, Hanbada asks you for a meeting.\n  https://market.example/e/yard/requests/R00001/\n" in body
    assert "- You meet Haneul Seo, Hanbada: Wed 28 May, 09:00 KST, Table 4.\n" in body
    assert "\n\n\n" not in body
    assert Notice.objects.filter(mailed_at=None).count() == 0


def test_a_letter_is_in_the_readers_language(reader):
    reader.language = "ko"
    reader.save()
    notify(reader, "request_received", "R00001", FACTS)
    mail_letters()
    assert "서하늘, 한바다" in mail.outbox[0].body
    assert "http" not in mail.outbox[0].body  # the site's address is not known here
    assert mail.outbox[0].subject.startswith("마당 마켓 2025")


def test_what_was_read_or_has_no_address_is_not_mailed(reader):
    silent = ParticipantFactory(edition=reader.edition, user=None, email="")
    notify(silent, "request_received", "R00001", FACTS)
    notify(reader, "request_received", "R00001", FACTS)
    Notice.objects.filter(recipient=reader).update(read_at=reader.edition.now())
    assert mail_letters() == len(mail.outbox) == 0


def test_names_cannot_write_headers(reader):
    reader.edition.name = "Yard\nBcc: everyone@example.org"
    reader.edition.save()
    notify(reader, "request_received", "R00001", FACTS)
    assert mail_letters() == 1
    assert mail.outbox[0].subject == "Yard Bcc: everyone@example.org: one message for you"


class BrokenBackend(BaseEmailBackend):
    def open(self):
        raise ConnectionRefusedError


def test_when_the_mail_server_is_away_the_next_run_sends(reader, settings):
    notify(reader, "request_received", "R00001", FACTS)
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.BrokenBackend"
    assert mail_letters() == 0
    settings.EMAIL_BACKEND = working
    assert mail_letters() == len(mail.outbox) == 1


def test_only_the_owner_renews_her_feed_key(reader):
    with pytest.raises(PermissionDenied):
        renew_feed_key(ParticipantFactory(edition=reader.edition).user, reader)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_nothing_twice(reader):
    people = [reader, *(ParticipantFactory(edition=reader.edition) for _ in range(9))]
    notify_many(Telling(person, "meeting_placed", f"v1:R{n}", TIMED) for person in people for n in range(3))

    def work() -> None:
        try:
            mail_letters()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(person.email for person in people)
    assert sum(message.body.count("You meet") for message in mail.outbox) == 30


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Haneul Seo", "Haneul Seo"),
        ("\u202eoeS luenaH", "oeS luenaH"),
        ("\u2067Seo\u2066", "Seo"),
        ("נועה לוי", "\u2068נועה לוי\u2069"),
        ("سلمى \u202bحداد", "\u2068سلمى حداد\u2069"),
    ],
)
def test_a_name_turns_no_other_word_of_the_sentence(reader, name, shown):
    assert text_of("request_received", {"who": name}) == f"{shown} asks you for a meeting."
    words = text_of("request_declined", {"who": "Ada", "answer": name})
    assert words == f"Ada declines your meeting request: “{shown}”"
    reader.family_name, reader.given_name = "", name
    reader.save()
    notify(reader, "request_received", "R00001", FACTS)
    mail_letters()
    assert mail.outbox[0].body.startswith(f"Dear {shown},")
