"""The applicant's way: an address alone, drafts, proofs, questions, what bad input is told."""

import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from badges import badge_type, submitted
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from factories import UserFactory
from PIL import Image

from madang.accounts.mail import delivered
from madang.accounts.models import User
from madang.accreditation.actions.deciding import Decision, ask_applicant, decide
from madang.accreditation.models import Application, Inquiry, Question
from madang.people.models import Letter

PERSON = {"family_name": "Lefèvre", "given_name": "Camille", "country": "FR"}


def picture(kind="PNG", size=(20, 20)):
    stream = io.BytesIO()
    Image.new("RGB", size, "teal").save(stream, kind)
    return stream.getvalue()


def ask(kind, code, answer_kind, **facts):
    return Question.objects.create(badge_type=kind, code=code, kind=answer_kind, label=code.capitalize(), **facts)


def page(edition, rest):
    return f"/e/{edition.slug}/badges/{rest}"


def test_by_an_address_alone(client, edition):
    badge_type(edition)
    door = client.get(page(edition, "buyer/apply/"))
    asked = {key: values[0] for key, values in parse_qs(urlsplit(door["Location"]).query).items()}
    client.post("/accounts/sign-in/", {"email": "camille@example.org", **asked})
    delivered()
    token = parse_qs(urlsplit(re.search(r"https?://\S+", mail.outbox[0].body)[0]).query)["token"][0]
    opened = client.post("/accounts/open/", {"token": token})
    assert opened["Location"] == page(edition, "buyer/apply/")
    done = client.post(opened["Location"], PERSON | {"submit": "1"})
    row = Application.objects.get()
    assert done["Location"] == page(edition, f"applications/{row.code}/")
    assert (row.state, row.email, row.user) == ("submitted", "camille@example.org", User.objects.get(email="camille@example.org"))
    assert (row.user.name, row.user.language) == ("Camille Lefèvre", "en")
    assert [letter.address for letter in Letter.objects.all()] == ["camille@example.org"]


def test_no_account_is_opened_where_nothing_is_open(client, edition):
    badge_type(edition, by_invitation=True)
    assert "welcome" not in client.get(page(edition, "applications/X/"))["Location"]


def test_a_draft_is_kept_incomplete_and_handed_in_complete(client, edition):
    kind = badge_type(edition)
    must, proof = ask(kind, "why", "long", is_required=True), ask(kind, "card", "file", is_required=True)
    client.force_login(UserFactory())
    saved = client.post(page(edition, "buyer/apply/"), {"family_name": "Lefèvre", "save": "1"})
    row = Application.objects.get()
    assert (saved["Location"], row.state) == (page(edition, f"applications/{row.code}/edit/"), "draft")
    assert client.get(page(edition, "buyer/apply/"))["Location"] == saved["Location"]
    refused = client.post(saved["Location"], PERSON | {"submit": "1"})
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {f"q{must.pk}", f"q{proof.pk}"}
    file = SimpleUploadedFile("card.png", picture())
    client.post(saved["Location"], PERSON | {f"q{proof.pk}": file, "save": "1"})
    done = client.post(saved["Location"], PERSON | {f"q{must.pk}": "I buy.", "submit": "1"})
    row.refresh_from_db()
    answers = {answer.question: (answer.value, answer.file_name) for answer in row.answers.all()}
    assert (done.status_code, row.state) == (302, "submitted")
    assert answers == {must: ("I buy.", ""), proof: (None, "card.png")}


def typed(client, address, words, **buttons):
    """What a window sends by itself, or with a button; gives the answer and the mark for the next time."""
    answer = client.post(address, words | buttons, headers={"HX-Request": "true"})
    return answer, (answer.context or {}).get("mark", "")


