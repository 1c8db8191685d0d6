"""The demo edition's rows: the published figures, the showcase's facts, the same rows each time."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from madang.catalogue.models import Title
from madang.kit.sheets import open_book
from madang.mandates.models import Mandate
from madang.markets.models import Edition, LogEntry, Slot, Stage, Table
from madang.meetings.models import (
    AbsentCause,
    Attendance,
    Attendee,
    Change,
    FollowUp,
    Interest,
    Meeting,
    MeetingRequest,
    Part,
    Proposal,
    RequestStatus,
    Timetable,
    TimetableState,
    Unavailability,
)
from madang.meetings.queries.held import held_figures
from madang.people.models import Company, Notice, Participant
from madang.programme.models import Event, EventKind
from madang.site.demo import showcase
from madang.site.demo.build import build_demo, compute_and_publish, set_clock
from madang.site.demo.korean import Word
from madang.site.demo.logins import LOGINS, PASSWORD
from madang.site.demo.requests import OUTGOING
from madang.site.demo.sizes import MOMENTS, Size
from madang.workbook.comparing import examine
from madang.workbook.differing import nothing_differs
from madang.workbook.exporting import export_edition

pytestmark = [pytest.mark.once, pytest.mark.first, pytest.mark.xdist_group("demo")]
SMALL = Size().scaled(0.04)


@pytest.fixture(scope="module")
def whole(django_db_setup, django_db_blocker):
    """The demo at its real size, once for all tests that read it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_demo(Stage.LIVE)
        transaction.set_rollback(True)


@pytest.fixture
def rows(whole, django_db_blocker):
    with django_db_blocker.unblock():
        yield whole


def test_size_is_as_published(rows):
    assert Company.objects.values("country").distinct().count() == 51
    assert Company.objects.count() == 688
    assert Participant.objects.filter(Q(is_buyer=True) | Q(is_seller=True)).count() == 2202
    assert (rows.edition.ends_on - rows.edition.starts_on).days == 2
    assert Slot.objects.count() == 48
    assert dict(Counter(Table.objects.values_list("is_booth", flat=True))) == {False: 140, True: 120}
    assert Mandate.objects.count() == 500
    assert Title.objects.filter(part_of=None).count() == 909


def test_every_company_sends_somebody_who_does_business(rows):
    sent = Participant.objects.filter(Q(is_buyer=True) | Q(is_seller=True)).values("company").distinct().count()
    assert sent == 688


def test_requests_look_like_a_market(rows):
    states = Counter(MeetingRequest.objects.values_list("status", flat=True))
    total = sum(states.values())
    assert 9000 <= total <= 10000
    assert 0.65 <= states["accepted"] / total <= 0.75
    assert not MeetingRequest.objects.filter(reason="").exists()
    assert not MeetingRequest.objects.filter(reason__contains="{").exists()
    assert not MeetingRequest.objects.filter(status="declined", answer="").exists()
    assert max(Counter(MeetingRequest.objects.values_list("sender", flat=True)).values()) <= OUTGOING
    assert not MeetingRequest.objects.filter(answered_at__gt=MOMENTS[Stage.LIVE]).exists()


def test_people_are_plainly_fictional(rows):
    assert rows.edition.is_fictional is True
    assert not Participant.objects.exclude(email__endswith=".example").exists()
    assert not Company.objects.exclude(website__endswith=".example/").exists()


def test_texts_are_whole(rows):
    for_sale = Title.objects.filter(is_showcase=False, part_of=None)
    for field in ("name", "synopsis", "synopsis_ko", "synopsis_fr"):
        assert for_sale.filter(**{field: ""}).count() == 0
        assert for_sale.filter(**{f"{field}__contains": "{"}).count() == 0
    assert len(set(for_sale.values_list("name", flat=True))) == 900
    assert not Mandate.objects.filter(Q(text="") | Q(text__contains="{")).exists()


def test_names_come_in_many_forms(rows):
    assert Participant.objects.filter(given_name="").count() > 10
    assert Participant.objects.filter(country="KR", native_name="").count() == 0
    assert Participant.objects.filter(country="JP", native_name="").count() == 0


def test_one_login_for_each_role(rows, client):
    for login in LOGINS:
        assert client.login(email=login.email, password=PASSWORD) is True, login
    seller = Participant.objects.get(email="seller@demo.example")
    buyer = Participant.objects.get(email="buyer@demo.example")
    assert seller.company.booth is not None
    assert MeetingRequest.objects.filter(Q(sender=seller) | Q(receiver=seller)).count() >= 20
    assert MeetingRequest.objects.filter(receiver=buyer, status=RequestStatus.SENT).count() >= 5
    assert Participant.objects.get(email="juror@demo.example").is_juror is True
    assert Participant.objects.filter(email="public@demo.example").exists() is False


