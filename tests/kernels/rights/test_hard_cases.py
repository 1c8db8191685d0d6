"""The cases that contracts quarrel about, each with the rule that docs/develop/rights.md states."""

from __future__ import annotations

from dataclasses import replace

import pytest

from madang.kernels.rights import (
    FOREVER,
    After,
    Ask,
    Book,
    Check,
    Deal,
    Event,
    Kind,
    Line,
    Open,
    Reason,
    RightsError,
    Scope,
    Severity,
    Standing,
    answer,
    avails,
    conflicts,
    day,
    language_table,
    may_sign,
    media_table,
    territory_table,
    when_free,
)

T, M, L = territory_table(), media_table(), language_table()
SELLER, ANNA, BO = "seller", "anna", "bo"


def scope(territories="World", media="ALL", languages="any", start="2026-01-01", end="2029-01-01"):
    return Scope(T.read(territories).mask, M.read(media), L.read(languages), day(start), day(end))


def line(kind, where, *, id="", start=None, end=None, title="t", **rest):  # noqa: A002  # as the field is called
    given = {"contract": id or str(kind), "party": SELLER if kind is Kind.GRANT else ANNA, **rest}
    begin, finish = where.start if start is None else start, where.end if end is None else end
    return Line(id or str(kind), title, kind, where.territories, where.media, where.languages, begin, finish, **given)


def grant(where=None, **rest):
    return line(Kind.GRANT, where or scope(start="2020-01-01", end="2040-01-01"), exclusive=rest.pop("exclusive", True), **rest)


def licence(where, **rest):
    return line(Kind.LICENCE, where, **rest)


def restriction(where, reason=Reason.EXCLUSIVITY, exempt=(ANNA,), **rest):
    return line(Kind.RESTRICTION, where, reason=reason, exempt=frozenset(exempt), **rest)


def exclusive(where, party=ANNA, contract="deal", **rest):
    """An exclusive licence is a licence and a restriction that exempts the licensee."""
    return (
        licence(where, id=f"{contract}/1", contract=contract, party=party, **rest),
        restriction(where, id=f"{contract}/2", contract=contract, party=party, exempt=(party,), **rest),
    )


def told(book, *new, **rest):
    return [
        (f.check.value, f.severity.value, f.code, f.line.id if f.line else None)
        for f in conflicts(book, Deal(SELLER, new, **rest))
    ]


GERMANY = scope("DE", "SVOD")


def test_an_exclusive_licence_keeps_others_out_and_not_the_licensee():
    book = Book([grant(), *exclusive(GERMANY)])
    assert avails(book, "t", Ask(GERMANY, buyer=BO)) == []
    assert avails(book, "t", Ask(GERMANY, buyer=ANNA)) == [GERMANY]
    assert told(book, licence(GERMANY, id="new", party=BO)) == [("licences", "error", "exclusivity", "deal/2")]


def test_licensors_holdback_blocks_the_held_media_and_not_the_others():
    held = restriction(scope("DE", "FREE"), Reason.HOLDBACK, exempt=(), id="holdback")
    book = Book([grant(), held])
    assert told(book, licence(scope("DE", "FREE"), id="new", party=BO)) == [("holdbacks", "error", "holdback", "holdback")]
    assert told(book, licence(scope("DE", "SVOD"), id="new", party=BO)) == []


def test_licensees_holdback_binds_him_alone():
    own = restriction(scope("DE", "SVOD", end="2027-01-01"), Reason.HOLDBACK, exempt=(), only=frozenset({ANNA}), id="own")
    book = Book([grant(), own])
    assert told(book, licence(GERMANY, id="new", party=BO)) == []
    assert told(book, licence(GERMANY, id="new", party=ANNA)) == [("holdbacks", "error", "holdback", "own")]


def test_exclusive_over_an_existing_licence_is_a_conflict_unless_subject_to_it():
    book = Book([grant(), licence(GERMANY, id="old", party=BO)])
    one, two = exclusive(GERMANY)
    assert told(book, one, two) == [("licences", "error", "licensed_already", "old")]
    assert told(book, one, replace(two, subject_to=frozenset({"old"}))) == []


