"""Conflicts of interest: found in companies and credits, declared, found harmless; a reading in conflict counts no more."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from factories import CompanyFactory
from jury_rows import make_call, make_entries, make_jurors, organiser_of, read_by

from madang.markets.models import LogEntry
from madang.selection.actions.jury import add_conflict, detect_conflicts, restore_conflict, waive_conflict
from madang.selection.actions.refusals import Refused
from madang.selection.models import Conflict, Juror
from madang.selection.queries.conflicts import company_key, person_key

pytestmark = pytest.mark.django_db


def name_juror(juror: Juror, **facts) -> Juror:
    for name, value in facts.items():
        setattr(juror.participant, name, value)
    juror.participant.save()
    return juror


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Kim Min-ji", "MIN-JI KIM", True),
        ("Lefèvre Camille", "Camille LEFEVRE", True),
        ("서 하늘", "서하늘", True),
        ("Kim Min-ji", "Kim Min", False),
        ("서하늘", "서하", False),
    ],
)
def test_a_person_is_known_in_either_order_and_in_hangul(one, other, same):
    assert (person_key(one) == person_key(other)) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Hanbada Pictures Co., Ltd.", "HANBADA PICTURES", True),
        ("(주)한바다 픽처스", "한바다픽처스", True),
        ("Atlantique SAS", "L'Atlantique", False),
        ("Hanbada Pictures", "Hanbada Films", False),
    ],
)
def test_a_company_is_known_with_and_without_its_form(one, other, same):
    assert (company_key(one) == company_key(other)) is same


def test_companies_credits_and_entrants_are_found():
    call = make_call()
    company = CompanyFactory(edition=call.edition, name="Hanbada Pictures", name_ko="한바다 픽처스")
    works = make_entries(call, 2, company_name="HANBADA PICTURES Co., Ltd.")
    works += make_entries(call, 1, creators="Ann Other, Seo Haneul (creator)", producers="Else")
    works += make_entries(call, 1, directors="Bo; 서하늘")
    works += make_entries(call, 1, producers="Third House / ㈜한바다픽처스")
    works += make_entries(call, 2)
    near, far, entrant = make_jurors(call, 3)
    name_juror(near, family_name="Seo", given_name="Haneul", native_name="서하늘", company=company)
    name_juror(far, family_name="Kim", given_name="")
    works += make_entries(call, 1, user=entrant.participant.user)
    organiser = organiser_of(call)
    assert detect_conflicts(organiser, call) == 5
    found = set(Conflict.objects.values_list("juror", "entry__code", "kind"))
    assert found == {
        (near.pk, "E-000", "company"), (near.pk, "E-001", "company"), (near.pk, "E-003", "credit"), (near.pk, "E-004", "company"),
        (entrant.pk, "E-007", "credit"),
    }  # fmt: skip
    assert detect_conflicts(organiser, call) == 0


def test_a_reading_in_conflict_goes_back_and_what_is_harmless_stays_harmless():
    call = make_call()
    juror = make_jurors(call, 1)[0]
    company = CompanyFactory(edition=call.edition, name="Entrant Pictures")
    name_juror(juror, company=company)
    works = make_entries(call, 2)
    read_by([juror], works)
    organiser = organiser_of(call)
    assert detect_conflicts(organiser, call) == 2
    assert list(juror.readings.values_list("state", "recused_because")) == [("recused", "Entrant Pictures")] * 2
    conflict = Conflict.objects.get(entry=works[0])
    with pytest.raises(Refused):
        waive_conflict(organiser, conflict, " ")
    waive_conflict(organiser, conflict, "Another company of the same name.")
    assert detect_conflicts(organiser, call) == 0
    conflict.refresh_from_db()
    assert conflict.is_waived
    line = LogEntry.objects.get(verb="waive_conflict")
    assert (line.actor, line.subject, line.details["reason"]) == (organiser, "E-000", "Another company of the same name.")
    restore_conflict(organiser, conflict)
    conflict.refresh_from_db()
    assert not conflict.is_waived


def test_jurors_declare_their_own_conflicts_alone():
    call = make_call()
    one, two = make_jurors(call, 2)
    work = make_entries(call, 1)[0]
    assert add_conflict(one.participant.user, one, work, "My brother made it.").kind == "declared"
    assert add_conflict(organiser_of(call), two, work, "She wrote about it.").kind == "hand"
    with pytest.raises(PermissionDenied):
        add_conflict(one.participant.user, two, work, "I do not like her.")
    with pytest.raises(PermissionDenied):
        detect_conflicts(one.participant.user, call)
