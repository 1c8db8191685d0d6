"""From a shortlist to the line-up: decisions, reserve, letters written once, the applicant's answer."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from door_rows import event_in
from factories import HallFactory, UserFactory
from jury_rows import make_call, make_entries, make_jurors, organiser_of

from madang.catalogue.models import Title
from madang.catalogue.rules import visible_titles
from madang.markets.models import LogEntry
from madang.people.models import Letter
from madang.programming.models import Item
from madang.selection.actions import lineup as lineup_actions
from madang.selection.actions.entries import enter_again, refuse_entry, reopen_entry, restore_entry, withdraw_entry
from madang.selection.actions.lineup import Decided, answer_outcome, decide, move_reserve, promote_next, write_letters
from madang.selection.actions.refusals import Refused
from madang.selection.actions.titles import change_title
from madang.selection.models import Call, Decision, Entry, Selection
from madang.selection.queries.lineup import decision_counts, letter_of, reserve_list

pytestmark = pytest.mark.django_db
ALL = [Decision.ACCEPT, Decision.RESERVE, Decision.DECLINE]


@pytest.fixture
def house():
    """A call with six entries of one applicant, and its organiser."""
    call = make_call()
    applicant = UserFactory(language="fr", email="a@example.org", name="Anne Martin")
    return call, make_entries(call, 6, user=applicant), organiser_of(call), applicant


def keys(entries) -> list[int]:
    return [entry.pk for entry in entries]


def reserve_codes(call) -> list[str]:
    return list(reserve_list(call).values_list("entry__code", flat=True))


def test_decisions_are_made_changed_and_taken_back(house):
    call, works, organiser, _applicant = house
    assert decide(organiser, call, keys(works[:3]), "shortlist", reason="First round") == Decided(3, 0)
    assert decide(organiser, call, keys(works[2:4]), "accept", section="Competition") == Decided(2, 0)
    assert decision_counts(call) == {"": 2, "shortlist": 2, "accept": 2, "reserve": 0, "decline": 0}
    kept = Selection.objects.get(entry=works[2])
    assert (kept.reason, kept.section, kept.decided_by) == ("First round", "Competition", organiser)
    assert decide(organiser, call, keys(works[:1]), "") == Decided(1, 0)
    assert decision_counts(call)[""] == 3
    other = make_entries(make_call(call.edition, code="other"), 1)
    assert decide(organiser, call, keys(other), "accept") == Decided(0, 0)
    with pytest.raises(PermissionDenied):
        decide(make_jurors(call, 1)[0].participant.user, call, keys(works), "accept")


def test_the_reserve_list_has_an_order_and_the_first_moves_up(house):
    call, works, organiser, _applicant = house
    decide(organiser, call, keys([works[3], works[1], works[2]]), "reserve")
    assert reserve_codes(call) == ["E-003", "E-001", "E-002"]
    move_reserve(organiser, reserve_list(call)[1], up=True)
    move_reserve(organiser, reserve_list(call).first(), up=True)
    assert reserve_codes(call) == ["E-001", "E-003", "E-002"]
    write_letters(organiser, call, ALL)
    assert promote_next(organiser, call, works[1].pk).decision == "accept"
    with pytest.raises(Refused):
        promote_next(organiser, call, works[1].pk)
    assert reserve_codes(call) == ["E-003", "E-002"]
    assert write_letters(organiser, call, ALL) == 1
    assert Letter.objects.filter(once__startswith=f"selection:{works[1].pk}:").count() == 2


def test_letters_are_written_once_in_the_applicants_language(house):
    call, works, organiser, _applicant = house
    decide(organiser, call, keys(works[:1]), "accept", section="Competition", words="Bravo.")
    decide(organiser, call, keys(works[1:3]), "decline")
    decide(organiser, call, keys(works[3:4]), "shortlist")
    first = letter_of(Selection.objects.get(entry=works[0]))
    assert (first.address.email, first.address.name, first.address.language) == ("a@example.org", "Anne Martin", "fr")
    assert "Bravo." in first.body
    address = reverse("selection:outcome", args=[call.edition.slug, call.code, works[0].code])
    assert f"{{site}}{address}" in first.body
    assert (write_letters(organiser, call, ALL), write_letters(organiser, call, ALL)) == (3, 0)
    assert Letter.objects.filter(address="a@example.org").count() == 3
    assert decide(organiser, call, keys(works[:3]), "shortlist") == Decided(0, 3)
    title = Title.objects.get(edition=call.edition)
    works[0].refresh_from_db()
    assert (title, title.section, title.is_showcase) == (works[0].title, "Competition", True)


def test_a_death_in_the_middle_loses_nothing_and_tells_nobody_twice(house, monkeypatch):
    call, works, organiser, _applicant = house
    decide(organiser, call, keys(works[:4]), "accept")
    real, told = lineup_actions.write_to, []

    def dies_at_the_third(*args, **kwargs):
        told.append(args)
        if len(told) == 3:
            raise KeyboardInterrupt
        real(*args, **kwargs)

    monkeypatch.setattr(lineup_actions, "write_to", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        write_letters(organiser, call, ALL)
    assert (Letter.objects.count(), Selection.objects.filter(told_at__isnull=False).count(), Title.objects.count()) == (0, 0, 0)
    monkeypatch.undo()
    assert (write_letters(organiser, call, ALL), Letter.objects.count(), Title.objects.count()) == (4, 4, 4)


def test_the_applicant_answers_once_on_her_page(house, client):
    call, works, organiser, applicant = house
    decide(organiser, call, keys(works[:1]), "accept")
    page = reverse("selection:outcome", args=[call.edition.slug, call.code, works[0].code])
    client.force_login(applicant)
    assert client.get(page).status_code == 404
    write_letters(organiser, call, ALL)
    assert client.get(page).status_code == 200
    assert page in client.get(reverse("selection:entry", args=[call.edition.slug, works[0].code])).content.decode()
    with pytest.raises(PermissionDenied):
        answer_outcome(organiser, works[0], comes=True)
    assert client.post(page, {"comes": "perhaps"}).status_code == 404
    Entry.objects.filter(pk=works[0].pk).update(state="withdrawn")
    with pytest.raises(Refused):
        answer_outcome(applicant, works[0], comes=True)
    Entry.objects.filter(pk=works[0].pk).update(state="submitted")
    assert client.post(page, {"comes": "yes"}).status_code == 302
    assert Selection.objects.get(entry=works[0]).is_confirmed is True
    with pytest.raises(Refused):
        answer_outcome(applicant, works[0], comes=False)
    client.force_login(UserFactory())
    assert client.get(page).status_code == 404


def log_of(call) -> list[tuple[str, str]]:
    rows = LogEntry.objects.filter(edition=call.edition, verb__in=["withdraw_title", "restore_title"]).order_by("pk")
    return list(rows.values_list("verb", "subject"))


def test_a_withdrawn_entry_takes_its_title_out_and_comes_back_with_it(house, client):
    call, works, organiser, applicant = house
    decide(organiser, call, keys(works[:1]), "accept")
    write_letters(organiser, call, ALL)
    entry, title = works[0], Title.objects.get(edition=call.edition)
    event = event_in(HallFactory(edition=call.edition), 60, title=title)
    Item.objects.create(edition=call.edition, code="I-1", kind="talk", title=title, minutes=30, premiere="asian")
    withdraw_entry(applicant, entry)
    assert list(visible_titles(applicant, call.edition)) == []
    told = Letter.objects.filter(once__startswith=f"entry gone {entry.pk} ").values_list("address", flat=True)
    assert list(told) == [organiser.email]
    assert "catalogue" in Letter.objects.get(once__startswith=f"entry withdrawn {entry.pk} ").body
    client.force_login(organiser)
    lineup = client.get(reverse("selection:desk_lineup", args=[call.edition.slug, call.code]))
    assert lineup.context["gone"] == [entry]
    page = reverse("selection:desk_one_entry", args=[call.edition.slug, entry.code])
    told = client.get(page).content.decode()
    assert reverse("programme:event", args=[call.edition.slug, event.code]) in told
    assert "not published · Asian premiere" in told
    client.post(reverse("selection:reopen_entry", args=[call.edition.slug, entry.code]))
    entry.refresh_from_db()
    assert (entry.state, entry.withdrawn_at, list(visible_titles(applicant, call.edition))) == ("submitted", None, [title])
    assert Letter.objects.filter(once__startswith=f"entry restored {entry.pk} ", address=applicant.email).count() == 1
    assert log_of(call) == [("withdraw_title", title.code), ("restore_title", title.code)]
    with pytest.raises(PermissionDenied):
        restore_entry(applicant, entry)
    with pytest.raises(Refused):
        restore_entry(organiser, entry)


def test_not_eligible_takes_the_title_out_too_and_a_new_beginning_ends_the_decision(house):
    call, works, organiser, applicant = house
    decide(organiser, call, keys(works[:2]), "accept")
    write_letters(organiser, call, ALL)
    refuse_entry(organiser, works[0], reason="Shown in Busan before")
    assert Title.objects.filter(is_withdrawn=True, entry__in=works[:1]).count() == 1
    reopen_entry(organiser, works[0])
    assert Title.objects.filter(is_withdrawn=True).count() == 0
    withdraw_entry(applicant, works[1])
    Call.objects.filter(pk=call.pk).update(closes_at=call.edition.now() + dt.timedelta(days=1))
    enter_again(applicant, works[1])
    assert list(Selection.objects.values_list("entry", flat=True)) == [works[0].pk]
    Entry.objects.filter(pk=works[1].pk).update(state="submitted")
    assert decide(organiser, call, keys(works[1:2]), "accept") == Decided(1, 0)
    write_letters(organiser, call, ALL)
    assert (Title.objects.filter(is_withdrawn=True).count(), Title.objects.count()) == (0, 2)


def test_the_desk_takes_a_title_out_that_does_not_come(house, client):
    call, works, organiser, applicant = house
    decide(organiser, call, keys(works[:1]), "accept")
    write_letters(organiser, call, ALL)
    answer_outcome(applicant, works[0], comes=False)
    client.force_login(organiser)
    page = reverse("selection:desk_one_entry", args=[call.edition.slug, works[0].code])
    address = reverse("selection:title_of_entry", args=[call.edition.slug, works[0].code])
    assert "does not come" in client.get(page).content.decode()
    for act in ("out", "out", "back", "back"):
        client.post(address, {"act": act})
    title = Title.objects.get(edition=call.edition)
    assert (title.is_withdrawn, log_of(call)) == (False, [("withdraw_title", title.code), ("restore_title", title.code)])
    refuse_entry(organiser, works[0], reason="Shown before")
    with pytest.raises(Refused):
        change_title(organiser, works[0], is_shown=True)
    with pytest.raises(PermissionDenied):
        change_title(applicant, works[0], is_shown=False)


def test_an_entry_that_was_not_accepted_goes_without_telling_the_organiser(house):
    call, works, organiser, applicant = house
    decide(organiser, call, keys(works[:1]), "accept")
    withdraw_entry(applicant, works[0])
    assert Letter.objects.filter(address=organiser.email).count() == 0
    assert log_of(call) == []


def test_the_desk_decides_in_bulk_and_writes_letters(house, client):
    call, works, organiser, _applicant = house
    client.force_login(organiser)
    page = reverse("selection:desk_lineup", args=[call.edition.slug, call.code])
    ticked = {"entry": [str(works[0].pk), str(works[1].pk), "9" * 30, "x"], "decision": "accept", "section": "Out of competition"}
    assert client.post(page + "?order=audience", ticked).headers["Location"] == page + "?order=audience"
    client.post(page, {"entry": [str(works[2].pk)], "decision": "reserve"})
    assert client.post(page, {"entry": [str(works[2].pk)], "decision": "win"}).status_code == 422
    assert decision_counts(call) == {"": 3, "shortlist": 0, "accept": 2, "reserve": 1, "decline": 0}
    letters = reverse("selection:desk_letters", args=[call.edition.slug, call.code])
    shown = [letter.body for _selection, letter in client.get(letters).context["letters"]]
    address = f"http://testserver/e/{call.edition.slug}/outcome/{call.code}/"
    assert [(address in body, "{site}" in body) for body in shown] == [(True, False)] * 3
    client.post(letters, {"decision": ["accept", "nonsense"]})
    assert Letter.objects.count() == 2
    client.post(reverse("selection:reserve", args=[call.edition.slug, call.code, works[2].code]), {"act": "promote"})
    assert decision_counts(call)["accept"] == 3
