"""Who sees and changes entries and materials; the deadline to the second; an accepted entry as a title; kept files."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.utils import timezone
from entry_rows import make_entry, make_open_call, make_poster, picture
from factories import CompanyFactory, EditionFactory, ParticipantFactory, UserFactory
from jury_rows import make_jurors

from madang.catalogue.models import Showing, Title
from madang.markets.models import LogEntry
from madang.selection.actions import entries as actions
from madang.selection.actions.entries import MOST_DRAFTS, NotEligible
from madang.selection.actions.materials import add_file, add_link, remove_material
from madang.selection.actions.refusals import Refused
from madang.selection.actions.titles import company_named, title_of_entry
from madang.selection.models import Entry, EntryState, Material, Reading
from madang.selection.rules import (
    may_change_entry,
    may_enter_again,
    may_judge_eligibility,
    may_withdraw_entry,
    visible_entries,
    visible_materials,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return make_open_call()


def people_of(entry):
    """One account for each part that somebody may have in an entry."""
    edition = entry.call.edition
    organiser = UserFactory()
    edition.market.organisers.add(organiser)
    reader, other = make_jurors(entry.call, 2)
    gone = make_jurors(entry.call, 1)[0]
    Reading.objects.create(juror=reader, entry=entry, assigned_at=edition.now())
    Reading.objects.create(juror=gone, entry=entry, assigned_at=edition.now(), state="recused")
    return {
        "author": entry.user,
        "organiser": organiser,
        "juror": reader.participant.user,
        "other juror": other.participant.user,
        "juror who gave it back": gone.participant.user,
        "participant": ParticipantFactory(edition=edition, is_seller=True).user,
        "stranger": UserFactory(),
    }


SEEN = {
    EntryState.DRAFT: {"author"},
    EntryState.SUBMITTED: {"author", "organiser"},
    EntryState.WITHDRAWN: {"author", "organiser"},
}


@pytest.mark.parametrize("state", SEEN)
def test_who_sees_an_entry(call, state):
    entry = make_entry(call, state=state)
    seen = {name for name, user in people_of(entry).items() if visible_entries(user, call.edition).filter(pk=entry.pk).exists()}
    assert seen == SEEN[state]


@pytest.mark.parametrize(
    ("is_blind", "kinds"),
    [(False, ["poster", "screener", "still"]), (True, ["screener", "still"])],
)
def test_who_opens_materials(is_blind, kinds):
    entry = make_entry(make_open_call(is_blind=is_blind), state=EntryState.SUBMITTED)
    make_poster(entry)
    for kind in ("still", "screener"):
        Material.objects.create(entry=entry, kind=kind, link="https://a.example/1", password="x")
    seen = {
        name: sorted(visible_materials(user, entry.call.edition).values_list("kind", flat=True))
        for name, user in people_of(entry).items()
    }
    whole = ["poster", "screener", "still"]
    assert {name: found for name, found in seen.items() if found} == {"author": whole, "organiser": whole, "juror": kinds}


ACTS = {
    "change": may_change_entry,
    "withdraw": may_withdraw_entry,
    "again": may_enter_again,
    "judge": may_judge_eligibility,
}
ALLOWED = {
    ("draft", "author"): {"change"},
    ("submitted", "author"): {"change", "withdraw"},
    ("submitted", "organiser"): {"judge"},
    ("refused", "organiser"): {"judge"},
    ("withdrawn", "author"): {"again"},
    ("withdrawn", "organiser"): {"judge"},
}


@pytest.mark.parametrize("state", EntryState.values)
def test_who_may_do_what(call, state):
    entry = make_entry(call, state=state)
    found = {
        (state, name): acts
        for name, user in people_of(entry).items()
        if (acts := {act for act, may in ACTS.items() if may(user, entry)})
    }
    assert found == {key: acts for key, acts in ALLOWED.items() if key[0] == state}


def at_second(call, moment):
    call.edition.clock_shift = moment - timezone.now()
    call.edition.save()


def test_the_deadline_counts_to_the_second(call):
    entry = make_entry(call)
    late = make_entry(call)
    at_second(call, call.closes_at - dt.timedelta(seconds=2))
    assert actions.submit_entry(entry.user, entry).state == EntryState.SUBMITTED
    at_second(call, call.closes_at)
    with pytest.raises(Refused, match="This call is closed"):
        actions.submit_entry(late.user, late)
    with pytest.raises(PermissionDenied):
        actions.save_entry(entry.user, entry, version=1, facts={"name": "Late"})
    assert sorted(Entry.objects.values_list("state", flat=True)) == ["draft", "submitted"]


def test_a_person_enters_only_so_many():
    call = make_open_call(most_entries=1)
    author = UserFactory()
    first, second = make_entry(call, author), make_entry(call, author)
    actions.submit_entry(author, first)
    with pytest.raises(NotEligible):
        actions.submit_entry(author, second)
    actions.withdraw_entry(author, first)
    assert actions.submit_entry(author, second).state == EntryState.SUBMITTED


def test_drafts_are_counted(call):
    author = UserFactory()
    for _draft in range(MOST_DRAFTS):
        actions.begin_entry(author, call)
    with pytest.raises(Refused, match="many drafts"):
        actions.begin_entry(author, call)


def test_a_link_is_replaced_and_a_file_goes_with_its_row(call, django_capture_on_commit_callbacks):
    entry = make_entry(call)
    add_link(entry.user, entry, "screener", link="https://a.example/1", password="one")
    add_link(entry.user, entry, "screener", link="https://a.example/2")
    assert list(entry.materials.values_list("link", "password")) == [("https://a.example/2", "")]
    first = add_file(entry.user, entry, "poster", file=picture())
    with django_capture_on_commit_callbacks(execute=True):
        second = add_file(entry.user, entry, "poster", file=picture())
    assert (default_storage.exists(first.file.name), default_storage.exists(second.file.name)) == (False, True)
    with django_capture_on_commit_callbacks(execute=True):
        remove_material(entry.user, second)
    assert not default_storage.exists(second.file.name)


def test_a_refused_file_leaves_nothing(call):
    entry = make_entry(call)
    for _still in range(6):
        add_file(entry.user, entry, "still", file=picture(800, 800))
    before = set(default_storage.listdir("entries")[1])
    with pytest.raises(Refused, match="delete one first"):
        add_file(entry.user, entry, "still", file=picture(800, 800))
    assert set(default_storage.listdir("entries")[1]) == before


def test_an_accepted_entry_becomes_a_title_once(call):
    company = CompanyFactory(edition=call.edition, name="L’Été Films")
    CompanyFactory(edition=call.edition, name="Other")
    shown = [{"on": "2025-04-26", "country": "FR", "place": "Cannes"}]
    entry = make_entry(call, state=EntryState.SUBMITTED, company_name="l'ete FILMS", premiere="asian", shown=shown)
    title = title_of_entry(entry, section="Open call")
    assert title_of_entry(Entry.objects.get(pk=entry.pk)) == title
    assert (title.name, title.company, title.section, title.is_showcase, title.languages, title.code) == (
        "Salt Harbour", company, "Open call", True, "ko", entry.code,
    )  # fmt: skip
    assert (title.identity.for_whom, title.identity.to_keep) == ("For those who wait.", "The silence.")
    assert list(Showing.objects.values_list("title", "shown_on", "country", "place", "source")) == [
        (title.pk, dt.date(2025, 4, 26), "FR", "Cannes", entry.code)
    ]
    assert Title.objects.count() == 1


def test_a_company_that_could_be_two_is_none():
    edition = EditionFactory()
    for _one in range(2):
        CompanyFactory(edition=edition, name="Twin Pictures")
    assert [company_named(edition, name) for name in ("twin pictures", "", "Pictures")] == [None, None, None]


def test_a_title_of_that_code_does_not_stand_in_the_way(call):
    entry = make_entry(call, state=EntryState.SUBMITTED)
    Title.objects.create(edition=call.edition, code=entry.code, name="Another")
    assert title_of_entry(entry).code == f"{entry.code}-2"


def test_a_draft_that_is_deleted_stands_in_the_log(call):
    entry = make_entry(call)
    actions.discard_entry(entry.user, entry)
    assert list(LogEntry.objects.values_list("verb", "subject")) == [("discard_entry", entry.code)]
