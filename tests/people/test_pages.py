"""Companies and people: who sees the pages, what a search finds, how many queries a list takes."""

import pytest
from factories import CompanyFactory, EditionFactory, MandateFactory, ParticipantFactory, TitleFactory, UserFactory
from visits import client_of, get, post, queries_of

from madang.markets.models import Stage
from madang.people.models import Notice
from madang.people.queries import may_be_asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def yard():
    """An edition with a user of each role, a company and a seller in it."""
    edition = EditionFactory()
    company = CompanyFactory(edition=edition, code="HAN", name="Hanbada Pictures", name_ko="한바다 픽처스", kind="producer")
    seller = ParticipantFactory(
        edition=edition, code="SEO", company=company, family_name="Seo", given_name="Haneul", native_name="서하늘", is_seller=True
    )
    users = {"visitor": None, "stranger": UserFactory(), "seller": seller.user}
    for role in ("buyer", "creator", "juror", "press", "guest"):
        users[role] = ParticipantFactory(edition=edition, code=role, **{f"is_{role}": True}).user
    users["organiser"] = UserFactory()
    edition.market.organisers.add(users["organiser"])
    users["administrator"] = UserFactory(is_superuser=True)
    return edition, users


SEEN = {
    "visitor": 302,
    "stranger": 404,
    "juror": 404,
    "press": 404,
    "guest": 404,
    "buyer": 200,
    "seller": 200,
    "creator": 200,
    "organiser": 200,
    "administrator": 200,
}


@pytest.mark.parametrize("page", ["people:companies", "people:participants", "people:company HAN", "people:participant SEO"])
def test_who_sees_a_page(yard, page):
    edition, users = yard
    name, *code = page.split()
    assert {role: get(user, name, edition, *code).status_code for role, user in users.items()} == SEEN


def test_codes_of_another_edition_are_not_found(yard):
    edition, users = yard
    other = ParticipantFactory(edition=EditionFactory(market=edition.market), is_seller=True)
    for user in (users["buyer"], users["organiser"]):
        assert get(user, "people:participant", edition, other.code).status_code == 404
        assert get(user, "people:company", edition, other.company.code).status_code == 404


def test_jurors_are_shown_to_organisers_alone(yard):
    edition, users = yard
    codes = {}
    for role in ("buyer", "organiser"):
        rows = get(users[role], "people:participants", edition).context["rows"]
        codes[role] = sorted(person.code for person, _ in rows)
    assert codes == {
        "buyer": ["SEO", "buyer", "creator"],
        "organiser": ["SEO", "buyer", "creator", "guest", "juror", "press"],
    }
    assert get(users["buyer"], "people:participant", edition, "juror").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "하늘"}, ["SEO"]),
        ({"q": "haneul seo"}, ["SEO"]),
        ({"q": "한바다"}, ["SEO"]),
        ({"q": "hanbada PICTURES"}, ["SEO"]),
        ({"q": "nobody"}, []),
        ({"role": "buyer"}, ["buyer"]),
        ({"role": "nonsense"}, ["SEO", "buyer", "creator"]),
        ({"country": "KR"}, ["SEO", "buyer", "creator"]),
        ({"country": "FR"}, []),
        ({"q": "person@example.org"}, []),
        ({"page": "99"}, ["SEO", "buyer", "creator"]),
        ({"page": "x"}, ["SEO", "buyer", "creator"]),
        ({"q": "\x00"}, ["SEO", "buyer", "creator"]),
    ],
)
def test_search_for_people(yard, query, found):
    edition, users = yard
    rows = get(users["buyer"], "people:participants", edition, **query).context["rows"]
    assert sorted(person.code for person, _ in rows) == found


def test_companies_by_country_and_kind_with_counts(yard):
    edition, users = yard
    for code, country, kind in [("A", "FR", "platform"), ("B", "FR", "producer"), ("C", "JP", "platform")]:
        CompanyFactory(edition=edition, code=code, country=country, kind=kind)
    response = get(users["buyer"], "people:companies", edition, country="FR")
    facets = response.context["found"].facets
    assert [company.code for company, _ in response.context["rows"]] == ["A", "B"]
    assert [(choice.value, choice.count) for choice in facets["kind"].choices] == [("platform", 1), ("producer", 1)]
    assert {choice.value: choice.count for choice in facets["country"].choices}["JP"] == 1
    assert {choice.value: choice.link for choice in facets["country"].choices}["FR"] == "?"
    assert {choice.value: choice.link for choice in facets["kind"].choices}["platform"] == "?country=FR&kind=platform"


def test_the_company_page_offers_a_meeting_to_others(yard):
    edition, users = yard
    TitleFactory(edition=edition, company=edition.companies.get(code="HAN"), name="The Ferry")
    TitleFactory(edition=edition, company=edition.companies.get(code="HAN"), name="The Anchor", is_withdrawn=True)
    page = get(users["buyer"], "people:company", edition, "HAN").content.decode()
    assert ("/requests/to/SEO/" in page, "The Ferry" in page, "The Anchor" in page) == (True, True, False)
    own = get(users["seller"], "people:company", edition, "HAN").content.decode()
    assert "/requests/to/SEO/" not in own
    assert "/requests/to/SEO/" not in get(users["organiser"], "people:company", edition, "HAN").content.decode()


def test_the_email_address_is_the_organisers(yard):
    edition, users = yard
    email = users["seller"].email
    shown = {role: email in get(users[role], "people:participant", edition, "SEO").content.decode() for role in SEEN_BY}
    assert shown == {"buyer": False, "organiser": True}