def test_co_exclusive_exempts_each_other_and_nobody_else():
    both = restriction(GERMANY, exempt=(ANNA, BO), id="both")
    book = Book([grant(), both])
    assert avails(book, "t", Ask(GERMANY, buyer=BO)) == [GERMANY]
    assert avails(book, "t", Ask(GERMANY, buyer="third")) == []


def test_a_part_of_a_country_leaves_the_rest_free():
    book = Book([grant(), *exclusive(scope("BE-VLG", "SVOD"))])
    free = avails(book, "t", Ask(scope("BE", "SVOD"), buyer=BO))
    assert [T.say(box.territories) for box in free] == ["BE-WAL, BE-BRU"]


def test_languages_split_a_territory():
    book = Book([grant(), *exclusive(scope("CH", "FREE", "fr:dub"))])
    free = avails(book, "t", Ask(scope("CH", "FREE", "fr:subdub, de:dub"), buyer=BO))
    assert [L.say(box.languages) for box in free] == [L.say(L.read("fr:sub, de:dub"))]


def test_the_second_window_begins_when_the_first_run_ends():
    first = restriction(scope("DE", "FREE, PAY1"), Reason.FIRST_RUN, id="first", end=After("last broadcast", 30))
    known = Book([grant(), first], {"last broadcast": Event(actual=day("2026-06-01"))})
    assert when_free(known, "t", Ask(scope("DE", "FREE"), buyer=BO)).day == day("2026-07-01")
    guessed = Book([grant(), first], {"last broadcast": Event(earliest=day("2026-05-01"), latest=day("2026-09-01"))})
    assert when_free(guessed, "t", Ask(scope("DE", "FREE"), buyer=BO)).day == day("2026-10-01")


def test_a_licence_before_an_estimated_release_warns_and_before_an_actual_one_fails():
    window = restriction(
        scope("DE", "SVOD", start="2020-01-01"), Reason.RELEASE, exempt=(), id="window", end=After("release", 120)
    )
    new = licence(scope("DE", "SVOD", "any", "2026-06-01", "2027-01-01"), id="new", party=BO)
    guessed = Book([grant(), window], {"release": Event(earliest=day("2026-01-01"), latest=day("2026-05-01"))})
    assert told(guessed, new) == [("release_dates", "warning", "release", "window")]
    known = Book([grant(), window], {"release": Event(actual=day("2026-05-01"))})
    assert told(known, new) == [("release_dates", "error", "release", "window")]


def test_a_grant_of_so_many_runs_gives_no_more():
    runs = grant(scope("DE", "FREE", start="2020-01-01", end="2040-01-01"), id="runs", runs=5)
    book = Book([runs, licence(scope("DE", "FREE"), id="old", party=ANNA, runs=3)])
    assert told(book, licence(scope("DE", "FREE"), id="new", party=BO, runs=2)) == []
    assert told(book, licence(scope("DE", "FREE"), id="new", party=BO, runs=3)) == [("owned", "error", "too_many_runs", "runs")]
    uncounted = licence(scope("DE", "FREE"), id="new", party=BO)
    assert told(book, uncounted) == [("owned", "warning", "runs_not_counted", "runs")]


def test_what_lies_beyond_a_reversion_is_not_surely_owned():
    until = grant(id="grant", event_end=(After("investment recouped"),))
    new = licence(GERMANY, id="new", party=BO)
    open_end = Book([until], {"investment recouped": Event(earliest=day("2027-01-01"))})
    assert told(open_end, new) == [("owned", "warning", "not_surely_owned", None)]
    reverted = Book([until], {"investment recouped": Event(actual=day("2027-01-01"))})
    assert told(reverted, new) == [("owned", "error", "not_owned", None)]
    assert [box.end for box in avails(reverted, "t", Ask(GERMANY, buyer=BO))] == [day("2027-01-01")]


