"""Badges from issue to end: numbers and keys, lost ones, printing, handing out, pages."""

import pytest
from badges import badge_type
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from door_rows import event_in
from factories import CompanyFactory, HallFactory, ParticipantFactory

from madang.accreditation.actions.badges import hand_out, issue_missing, mark_printed, replace_badge, take_back
from madang.accreditation.actions.printing import print_badges, start_badge_run, stop_badge_run
from madang.accreditation.actions.refusals import Refused
from madang.accreditation.models import Badge, BadgeRun
from madang.accreditation.queries_badges import face_of
from madang.accreditation.rules_badges import may_hand_out, may_report_lost, visible_badges
from madang.door.queries.looking import look
from madang.kit import progress
from madang.markets.models import LogEntry
from madang.people.models import Letter

SITE = "https://market.example/"


def person(edition, **facts):
    return ParticipantFactory(edition=edition, **({"is_buyer": True} | facts))


@pytest.fixture
def kind(edition):
    return badge_type(edition, name_ko="바이어", colour="#b3005e")


@pytest.fixture
def badge(edition, organiser, kind):
    holder = person(
        edition, family_name="Kim", given_name="Hana", native_name="김하나", company=CompanyFactory(edition=edition, name="Yard")
    )
    issue_missing(organiser, edition)
    return Badge.objects.get(participant=holder)


def client_of(user):
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_who_has_none_gets_one_by_the_first_type_of_her_roles(edition, organiser, kind):
    badge_type(edition, "seller", position=1)
    both = person(edition, family_name="B", is_seller=True)
    seller = person(edition, family_name="A", is_buyer=False, is_seller=True)
    person(edition, is_buyer=False, is_press=True)
    person(edition, left_at=edition.now())
    assert issue_missing(organiser, edition) == (2, 1)
    assert issue_missing(organiser, edition) == (0, 1)
    rows = [(badge.number, badge.participant, badge.badge_type.role, badge.key) for badge in Badge.objects.all()]
    assert rows == [(1, seller, "seller", seller.badge_key), (2, both, "buyer", both.badge_key)]
    assert list(LogEntry.objects.values_list("verb", "subject")) == [("issue_badges", "2")]


def test_issuing_to_many_takes_few_queries(edition, organiser, kind):
    for _n in range(3):
        person(edition)
    with CaptureQueriesContext(connection) as seen:
        issue_missing(organiser, edition)
    for _n in range(12):
        person(edition)
    with CaptureQueriesContext(connection) as many:
        assert issue_missing(organiser, edition) == (12, 0)
    assert len(many) == len(seen)


def test_a_lost_badge_is_void_at_once_and_replaced(edition, organiser, badge):
    old_key, holder = badge.key, badge.participant
    new = replace_badge(holder.user, badge, is_lost=True)
    badge.refresh_from_db()
    holder.refresh_from_db()
    assert (badge.state, badge.voided_at is None, badge.key) == ("lost", False, old_key)
    assert (new.state, new.number, new.replaces, new.badge_type) == ("valid", 2, badge, badge.badge_type)
    assert new.key == holder.badge_key != old_key
    assert (new.printed_at, new.handed_out_at) == (None, None)
    line = LogEntry.objects.latest("pk")
    assert (line.verb, line.subject, line.details, line.actor) == ("report_badge_lost", "00001", {"new": "00002"}, holder.user)
    assert Letter.objects.count() == 0
    with pytest.raises(Refused):
        replace_badge(organiser, badge, is_lost=True)


def test_the_holder_is_told_when_the_organiser_replaces_hers(edition, organiser, badge):
    badge.participant.user.language = "en"
    badge.participant.user.save()
    replace_badge(organiser, badge, is_lost=False)
    letter = Letter.objects.get()
    assert (letter.address, letter.subject) == (badge.participant.email, "Yard Market 2025: your new badge 00002")
    assert "00001" in letter.body
    badge.refresh_from_db()
    assert badge.state == "replaced"


RULES = [("organiser", True, True), ("holder", False, True), ("other", False, False)]