def test_history_ends_at_the_moment(rows):
    now = MOMENTS[Stage.LIVE]
    assert LogEntry.objects.filter(edition=rows.edition).count() > 100
    assert not LogEntry.objects.filter(edition=rows.edition, at__gt=now).exists()
    assert not Notice.objects.filter(Q(created_at__gt=now) | Q(mailed_at=None)).exists()


# --- The showcase ------------------------------------------------------------------------------------------------------


def test_showcase_is_what_the_table_of_facts_says(rows):
    titles = {title.code: title for title in Title.objects.filter(is_showcase=True)}
    assert len(titles) == 9
    for fact in showcase.facts():
        title = titles[fact["code"]]
        shown = {name: "" if getattr(title, name) is None else str(getattr(title, name)) for name in fact}
        assert shown == fact | {"genre": fact["genre"] or "other"}
        assert title.company is None


def test_exported_and_imported_again_nothing_changes(rows):
    file = io.BytesIO()
    export_edition(rows.edition, file, "en")
    file.seek(0)
    found = examine(None, rows.edition, open_book(file, "edition.xlsx"))
    assert {key: [(one.record.code, one.fields) for one in sheet.changed] for key, sheet in found.differences.items()} == {
        key: [] for key in found.differences
    }
    assert (nothing_differs(found.differences), found.faults) == (True, [])


def test_ninth_title_is_to_be_announced(rows):
    ninth = Title.objects.get(code="SC9")
    assert str(ninth) == "To be announced"
    assert (ninth.countries, ninth.directors, ninth.section, ninth.prizes, ninth.synopsis) == ("", "", "", "", "")


def test_only_the_carpet_has_a_known_time(rows):
    auditorium = Event.objects.filter(hall__code="AUD")
    known = auditorium.filter(time_is_provisional=False)
    assert [(event.kind, event.starts_at) for event in known] == [(EventKind.CARPET, showcase.CARPET)]
    assert showcase.CARPET.isoformat() == "2025-05-28T17:00:00+09:00"
    assert auditorium.filter(kind=EventKind.SCREENING).count() == 9
    greetings = {event.title_id: event.ends_at for event in auditorium.filter(kind=EventKind.GREETING)}
    screenings = {event.title_id: event.starts_at for event in auditorium.filter(kind=EventKind.SCREENING)}
    assert greetings == screenings


@pytest.mark.shared
def test_facts_agree_with_what_was_gathered(shared):
    gathered = list(csv.DictReader((shared / "data" / "showcase" / "titles.csv").read_text(encoding="utf-8").splitlines()))
    known = {row["title_korean"] or row["title_latin"]: row for row in gathered}
    for fact in showcase.facts():
        row = known.get(fact["name_ko"] or fact["name"] or "unknown", {})
        if fact["code"] == "SC9":
            continue
        assert fact["name"] == row["title_latin"].replace("unknown", "")
        assert fact["countries"] == row["country"]
        assert fact["directors"].replace(", ", "; ") == row["directors"]
        assert fact["sales"] == row["international_sales"].replace("unknown", "")
        assert fact["section"] == row["canneseries_2025_section"].replace("unknown", "")
        assert bool(fact["prizes"]) == bool(row["prizes"])


# --- Moments, sameness, timetable --------------------------------------------------------------------------------------


def written() -> list[list[tuple[object, ...]]]:
    """All rows, without their numbers and secrets."""
    return [
        list(Company.objects.order_by("code").values_list("code", "name", "name_ko", "country", "kind", "about", "booth__code")),
        list(Participant.objects.order_by("code").values_list("code", "family_name", "given_name", "email", "company__code")),
        list(Title.objects.order_by("code").values_list("code", "name", "name_ko", "name_fr", "synopsis_fr", "company__code")),
        list(Mandate.objects.order_by("code").values_list("code", "text", "buyer__code", "visibility")),
        list(
            MeetingRequest.objects.order_by("code").values_list(
                "code", "uid", "sender__code", "receiver__code", "status", "reason", "title__code", "created_at", "answered_at"
            )
        ),
        list(Unavailability.objects.order_by("pk").values_list("participant__code", "starts_at", "ends_at")),
    ]


def test_same_seed_gives_the_same_rows(db):
    found = []
    for _ in range(2):
        with transaction.atomic():
            build_demo(Stage.LIVE, SMALL)
            found.append(written())
            transaction.set_rollback(True)
    assert found[0] == found[1]


