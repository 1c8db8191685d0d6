"""Computes the figures of a report anew from its open data alone, and compares. Needs nothing but Python 3.11.

    python recompute.py FOLDER        FOLDER: the data folder of a report, with datapackage.json and its CSV files

It checks that every file is as long as the package says and has the SHA-256 that it names; that each published number follows
from its rows; that there are as many rows as are said, each once; that what is withheld has no rows; and that no published
division into countries or segments comes to more than its figure. Ends with 0 where all holds, 1 where anything differs, and
2 where the folder cannot be read.

The rule: within a measure, currency and column, amounts are added. Where rows are parts, the numerators of the column are added
and divided by all denominators of the measure and currency. Shares, scores and ratios without rows are no number. Nothing is
added across columns. Quotients are compared to 9 places.

This file is no part of Madang's program: it imports none of it, so that it can be read and run by somebody who trusts neither.
"""

import csv
import hashlib
import json
import sys
from collections import defaultdict
from decimal import Decimal, InvalidOperation
from pathlib import Path

PLACES = Decimal("0.000000001")
DIVIDED = {"share", "score", "ratio"}


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    try:
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        tables = {one["name"]: read(folder / one["path"]) for one in package["resources"]}
        faults = [*damaged(folder, package), *differing(tables), *doubled(tables), *overflowing(tables)]
    except (OSError, ValueError, KeyError, InvalidOperation) as fault:
        print(f"{folder}: cannot be read: {type(fault).__name__} {fault}", file=sys.stderr)
        return 2
    tell(package, tables, faults)
    return 1 if faults else 0


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def damaged(folder, package):
    """Files that are not the ones that the package was made with."""
    for one in package["resources"]:
        data = (folder / one["path"]).read_bytes()
        if one["hash"] != "sha256:" + hashlib.sha256(data).hexdigest() or one["bytes"] != len(data):
            yield f"{one['path']}: this is not the file that datapackage.json describes"


def differing(tables):
    """Figures that do not follow from their rows."""
    units = {one["code"]: one["unit"] for one in tables["measures"]}
    rows = defaultdict(list)
    for one in tables["rows"]:
        rows[one["measure"], one["currency"]].append(one)
    seen = set()
    for one in tables["figures"]:
        name = (one["measure"], one["currency"], one["column"])
        seen.add(name)
        own = [row for row in rows[name[:2]] if row["column"] == one["column"]]
        if one["withheld"]:
            if own or one["number"]:
                yield f"{label(*name)}: said to be withheld, but there is a number or a row"
            continue
        if int(one["rows"]) != len(own):
            yield f"{label(*name)}: {one['rows']} rows are said, there are {len(own)}"
        found = computed(units[one["measure"]], own, rows[name[:2]])
        if not same(one["number"], found, bool(own)):
            yield f"{label(*name)}: {one['number'] or 'nothing'} is said, the rows come to {found}"
    for one in tables["rows"]:
        name = (one["measure"], one["currency"], one["column"])
        if name not in seen and one["part"] != "denominator":
            yield f"{label(*name)}: a row without a figure"


def computed(unit, own, every):
    """The number that a column's rows come to; `every`: the rows of all columns."""
    parts = [row for row in every if row["part"]]
    above = sum((Decimal(row["amount"]) for row in own if row["part"] != "denominator"), Decimal())
    if unit not in DIVIDED and not parts:
        return above
    below = sum((Decimal(row["amount"]) for row in every if row["part"] == "denominator"), Decimal())
    return above / below if below else None


def same(said, found, has_rows):
    """An empty number without rows is no number, which is no fault: nobody knows."""
    if not said:
        return found is None or not has_rows
    return found is not None and Decimal(said).quantize(PLACES) == found.quantize(PLACES)


def doubled(tables):
    seen = set()
    for one in tables["rows"]:
        name = tuple(one[field] for field in ("measure", "currency", "column", "part", "kind", "row"))
        if name in seen:
            yield f"{label(*name[:3])}: the row {one['row']} stands twice"
        seen.add(name)


def overflowing(tables):
    """Published cells that come to more than the figure that they divide."""
    figures = {(one["measure"], one["currency"], one["column"]): one["number"] for one in tables["figures"]}
    sums = defaultdict(Decimal)
    hidden = set()
    for one in tables["cells"]:
        name = (one["measure"], one["currency"], one["column"], one["by"])
        if one["number"]:
            sums[name] += Decimal(one["number"])
        else:
            hidden.add(name)
    for name, total in sums.items():
        whole = figures.get(name[:3])
        if not whole or total > Decimal(whole) or (name not in hidden and total != Decimal(whole)):
            yield f"{label(*name[:3])} by {name[3]}: the cells come to {total}, the figure is {whole or 'nothing'}"


def label(measure, currency, column):
    return f"{measure} {currency} {column}".replace("  ", " ")


def tell(package, tables, faults):
    about = package.get("madang", {})
    print(f"{package.get('title', '')} ({about.get('edition', '')}, report {about.get('report', '')})")
    print(f"digest of the report: {about.get('digest', '')}")
    for one in tables["figures"]:
        number = one["number"] or (f"withheld ({one['withheld']})" if one["withheld"] else "no number")
        print(f"  {label(one['measure'], one['currency'], one['column']):<50} {number:>24} {one['rows'] or 0:>8} rows")
    for fault in faults:
        print(f"DIFFERS  {fault}", file=sys.stderr)
    count = sum(not one["withheld"] for one in tables["figures"])
    print(f"{len(faults)} differences." if faults else f"{count} numbers follow from {len(tables['rows'])} rows.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