def test_an_option_warns_until_its_deadline():
    option = restriction(scope("DE", "SVOD", end="2026-03-01"), Reason.OPTION, id="option", standing=Standing.OPTION)
    book = Book([grant(), option])
    assert told(book, licence(GERMANY, id="new", party=BO)) == [("restrictions", "warning", "option", "option")]
    assert avails(book, "t", Ask(GERMANY, buyer=BO)) == [GERMANY]
    assert [hold.line.id for hold in answer(book, "t", Ask(GERMANY, buyer=BO)).soft] == ["option"]
    late = licence(scope("DE", "SVOD", "any", "2026-03-02", "2027-01-01"), id="new", party=BO)
    assert told(book, late) == []


@pytest.mark.parametrize("reason", [Reason.FIRST_NEGOTIATION, Reason.FIRST_REFUSAL, Reason.MATCHING])
def test_rights_to_be_asked_first_block_nothing_and_have_to_be_cleared(reason):
    asked_first = restriction(GERMANY, reason, id="first")
    book = Book([grant(), asked_first])
    new = licence(GERMANY, id="new", party=BO)
    assert avails(book, "t", Ask(GERMANY, buyer=BO)) == [GERMANY]
    assert told(book, new) == [("restrictions", "warning", "clear_first", "first")]
    assert not may_sign(conflicts(book, Deal(SELLER, (new,))))
    assert may_sign(conflicts(book, Deal(SELLER, (new,), cleared=frozenset({"first"}))))
    assert told(book, licence(GERMANY, id="hers", party=ANNA)) == []


def test_a_blackout_exempts_nobody():
    dark = restriction(scope("DE", "SVOD", "any", "2026-12-20", "2027-01-07"), Reason.BLACKOUT, exempt=(), id="dark")
    book = Book([grant(), *exclusive(GERMANY), dark])
    assert sorted((box.start, box.end) for box in avails(book, "t", Ask(GERMANY, buyer=ANNA))) == [
        (day("2026-01-01"), day("2026-12-20")),
        (day("2027-01-07"), day("2029-01-01")),
    ]


def test_perpetuity_open_end_and_to_be_agreed_are_three_things():
    ask = Ask(scope("DE", "SVOD", "any", "2060-01-01", "2061-01-01"), buyer=BO)
    for end in (Open.PERPETUITY, Open.UNTIL_NOTICE):
        book = Book([grant(end=Open.PERPETUITY), restriction(GERMANY, id="r", end=end)])
        assert avails(book, "t", ask) == []
        assert when_free(book, "t", ask).day is None
    agreed = Book([grant(end=Open.PERPETUITY), restriction(GERMANY, id="r", end=Open.TBA)])
    assert avails(agreed, "t", ask) == [ask.scope]
    assert [hold.line.id for hold in answer(agreed, "t", ask).soft] == ["r"]
    assert answer(agreed, "t", ask).soft[0].scope.end == ask.scope.end < FOREVER


def test_a_touching_day_warns():
    book = Book([grant(), *exclusive(scope("DE", "SVOD", end="2026-05-29"))])
    touching = licence(scope("DE", "SVOD", "any", "2026-05-28", "2027-01-01"), id="new", party=BO)
    assert told(book, touching) == [("licences", "warning", "touch", "deal/2")]
    after = licence(scope("DE", "SVOD", "any", "2026-05-29", "2027-01-01"), id="new", party=BO)
    assert told(book, after) == []
    longer = licence(scope("DE", "SVOD", "any", "2026-05-27", "2027-01-01"), id="new", party=BO)
    assert told(book, longer) == [("licences", "error", "exclusivity", "deal/2")]


SERIES = {"s1": "series", "s1e1": "s1", "s1e2": "s1"}


def test_what_holds_for_a_series_holds_for_its_episodes():
    book = Book([grant(title="series"), *exclusive(GERMANY, title="s1")], parents=SERIES)
    assert avails(book, "s1e2", Ask(GERMANY, buyer=BO)) == []
    assert avails(book, "series", Ask(GERMANY, buyer=BO)) == [GERMANY]
    new = licence(GERMANY, id="new", party=BO, title="series")
    assert told(book, new) == [("licences", "error", "exclusivity", "deal/2")]


