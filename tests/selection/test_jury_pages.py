"""The pages of jurors and of the organiser's jury: who gets in, what they show, how many queries they make."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from jury_rows import make_call, make_criteria, make_entries, make_jurors, organiser_of, read_by, score_all

from madang.selection.actions.assignment import compute_assignment, start_assignment
from madang.selection.actions.jury import add_conflict
from madang.selection.actions.lineup import decide
from madang.selection.actions.ranking import make_ranking
from madang.selection.models import Juror, Material, Reading, Remark

pytestmark = pytest.mark.django_db


def page(name, call, *args):
    return reverse(
        f"selection:{name}", args=[call.edition.slug, *([call.code] if name not in ("juries", "desk_juries") else []), *args]
    )


def filled(entries: int, jurors: int):
    """A call in which everything has happened once."""
    call = make_call()
    make_criteria(call)
    works, people = make_entries(call, entries), make_jurors(call, jurors)
    readings = read_by(people[:2], works)
    score_all(call, readings[:-1], lambda r, c: 3 + (r.entry_id * 3 + r.juror_id + c.pk) % 6)
    Remark.objects.create(entry=works[0], juror=people[0], text="Bold.")
    organiser = organiser_of(call)
    make_ranking(organiser, call)
    decide(organiser, call, [works[0].pk], "reserve")
    decide(organiser, call, [works[-1].pk], "accept")
    run, _new = start_assignment(organiser, call, anew=False, most_compatriots=None)
    compute_assignment(run.key)
    return call, organiser, people, works


def queries(client, address) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


ORGANISER = ["desk_juries", "desk_board", "desk_jurors", "desk_criteria", "desk_conflicts", "desk_assignment", "desk_ranking",
             "desk_lineup", "desk_letters"]  # fmt: skip


@pytest.mark.parametrize("name", ORGANISER)
def test_the_organisers_pages_make_equal_queries_for_few_and_many_rows(client, name):
    counts = []
    for entries, jurors in ((3, 2), (9, 6)):
        call, organiser, _people, _works = filled(entries, jurors)
        client.force_login(organiser)
        counts.append(queries(client, page(name, call)))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("view", ["authorship", "audience", "both", "jurors"])
def test_each_view_of_a_ranking_makes_equal_queries(client, view):
    counts = []
    for entries, jurors in ((3, 2), (9, 6)):
        call, organiser, _people, _works = filled(entries, jurors)
        client.force_login(organiser)
        counts.append(queries(client, page("desk_ranking", call) + f"?axis={view}"))
    assert counts[0] == counts[1]


def test_a_jurors_pages_make_equal_queries_for_few_and_many_rows(client):
    lists, ones = [], []
    for entries in (1, 3):
        call, _organiser, people, works = filled(entries, 3)
        client.force_login(people[0].participant.user)
        lists.append(queries(client, page("jury", call)))
        ones.append(queries(client, page("reading", call, works[0].code)))
    assert lists[0] == lists[1]
    assert ones[0] == ones[1]


def test_who_gets_into_which_page(client):
    call, organiser, people, works = filled(3, 3)
    stranger = make_jurors(make_call(call.edition, code="other"), 1)[0].participant.user
    reader, other = people[0].participant.user, people[2].participant.user
    pages = {
        "board": page("desk_board", call), "entry": page("desk_entry", call, works[0].code) + "?why=1",
        "ranking": page("desk_ranking", call), "jury": page("jury", call), "reading": page("reading", call, works[0].code),
    }  # fmt: skip
    table = {}
    for who, user in (("organiser", organiser), ("reader", reader), ("other juror", other), ("stranger", stranger)):
        client.force_login(user)
        table[who] = {name for name, address in pages.items() if client.get(address).status_code == 200}
    assert table == {
        "organiser": {"board", "entry", "ranking"},
        "reader": {"jury", "reading"},
        "other juror": {"jury"},
        "stranger": set(),
    }
    client.logout()
    assert {client.get(address).status_code for address in pages.values()} == {302}


def test_a_chair_sees_the_whole_jury_and_leads_its_discussions(client):
    call = make_call(is_blind=True)
    make_criteria(call)
    people, works = make_jurors(call, 3, is_chair=True), make_entries(call, 5, company_name="Hidden House")
    chair, juror, other = people
    Juror.objects.filter(pk__in=[juror.pk, other.pk]).update(is_chair=False)
    scored, _waiting, gone, free = read_by([chair], works[:4])
    score_all(call, [scored, *read_by([juror], works)])
    Reading.objects.filter(pk=gone.pk).update(state="recused")
    Reading.objects.filter(pk=free.pk).delete()
    add_conflict(organiser_of(call), chair, works[4], "They have worked together.")
    Remark.objects.create(entry=works[3], juror=juror, text="Bold.")
    client.force_login(chair.participant.user)
    overview = client.get(page("chair", call))
    listed = [(entry.code, entry.done, entry.readers, entry.said) for entry in overview.context["page"]]
    assert listed == [("E-003", 1, 1, 1), ("E-000", 2, 2, 0)]
    found = {work.code: client.get(page("discussion", call, work.code)).status_code for work in works}
    assert found == {"E-000": 200, "E-001": 404, "E-002": 404, "E-003": 200, "E-004": 404}
    assert "Hidden House" not in client.get(page("discussion", call, "E-003")).content.decode()
    assert list(client.get(page("chair", call), {"q": "Hidden House"}).context["page"]) == []
    client.post(page("discussion", call, "E-003"), {"text": "Let us see it again."})
    said = [(row.juror, row.text) for row in works[3].remarks.order_by("pk")]
    assert said == [(juror, "Bold."), (chair, "Let us see it again.")]
    client.force_login(juror.participant.user)
    refused = [client.get(page(name, call, *rest)).status_code for name, *rest in (("chair",), ("discussion", "E-003"))]
    assert refused == [404, 404]


def test_a_chairs_pages_make_equal_queries_for_few_and_many_rows(client):
    lists, ones = [], []
    for entries in (1, 3):
        call, _organiser, people, works = filled(entries, 3)
        Juror.objects.filter(pk=people[2].pk).update(is_chair=True)
        client.force_login(people[2].participant.user)
        lists.append(queries(client, page("chair", call)))
        ones.append(queries(client, page("discussion", call, works[0].code)))
    assert (lists[0], ones[0]) == (lists[1], ones[1])


def test_a_blind_page_hides_who_made_it(client):
    call = make_call(is_blind=True)
    make_criteria(call)
    hidden = {
        "company_name": "Hidden House",
        "creators": "Ann Maker",
        "directors": "Bo Maker",
        "producers": "Cy Maker",
        "sales": "Dee",
    }
    told = "Ann Maker, or maker ann, of HIDDEN HOUSE: 김 봄이 썼다. For those who wait indeed, Cy."
    works = make_entries(call, 1, for_whom=told, synopsis="Dee’s own.", contact_name="김봄", **hidden)
    people = make_jurors(call, 2)
    read_by(people, works)
    client.force_login(people[0].participant.user)
    text = client.get(page("reading", call, works[0].code)).content.decode()
    assert [name for name in hidden.values() if name in text] == []
    assert "▒▒▒, or ▒▒▒, of ▒▒▒: ▒▒▒이 썼다. For those who wait indeed, Cy." in text
    assert "▒▒▒’s own." in text
    for kind, link in (("screener", "https://video.example/hidden-house/1"), ("screener", "https://video.example/2")):
        Material.objects.create(entry=works[0], kind=kind, link=link)
    client.force_login(organiser_of(call))
    warned = client.get(page("desk_entry", call, works[0].code)).context["tales"]
    assert warned == ["https://video.example/hidden-house/1"]
    client.force_login(people[0].participant.user)
    call.is_blind = False
    call.save()
    text = client.get(page("reading", call, works[0].code)).content.decode()
    assert [name for name in ("Hidden House", "Ann Maker") if name in text] == ["Hidden House", "Ann Maker"]
    assert (told in text, "▒▒▒" in text) == (True, False)


def test_a_juror_scores_and_only_then_reads_the_others(client):
    call = make_call()
    criteria = make_criteria(call)
    works, people = make_entries(call, 1), make_jurors(call, 2)
    mine, theirs = sorted(read_by(people, works), key=lambda r: r.juror_id)
    score_all(call, [theirs])
    Reading.objects.filter(pk=theirs.pk).update(comment="A voice of its own.")
    client.force_login(people[0].participant.user)
    address = page("reading", call, works[0].code)
    assert "A voice of its own." not in client.get(address).content.decode()
    saved = client.post(address, {f"c{criteria[0].pk}": "7", "comment": "Mine."}, headers={"HX-Request": "true"})
    assert (saved.status_code, "7 scores are missing." in saved.content.decode()) == (200, True)
    mine.refresh_from_db()
    assert (mine.state, mine.comment, list(mine.scores.values_list("value", flat=True))) == ("begun", "Mine.", [7])
    early = client.post(address, {f"c{criteria[0].pk}": "7", "act": "done"})
    assert (early.status_code, "Not scored yet" in early.content.decode()) == (422, True)
    values = {f"c{c.pk}": "6" for c in criteria}
    assert client.post(address, values | {"comment": "Mine.", "act": "done"}).status_code == 302
    text = client.get(address).content.decode()
    assert ("A voice of its own." in text, f"c{criteria[0].pk}" in text) == (True, False)
    assert client.post(address, values | {"act": "done"}).status_code == 422
    said = client.post(page("remark", call, works[0].code), {"text": "I agree."})
    assert (said.status_code, Remark.objects.get().text) == (302, "I agree.")


@pytest.mark.parametrize("value", ["11", "0", "-3", "x", "9" * 25, "5.5"])
def test_a_score_off_the_scale_is_refused_at_its_field(client, value):
    call = make_call()
    criteria = make_criteria(call)
    works, people = make_entries(call, 1), make_jurors(call, 1)
    read_by(people, works)
    client.force_login(people[0].participant.user)
    answer = client.post(page("reading", call, works[0].code), {f"c{criteria[0].pk}": value})
    assert (answer.status_code, Reading.objects.get().scores.count()) == (422, 0)


def test_an_entry_is_given_back_with_a_reason(client):
    call = make_call()
    works, people = make_entries(call, 1), make_jurors(call, 1)
    read_by(people, works)
    client.force_login(people[0].participant.user)
    address = page("recuse", call, works[0].code)
    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "We shared a flat.", "is_conflict": "on"}).status_code == 302
    reading = Reading.objects.get()
    assert (reading.state, reading.recused_because) == ("recused", "We shared a flat.")
    assert list(people[0].conflicts.values_list("entry", "kind", "note")) == [(works[0].pk, "declared", "We shared a flat.")]
    assert client.get(page("reading", call, works[0].code)).status_code == 404
