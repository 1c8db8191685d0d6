"""Avails XML -> records: one for each asset and transaction. What no column says is kept beside, and written again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from .codecs import Codec, Maker, shape
from .levels import ASSET, AVAIL, CONTENT_ID, DESCRIBED_BY, DESCRIPTIONS, SEASON, SERIES, TRANSACTION, inside
from .records import AvailsFile, Place, Record
from .xml_tree import Node, Tree

EMBEDDED: dict[str, tuple[Codec, ...]] = {"SeasonMetadata": SEASON, "SeriesMetadata": SERIES}
Part = tuple[str, Node, Sequence[Codec]]


def read_tree(tree: Tree) -> AvailsFile:
    """The records of a document, without its findings."""
    records = []
    seen: Counter[str] = Counter()
    for avail in tree.root.find("Avail"):
        alid = avail.get("ALID")
        seen[alid] += 1
        for asset in avail.all("Asset"):
            for transaction in avail.all("Transaction"):
                records.append(_record(tree.version, avail, asset, transaction))
                if seen[alid] > 1:
                    records[-1].extra["Again"] = str(seen[alid])
    return AvailsFile("xml", tree.version, records)


def _record(version: str, avail: Node, asset: Node, transaction: Node) -> Record:
    record = Record()
    described = next((child for child in asset.children if child.name in DESCRIPTIONS), None)
    holders: list[Part] = [("Avail", avail, AVAIL), ("Asset", asset, ASSET)]
    if described:
        holders.append(("Metadata", described, DESCRIPTIONS[described.name]))
        holders += _embedded(described)
    holders.append(("Transaction", transaction, TRANSACTION))
    for _name, node, codecs in holders:
        for codec in codecs:
            _take(record, node, codec)
    _take_attribute(record, transaction, "TransactionID", "AvailID")
    _take_attribute(record, asset, "contentID", CONTENT_ID.get(described.name if described else "", "ContentID"))
    _keep_the_rest(record, version, holders)
    if described and described.name != DESCRIBED_BY.get(asset.get("WorkType"), "Metadata"):
        record.extra["Description"] = described.name
    return record


def _embedded(described: Node) -> list[Part]:
    """The season and the series inside a description."""
    out: list[Part] = []
    node: Node | None = described
    while node:
        inner = next((child for child in node.children if child.name in inside(node.name)), None) if node else None
        if inner:
            out.append((inner.name, inner, EMBEDDED[inner.name]))
        node = inner
    return out


def _take(record: Record, holder: Node, codec: Codec) -> None:
    """Into the columns, with the line of each."""
    nodes = [child for child in holder.children if child.name in codec.names]
    for column, value in codec.read(nodes).items():
        record.values[column] = value
        place = nodes[0].place
        record.places[column] = Place(line=place.line, path=place.path, column=column)


def _take_attribute(record: Record, node: Node, name: str, column: str) -> None:
    value = node.attributes.get(name, "").strip()
    if value and value != record.get(column):
        if record.get(column):
            record.extra[f"@{name}"] = value
        else:
            record.values[column] = value
            record.places[column] = Place(line=node.place.line, path=f"{node.place.path}@{name}", column=column)


def _keep_the_rest(record: Record, version: str, holders: list[Part]) -> None:
    """What would not be written again as it is from the columns goes into `extra`, by holder."""
    make = Maker(record, version)
    for name, holder, codecs in holders:
        kept: list[Node] = []
        known: set[str] = set()
        for codec in codecs:
            nodes = [child for child in holder.children if child.name in codec.names]
            if sorted(map(shape, nodes), key=repr) != sorted(map(shape, codec.write(make)), key=repr):
                kept += nodes
            known.update(codec.names)
        known.update(DESCRIPTIONS if name == "Asset" else ("Asset", "Transaction") if name == "Avail" else inside(holder.name))
        kept += [child for child in holder.children if child.name not in known]
        if kept:
            record.extra[name] = json.dumps([packed(node) for node in kept], ensure_ascii=False)
        beside = {key: value for key, value in holder.attributes.items() if key not in ("contentID", "TransactionID")}
        if beside:
            record.extra[f"{name}@"] = json.dumps(beside, ensure_ascii=False)


def packed(node: Node) -> list[Any]:
    """A node as plain lists, to be kept."""
    text = node.text if not node.children else node.value
    return [node.name, text, node.attributes, [packed(child) for child in node.children]]