def test_a_draft_saves_itself_and_keeps_what_makes_sense(client, edition):
    kind = badge_type(edition)
    number, proof = ask(kind, "count", "number", is_required=True), ask(kind, "card", "file")
    client.force_login(UserFactory())
    address = page(edition, "buyer/apply/")
    _answer, mark = typed(client, address, {"family_name": "Lef", "seen": ""})
    words = {"family_name": "Lefèvre", f"q{number.pk}": "9" * 25, "native_name": "สมชาย"}
    answer, mark = typed(client, address, words | {"seen": mark, f"q{proof.pk}": SimpleUploadedFile("c.png", picture())})
    row = Application.objects.get()
    kept = {answer.question: (answer.value, answer.file_name) for answer in row.answers.all()}
    assert (row.state, row.family_name, row.native_name) == ("draft", "Lefèvre", "สมชาย")
    assert kept == {number: (None, ""), proof: (None, "c.png")}
    assert (list(answer.context["form"].errors), answer.context["lost"]) == ([f"q{number.pk}"], "สมชาย")
    assert [field.name for field in answer.context["kept"]] == [f"q{proof.pk}"]
    refused, mark = typed(client, address, words | {"seen": mark}, submit="1")
    assert (refused.status_code, refused["HX-Retarget"]) == (422, "#main")
    done, _mark = typed(client, address, PERSON | {f"q{number.pk}": "3", "seen": mark}, submit="1")
    assert done["HX-Redirect"] == page(edition, f"applications/{row.code}/")


def test_two_windows_of_a_draft_do_not_overwrite_each_other(client, edition):
    badge_type(edition)
    client.force_login(UserFactory())
    address = page(edition, "buyer/apply/")
    _first, mark = typed(client, address, {"family_name": "Lefèvre", "seen": ""})
    late, _mark = typed(client, address, {"family_name": "Martin", "seen": ""})
    assert "another window" in late.content.decode()
    assert [row.family_name for row in Application.objects.all()] == ["Lefèvre"]
    told, seen = typed(client, address, {"family_name": "Martin", "seen": ""}, save="1")
    assert (told.status_code, seen) == (422, mark)
    typed(client, address, {"family_name": "Martin", "seen": seen}, save="1")
    assert [row.family_name for row in Application.objects.all()] == ["Martin"]


def test_a_file_that_is_too_big_leaves_the_draft_as_it_is(client, edition):
    kind = badge_type(edition)
    proof = ask(kind, "card", "file")
    client.force_login(UserFactory())
    address = page(edition, "buyer/apply/")
    _answer, mark = typed(client, address, PERSON | {"seen": ""})
    big = SimpleUploadedFile("big.pdf", b"%PDF-" + b"x" * 10_000_001)
    answer, _mark = typed(client, address, {"seen": mark, f"q{proof.pk}": big})
    assert "too big" in answer.content.decode()
    assert (Application.objects.get().family_name, Application.objects.get().answers.count()) == ("Lefèvre", 0)


def test_beside_a_file_that_is_too_big_everything_typed_comes_back(client, edition):
    kind = badge_type(edition)
    proof, second, about = ask(kind, "card", "file"), ask(kind, "letter", "file"), ask(kind, "about", "text")
    client.force_login(UserFactory())
    big, fine = (SimpleUploadedFile("a.pdf", b"%PDF-" + b"x" * size) for size in (10_000_001, 9_000_000))
    sent = PERSON | {f"q{proof.pk}": big, f"q{second.pk}": fine, f"q{about.pk}": "Since 1998", "submit": "1", "seen": ""}
    answer = client.post(page(edition, "buyer/apply/"), sent)
    form = answer.context["form"]
    assert (answer.status_code, form[f"q{about.pk}"].value()) == (422, "Since 1998")
    assert form.errors == {f"q{proof.pk}": ["The file is too big: 10 MB are allowed."]}
    assert Application.objects.count() == 0


