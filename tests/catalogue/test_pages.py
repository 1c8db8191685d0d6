"""The catalogue: who sees which titles, search, filters with counts, what is known of a title."""

import pytest
from factories import CompanyFactory, EditionFactory, ParticipantFactory, TitleFactory, UserFactory
from visits import get, queries_of

from madang.catalogue.models import Title
from madang.catalogue.queries import episode_words, facts_of, other_names
from madang.catalogue.rules import visible_titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def yard():
    """A showcase title, one of the market and a withdrawn one; a user of each role."""
    edition = EditionFactory()
    company = CompanyFactory(edition=edition, code="HAN", name="Hanbada", name_ko="한바다")
    facts = {"edition": edition, "company": company}
    TitleFactory(**facts, code="SHOW", name="Hunter with a Scalpel", name_ko="메스를 든 사냥꾼", is_showcase=True, countries="KR")
    TitleFactory(**facts, code="SALE", name="The Ferry", genre="crime", countries="KR,FR", creators="Hörður Rúnarsson", year=2024)
    TitleFactory(**facts, code="GONE", name="The Anchor", is_withdrawn=True, is_showcase=True)
    users = {"visitor": None, "stranger": UserFactory()}
    for role in ("buyer", "seller", "creator", "juror", "press", "guest"):
        users[role] = ParticipantFactory(edition=edition, code=role, **{f"is_{role}": True}).user
    ParticipantFactory(edition=edition, code="SEO", company=company, is_seller=True)
    users["organiser"] = UserFactory()
    edition.market.organisers.add(users["organiser"])
    return edition, users


ONLY_SHOWCASE = ["SHOW"]
ON_SALE = ["SALE", "SHOW"]
SEEN = {
    "visitor": ONLY_SHOWCASE,
    "stranger": ONLY_SHOWCASE,
    "juror": ONLY_SHOWCASE,
    "press": ONLY_SHOWCASE,
    "guest": ONLY_SHOWCASE,
    "buyer": ON_SALE,
    "seller": ON_SALE,
    "creator": ON_SALE,
    "organiser": ["GONE", "SALE", "SHOW"],
}


def test_who_sees_which_titles(yard):
    edition, users = yard
    listed, opened = {}, {}
    for role, user in users.items():
        listed[role] = sorted(title.code for title in get(user, "catalogue:titles", edition).context["page"])
        opened[role] = [
            code for code in ("GONE", "SALE", "SHOW") if get(user, "catalogue:title", edition, code).status_code == 200
        ]
    assert listed == SEEN
    assert opened == SEEN


def test_lists_show_whole_works_and_their_pages_the_parts(yard):
    edition, users = yard
    ferry = Title.objects.get(code="SALE")
    season = TitleFactory(
        edition=edition, company=ferry.company, code="S1", name="Season 1", part_of=ferry, level="season", number=1
    )
    TitleFactory(edition=edition, company=ferry.company, code="S1E1", name="Pilot", part_of=season, level="episode", number=1)
    season.identifiers.create(scheme="eidr", value="10.5240/7791-8534-2C23-9030-8610-5")
    season.identifiers.create(scheme="own", value="secret-1")
    assert sorted(title.code for title in get(users["buyer"], "catalogue:titles", edition).context["page"]) == ON_SALE
    assert [part.code for part in get(users["buyer"], "catalogue:title", edition, "SALE").context["parts"]] == ["S1"]
    page = get(users["buyer"], "catalogue:title", edition, "S1")
    assert dict(page.context["facts"])["Numbers"] == "EIDR 10.5240/7791-8534-2C23-9030-8610-5"
    assert f'/titles/{ferry.code}/">The Ferry</a>' in page.content.decode()
    ferry.is_withdrawn = True
    ferry.save()
    assert get(users["buyer"], "catalogue:title", edition, "S1").status_code == 404


def test_a_hidden_edition_has_no_public_catalogue(yard):
    edition, users = yard
    edition.is_public = False
    edition.save()
    assert get(None, "catalogue:titles", edition).status_code == 404
    assert get(users["stranger"], "catalogue:titles", edition).status_code == 404
    assert get(users["buyer"], "catalogue:titles", edition).status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "사냥꾼"}, ["SHOW"]),
        ({"q": "메스"}, ["SHOW"]),
        ({"q": "메스를든사냥꾼"}, ["SHOW"]),
        ({"q": "scalpel HUNTER"}, ["SHOW"]),
        ({"q": "runarsson"}, ["SALE"]),
        ({"q": "한바다"}, ["SALE", "SHOW"]),
        ({"q": "anchor"}, []),
        ({"country": "FR"}, ["SALE"]),
        ({"country": "K"}, []),
        ({"genre": "crime"}, ["SALE"]),
        ({"genre": "crime", "showcase": "1"}, []),
        ({"showcase": "1"}, ["SHOW"]),
        ({"showcase": "yes"}, ["SALE", "SHOW"]),
        ({"format": "nonsense"}, []),
        ({"sort": "nonsense"}, ["SALE", "SHOW"]),
        ({"sort": "company", "company": "HAN"}, ["SALE", "SHOW"]),
        ({"company": "NONE"}, ["SALE", "SHOW"]),
        ({"page": "-1"}, ["SALE", "SHOW"]),
    ],
)
def test_search_and_filters(yard, query, found):
    edition, users = yard
    assert sorted(title.code for title in get(users["buyer"], "catalogue:titles", edition, **query).context["page"]) == found


