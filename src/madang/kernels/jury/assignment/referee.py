"""The referee: does a plan keep every rule, and is what it claims true? Shares no code with the solver.

The rules' codes are stable and listed in docs/develop/jury.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from math import ceil

from .problem import Entry, Id, Juror, Pair, Plan, Problem, Status, Violation


def check(problem: Problem, plan: Plan) -> list[Violation]:
    """Every rule that the plan breaks, and every claim of it that is not true; empty where it is clean.

    Readings that are missing are a broken rule too, unless the plan says infeasible: then its `shortages` are looked at instead.
    """
    book = _Book(problem)
    known = [p for p in plan.pairs if p.entry in book.entries and p.juror in book.jurors]
    if plan.status is Status.INFEASIBLE and not plan.pairs:
        return list(_proofs(book, plan))
    return [
        *_ids(book, plan.pairs),
        *(v for pair in dict.fromkeys(known) for v in _lone(book, pair)),
        *_loads(book, known, plan),
        *_compatriots(book, known),
        *_claims(book, known, plan),
        *_proofs(book, plan),
    ]


class _Book:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.entries: dict[Id, Entry] = {e.id: e for e in problem.entries}
        self.jurors: dict[Id, Juror] = {j.id: j for j in problem.jurors}
        self.conflicts = {Pair(c.entry, c.juror): c.code for c in problem.conflicts}

    def barred(self, pair: Pair) -> str | None:
        """Why the pair can never be, locks aside."""
        entry, juror = self.entries[pair.entry], self.jurors[pair.juror]
        if pair in self.conflicts:
            return "conflict"
        if pair in self.problem.forbidden:
            return "forbidden"
        if pair in self.problem.locked:
            return None
        if entry.languages and not entry.languages & juror.languages:
            return "no_language"
        return "own_country" if self.problem.most_compatriots == 0 and juror.country in entry.countries else None


def _ids(book: _Book, pairs: Iterable[Pair]) -> Iterator[Violation]:
    for pair, count in Counter(pairs).items():
        if pair.entry not in book.entries:
            yield Violation("unknown_entry", (pair.entry,), f"there is no entry {pair.entry!r}")
        if pair.juror not in book.jurors:
            yield Violation("unknown_juror", (pair.juror,), f"there is no juror {pair.juror!r}")
        if count > 1:
            yield Violation("doubled_pair", tuple(pair), f"juror {pair.juror!r} has entry {pair.entry!r} {count} times")


def _lone(book: _Book, pair: Pair) -> Iterator[Violation]:
    code = book.barred(pair)
    if code is not None:
        yield Violation(code, tuple(pair), f"juror {pair.juror!r} may not read entry {pair.entry!r}: {code}")


def _loads(book: _Book, pairs: list[Pair], plan: Plan) -> Iterator[Violation]:
    readers, loads = Counter(p.entry for p in pairs), Counter(p.juror for p in pairs)
    wanted, lenient = book.problem.readers, plan.status is Status.INFEASIBLE
    for entry in book.entries:
        if readers[entry] > wanted or (readers[entry] < wanted and not lenient):
            rule = "too_many_readers" if readers[entry] > wanted else "too_few_readers"
            yield Violation(rule, (entry,), f"entry {entry!r} has {readers[entry]} readers, not {wanted}")
    for juror in book.jurors.values():
        if juror.most is not None and loads[juror.id] > juror.most:
            yield Violation("over_most", (juror.id,), f"juror {juror.id!r} has {loads[juror.id]} entries, more than {juror.most}")
        if loads[juror.id] < juror.least and not lenient:
            yield Violation(
                "under_least", (juror.id,), f"juror {juror.id!r} has {loads[juror.id]} entries, fewer than {juror.least}"
            )
    for pair in sorted(book.problem.locked - set(pairs), key=repr):
        yield Violation("locked", tuple(pair), f"juror {pair.juror!r} is locked to entry {pair.entry!r} and does not read it")


def _compatriots(book: _Book, pairs: list[Pair]) -> Iterator[Violation]:
    cap = book.problem.most_compatriots
    if not cap:
        return
    own = [p for p in set(pairs) if book.jurors[p.juror].country in book.entries[p.entry].countries]
    counts, held = Counter(p.entry for p in own), Counter(p.entry for p in own if p in book.problem.locked)
    for entry, count in counts.items():
        if count > max(cap, held[entry]):
            yield Violation("compatriots", (entry,), f"entry {entry!r} has {count} readers of its countries, more than {cap}")


def price(problem: Problem, pairs: Iterable[Pair]) -> int:
    """Points of all that is not liked (see `Aims`), counted one by one."""
    book, aims = _Book(problem), problem.aims
    total = 0
    homes: Counter[tuple[Id, str]] = Counter()
    mains: Counter[tuple[Id, str]] = Counter()
    for pair in pairs:
        entry, juror = book.entries[pair.entry], book.jurors[pair.juror]
        likes = juror.prefers & juror.languages
        total += aims.language if entry.languages and likes and not likes & entry.languages else 0
        total += aims.compatriot if juror.country in entry.countries else 0
        homes.update([(pair.entry, juror.country)] if juror.country is not None else [])
        mains.update([(pair.juror, entry.countries[0])] if entry.countries else [])
    total += aims.same_country * sum(n * (n - 1) // 2 for n in homes.values())
    sizes = Counter(e.countries[0] for e in problem.entries if e.countries)
    for (_, country), count in mains.items():
        fair = max(1, ceil(2 * sizes[country] * problem.readers / len(problem.jurors) - 1e-9))
        total += aims.lopsided * (max(0, count - fair) + max(0, count - 2 * fair))
    return total


def _claims(book: _Book, pairs: list[Pair], plan: Plan) -> Iterator[Violation]:
    readers, loads = Counter(p.entry for p in pairs), Counter(p.juror for p in pairs)
    true = {
        "missing": sum(max(0, book.problem.readers - readers[e]) for e in book.entries),
        "idle": sum(max(0, j.least - loads[j.id]) for j in book.jurors.values()),
        "price": price(book.problem, pairs),
        "linked": _groups(pairs) <= 1,
    }
    for name, found in true.items():
        claimed = getattr(plan, name)
        if claimed is not None and claimed != found:
            yield Violation(f"claimed_{name}", (), f"the plan says {name} {claimed}, it is {found}")
    if plan.bound is not None and plan.bound > true["price"]:
        yield Violation("claimed_bound", (), f"the plan says that {plan.bound} is the bound, and it costs {true['price']}")
    if plan.status is Status.OPTIMAL and plan.bound != true["price"]:
        yield Violation("claimed_optimal", (), f"the plan says optimal, with {true['price']} and the bound {plan.bound}")


def _groups(pairs: Iterable[Pair]) -> int:
    """Groups of jurors that no entry links, by walking from one to the next."""
    of_entry: dict[Id, set[Id]] = defaultdict(set)
    of_juror: dict[Id, set[Id]] = defaultdict(set)
    for entry, juror in pairs:
        of_entry[entry].add(juror)
        of_juror[juror].add(entry)
    left, groups = set(of_juror), 0
    while left:
        groups, todo = groups + 1, [left.pop()]
        while todo:
            near = {other for entry in of_juror[todo.pop()] for other in of_entry[entry]} & left
            left -= near
            todo.extend(near)
    return groups


def _proofs(book: _Book, plan: Plan) -> Iterator[Violation]:
    if plan.status is not Status.INFEASIBLE:
        return
    for shortage in plan.shortages:
        if shortage.short <= 0 or _most_room(book, shortage.kind, set(shortage.entries), set(shortage.jurors)) > shortage.room:
            ids = (*shortage.entries[:1], *shortage.jurors[:1])
            yield Violation(
                "claimed_shortage", ids, f"{shortage.kind}: {shortage.need} needed, and there is more room than {shortage.room}"
            )
    if sum(s.short for s in plan.shortages) < plan.missing + plan.idle:
        yield Violation("claimed_infeasible", (), f"{plan.missing} missing and {plan.idle} idle are not all accounted for")


def _most_room(book: _Book, kind: str, entries: set[Id], jurors: set[Id]) -> int:
    """No more readings than this can be had for the entries (`readers`) or by the jurors (`work`).

    Of each entry: so many as others may give it (of compatriots no more than the limit); of each juror: her most, or
    what she may read. A bound by counting: it need not be reached.
    """
    problem = book.problem
    total = 0
    for entry in book.entries.values():
        if kind == "readers" and entry.id not in entries:
            continue
        may = [j for j in book.jurors.values() if book.barred(Pair(entry.id, j.id)) is None]
        side = [j for j in may if (j.id not in jurors) == (kind == "readers")]
        if kind == "work" and entry.id in entries:
            held = sum(1 for j in book.jurors if j not in jurors and Pair(entry.id, j) in problem.locked)
            total += problem.readers - held
        else:
            total += min(problem.readers, _with_limit(book, entry, side))
    if kind == "readers":
        most = {j.id: len(book.entries) if j.most is None else j.most for j in book.jurors.values()}
        held_elsewhere = Counter(p.juror for p in problem.locked if p.entry not in entries)
        total += sum(most[j] - held_elsewhere[j] for j in jurors)
    return total


def _with_limit(book: _Book, entry: Entry, side: list[Juror]) -> int:
    own = [j for j in side if j.country in entry.countries]
    if book.problem.most_compatriots is None:
        return len(side)
    held = sum(1 for j in own if Pair(entry.id, j.id) in book.problem.locked)
    all_held = sum(1 for p in book.problem.locked if p.entry == entry.id and book.jurors[p.juror].country in entry.countries)
    return len(side) - len(own) + min(len(own), held + max(0, book.problem.most_compatriots - all_held))
