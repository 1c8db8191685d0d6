"""Made-up programmes: a showcase of any size, and tiny random ones for the oracle."""

from __future__ import annotations

from random import Random

from madang.kernels.programme import Guest, Hall, Item, Level, Overlap, Problem, Rule, Way, Window

DAY = 24 * 60


def days(count: int, start: int, end: int) -> tuple[Window, ...]:
    """The same hours on each day."""
    return tuple(Window(day * DAY + start * 60, day * DAY + end * 60) for day in range(count))


def showcase(items: int = 150, halls: int = 8, count: int = 5, seed: int = 1) -> Problem:
    """A festival's week: screenings with greetings, talks, pitches; guests who come for days; buyers who want many titles."""
    random = Random(f"showcase {seed}")
    sizes = [1350, 600, 300, 300, 180, 120, 100, 60]
    venue = tuple(
        Hall(f"h{h}", days(count, 9, 23 if h < halls / 2 else 19), sizes[h % 8], 15, frozenset({"dcp"} if h < halls / 2 else ()))
        for h in range(halls)
    )
    halves = (days(count, 9, 24)[: count // 2 + 1], days(count, 9, 24)[count // 2 :])
    guests = tuple(Guest(f"g{g}", halves[g % 2]) for g in range(items // 2))
    found: list[Item] = []
    while len(found) < items:
        number, kind = len(found), random.choice(["screening", "screening", "screening", "talk", "pitch"])
        long = random.choice([90, 100, 115, 130]) if kind == "screening" else random.choice([45, 60, 90])
        together = guests[random.randrange(2) :: 2]
        there = tuple(g.id for g in random.sample(together, random.choice([0, 0, 1, 2])))
        item = Item(
            f"i{number}",
            long,
            kind,
            features=frozenset({"dcp"} if kind == "screening" else set()),
            audience=random.choice([50, 90, 150, 250, 500, 900]) if kind == "screening" else 60,
            guests=there,
            ready_from=random.choice([None, None, None, DAY + 600]),
            prime=random.choice([0, 0, 5, 20]) if kind == "screening" else 0,
        )
        found.append(item)
        if there and kind == "screening" and len(found) < items and random.random() < 0.5:
            found.append(Item(f"greeting{number}", 20, "greeting", guests=there, audience=item.audience, leads=item.id))
    titles = [i for i in found if i.kind == "screening"]
    pairs = {tuple(sorted(random.sample(range(len(titles)), 2))) for _ in range(items * 8)}
    overlaps = tuple(Overlap(titles[a].id, titles[b].id, random.randint(1, 12)) for a, b in sorted(pairs))
    ways = tuple(Way((a.id, b.id), 10) for n, a in enumerate(venue) for b in venue[n + 1 :] if n < 4)
    return Problem(tuple(found), venue, guests, ways, overlaps, days(count, 18, 22))


def tiny(seed: int) -> Problem:
    """A few items in one or two halls, every kind of rule now and then, at every level."""
    random = Random(f"tiny {seed}")
    halls = tuple(
        Hall(
            h,
            tuple(
                Window(day * 100, day * 100 + random.choice([20, 30])) for day in range(2) if day == 0 or random.random() < 0.5
            ),
            random.choice([None, 10, 30]),
            random.choice([0, 0, 5]),
            frozenset(random.choice(["", "a"])),
        )
        for h in ("x", "y")[: random.randint(1, 2)]
    )
    guests = (Guest("ann", random.choice([None, (Window(0, 25), Window(100, 200))])), Guest("bo"))
    count = random.randint(2, 4)
    ids = list(range(1, count + 1))
    leads = dict([random.sample(ids, 2)]) if random.random() < 0.4 else {}
    items = tuple(_item(random, number, [i for i in ids if i != number], leads.get(number), halls) for number in ids)
    overlaps = tuple(Overlap(*random.sample(ids, 2), random.randint(0, 60)) for _ in range(random.randint(0, 3)))
    levels = {rule: random.choice(list(Level)) for rule in Rule if random.random() < 0.3}
    ways = (Way(("x", "y"), random.choice([0, 5, 10])),) if len(halls) == 2 else ()
    return Problem(
        items,
        halls,
        guests,
        ways,
        overlaps,
        (Window(10, 20),),
        (0, 100),
        levels,
        5,
        random.choice([0, 5]),
        random.choice([10, 100]),
    )


def _item(random: Random, number: int, others: list[int], leads: int | None, halls: tuple[Hall, ...]) -> Item:
    def now_and_then(*some):
        return random.choice(some) if random.random() < 0.2 else None

    return Item(
        number,
        random.choice([5, 10, 15, 7]),
        halls=now_and_then(frozenset({halls[0].id})),
        features=frozenset(now_and_then("a") or ""),
        audience=random.choice([0, 15, 40]),
        guests=tuple(random.sample(["ann", "bo"], random.choice([0, 1, 1, 2]))),
        allowed=now_and_then((Window(0, 25),), (Window(100, 130),)),
        forbidden=now_and_then((Window(5, 12),)) or (),
        ready_from=now_and_then(5, 13),
        setup=now_and_then(5, 3) or 0,
        clear=now_and_then(5, 8) or 0,
        follows=tuple(now_and_then(others[:1], others[-1:]) or ()),
        same_day=tuple(now_and_then(others[:1]) or ()),
        other_day=tuple(now_and_then(others[-1:]) or ()),
        leads=leads,
        fixed_hall=now_and_then(halls[-1].id),
        fixed_start=now_and_then(0, 8),
        prime=random.choice([0, 0, 7]),
        worth=random.choice([1, 1, 3]),
        hold=random.choice([1, 2]),
    )
