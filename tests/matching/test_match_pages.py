"""Pages of matches: who opens which, what they say, what a word about a title changes, and that nobody else reads it."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from factories import ParticipantFactory, UserFactory
from match_rows import HARBOUR, WEDDING, Market
from visits import client_of, get, post, queries_of

from madang.markets.models import LogEntry
from madang.matching.actions.feedback import say_of_mandate, say_of_title, take_back
from madang.matching.models import Because, Feedback, Verdict
from madang.matching.rules import visible_feedback

pytestmark = pytest.mark.django_db

ROLES = ["visitor", "stranger", "buyer", "other buyer", "seller", "other seller", "creator", "juror", "organiser"]


@pytest.fixture
def here():
    market = Market()
    edition = market.edition
    market.users = {
        "visitor": None,
        "stranger": UserFactory(),
        "buyer": market.buyer.user,
        "other buyer": ParticipantFactory(edition=edition, is_buyer=True).user,
        "seller": market.seller.user,
        "other seller": ParticipantFactory(edition=edition, is_seller=True).user,
        "creator": ParticipantFactory(edition=edition, company=market.seller.company, is_creator=True).user,
        "juror": ParticipantFactory(edition=edition, company=market.seller.company, is_juror=True).user,
        "organiser": UserFactory(),
    }
    edition.market.organisers.add(market.users["organiser"])
    return market


OPENS = {
    ("matches", ()): {"buyer", "other buyer", "seller", "other seller", "creator"},
    ("of_mandate", ("M1",)): {"buyer"},
    ("of_title", ("HARBOUR",)): {"seller", "creator"},
}
SAYS = {
    ("say", ("M1", "HARBOUR")): {"buyer"},
    ("unsay", ("M1", "HARBOUR")): {"buyer"},
    ("say_for_title", ("HARBOUR", "M1")): {"seller", "creator"},
    ("unsay_for_title", ("HARBOUR", "M1")): {"seller", "creator"},
}


def said(user, market, name, *codes, **data) -> int:
    """The status of an answer to what somebody says."""
    return post(user, f"matching:{name}", market.edition, *codes, **data).status_code


@pytest.mark.parametrize(("name", "codes"), OPENS)
def test_who_opens_which_page(here, name, codes):
    answers = {role: get(user, f"matching:{name}", here.edition, *codes).status_code for role, user in here.users.items()}
    allowed = OPENS[name, codes]
    assert answers == {role: 302 if role == "visitor" else 200 if role in allowed else 404 for role in ROLES}


@pytest.mark.parametrize(("name", "codes"), SAYS)
def test_who_says_something_of_a_match(here, name, codes):
    said = {"verdict": "interested"}
    answers = {
        role: post(user, f"matching:{name}", here.edition, *codes, **said).status_code for role, user in here.users.items()
    }
    assert answers == {role: 302 if role in SAYS[name, codes] | {"visitor"} else 404 for role in ROLES}
    assert {one.by.user for one in Feedback.objects.all()} <= {here.users[role] for role in SAYS[name, codes]}


def test_actions_ask_for_themselves_who_may(here):
    for role in ("other seller", "seller", "organiser", "juror"):
        with pytest.raises(PermissionDenied):
            say_of_title(here.users[role], here.title, Verdict.INTERESTED)
    for role in ("buyer", "other seller", "organiser", "juror"):
        with pytest.raises(PermissionDenied):
            say_of_mandate(here.users[role], here.title, here.mandate, Verdict.INTERESTED)
    here.mandate.visibility = "hidden"
    here.mandate.save()
    with pytest.raises(PermissionDenied):
        say_of_mandate(here.users["seller"], here.title, here.mandate, Verdict.INTERESTED)
    assert not Feedback.objects.exists()


def test_a_buyer_reads_why_and_what_was_just_missed(here):
    here.work(code="LONG", genre="crime", synopsis=HARBOUR, minutes=90)
    here.mandate.minutes_to = 60
    here.mandate.save()
    page = get(here.buyer.user, "matching:of_mandate", here.edition, "M1").content.decode()
    assert "Crime, as the mandate asks" in page
    assert "Both say: murder, port" in page
    assert '<rect class="for"' in page
    assert "Just missed, and what would open it" in page
    assert "A version of 60 minutes at most" in page
    assert f"/requests/to/{here.seller.code}/?title=HARBOUR&amp;mandate=M1" in page
    assert "Chances are rough" in page


def test_parts_of_the_table_add_up_to_the_chance(here):
    page = get(here.buyer.user, "matching:of_mandate", here.edition, "M1")
    (card,) = page.context["cards"]
    adds = sum(float(bar.signed.replace("\N{MINUS SIGN}", "-")) for bar in card.bars)
    assert adds == pytest.approx(card.match.score, abs=0.01 * len(card.bars))
    assert [bar.signed in page.content.decode() for bar in card.bars] == [True] * len(card.bars)


def test_not_for_me_is_told_what_it_moved_and_is_taken_back(here):
    for n in range(3):
        here.work(code=f"ALIKE{n}", genre="crime", synopsis=f"In a village {n}, a detective hunts a killer after the murder.")
    here.work(code="WEDDING", genre="romance", synopsis=WEDDING)
    where = reverse("matching:say", args=[here.edition.slug, "M1", "ALIKE0"])
    data = {"verdict": "not_for_me", "because": "genre", "words": "Seen too often"}
    text = client_of(here.buyer.user).post(where, data, follow=True).content.decode()
    page = get(here.buyer.user, "matching:of_mandate", here.edition, "M1")
    one = Feedback.objects.get()
    assert (one.verdict, one.because, one.words, one.mandate) == (Verdict.NOT_FOR_ME, Because.GENRE, "Seen too often", None)
    told = "left your matches. The chances of 2 other titles fell. Only you know."
    assert re.findall("left your matches[^<]*", text) == [told]
    assert "Seen too often" in text
    assert "ALIKE0" not in [card.match.title.code for card in page.context["cards"]]
    post(here.buyer.user, "matching:unsay", here.edition, "M1", "ALIKE0")
    page = get(here.buyer.user, "matching:of_mandate", here.edition, "M1")
    assert "ALIKE0" in [card.match.title.code for card in page.context["cards"]]
    assert not Feedback.objects.exists()
    assert said(here.buyer.user, here, "unsay", "M1", "ALIKE0") == 302


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"verdict": "not_for_me"}, "Say because of what"),
        ({"verdict": "not_for_me", "because": "mood"}, "Select a valid choice"),
        ({"verdict": "not_for_me", "because": "tone", "words": "가" * 301}, "at most 300 characters"),
    ],
)
def test_what_is_wrongly_said_stays_as_it_was_typed(here, data, error):
    answer = post(here.buyer.user, "matching:say", here.edition, "M1", "HARBOUR", **data)
    assert answer.status_code == 422
    assert error in answer.content.decode()
    assert data.get("words", "") in answer.content.decode()
    assert not Feedback.objects.exists()
    answer = post(here.seller.user, "matching:say_for_title", here.edition, "HARBOUR", "M1", **data)
    assert (answer.status_code, error in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("data", [{}, {"verdict": "adored"}, {"verdict": "interested", "words": "a" * 400 + "\u202e"}])
def test_nonsense_is_refused_and_never_an_error(here, data):
    assert said(here.buyer.user, here, "say", "M1", "HARBOUR", **data) == 422
    assert not Feedback.objects.exists()


def test_what_she_said_is_nobody_elses(here):
    secret = "The lead is wooden"
    say_of_title(here.buyer.user, here.title, Verdict.NOT_FOR_ME, Because.OTHER, secret)
    say_of_mandate(here.seller.user, here.title, here.mandate, Verdict.NOT_FOR_ME, Because.PRICE, secret)
    assert {role: visible_feedback(user or UserFactory(), here.edition).count() for role, user in here.users.items()} == {
        role: int(role in ("buyer", "seller")) for role in ROLES
    }
    lines = LogEntry.objects.filter(edition=here.edition, verb="say_of_match")
    assert [(line.subject, line.details) for line in lines] == [("", {}), ("", {})]
    creator = get(here.users["creator"], "matching:of_title", here.edition, "HARBOUR").content.decode()
    organiser = get(here.users["organiser"], "desk:log", here.edition).content.decode()
    assert secret not in creator + organiser
    assert "HARBOUR" not in organiser
    assert secret in get(here.seller.user, "matching:of_title", here.edition, "HARBOUR").content.decode()
    assert take_back(here.seller.user, here.title, here.mandate)
    assert Feedback.objects.count() == 1


def test_a_seller_reads_no_hidden_mandate(here):
    here.wish(code="SECRET", text="A secret crime wish about a murder", visibility="hidden")
    page = get(here.seller.user, "matching:of_title", here.edition, "HARBOUR")
    assert [card.match.mandate.code for card in page.context["cards"]] == ["M1"]
    assert "secret" not in page.content.decode()
    for name in ("say_for_title", "unsay_for_title"):
        assert (
            post(here.seller.user, f"matching:{name}", here.edition, "HARBOUR", "SECRET", verdict="interested").status_code == 404
        )


def test_a_mandate_that_was_hidden_since_is_not_read_among_what_she_refused(here):
    say_of_mandate(here.seller.user, here.title, here.mandate, Verdict.NOT_FOR_ME, Because.PRICE)
    page = get(here.seller.user, "matching:of_title", here.edition, "HARBOUR")
    assert [row[0] for row in page.context["refused"]] == [here.mandate.text]
    here.mandate.visibility, here.mandate.text = "hidden", "Secret"
    here.mandate.save()
    page = get(here.seller.user, "matching:of_title", here.edition, "HARBOUR")
    assert (page.context["refused"], "Secret" in page.content.decode()) == ([], False)


def test_asking_from_a_hidden_mandate_does_not_name_it(here):
    here.wish(code="SECRET", visibility="hidden")
    hidden, named = (
        get(here.buyer.user, "matching:of_mandate", here.edition, code).context["cards"][0].ask for code in ("SECRET", "M1")
    )
    assert hidden.endswith("?title=HARBOUR")
    assert named.endswith("?title=HARBOUR&mandate=M1")


def test_a_mandate_that_no_longer_matches_has_no_address(here):
    here.mandate.visibility, here.mandate.genre = "matches", ""
    here.mandate.save()
    wedding = here.work(code="WEDDING", genre="romance", synopsis=WEDDING)
    assert (
        post(here.seller.user, "matching:say_for_title", here.edition, "HARBOUR", "M1", verdict="interested").status_code == 302
    )
    assert (
        post(here.seller.user, "matching:say_for_title", here.edition, wedding.code, "M1", verdict="interested").status_code
        == 404
    )


def test_lists_keep_variety_and_say_so(here):
    for n in range(30):
        here.work(
            code=f"SAME{n:02}", genre="crime", synopsis="A murder in a port." if n < 25 else f"Murder in port {n}: {WEDDING}"
        )
    varied = get(here.buyer.user, "matching:of_mandate", here.edition, "M1")
    plain = get(here.buyer.user, "matching:of_mandate", here.edition, "M1", order="chance")
    chances = [card.match.chance for card in plain.context["cards"]]
    assert chances == sorted(chances, reverse=True)
    assert "keeps variety" in varied.content.decode()
    assert "keeps variety" not in plain.content.decode()


@pytest.mark.parametrize(
    ("name", "codes", "role"), [("matches", (), "buyer"), ("of_mandate", ("M1",), "buyer"), ("of_title", ("HARBOUR",), "seller")]
)
def test_as_many_queries_for_three_rows_as_for_one(here, name, codes, role):
    user = here.users[role]
    one = queries_of(user, f"matching:{name}", here.edition, *codes)
    for n in range(2):
        seller = ParticipantFactory(edition=here.edition, is_seller=True)
        here.work(code=f"N{n}", genre="crime", company=seller.company, synopsis=f"{HARBOUR} {n}")
        here.wish(
            code=f"N{n}", buyer=here.buyer if name == "matches" else ParticipantFactory(edition=here.edition, is_buyer=True)
        )
    assert queries_of(user, f"matching:{name}", here.edition, *codes) == one


def test_home_leads_to_matches(here):
    for role, text in (("buyer", "Titles that fit your mandates"), ("seller", "Buyers whom your titles fit")):
        assert text in get(here.users[role], "site:edition", here.edition).content.decode()
