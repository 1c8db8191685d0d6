"""The outbox: nothing is lost and nothing is sent twice, whatever dies in the middle."""

import datetime as dt
import os
import signal
import smtplib
import socketserver
import subprocess
import sys
import threading
from email import message_from_bytes
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from factories import EditionFactory, ParticipantFactory, UserFactory
from visits import get, post, queries_of

from madang.people.actions import Telling, choose_mails, notify, notify_many
from madang.people.letters import claim_letters, mail_letters, send_again, state_after
from madang.people.mail import message_id
from madang.people.models import Letter, LetterState, Mails, Notice

ROOT = Path(__file__).resolve().parents[2]
FACTS = {"who": "Haneul Seo", "request": "R00001"}
AT_ONCE = dt.timedelta(0)


class Sink(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it takes; at `kill_at` of a letter's commands it kills the worker that sends it."""

    allow_reuse_address, daemon_threads = True, True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Talk)
        self.letters, self.kill_at, self.kill_after, self.worker = [], "", 0, None

    def kill(self, command):
        """Kill the worker when it is time; True when it died here."""
        if command != self.kill_at or len(self.letters) < self.kill_after or self.worker is None:
            return False
        os.kill(self.worker.pid, signal.SIGKILL)
        self.worker.wait()
        return True


class Talk(socketserver.StreamRequestHandler):
    """One connection."""

    def say(self, words):
        self.wfile.write(f"{words}\r\n".encode())

    def handle(self):
        if self.server.kill("connect"):
            return
        self.say("220 sink")
        while line := self.rfile.readline():
            command = line[:4].decode().strip().upper()
            if command == "QUIT" or self.server.kill(command):
                return
            if command == "DATA":
                self.say("354 go on")
                if not self.take():
                    return
            self.say("250 yes")

    def take(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.server.letters.append(message_from_bytes(b"".join(lines)))
        return not self.server.kill("taken")


@pytest.fixture
def sink():
    with Sink() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()


@pytest.fixture
def people():
    """Five people with two unsent notices each."""
    edition = EditionFactory(slug="yard")
    found = [ParticipantFactory(edition=edition) for _ in range(5)]
    notify_many(Telling(person, "request_received", f"R{n}", FACTS) for person in found for n in range(2))
    return found


def database_url():
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    host = quote(facts["HOST"], safe="")
    return f"postgresql://{facts['USER']}:{facts['PASSWORD']}@{host}:{facts['PORT']}/{facts['NAME']}"


WORK = "import django; django.setup(); from madang.people.letters import mail_letters; print(mail_letters())"


def work(sink):
    """A worker of its own, as an installation runs it, on the tests' database; until it ends or is killed."""
    port = sink.server_address[1]
    facts = {
        "DATABASE_URL": database_url(),
        "MADANG_SMTP": f"smtp://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "madang.site.settings",
    }
    sink.worker = subprocess.Popen([sys.executable, "-c", WORK], env={**os.environ, **facts}, cwd=ROOT)
    sink.worker.wait(600)
    return sink.worker.returncode


def states():
    found = dict.fromkeys(LetterState.values, 0)
    for state in Letter.objects.values_list("state", flat=True):
        found[state] += 1
    return {state: number for state, number in found.items() if number}


def told(sink):
    return [(letter["To"], letter["Message-ID"]) for letter in sink.letters]


DEATHS = [
    pytest.param("connect", 0, {"claimed": 5}, 0, id="claimed, before anything is sent"),
    pytest.param("MAIL", 2, {"sent": 2, "sending": 1, "claimed": 2}, 2, id="begun, before the server has it"),
    pytest.param("DATA", 0, {"sending": 1, "claimed": 4}, 0, id="the first, half sent"),
    pytest.param("taken", 3, {"sent": 2, "sending": 1, "claimed": 2}, 3, id="the server has it, the worker does not know"),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("command", "after", "left", "arrived"), DEATHS)
def test_a_worker_killed_in_the_middle_loses_nothing_and_sends_nothing_twice(people, sink, command, after, left, arrived):
    sink.kill_at, sink.kill_after = command, after
    assert work(sink) == -signal.SIGKILL
    assert (states(), len(sink.letters)) == (left, arrived)

    sink.kill_at = ""
    assert work(sink) == 0  # the next worker: all but the one in doubt
    doubtful = left.get("sending", 0)
    assert states().get("sent") == 5 - doubtful
    Letter.objects.filter(state="sending").update(state_at=Letter.objects.first().state_at - dt.timedelta(hours=1))
    assert work(sink) == 0
    assert states() == {"sent": 5 - doubtful} | ({"uncertain": 1} if doubtful else {})

    assert len(set(told(sink))) == len(sink.letters)  # nobody was sent anything twice
    assert Notice.objects.filter(letter=None).count() == 0  # and everything is in a letter
    missing = {person.email for person in people} - {letter["To"] for letter in sink.letters}
    uncertain = {letter.recipient.email for letter in Letter.objects.filter(state="uncertain")}
    assert missing <= uncertain
    assert Notice.objects.filter(mailed_at=None).count() == 2 * doubtful


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(1800)
def test_an_uncertain_letter_goes_out_again_under_its_own_number(people, sink):
    sink.kill_at, sink.kill_after = "taken", 1
    work(sink)
    sink.kill_at = ""
    Letter.objects.filter(state="sending").update(state="uncertain")
    organiser = UserFactory()
    people[0].edition.market.organisers.add(organiser)
    send_again(organiser, Letter.objects.get(state="uncertain"), again=True)
    work(sink)
    assert states() == {"sent": 5}
    first, *_rest = told(sink)
    assert told(sink).count(first) == 2
    assert len(set(told(sink))) == 5


@pytest.mark.django_db
def test_what_a_fault_means():
    no, later = (b"no", 550), (b"later", 451)
    table = {
        "no such person": (smtplib.SMTPRecipientsRefused({"a@b.example": (no[1], no[0])}), 1),
        "greylisted": (smtplib.SMTPRecipientsRefused({"a@b.example": (later[1], later[0])}), 1),
        "later for hours": (smtplib.SMTPDataError(451, "later"), 8),
        "refused as spam": (smtplib.SMTPDataError(554, "no"), 1),
        "silence": (TimeoutError("timed out"), 1),
        "gone": (smtplib.SMTPServerDisconnected("gone"), 1),
        "no address": (ValueError("Invalid address"), 1),
    }
    assert {words: str(state_after(*given)) for words, given in table.items()} == {
        "no such person": "refused",
        "greylisted": "claimed",
        "later for hours": "refused",
        "refused as spam": "refused",
        "silence": "uncertain",
        "gone": "uncertain",
        "no address": "refused",
    }


class Faulty(EmailBackend):
    """Breaks at the first letter, in the way that the test wants."""

    faults: list[Exception] = []  # noqa: RUF012  # the backend is made anew for each run

    def send_messages(self, messages):
        if self.faults:
            raise self.faults.pop()
        return super().send_messages(messages)


@pytest.mark.django_db
def test_one_fault_does_not_hold_up_the_others(people, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Faulty"
    Faulty.faults = [smtplib.SMTPServerDisconnected("gone"), smtplib.SMTPDataError(451, "later")]
    assert mail_letters() == 3
    assert states() == {"sent": 3, "uncertain": 1, "claimed": 1}
    assert mail_letters() == 0  # not before a minute is over
    Letter.objects.filter(state="claimed").update(state_at=Letter.objects.first().state_at - dt.timedelta(minutes=2))
    assert mail_letters() == 1


@pytest.mark.django_db
def test_a_letter_carries_the_number_of_its_row(people):
    mail_letters()
    letters = {letter.recipient.email: letter for letter in Letter.objects.all()}
    assert {sent.to[0]: sent.extra_headers["Message-ID"] for sent in mail.outbox} == {
        address: message_id(letter) for address, letter in letters.items()
    }
    assert message_id(Letter(key="abc")) == "<abc@localhost>"


DAILY = [
    ("Asia/Seoul", "17:59", "18:00"),
    ("Europe/Paris", "00:59", "01:00"),  # 18:00 in Paris
    ("America/New_York", "06:59", "07:00"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("zone", "before", "after"), DAILY)
def test_once_a_day_means_six_in_the_evening_on_her_own_clocks(zone, before, after):
    edition = EditionFactory()
    reader = ParticipantFactory(edition=edition, mails=Mails.DAILY, time_zone=zone)

    def at(clock, day=30):
        edition.clock_shift += dt.datetime.fromisoformat(f"2025-05-{day}T{clock}:00+09:00") - edition.now()
        edition.save()

    at("20:00", 29)
    notify(reader, "request_received", "R1", FACTS)
    at(before)
    assert mail_letters() == 0
    at(after)
    notify(reader, "request_received", "R2", FACTS)
    assert mail_letters() == 1
    assert mail.outbox[0].subject.endswith("2 messages for you")
    assert mail_letters() == 0


@pytest.mark.django_db
def test_never_means_never_and_beginning_anew_mails_nothing_old():
    reader = ParticipantFactory(mails=Mails.NEVER)
    notify(reader, "request_received", "R1", FACTS)
    assert (claim_letters(), mail_letters()) == (0, 0)
    choose_mails(reader.user, reader, mails=Mails.SOON, calendar=True)
    assert mail_letters() == 0
    notify(reader, "request_received", "R2", FACTS)
    assert mail_letters() == 1
    with pytest.raises(PermissionDenied):
        choose_mails(UserFactory(), reader, mails=Mails.NEVER, calendar=True)


@pytest.mark.django_db
def test_the_page_of_choices():
    reader = ParticipantFactory()
    assert get(reader.user, "people:mails", reader.edition).status_code == 200
    assert post(reader.user, "people:mails", reader.edition, mails="hourly").status_code == 422
    assert post(reader.user, "people:mails", reader.edition, mails="daily").status_code == 302
    reader.refresh_from_db()
    assert (reader.mails, reader.mails_calendar) == ("daily", False)
    assert get(UserFactory(), "people:mails", reader.edition).status_code == 404


@pytest.mark.django_db
def test_the_organiser_settles_what_is_in_doubt(people):
    edition, organiser = people[0].edition, UserFactory()
    edition.market.organisers.add(organiser)
    claim_letters()
    one = Letter.objects.get(recipient=people[0])
    Letter.objects.filter(pk=one.pk).update(state="uncertain")
    with_one = queries_of(organiser, "people:letters", edition)
    Letter.objects.update(state="uncertain")
    assert queries_of(organiser, "people:letters", edition) == with_one
    assert get(people[0].user, "people:letters", edition).status_code == 404
    assert post(people[0].user, "people:settle_letter", edition, one.pk, again="1").status_code == 404
    post(organiser, "people:settle_letter", edition, one.pk, again="1")
    post(organiser, "people:settle_letter", edition, Letter.objects.get(recipient=people[1]).pk, again="0")
    assert states() == {"claimed": 1, "uncertain": 3, "left": 1}
    assert mail_letters() == 1
    assert [sent.to for sent in mail.outbox] == [[people[0].email]]
    with pytest.raises(PermissionDenied):
        send_again(people[0].user, one, again=True)


@pytest.mark.django_db
def test_a_letter_left_in_the_middle_becomes_uncertain_after_a_while(people):
    claim_letters()
    Letter.objects.filter(recipient=people[0]).update(state="sending")
    assert mail_letters() == 4
    assert states() == {"sent": 4, "sending": 1}
    assert mail_letters(patience=AT_ONCE) == 0
    assert states() == {"sent": 4, "uncertain": 1}