@pytest.mark.parametrize("stage", [Stage.REGISTRATION, Stage.MEETINGS, Stage.AFTER])
def test_a_stage_knows_nothing_of_later(db, stage):
    now, before = MOMENTS[stage], timezone.now()
    demo = build_demo(stage, SMALL)
    assert demo.edition.stage == stage
    assert before <= now - demo.edition.clock_shift <= timezone.now()
    assert not MeetingRequest.objects.filter(Q(created_at__gt=now) | Q(answered_at__gt=now)).exists()
    low, high = {"registration": (1, 20), "meetings": (300, 375), "after": (380, 430)}[stage]
    assert low <= MeetingRequest.objects.filter(edition=demo.edition).count() <= high


def test_clock_is_set_at_every_start(db):
    edition = build_demo(Stage.MEETINGS, SMALL).edition
    edition.clock_shift *= 2
    before = timezone.now()
    set_clock(edition)
    assert before <= MOMENTS[Stage.MEETINGS] - Edition.objects.get().clock_shift <= timezone.now()


def test_timetable_has_no_clash(db):
    demo = build_demo(Stage.LIVE, SMALL)
    watched: list[int] = []
    assert compute_and_publish(demo.edition, demo.users["organiser"], lambda now: watched.append(now.placed), limit=300) == ""
    meetings = Meeting.objects.filter(timetable__state=TimetableState.PUBLISHED)
    standing = meetings.filter(is_cancelled=False)
    placed = meetings.count()
    accepted = MeetingRequest.objects.filter(status=RequestStatus.ACCEPTED).count()
    assert placed > accepted * 0.8
    seats = Attendee.objects.filter(part=Part.COMING, request__in=standing.values("request"))
    assert Attendance.objects.count() == seats.count()
    assert watched
    assert referee_says(demo.edition) == []
    away = [
        (meeting.request.code, absence.starts_at)
        for meeting in standing.select_related("request", "slot")
        for absence in Unavailability.objects.filter(participant__in=[meeting.request.sender_id, meeting.request.receiver_id])
        if absence.starts_at < meeting.slot.ends_at and meeting.slot.starts_at < absence.ends_at
    ]
    assert away == []
    check_what_happened(demo.edition, standing)


def check_what_happened(edition: Edition, standing: QuerySet[Meeting]) -> None:
    """What people did fits the rules and the clock: nobody has said anything that she could not have said."""
    now = edition.now()
    begun = Attendee.objects.filter(request__in=standing.filter(slot__starts_at__lte=now).values("request"))
    said = Attendee.objects.exclude(checked_in_at=None, absent_cause="", interest="")
    assert not said.exclude(pk__in=begun.values("pk")).exists()
    assert not said.filter(Q(checked_in_at__gt=now) | Q(absent_at__gt=now)).exists()
    assert not Attendee.objects.filter(late_at__gt=now).exists()
    figures = held_figures(edition)
    assert figures["held"] > figures["over"] * 0.6
    assert sum(figures[cause] for cause in AbsentCause.values) > 0
    assert not FollowUp.objects.exclude(attendee__interest__in=[Interest.FOLLOW_UP, Interest.OFFER]).exists()
    changes = list(Change.objects.order_by("revision").values_list("revision", flat=True))
    assert len(changes) >= 8
    assert changes[-1] == Timetable.objects.get(state=TimetableState.PUBLISHED).revision
    assert not Notice.objects.filter(mailed_at=None).exists()
    assert not MeetingRequest.objects.filter(status=RequestStatus.SENT, expires_at__lte=now).exists()
    assert Proposal.objects.filter(state="open", expires_at__gt=now).count() >= 1
    buyer = edition.participants.get(user__email="buyer@demo.example")
    assert {row.interest for row in buyer.attending.filter(pk__in=said)} & {"follow_up", "offer"}


def referee_says(edition: Edition) -> list[object]:
    """The kernel's independent check of what was published."""
    from madang.kernels import timetable as kernel
    from madang.kernels.timetable.problem import Meeting as Placed
    from madang.kernels.timetable.problem import Plan, Status
    from madang.meetings.queries.timetable import timetable_problem

    problem, _maps = timetable_problem(edition)
    number = {slot.pk: place for place, slot in enumerate(Slot.objects.filter(edition=edition).order_by("starts_at"), 1)}
    booths = {request.id: request.tables for request in problem.requests}
    placed = [
        Placed(m.request_id, number[m.slot_id], m.table_id or next(iter(booths[m.request_id] or ()), None))
        for m in Meeting.objects.filter(timetable__state=TimetableState.PUBLISHED, is_cancelled=False)
    ]
    plan = Plan(Status.FEASIBLE, None, None, 0.0, tuple(placed))
    return kernel.check(problem, plan)


def test_particles_follow_the_sound():
    assert f"{Word('등대'):을} {Word('달'):을}" == "등대를 달을"
    assert f"{Word('섬'):와} {Word('항구'):와} {Word('눈'):이} {Word('비'):은}" == "섬과 항구와 눈이 비는"
