"""The algebra of rights against the oracle, over small universes."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from kernels.rights.oracle import DAYS, cells, free, keeps_out, stretches

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
    longest,
    merge,
    subtract,
    union,
    when_free,
)
from madang.kernels.rights.boxes import FEW

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
    only = frozenset(draw(st.sets(st.sampled_from(PARTIES[1:]), max_size=1))) if kind is Kind.RESTRICTION else frozenset()
    reason = Reason.EXCLUSIVITY if kind is Kind.RESTRICTION else None
    standing = draw(
        st.sampled_from([Standing.SIGNED, Standing.SIGNED, Standing.SIGNED, Standing.DRAFT, Standing.OPTION, Standing.ENDED])
    )
    return Line(
        number, "t", kind, *scope, party=party, exempt=exempt, only=only, reason=reason, standing=standing, contract=f"c{number}"
    )


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


@st.composite
def specks(draw, territories=None):
    """One territory (or those given), medium and language for a day or a few: so many of them leave something."""
    start = draw(st.integers(0, DAYS - 1))
    sets = [1 << draw(st.integers(0, full.bit_length() - 1)) for full in FULL[:3]]
    return Scope(territories or sets[0], *sets[1:], start, min(DAYS, start + draw(st.integers(1, 3))))


def many(one):
    return st.lists(one, min_size=FEW + 1, max_size=FEW + 6, unique=True)


@given(st.lists(scopes(), max_size=3), many(specks()) | many(specks(FULL.territories)))
def test_subtracting_many_leaves_what_no_blocker_covers(boxes, blockers):
    apart = union(boxes)
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


@st.composite
def catalogues(draw):
    """Titles with packages: some contracts are of several titles, in the same words."""
    titles = range(draw(st.integers(1, 5)))
    shared = [(line, draw(st.sets(st.sampled_from(titles)))) for line in draw(contracts(most=6))]
    own = [(line, {title}) for title in titles for line in draw(contracts(most=3))]
    return {title: [replace(line, title=title) for line, held in [*shared, *own] if title in held] for title in titles}


def book_of(titles):
    return Book(line for found in titles.values() for line in found)


@given(catalogues(), asks())
def test_a_catalogue_finds_the_titles_that_are_free_as_a_whole(titles, ask):
    wanted = [title for title, found in titles.items() if free(found, ask) == cells(ask.scope)]
    catalogue = Catalogue(book_of(titles), titles)
    assert catalogue.scan.free(ask).tolist() == wanted
    assert [one.title for one in catalogue.find(Search(ask))] == wanted
    assert [one.title for one in catalogue.find(Search(ask), slice(1, 3))] == wanted[1:3]


@given(catalogues(), asks())
def test_a_catalogue_tells_what_is_held_and_what_is_in_the_way(titles, ask):
    held, blocked = Catalogue(book_of(titles), titles).scan.judge(ask)
    for title, found in titles.items():
        near = [line for line in found if line.standing is Standing.SIGNED and cells(line) & cells(ask.scope)]
        assert held[title] == any(line.kind is Kind.GRANT and ask.holder in (None, line.party) for line in near)
        used = any(line.kind is Kind.LICENCE and line.party != ask.buyer for line in near)
        assert blocked[title] == (any(keeps_out(line, ask.buyer) for line in near) or (ask.exclusive and used))


@given(catalogues(), asks())
def test_a_catalogue_finds_what_is_partly_free(titles, ask):
    told = Catalogue(book_of(titles), titles).find(Search(ask, Mode.OVERLAP))
    assert {one.title: all_cells(one.free) for one in told} == {
        title: free(found, ask) for title, found in titles.items() if free(found, ask)
    }


@given(catalogues(), asks(), st.sampled_from([Mode.OVERLAP, Mode.START_WITHIN, Mode.END_WITHIN]), st.integers(1, 4))
def test_a_catalogue_finds_what_is_free_long_enough_however_it_is_cut(titles, ask, mode, days):
    start, end = ask.scope.start, ask.scope.end
    wide = ask.scope._replace(start=0 if mode is Mode.END_WITHIN else start, end=DAYS + 5 if mode is Mode.START_WITHIN else end)
    told = Catalogue(book_of(titles), titles).find(Search(ask, mode, days, truncate=False))
    wanted = {}
    for title, found in titles.items():
        wanted[title] = {
            one
            for one in stretches(free(found, replace(ask, scope=wide)))
            if one[4] - one[3] >= days
            if mode is not Mode.START_WITHIN or start <= one[3] < end
            if mode is not Mode.END_WITHIN or start < one[4] <= end
        }
    assert {one.title: stretches(all_cells(one.free)) for one in told} == {t: found for t, found in wanted.items() if found}


@given(st.lists(scopes(), max_size=8))
def test_the_longest_boxes_are_as_long_as_a_cell_stays(boxes):
    apart = union(boxes)
    told = longest(apart)
    assert all_cells(told) == all_cells(apart)
    one_by_one = {(*place, box.start, box.end) for box in told for place in {cell[:3] for cell in cells(box)}}
    assert one_by_one == stretches(all_cells(apart))


@given(contracts(), scopes(), st.sampled_from(PARTIES[1:]))
def test_a_licence_is_refused_where_a_signed_restriction_meets_it(found, scope, buyer):
    new = Line("new", "t", Kind.LICENCE, *scope, party=buyer, contract="new")
    told = conflicts(Book(found), Deal("seller", (new,)))
    met = {line.id for line in found if line.standing is Standing.SIGNED and keeps_out(line, buyer) if cells(line) & cells(scope)}
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