def test_a_series_may_be_owned_part_by_part():
    parts = [grant(title=part, id=part) for part in ("s1e1", "s1e2")]
    new = licence(GERMANY, id="new", party=BO, title="s1")
    assert told(Book(parts, parents=SERIES), new) == []
    assert told(Book(parts[:1], parents=SERIES), new) == [("owned", "error", "not_owned", None)]
    assert told(Book([], parents=SERIES), new) == [("owned", "error", "not_owned", None)]
    unsure = grant(title="series", id="whole", end=After("reversion"))
    assert told(Book([unsure], parents=SERIES), new) == [("owned", "warning", "not_surely_owned", None)]


def test_a_title_that_is_part_of_itself_is_refused():
    with pytest.raises(RightsError, match="part of itself"):
        Book([], parents={"a": "b", "b": "a"})


def test_a_package_is_checked_title_by_title():
    book = Book([grant(title="one"), grant(title="two", id="g2"), *exclusive(GERMANY, title="two")])
    package = [licence(GERMANY, id=f"new/{title}", contract="new", party=BO, title=title) for title in ("one", "two")]
    assert told(book, *package) == [("licences", "error", "exclusivity", "deal/2")]


@pytest.mark.parametrize(
    ("standing", "severity"),
    [(Standing.SIGNED, "error"), (Standing.PENDING, "warning"), (Standing.OPTION, "warning"), (Standing.DRAFT, "info")],
)
def test_how_far_a_contract_has_come_decides_how_hard_it_blocks(standing, severity):
    book = Book([grant(), *exclusive(GERMANY, standing=standing)])
    assert told(book, licence(GERMANY, id="new", party=BO)) == [("licences", severity, "exclusivity", "deal/2")]


def test_an_ended_contract_and_one_that_is_amended_block_nothing():
    new = licence(GERMANY, id="new", party=BO)
    assert told(Book([grant(), *exclusive(GERMANY, standing=Standing.ENDED)]), new) == []
    assert told(Book([grant(), *exclusive(GERMANY)]), new, amends=frozenset({"deal"})) == []


def test_chain_of_title_has_no_hole():
    book = Book([grant(scope("EU", "ALL", start="2020-01-01", end="2040-01-01"))])
    found = conflicts(book, Deal(SELLER, (licence(scope("DE, CH", "SVOD"), id="new", party=BO),)))
    assert [(f.check, f.severity, T.say(f.scope.territories)) for f in found] == [(Check.OWNED, Severity.ERROR, "CH")]


def test_exclusivity_is_sold_only_by_who_holds_exclusively():
    book = Book([grant(exclusive=False)])
    assert told(book, *exclusive(GERMANY)) == [("owned_exclusively", "error", "not_owned_exclusively", None)]


def test_findings_come_in_the_order_of_the_checks():
    book = Book(
        [
            grant(scope("DE", "SVOD", start="2020-01-01", end="2027-01-01")),
            restriction(GERMANY, Reason.HOLDBACK, exempt=(), id="holdback"),
            *exclusive(GERMANY),
            restriction(GERMANY, Reason.RESERVE, exempt=(), id="reserve"),
            restriction(GERMANY, Reason.RELEASE, exempt=(), id="release"),
        ]
    )
    assert [check for check, *_ in told(book, licence(GERMANY, id="new", party=BO))] == [
        "owned", "release_dates", "restrictions", "licences", "holdbacks",
    ]  # fmt: skip


def test_when_it_frees_names_the_contract_that_stands_in_the_way():
    book = Book([grant(), *exclusive(scope("DE", "SVOD", end="2027-07-01"))])
    found = when_free(book, "t", Ask(GERMANY, buyer=BO))
    assert (found.day, [one.contract for one in found.because]) == (day("2027-07-01"), ["deal"])