def test_a_proof_is_read_by_its_owner_and_the_organiser_alone(client, edition, organiser):
    kind = badge_type(edition)
    proof, user = ask(kind, "card", "file"), UserFactory()
    client.force_login(user)
    client.post(
        page(edition, "buyer/apply/"), PERSON | {f"q{proof.pk}": SimpleUploadedFile("c.pdf", b"%PDF-1.7 x"), "submit": "1"}
    )
    address = page(edition, f"proofs/{Application.objects.get().answers.get().pk}/")
    answers = {}
    for name, reader in {"owner": user, "organiser": organiser, "stranger": UserFactory()}.items():
        client.force_login(reader)
        answers[name] = client.get(address)
    assert {name: response.status_code for name, response in answers.items()} == {"owner": 200, "organiser": 200, "stranger": 404}
    assert answers["owner"]["Content-Disposition"].startswith("attachment")
    assert (answers["owner"]["Content-Type"], answers["owner"].content) == ("application/pdf", b"%PDF-1.7 x")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("poster.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("card.png", b"\x89PNG\r\n\x1a\n and no picture"),
        ("page.pdf", b"<html>"),
        ("bomb.png", picture(size=(7000, 7000))),
        ("big.pdf", b"%PDF-" + b"x" * 10_000_001),
    ],
)
def test_files_that_are_not_taken_are_refused_in_words(client, edition, name, content):
    kind = badge_type(edition)
    proof = ask(kind, "card", "file")
    client.force_login(UserFactory())
    answer = client.post(
        page(edition, "buyer/apply/"), PERSON | {f"q{proof.pk}": SimpleUploadedFile(name, content), "submit": "1"}
    )
    assert answer.status_code == 422
    assert 'value="Camille"' in answer.content.decode() or name == "big.pdf"
    assert not Application.objects.exists()


LONG = "가\U0001f600\u202e" * 134


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("family_name", LONG),
        ("company_name", LONG),
        ("company_size", "huge"),
        ("country", "XX"),
        ("number", "9" * 25),
        ("link", "javascript:alert(1)"),
    ],
)
def test_bad_words_are_told_at_their_field_and_kept(client, edition, field, value):
    kind = badge_type(edition)
    asked = {code: ask(kind, code, code) for code in ("number", "link")}
    key = f"q{asked[field].pk}" if field in asked else field
    client.force_login(UserFactory())
    answer = client.post(page(edition, "buyer/apply/"), PERSON | {key: value, "submit": "1"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [key])
    assert answer.context["form"][key].value() == value
    assert not Application.objects.exists()


def test_who_is_asked_answers_once(client, edition, organiser):
    user = UserFactory()
    row = submitted(badge_type(edition), user=user)
    inquiry = ask_applicant(organiser, row, "Which works?")
    client.force_login(user)
    for text in ("The Yard, 2024", "Something else"):
        client.post(page(edition, f"applications/{row.code}/answer/"), {"inquiry": inquiry.pk, "answer": text})
    row.refresh_from_db()
    assert (row.state, Inquiry.objects.get().answer) == ("submitted", "The Yard, 2024")


def test_nobody_applies_twice_for_the_same_badge(client, edition):
    kind, user = badge_type(edition), UserFactory()
    row = submitted(kind, user=user)
    client.force_login(user)
    assert client.get(page(edition, "buyer/apply/"))["Location"] == page(edition, f"applications/{row.code}/")
    client.post(page(edition, f"applications/{row.code}/withdraw/"))
    assert client.get(page(edition, "buyer/apply/")).status_code == 200


def test_strangers_see_no_application(client, edition):
    row = submitted(badge_type(edition))
    client.force_login(UserFactory())
    found = [client.get(page(edition, f"applications/{row.code}/{rest}")).status_code for rest in ("", "edit/", "transfer/")]
    assert found == [404, 404, 404]


@pytest.mark.parametrize(("quota", "accepted", "words"), [(None, 2, ""), (20, 2, ""), (5, 2, "Few left"), (2, 2, "Waiting list")])
def test_what_is_left_is_told_in_words(client, edition, organiser, quota, accepted, words):
    kind = badge_type(edition, quota=quota)
    rows = [submitted(kind) for _n in range(accepted)]
    decide(organiser, edition, [row.pk for row in rows], Decision.ACCEPT)
    (row, room, _early) = client.get(page(edition, "")).context["open"][0]
    assert (row, str(room.words)) == (kind, words)


def test_the_list_makes_the_same_queries_for_one_and_for_three(client, edition, django_assert_num_queries):
    user = UserFactory()
    client.force_login(user)

    def count():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as seen:
            assert client.get(page(edition, "")).status_code == 200
        return len(seen)

    submitted(badge_type(edition), user=user)
    one = count()
    for role in ("seller", "press"):
        submitted(badge_type(edition, role), user=user)
    assert count() == one