SEEN_BY = ["buyer", "organiser"]


def test_hidden_mandates_are_not_on_the_person_page(yard):
    edition, users = yard
    buyer = edition.participants.get(code="buyer")
    MandateFactory(edition=edition, buyer=buyer, text="Something open")
    MandateFactory(edition=edition, buyer=buyer, text="Something secret", visibility="hidden")
    seen = {}
    for role in ("seller", "buyer", "organiser"):
        page = get(users[role], "people:participant", edition, "buyer").content.decode()
        seen[role] = ("Something open" in page, "Something secret" in page)
    assert seen == {"seller": (True, False), "buyer": (True, True), "organiser": (True, True)}


def test_whom_one_may_ask():
    edition = EditionFactory()
    company = CompanyFactory(edition=edition)
    me = ParticipantFactory(edition=edition, company=company, is_buyer=True)
    people = {
        "colleague": ParticipantFactory(edition=edition, company=company, is_seller=True),
        "seller": ParticipantFactory(edition=edition, is_seller=True),
        "alone": ParticipantFactory(edition=edition, company=None, is_creator=True),
        "juror": ParticipantFactory(edition=edition, is_juror=True),
        "me": me,
    }
    wanted = {"colleague": False, "seller": True, "alone": True, "juror": False, "me": False}
    assert {name: may_be_asked(me, person) for name, person in people.items()} == wanted
    assert may_be_asked(None, people["seller"]) is False
    assert may_be_asked(people["juror"], people["seller"]) is False
    assert may_be_asked(people["alone"], ParticipantFactory(edition=edition, company=None, is_buyer=True)) is True
    edition.stage = Stage.AFTER
    assert may_be_asked(me, ParticipantFactory(edition=edition, is_seller=True)) is False


@pytest.mark.parametrize("name", ["people:companies", "people:participants"])
@pytest.mark.parametrize("role", ["buyer", "organiser"])
def test_lists_take_the_same_queries_for_1_and_3_rows(name, role):
    edition = EditionFactory()
    user = UserFactory()
    if role == "buyer":
        ParticipantFactory(edition=edition, user=user, is_buyer=True)
    else:
        edition.market.organisers.add(user)
        ParticipantFactory(edition=edition, is_seller=True)
    one = queries_of(user, name, edition)
    for _ in range(2):
        ParticipantFactory(edition=edition, is_seller=True)
    assert queries_of(user, name, edition) == one


@pytest.mark.parametrize("name", ["people:company", "people:participant"])
def test_detail_pages_take_the_same_queries_for_1_and_3_rows(yard, name):
    edition, users = yard
    company = edition.companies.get(code="HAN")
    counts = []
    for _ in range(3):
        TitleFactory(edition=edition, company=company)
        MandateFactory(edition=edition, buyer=edition.participants.get(code="SEO"))
        ParticipantFactory(edition=edition, company=company, is_seller=True)
        counts.append(queries_of(users["buyer"], name, edition, {"people:company": "HAN"}.get(name, "SEO")))
    assert counts == [counts[0]] * 3


def tell(person, number):
    return Notice.objects.create(edition=person.edition, recipient=person, kind="request_received", key=str(number), data={})


def test_notices_are_ones_own_and_read_by_post(yard):
    edition, users = yard
    seller, buyer = edition.participants.get(code="SEO"), edition.participants.get(code="buyer")
    first, second, others = tell(seller, 1), tell(seller, 2), tell(buyer, 1)
    page = get(users["seller"], "people:notices", edition)
    assert [notice.pk for notice, _, _ in page.context["rows"]] == [second.pk, first.pk]
    assert (page.context["unread"], page.context["last"]) == (2, second.pk)
    third = tell(seller, 3)
    client = client_of(users["seller"])
    assert client.post(f"/e/{edition.slug}/notices/", {"last": second.pk}).status_code == 302
    unread = set(Notice.objects.filter(read_at=None).values_list("pk", flat=True))
    assert unread == {third.pk, others.pk}
    assert post(users["seller"], "people:notices", edition, last="nonsense").status_code == 302
    assert post(users["seller"], "people:notices", edition, last="9" * 40).status_code == 302
    assert Notice.objects.filter(read_at=None).count() == 2


def test_notices_of_a_visitor_ask_to_sign_in(yard):
    edition, users = yard
    assert get(None, "people:notices", edition).status_code == 302
    assert post(None, "people:notices", edition, last="1").status_code == 302
    assert get(users["stranger"], "people:notices", edition).status_code == 200


def test_notices_take_the_same_queries_for_1_and_3_rows(yard):
    edition, users = yard
    seller = edition.participants.get(code="SEO")
    tell(seller, 1)
    one = queries_of(users["seller"], "people:notices", edition)
    tell(seller, 2)
    tell(seller, 3)
    assert queries_of(users["seller"], "people:notices", edition) == one


def test_lists_are_sorted_without_accents_and_case():
    edition = EditionFactory()
    user = UserFactory()
    edition.market.organisers.add(user)
    for name in ("Zoé", "Éclair", "apple", "Eden", "한바다"):
        ParticipantFactory(edition=edition, family_name=name, given_name="", is_buyer=True, company=None)
        CompanyFactory(edition=edition, name=name)
    order = ["apple", "Éclair", "Eden", "Zoé", "한바다"]
    assert [person.family_name for person, _ in get(user, "people:participants", edition).context["rows"]] == order
    assert [company.name for company, _ in get(user, "people:companies", edition).context["rows"]] == order