def test_counts_beside_filters(yard):
    edition, users = yard
    facets = get(users["buyer"], "catalogue:titles", edition, genre="crime").context["found"].facets
    assert {choice.value: choice.count for choice in facets["country"].choices} == {"KR": 1, "FR": 1}
    assert {choice.value: choice.count for choice in facets["genre"].choices} == {"crime": 1, "other": 1}
    assert facets["showcase"].choices == []
    public = get(None, "catalogue:titles", edition).context["found"].facets
    assert {choice.value: choice.count for choice in public["country"].choices} == {"KR": 1}


def test_orders(yard):
    edition, users = yard
    TitleFactory(edition=edition, code="TBA", name="", company=None, year=2025)
    codes = {}
    for sort in ("showcase", "name", "company", "year"):
        codes[sort] = [title.code for title in get(users["buyer"], "catalogue:titles", edition, sort=sort).context["page"]]
    assert codes == {
        "showcase": ["SHOW", "SALE", "TBA"],
        "name": ["SHOW", "SALE", "TBA"],
        "company": ["SHOW", "SALE", "TBA"],
        "year": ["TBA", "SALE", "SHOW"],
    }


def test_the_company_and_its_people_are_for_business(yard):
    edition, users = yard
    seen = {}
    for role in ("visitor", "juror", "buyer", "organiser"):
        page = get(users[role], "catalogue:title", edition, "SHOW")
        seen[role] = (
            page.context["company"] is not None,
            b"/requests/to/SEO/?title=SHOW" in page.content,
            b"Hanbada" in page.content,
        )
    assert seen == {
        "visitor": (False, False, False),
        "juror": (False, False, False),
        "buyer": (True, True, True),
        "organiser": (True, False, True),
    }


def test_open_facts_are_announced_in_the_showcase_and_left_out_elsewhere():
    showcase = [(str(label), text) for label, text in facts_of(Title(is_showcase=True, countries="FR", directors="A; B"))]
    assert showcase == [
        ("Countries", "France"),
        ("Creators", "To be announced"),
        ("Directors", "A, B"),
        ("Producers and broadcasters", "To be announced"),
        ("International sales", "To be announced"),
        ("Format", "Series"),
        ("Episodes", "To be announced"),
    ]
    market = [(str(label), text) for label, text in facts_of(Title(countries="FR", genre="crime", episodes=8, minutes=52))]
    assert market == [
        ("Countries", "France"),
        ("Format", "Series"),
        ("Genre", "Crime"),
        ("Episodes", "8 × 52 min"),
        ("Stage of work", "Completed"),
    ]


def test_episode_words():
    lengths = [(8, 52), (8, None), (1, None), (None, 90), (None, None)]
    assert [episode_words(Title(episodes=e, minutes=m)) for e, m in lengths] == [
        "8 × 52 min",
        "8 episodes",
        "1 episode",
        "90 min",
        "",
    ]


def test_other_names_are_told_once():
    assert other_names(Title(name="S Line", name_ko="S라인", name_original="S라인")) == [("ko", "S라인")]
    assert other_names(Title(name="", name_ko="동요괴담")) == []


@pytest.mark.parametrize("role", ["visitor", "buyer", "organiser"])
def test_the_list_takes_the_same_queries_for_1_and_3_rows(role):
    edition = EditionFactory()
    user = None if role == "visitor" else UserFactory()
    if role == "buyer":
        ParticipantFactory(edition=edition, user=user, is_buyer=True)
    if role == "organiser":
        edition.market.organisers.add(user)
    TitleFactory(edition=edition, is_showcase=True)
    one = queries_of(user, "catalogue:titles", edition)
    TitleFactory(edition=edition, is_showcase=True, countries="KR,FR", name_ko="하늘")
    TitleFactory(edition=edition, is_showcase=True)
    assert queries_of(user, "catalogue:titles", edition) == one


def test_a_title_of_another_edition_is_not_seen(yard):
    edition, users = yard
    other = TitleFactory(edition=EditionFactory(market=edition.market), is_showcase=True)
    assert visible_titles(users["organiser"], edition).filter(pk=other.pk).exists() is False
    assert get(users["organiser"], "catalogue:title", edition, other.code).status_code == 404