@pytest.mark.parametrize(("who", "hands_out", "reports"), RULES)
def test_who_may_what(edition, organiser, badge, who, hands_out, reports):
    user = {"organiser": organiser, "holder": badge.participant.user, "other": person(edition).user}[who]
    assert (may_hand_out(user, edition), may_report_lost(user, badge)) == (hands_out, reports)
    assert list(visible_badges(user, edition)) == ([badge] if reports else [])
    if not reports:
        with pytest.raises(PermissionDenied):
            replace_badge(user, badge, is_lost=True)
    if not hands_out:
        for act in (lambda: hand_out(user, badge), lambda: issue_missing(user, edition), lambda: take_back(user, badge)):
            with pytest.raises(PermissionDenied):
                act()
        with pytest.raises(PermissionDenied):
            replace_badge(user, badge, is_lost=False)


def test_handing_out_is_noted_once_and_never_for_a_void_one(edition, organiser, badge):
    assert (hand_out(organiser, badge), hand_out(organiser, badge)) == (True, False)
    take_back(organiser, badge)
    badge.refresh_from_db()
    assert badge.handed_out_at is None
    assert list(LogEntry.objects.filter(verb__in=["hand_out_badge", "take_back_badge"]).values_list("verb", flat=True)) == [
        "take_back_badge",
        "hand_out_badge",
    ]
    replace_badge(organiser, badge, is_lost=True)
    with pytest.raises(Refused):
        hand_out(organiser, badge)


def test_what_stands_on_a_badge(edition, badge):
    face = face_of(badge, edition, SITE)
    assert (face.number, face.name, face.other_name, face.company) == ("00001", "Hana Kim", "김하나", "Yard")
    assert (face.role, face.country, face.colour) == ("Buyer · 바이어", "South Korea", "#b3005e")
    assert face.qr == "https://market.example" + reverse("meetings:scan", args=[edition.slug, badge.key])


def test_a_print_leaves_a_file_and_marks_nothing_until_it_is_said(edition, organiser, badge):
    void = badge
    new = replace_badge(organiser, badge, is_lost=True)
    run = start_badge_run(organiser, edition, "sheet", [void.number, new.number], site=SITE)
    print_badges(run.key)
    run.refresh_from_db()
    assert (run.state, run.count) == ("done", 1)
    with default_storage.open(run.stored) as file:
        assert file.read(4) == b"%PDF"
    assert Badge.objects.exclude(printed_at=None).count() == 0
    assert (mark_printed(organiser, run), mark_printed(organiser, run)) == (1, 0)
    assert list(Badge.objects.exclude(printed_at=None)) == [new]
    assert print_badges(run.key) is None
    with pytest.raises(Refused):
        start_badge_run(organiser, edition, "a6", [void.number], site=SITE)


def test_a_print_can_be_stopped_before_and_while_it_is_drawn(edition, organiser, badge):
    first = start_badge_run(organiser, edition, "a6", [badge.number], site=SITE)
    stop_badge_run(organiser, first)
    assert print_badges(first.key) is None
    second = start_badge_run(organiser, edition, "a6", [badge.number], site=SITE)
    progress.ask_stop(second.key)
    print_badges(second.key)
    assert list(BadgeRun.objects.values_list("state", "stored")) == [("stopped", ""), ("stopped", "")]


def test_names_that_do_not_fit_are_told_on_the_page_of_the_print(edition, organiser, badge):
    badge.participant.given_name = "عائشة" + "X" * 80
    badge.participant.family_name = "Y" * 100
    badge.participant.save()
    run = start_badge_run(organiser, edition, "card", [badge.number], site=SITE)
    print_badges(run.key)
    run.refresh_from_db()
    assert [(row[0], row[1], row[2]) for row in run.asked["told"]] == [("00001", "name", "letters"), ("00001", "name", "short")]
    page = client_of(organiser).get(reverse("accreditation:badge_run", args=[edition.slug, run.key])).content.decode()
    assert "too long even at the smallest size, shortened" in page


def test_scanning_a_lost_badge_says_so_and_the_new_one_works(edition, organiser, badge):
    old = badge.key
    new = replace_badge(badge.participant.user, badge, is_lost=True)
    client = client_of(organiser)
    lost = client.get(reverse("meetings:scan", args=[edition.slug, old]))
    assert (lost.status_code, "reported lost" in lost.content.decode()) == (410, True)
    found = client.get(reverse("meetings:scan", args=[edition.slug, new.key]))
    assert found.url == reverse("meetings:agenda_of", args=[edition.slug, badge.participant.code])


