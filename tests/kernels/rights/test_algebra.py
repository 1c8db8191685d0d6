"""The algebra of rights against the oracle, over small universes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from kernels.rights.oracle import DAYS, cells, free

from madang.kernels.rights import (
    Ask,
    Book,
    Catalogue,
    Deal,
    Kind,
    Line,
    Mode,
    Reason,
    Scope,
    Search,
    Severity,
    Standing,
    answer,
    avails,
    conflicts,
    merge,
    subtract,
    union,
    when_free,
)

PARTIES = ["seller", "anna", "bo"]
FULL = Scope(0b111, 0b11, 0b11, 0, DAYS)


@st.composite
def scopes(draw):
    start = draw(st.integers(0, DAYS - 1))
    sets = [draw(st.integers(1, full)) for full in FULL[:3]]
    return Scope(*sets, start, draw(st.integers(start + 1, DAYS)))


@st.composite
def lines(draw, number=0):
    scope = draw(scopes())
    kind = draw(st.sampled_from(list(Kind)))
    party = draw(st.sampled_from(PARTIES))
    exempt = frozenset(draw(st.sets(st.sampled_from(PARTIES[1:])))) if kind is Kind.RESTRICTION else frozenset()
    reason = Reason.EXCLUSIVITY if kind is Kind.RESTRICTION else None
    standing = draw(
        st.sampled_from([Standing.SIGNED, Standing.SIGNED, Standing.SIGNED, Standing.DRAFT, Standing.OPTION, Standing.ENDED])
    )
    return Line(number, "t", kind, *scope, party=party, exempt=exempt, reason=reason, standing=standing, contract=f"c{number}")


@st.composite
def contracts(draw, most=8):
    return [draw(lines(number=n)) for n in range(draw(st.integers(0, most)))]


@st.composite
def asks(draw):
    return Ask(
        draw(scopes()), draw(st.sampled_from([None, *PARTIES])), draw(st.sampled_from([None, *PARTIES])), draw(st.booleans())
    )


def all_cells(boxes):
    found = [cell for box in boxes for cell in cells(box)]
    assert len(found) == len(set(found)), "boxes overlap"
    return set(found)


@given(st.lists(scopes(), max_size=5), st.lists(scopes(), max_size=25))
def test_subtracting_leaves_what_no_blocker_covers(boxes, blockers):
    apart = union(boxes)
    assert all_cells(apart) == {cell for box in boxes for cell in cells(box)}
    kept = {cell for box in boxes for cell in cells(box)} - {cell for box in blockers for cell in cells(box)}
    assert all_cells(subtract(apart, blockers)) == kept


@given(st.lists(scopes(), max_size=6))
def test_merging_keeps_the_cells(boxes):
    apart = union(boxes)
    merged = merge(list(apart))
    assert all_cells(merged) == all_cells(apart)
    assert len(merged) <= len(apart)


@given(contracts(), asks())
def test_avails_are_the_cells_that_are_free(found, ask):
    assert all_cells(avails(Book(found), "t", ask)) == free(found, ask)


@given(contracts(), asks())
def test_an_answer_is_whole_when_every_cell_is_free(found, ask):
    told = answer(Book(found), "t", ask)
    assert all_cells(told.free) == free(found, ask)
    assert told.whole == (free(found, ask) == cells(ask.scope))
    for hold in told.taken:
        assert cells(hold.scope) == cells(hold.line) & cells(ask.scope)


@given(contracts(), asks(), st.integers(1, 3))
def test_when_free_is_the_first_day_from_which_all_is_free_long_enough(found, ask, days):
    told = when_free(Book(found), "t", ask, days=days)
    far = Ask(ask.scope._replace(end=DAYS + 5), ask.holder, ask.buyer, ask.exclusive)
    open_days = [
        day for day in range(ask.scope.start, DAYS + 5) if cells(far.scope._replace(start=day, end=day + 1)) <= free(found, far)
    ]
    first = next((day for day in open_days if all(day + n in open_days for n in range(days))), None)
    assert told.day == first


@given(st.lists(contracts(most=5), min_size=1, max_size=4), asks())
def test_a_catalogue_finds_the_titles_that_are_free_as_a_whole(titles, ask):
    book = Book(
        Line(f"{n}/{line.id}", n, line.kind, line.territories, line.media, line.languages, line.start, line.end, line.party,
             line.exempt, reason=line.reason, standing=line.standing)
        for n, found in enumerate(titles) for line in found
    )  # fmt: skip
    told = Catalogue(book, range(len(titles))).find(Search(ask))
    assert [one.title for one in told] == [n for n, found in enumerate(titles) if free(found, ask) == cells(ask.scope)]


@given(st.lists(contracts(most=5), min_size=1, max_size=4), asks(), st.sampled_from([Mode.OVERLAP]))
def test_a_catalogue_finds_what_is_partly_free(titles, ask, mode):
    book = Book(
        Line(f"{n}/{line.id}", n, line.kind, line.territories, line.media, line.languages, line.start, line.end, line.party,
             line.exempt, reason=line.reason, standing=line.standing)
        for n, found in enumerate(titles) for line in found
    )  # fmt: skip
    told = Catalogue(book, range(len(titles))).find(Search(ask, mode))
    assert {one.title: all_cells(one.free) for one in told} == {
        n: free(found, ask) for n, found in enumerate(titles) if free(found, ask)
    }


@given(contracts(), scopes(), st.sampled_from(PARTIES[1:]))
def test_a_licence_is_refused_where_a_signed_restriction_meets_it(found, scope, buyer):
    new = Line("new", "t", Kind.LICENCE, *scope, party=buyer, contract="new")
    told = conflicts(Book(found), Deal("seller", (new,)))
    met = {
        line.id
        for line in found
        if line.kind is Kind.RESTRICTION and line.standing is Standing.SIGNED and buyer not in line.exempt
        if cells(line) & cells(scope)
    }
    assert {one.line.id for one in told if one.line and one.line.standing is Standing.SIGNED} == met
    held = {
        cell
        for line in found
        if line.kind is Kind.GRANT and line.party == "seller" and line.standing is Standing.SIGNED
        for cell in cells(line)
    }
    assert any(one.check == "owned" for one in told) == (not cells(scope) <= held)
    hard = [one for one in told if one.severity is Severity.ERROR and one.line]
    touching = {one.line.id for one in told if one.code == "touch"}
    assert {one.line.id for one in hard} == met - touching
