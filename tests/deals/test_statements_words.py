"""Findings, sets and windows in words; milestones; who may sign."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override
from factories import CompanyFactory, EditionFactory, ParticipantFactory, TitleFactory, UserFactory
from rights_rows import hold, restrict, sold

from madang.deals import words
from madang.deals.actions.milestones import add_milestone, change_milestone, drop_milestone
from madang.deals.actions.refusals import DealRefused
from madang.deals.actions.signatories import name_signatory, unname_signatory
from madang.deals.models import LineReason, Milestone, Signatory
from madang.deals.names import GROUPS, MEDIA, PARTS
from madang.deals.queries.book import book_of
from madang.deals.queries.findings import FIRST, TEXTS, finding_text, told
from madang.deals.queries.signatories import company_rows
from madang.kernels import rights as kernel
from madang.markets.models import LogEntry
from madang.people.models import Notice

TERRITORIES = [
    ("World", "World", "World"),
    ("World excl. US, CA", "World without Canada, United States", "World without Canada, United States"),
    ("Benelux, DE", "Benelux, Germany", "Belgium, Germany, Luxembourg, Netherlands (4 in all)"),
    ("BE-VLG", "Flanders", "Flanders"),
    ("Europe", "Europe", None),
]


@pytest.mark.parametrize(("said", "grouped", "one_by_one"), TERRITORIES)
def test_territories_in_words(said, grouped, one_by_one):
    mask = kernel.territory_table().read(said).mask
    assert words.territories_text(mask) == grouped
    if one_by_one is not None:
        assert words.territories_listed(mask) == one_by_one


def test_every_part_group_and_medium_has_its_word():
    table = kernel.territory_table()
    parts = {leaf for leaf in table.leaves if leaf not in table.countries}
    assert parts - PARTS.keys() == set()
    assert {code for code in table.english if code not in table.countries and not code.isdigit()} == PARTS.keys() | GROUPS.keys()
    assert kernel.media_table().under.keys() == MEDIA.keys()


@pytest.mark.parametrize(
    ("said", "told_as"),
    [
        ("any", "all languages"),
        ("any:sub", "all languages (subtitled)"),
        ("fr:dub", "French (dubbed)"),
        ("es, ko:subdub", "Spanish, Korean (dubbed or subtitled)"),
    ],
)
def test_languages_in_words(said, told_as):
    assert words.languages_text(kernel.language_table().read(said)) == told_as


def test_names_are_in_the_readers_language():
    mask = kernel.territory_table().read("DE, FR").mask
    with override("ko"):
        assert (words.territories_text(mask), words.day_text(dt.date(2027, 3, 1))) == ("독일, 프랑스", "2027년 3월 1일")


def test_windows_in_words():
    start, end = kernel.day("2025-01-01"), kernel.day("2026-01-01")
    found = [words.window_text(*window) for window in [(start, end), (start, kernel.FOREVER), (0, end), (0, kernel.FOREVER)]]
    assert found == ["1 Jan 2025 to 31 Dec 2025", "from 1 Jan 2025 on", "until 31 Dec 2025", "at any time"]


def test_every_code_of_a_finding_has_its_sentence():
    checks = [kernel.Check.OWNED, kernel.Check.OWNED_EXCLUSIVELY]
    codes = {f"not_{check}" for check in checks} | {f"not_surely_{check}" for check in checks}
    codes |= {"too_many_runs", "runs_not_counted", "touch", "cleared", "licensed_already", "holdback_over_licence"}
    clearances = {LineReason.FIRST_NEGOTIATION, LineReason.FIRST_REFUSAL, LineReason.MATCHING}
    assert TEXTS.keys() == codes | set(LineReason.values) - clearances
    assert FIRST.keys() == clearances


@pytest.fixture
def title():
    edition = EditionFactory()
    return TitleFactory(edition=edition, company=CompanyFactory(edition=edition, name="Hanbada"), name="The Yard")


def ask(title, buyer, territories="DE"):
    """What a new licence for a buyer runs into."""
    sets = (kernel.territory_table().read(territories).mask, kernel.media_table().read("SVOD"), kernel.language_table().all)
    window = (kernel.day("2025-06-01"), kernel.day("2025-07-01"))
    new = kernel.Line("new", title.pk, kernel.Kind.LICENCE, *sets, *window, party=buyer.pk, contract="deal:0")
    return kernel.conflicts(book_of([title]), kernel.Deal(title.company_id, (new,)))


@pytest.mark.django_db
def test_a_contract_is_named_to_its_company_alone(title):
    buyer = CompanyFactory(edition=title.edition, name="Sender Eins")
    hold(title.company, title)
    sold(title.company, title, "DE", "SVOD", exclusive=True, clause="4.1", paper={"reference": "A-1"})
    [finding] = ask(title, buyer)
    assert finding_text(finding, title.company) == (
        "Kanal Zwölf has this exclusively. Germany · SVOD · 1 Jun 2025 to 30 Jun 2025. contract A-1, clause 4.1."
    )
    hidden = "Somebody else has this exclusively. Germany · SVOD · 1 Jun 2025 to 30 Jun 2025."
    assert finding_text(finding, buyer) == hidden
    assert finding_text(finding, None) == hidden


@pytest.mark.django_db
def test_a_right_to_be_asked_first_and_an_option_say_what_they_are(title, django_assert_max_num_queries):
    hold(title.company, title)
    facts = {"paper": {"reference": "A-1"}}
    restrict(title.company, title, LineReason.FIRST_REFUSAL, "DE", "SVOD", **facts)
    restrict(title.company, title, LineReason.OPTION, "DE", "SVOD", paper={"reference": "A-2", "standing": "option"})
    findings = ask(title, CompanyFactory(edition=title.edition))
    with django_assert_max_num_queries(4):
        found = told(findings, title.company)
    assert sorted((one.tone, one.what, one.contract) for one in found) == [
        ("warn", "Kanal Zwölf has an option on this", "contract A-2"),
        ("warn", "Kanal Zwölf has the right of first refusal, and has to be asked before anybody signs", "contract A-1"),
    ]


# --- Milestones -------------------------------------------------------------------------------------------------------


@pytest.fixture
def seller(title):
    return ParticipantFactory(edition=title.edition, company=title.company, is_seller=True)


@pytest.mark.django_db
def test_a_milestone_is_estimated_then_known_and_the_log_keeps_the_estimate(title, seller):
    row = add_milestone(seller.user, title, name="Release", earliest=dt.date(2025, 9, 1), latest=None, actual=None)
    assert (row.code, add_milestone(seller.user, title, name="Release", earliest=None, latest=None, actual=None)) == (
        "E0001",
        row,
    )
    change_milestone(seller.user, row, actual=dt.date(2025, 9, 12), earliest=None)
    row.refresh_from_db()
    assert (row.actual, row.earliest) == (dt.date(2025, 9, 12), None)
    assert LogEntry.objects.get(verb="change_milestone").details["before"] == {"earliest": "2025-09-01", "actual": ""}


@pytest.mark.django_db
@pytest.mark.parametrize("facts", ["end", "ended_early_by"])
def test_a_milestone_on_which_a_contract_hangs_stays(title, seller, facts):
    row = add_milestone(seller.user, title, name="Release", earliest=None, latest=None, actual=None)
    line = hold(title.company, title, **{facts: row if facts == "end" else [row]})
    with pytest.raises(DealRefused):
        drop_milestone(seller.user, row)
    line.delete()
    drop_milestone(seller.user, row)
    assert Milestone.objects.count() == 0


@pytest.mark.django_db
def test_milestones_are_the_companys_own(title):
    stranger = ParticipantFactory(edition=title.edition, is_seller=True)
    with pytest.raises(PermissionDenied):
        add_milestone(stranger.user, title, name="Release")


# --- Who may sign -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_who_may_name_a_signatory(title, seller):
    edition = title.edition
    organiser = UserFactory(name="Oh Organiser")
    edition.market.organisers.add(organiser)
    signer = ParticipantFactory(edition=edition, company=title.company, is_seller=True)
    Signatory.objects.create(participant=signer)
    colleague = ParticipantFactory(edition=edition, company=title.company, is_seller=True)
    stranger = ParticipantFactory(edition=edition, is_seller=True)
    Signatory.objects.create(participant=stranger)
    guest = ParticipantFactory(edition=edition, company=title.company, is_guest=True)
    found = {}
    for who, user in {"organiser": organiser, "signer": signer.user, "colleague": seller.user, "stranger": stranger.user}.items():
        for whom, person in {"colleague": colleague, "guest": guest}.items():
            try:
                name_signatory(user, person)
            except PermissionDenied:
                found[who, whom] = False
            else:
                found[who, whom] = True
                unname_signatory(user, person)
    assert {pair for pair, may in found.items() if may} == {("organiser", "colleague"), ("signer", "colleague")}


@pytest.mark.django_db
def test_a_signatory_is_told_once_and_may_be_unnamed(title, seller):
    organiser = UserFactory(name="Oh Organiser")
    title.edition.market.organisers.add(organiser)
    assert name_signatory(organiser, seller) == name_signatory(organiser, seller)
    assert [(notice.kind, notice.data) for notice in Notice.objects.all()] == [("signatory_named", {"who": "Oh Organiser"})]
    unname_signatory(organiser, seller)
    unname_signatory(organiser, seller)
    assert Signatory.objects.count() == 0
    verbs = LogEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["name_signatory", "unname_signatory"]


@pytest.mark.django_db
def test_the_desk_lists_first_the_companies_for_which_nobody_signs(client, title, seller, django_assert_num_queries):
    organiser = UserFactory(name="Oh Organiser")
    title.edition.market.organisers.add(organiser)
    other = ParticipantFactory(edition=title.edition, company__name="Aa Pictures", is_buyer=True)
    Signatory.objects.create(participant=other)
    assert [company.name for company in company_rows(title.edition, "", only_without=False)] == ["Hanbada", "Aa Pictures"]
    assert [company.name for company in company_rows(title.edition, "", only_without=True)] == ["Hanbada"]
    assert [company.name for company in company_rows(title.edition, "pictures", only_without=False)] == ["Aa Pictures"]
    with django_assert_num_queries(2):
        found = list(company_rows(title.edition, "", only_without=False))
    assert [[person.pk for person in company.doing_business] for company in found] == [[seller.pk], [other.pk]]
    client.force_login(organiser, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = f"/e/{title.edition.slug}/rights/signatories/{seller.code}/"
    assert client.post(address, {"act": "name", "from": "desk"}).url == f"/e/{title.edition.slug}/desk/signatories/"
    assert "May sign" in client.get(f"/e/{title.edition.slug}/desk/signatories/?q=hanbada").content.decode()
