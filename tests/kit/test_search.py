"""Folding, and rows found by words in any script."""

import pytest
from factories import CompanyFactory, EditionFactory, ParticipantFactory, TitleFactory

from madang.catalogue.models import Title
from madang.kit.search import fold, matching, searchable
from madang.people.models import Company, Participant


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L’Été à SÉOUL", "l ete a seoul"),
        ("Hörður Rúnarsson", "hordur runarsson"),
        ("Łódź / Straße", "lodz strasse"),
        ("메스를  든 사냥꾼", "메스를 든 사냥꾼"),
        ("S라인", "s라인"),
        ("ＦＵＬＬ ｗｉｄｔｈ", "full width"),
        ("Ærø, Þór", "aero thor"),
        ("が か", "が か"),
        ("สวัสดี", "สวัสดี"),
        ("İstanbul", "istanbul"),
        ("Йога", "иога"),
        ("100% _ok_", "100 ok"),
        ("", ""),
        ("…!?", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded
    assert fold(folded) == folded


def test_a_decomposed_hangul_word_is_the_same():
    assert fold("\u1112\u1161\u11ab\u1100\u1173\u11af") == "한글"


def test_searchable_keeps_each_text_and_its_joined_form():
    assert searchable(["메스를 든 사냥꾼", "Hunter", "", "HUNTER"]) == "메스를 든 사냥꾼 | 메스를든사냥꾼 | hunter"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("하늘", ["1"]),
        ("서하늘", ["1"]),
        ("서 하늘", ["1"]),
        ("haneul SEO", ["1"]),
        ("seo ha-neul", ["1"]),
        ("haneul", ["1"]),
        ("lefevre", ["2"]),
        ("LEFÈVRE camille", ["2"]),
        ("camille seo", []),
        ("%", ["1", "2"]),
        ("_", ["1", "2"]),
        ("", ["1", "2"]),
        ("@example", []),
    ],
)
def test_people_are_found(query, found):
    edition = EditionFactory()
    facts = {"family_name": "Seo", "given_name": "Ha-neul", "native_name": "서하늘", "family_first": True}
    ParticipantFactory(edition=edition, code="1", **facts)
    ParticipantFactory(edition=edition, code="2", family_name="Lefèvre", given_name="Camille", email="kim@other.org")
    rows = matching(Participant.objects.filter(edition=edition), query)
    assert [row.code for row in rows.order_by("code")] == found


@pytest.mark.django_db
def test_every_way_of_writing_keeps_the_words():
    edition = EditionFactory()
    company = CompanyFactory(edition=edition, code="C", name="Été")
    company.name = "Automne"
    company.save(update_fields=["name"])
    assert Company.objects.get().search_text == "automne | c"
    Company.objects.bulk_create([Company(edition=edition, code="D", name="Hiver", country="FR")])
    assert Company.objects.get(code="D").search_text == "hiver | d"
    row = Company.objects.get(code="D")
    row.name_ko = "겨울"
    Company.objects.bulk_update([row], ["name_ko"])
    assert Company.objects.get(code="D").search_text == "hiver | 겨울 | d"
    again = [Company(edition=edition, code="D", name="Printemps", country="FR")]
    Company.objects.bulk_create(again, update_conflicts=True, unique_fields=["edition", "code"], update_fields=["name"])
    assert Company.objects.get(code="D").search_text == "printemps | d"


@pytest.mark.django_db
def test_titles_by_creator_and_company():
    title = TitleFactory(
        name="Reykjavik Fusion", creators="Hörður Rúnarsson; Birkir Blær Ingólfsson", code="W", company__name="Caviar"
    )
    columns = ("search_text", "company__search_text")
    for query in ("runarsson hordur", "blaer", "fusion caviar", "reykjavikfusion"):
        assert [row.pk for row in matching(Title.objects.all(), query, columns)] == [title.pk]
