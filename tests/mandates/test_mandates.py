"""Mandates: hidden ones are seen by nobody else, one's own are written, changed and deleted."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from factories import EditionFactory, MandateFactory, MeetingRequestFactory, ParticipantFactory, UserFactory
from visits import get, post, queries_of

from madang.mandates.actions import MOST, TooManyMandates, change_mandate, delete_mandate, write_mandate
from madang.mandates.models import Mandate
from madang.mandates.queries import territory_words
from madang.mandates.rules import may_change_mandate, may_write_mandates, visible_mandates
from madang.markets.models import LogEntry, Stage

pytestmark = pytest.mark.django_db

ROLES = ["visitor", "stranger", "owner", "buyer", "seller", "creator", "juror", "press", "guest", "organiser", "administrator"]


@pytest.fixture
def yard():
    """A buyer with an open and a hidden mandate, and everybody else."""
    edition = EditionFactory()
    owner = ParticipantFactory(edition=edition, code="OWN", is_buyer=True)
    users = {"visitor": None, "stranger": UserFactory(), "owner": owner.user}
    for role in ("buyer", "seller", "creator", "juror", "press", "guest"):
        users[role] = ParticipantFactory(edition=edition, code=role, **{f"is_{role}": True}).user
    users["organiser"], users["administrator"] = UserFactory(), UserFactory(is_superuser=True)
    edition.market.organisers.add(users["organiser"])
    MandateFactory(edition=edition, buyer=owner, code="OPEN", text="Crime for a platform", format="series", genre="crime")
    MandateFactory(
        edition=edition, buyer=owner, code="HIDE", text="Secret wish", format="film", genre="horror", visibility="hidden"
    )
    return edition, users


BOTH = ["HIDE", "OPEN"]
SEEN = {
    "visitor": [],
    "stranger": [],
    "owner": BOTH,
    "buyer": ["OPEN"],
    "seller": ["OPEN"],
    "creator": ["OPEN"],
    "juror": [],
    "press": [],
    "guest": [],
    "organiser": BOTH,
    "administrator": BOTH,
}


def test_who_sees_which_mandates(yard):
    edition, users = yard
    ruled = {
        role: sorted(visible_mandates(user or UserFactory(), edition).values_list("code", flat=True))
        for role, user in users.items()
    }
    opened = {
        role: [code for code in BOTH if get(user, "mandates:mandate", edition, code).status_code == 200]
        for role, user in users.items()
    }
    assert ruled == SEEN
    assert opened == SEEN


@pytest.mark.parametrize("query", [{}, {"q": "secret"}, {"q": "HIDE"}, {"format": "film"}, {"genre": "horror"}, {"mine": "1"}])
@pytest.mark.parametrize("role", ["buyer", "seller", "creator"])
def test_a_hidden_mandate_is_found_by_nobody_else(yard, role, query):
    edition, users = yard
    page = get(users[role], "mandates:mandates", edition, **query)
    facets = page.context["found"].facets
    assert "HIDE" not in [mandate.code for mandate in page.context["page"]]
    assert [choice.value for choice in facets["genre"].choices if choice.count] in ([], ["crime"])
    assert b"Secret wish" not in page.content


def test_the_owner_finds_her_hidden_mandate(yard):
    edition, users = yard
    page = get(users["owner"], "mandates:mandates", edition, q="secret")
    assert [mandate.code for mandate in page.context["page"]] == ["HIDE"]


@pytest.mark.parametrize("query", [{"q": "crime platform"}, {"q": "Family"}, {"format": "series"}, {"country": "KR"}])
def test_open_ones_are_found(yard, query):
    edition, users = yard
    assert [mandate.code for mandate in get(users["seller"], "mandates:mandates", edition, **query).context["page"]] == ["OPEN"]


def test_who_may_write_and_change(yard):
    edition, users = yard
    mandate = Mandate.objects.get(code="OPEN")
    others = {role: user for role, user in users.items() if user}
    assert [role for role, user in others.items() if may_write_mandates(user, edition)] == ["owner", "buyer"]
    assert [role for role, user in others.items() if may_change_mandate(user, mandate)] == ["owner"]
    edition.stage = Stage.AFTER
    edition.save()
    assert [role for role, user in others.items() if may_write_mandates(user, edition)] == []


def test_who_reaches_the_forms(yard):
    edition, users = yard
    new = {role: get(user, "mandates:new", edition).status_code for role, user in users.items()}
    edit = {role: get(user, "mandates:edit", edition, "OPEN").status_code for role, user in users.items()}
    delete = {role: post(user, "mandates:delete", edition, "OPEN").status_code for role, user in users.items() if role != "owner"}
    assert {role for role, status in new.items() if status == 200} == {"owner", "buyer"}
    assert {role for role, status in edit.items() if status == 200} == {"owner"}
    assert {role: status for role, status in delete.items() if role != "visitor"} == {
        role: 404 for role in ROLES if role not in ("owner", "visitor")
    }
    assert Mandate.objects.filter(code="OPEN").exists()


def test_deleting_a_hidden_mandate_of_another_tells_nothing(yard):
    edition, users = yard
    answers = [post(users["buyer"], "mandates:delete", edition, code) for code in ("HIDE", "NONE")]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, f"/e/{edition.slug}/mandates/")] * 2
    assert Mandate.objects.filter(code="HIDE").exists()


def test_a_buyer_writes_changes_and_deletes(yard):
    edition, users = yard
    facts = {"text": "Thrillers", "format": "series", "genre": "", "territories": "FR, BE", "visibility": "hidden"}
    answer = post(users["buyer"], "mandates:new", edition, **facts)
    made = Mandate.objects.get(buyer__code="buyer")
    assert answer.url == f"/e/{edition.slug}/mandates/{made.code}/"
    assert {name: getattr(made, name) for name in facts} == facts
    post(users["buyer"], "mandates:edit", edition, made.code, **facts | {"visibility": "public"})
    made.refresh_from_db()
    assert made.visibility == "public"
    post(users["buyer"], "mandates:delete", edition, made.code)
    post(users["buyer"], "mandates:delete", edition, made.code)
    assert list(LogEntry.objects.order_by("pk").values_list("verb", "subject")) == [
        ("write_mandate", made.code),
        ("change_mandate", made.code),
        ("delete_mandate", made.code),
    ]
    assert Mandate.objects.filter(buyer__code="buyer").exists() is False


def test_a_double_click_writes_one(yard):
    edition, users = yard
    facts = {"text": "Thrillers", "format": "", "genre": "", "territories": "", "visibility": "public"}
    for _ in range(2):
        post(users["buyer"], "mandates:new", edition, **facts)
    assert Mandate.objects.filter(buyer__code="buyer").count() == 1
    assert LogEntry.objects.count() == 1


def test_codes_tell_nothing_of_how_many_there_are(yard):
    edition, users = yard
    MandateFactory(edition=edition, code="M0041")
    codes = [write_mandate(users["buyer"], edition, text=text).code for text in ("One", "Two")]
    assert [re.fullmatch("M[2-9A-HJKMNP-Z]{5}", code) is not None for code in codes] == [True, True]
    assert codes[0] != codes[1]


def test_bad_input_is_explained(yard):
    edition, users = yard
    answer = post(users["buyer"], "mandates:new", edition, text="", format="opera", visibility="public")
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, ["format", "text"])
    long = post(users["buyer"], "mandates:new", edition, text="x" * 1001, visibility="public")
    assert (long.status_code, sorted(long.context["form"].errors)) == (422, ["text"])


def test_too_many_are_refused(yard):
    edition, users = yard
    for number in range(MOST):
        write_mandate(users["buyer"], edition, text=f"Wish {number}")
    with pytest.raises(TooManyMandates):
        write_mandate(users["buyer"], edition, text="One more")
    assert post(users["buyer"], "mandates:new", edition, text="More", visibility="public").status_code == 422
    assert Mandate.objects.filter(buyer__code="buyer").count() == MOST


@pytest.mark.parametrize("role", ["buyer", "seller", "juror", "organiser", "stranger"])
def test_others_may_not_act(yard, role):
    _edition, users = yard
    mandate = Mandate.objects.get(code="OPEN")
    with pytest.raises(PermissionDenied):
        change_mandate(users[role], mandate, text="Mine now")
    with pytest.raises(PermissionDenied):
        delete_mandate(users[role], mandate)
    assert Mandate.objects.get(code="OPEN").text == "Crime for a platform"
    assert LogEntry.objects.count() == 0


def test_requests_outlive_their_mandate(yard):
    edition, users = yard
    mandate = Mandate.objects.get(code="OPEN")
    request = MeetingRequestFactory(edition=edition, receiver=mandate.buyer, mandate=mandate)
    delete_mandate(users["owner"], mandate)
    request.refresh_from_db()
    assert request.mandate is None


def test_territories_in_words():
    assert territory_words("FR, be; Francophone Africa, XX") == "France, Belgium, Francophone Africa, XX"


@pytest.mark.parametrize("role", ["seller", "organiser"])
def test_the_list_takes_the_same_queries_for_1_and_3_rows(role):
    edition, user = EditionFactory(), UserFactory()
    if role == "seller":
        ParticipantFactory(edition=edition, user=user, is_seller=True)
    else:
        edition.market.organisers.add(user)
    MandateFactory(edition=edition)
    one = queries_of(user, "mandates:mandates", edition)
    MandateFactory(edition=edition, territories="FR, BE")
    MandateFactory(edition=edition)
    assert queries_of(user, "mandates:mandates", edition) == one