def test_the_holder_reports_hers_on_the_phone(edition, badge):
    client, address = client_of(badge.participant.user), reverse("accreditation:report_lost", args=[edition.slug])
    page = client.get(reverse("meetings:badge", args=[edition.slug])).content.decode()
    assert ("00001" in page, address in page) == (True, True)
    assert "00001" in client.get(address).content.decode()
    for _twice in range(2):
        assert client.post(address, {"number": "00001"}).status_code == 302
    assert list(Badge.objects.values_list("number", "state")) == [(1, "lost"), (2, "valid")]
    assert client_of(person(edition).user).get(address).status_code == 404


def test_a_badge_that_was_taken_away_is_not_shown(edition, badge):
    Badge.objects.update(state="revoked", voided_at=edition.now())
    page = client_of(badge.participant.user).get(reverse("meetings:badge", args=[edition.slug])).content.decode()
    assert ("You have no valid badge" in page, "<svg" in page.partition("<main")[2]) == (True, False)


def test_the_list_finds_by_number_key_and_words_and_prints_what_is_ticked(edition, organiser, badge):
    person(edition, family_name="Zola")
    issue_missing(organiser, edition)
    client, address = client_of(organiser), reverse("accreditation:desk_badges", args=[edition.slug])
    scanned = face_of(badge, edition, SITE).qr
    for words in ("1", "00001", scanned, badge.key):
        assert client.get(address, {"q": words}).url == reverse("accreditation:desk_badge", args=[edition.slug, 1])
    for words, names in [("99999999", 0), ("kim", 1), ("김하나", 1), ("yard", 1), ("nobody", 0), ("", 2)]:
        page = client.get(address, {"q": words})
        assert page.context["page"].paginator.count == names, words
    assert client.get(address, {"unprinted": "1", "q": "\x00"}).context["page"].paginator.count == 2
    asked = {"format": "a6", "order": "company", "number": ["1", "999999999999"]}
    assert client.post(address, asked).status_code == 302
    assert client.post(address, {"format": "a6", "order": "name"}).status_code == 302
    assert list(BadgeRun.objects.order_by("pk").values_list("count", "state")) == [(1, "done"), (2, "done")]
    assert client.post(address, {"format": "poster", "order": "name"}).status_code == 422
    assert client.post(f"{address}?q=nobody", {"format": "a6", "order": "name"}).status_code == 422


def test_the_desk_hands_out_and_replaces(edition, organiser, badge):
    client = client_of(organiser)
    address = reverse("accreditation:change_badge", args=[edition.slug, badge.number])
    for act in ("hand_out", "take_back", "lost", "hand_out"):
        client.post(address, {"act": act})
    assert client.post(address, {"act": "dance"}).status_code == 404
    rows = list(Badge.objects.values_list("number", "state", "handed_out_at"))
    assert rows == [(1, "lost", None), (2, "valid", None)]
    assert client.get(reverse("accreditation:desk_badge", args=[edition.slug, 1])).status_code == 200


def test_the_file_of_a_print_is_the_organisers(edition, organiser, badge):
    run = start_badge_run(organiser, edition, "a6", [badge.number], site=SITE)
    print_badges(run.key)
    address = reverse("accreditation:badge_file", args=[edition.slug, run.key])
    answer = client_of(organiser).get(address)
    assert (answer.status_code, answer["Content-Type"], answer.content[:4]) == (200, "application/pdf", b"%PDF")
    assert client_of(badge.participant.user).get(address).status_code == 404


def test_the_list_makes_as_many_queries_for_one_as_for_three(edition, organiser, badge):
    client, address, counts = client_of(organiser), reverse("accreditation:desk_badges", args=[edition.slug]), []
    for _times in range(2):
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        counts.append(len(seen))
        for _n in range(2):
            person(edition)
        issue_missing(organiser, edition)
    assert counts[0] == counts[1]


def test_the_door_refuses_a_lost_badge(edition, organiser, badge):
    event = event_in(HallFactory(edition=edition), 0)
    old = badge.key
    new = replace_badge(organiser, badge, is_lost=True)
    now = edition.now()
    assert (look(event, old, now).outcome, look(event, old, now).reason) == ("void", "Reported lost")
    assert look(event, new.key, now).participant == badge.participant
