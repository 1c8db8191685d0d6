"""Avails XML -> records: one for each asset and transaction. What no column says is kept beside, and written again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from .codecs import Codec, Maker, shape
from .levels import ASSET, AVAIL, CONTENT_ID, DESCRIBED_BY, DESCRIPTIONS, SEASON, SERIES, TRANSACTION, inside
from .records import AvailsFile, Place, Record
from .volumes import tell_volumes
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
            said = _Said(tree.version)
            said.take_asset(avail, asset)
            for transaction in avail.all("Transaction"):
                records.append(said.with_transaction(asset, transaction))
                if seen[alid] > 1:
                    records[-1].extra["Again"] = str(seen[alid])
    tell_volumes(tree, records)
    return AvailsFile("xml", tree.version, records)


class _Said:
    """What an Avail and its asset say to every row of theirs; `late` is what also depends on the transaction."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.record = Record()
        self.kept: dict[str, list[Node]] = {}
        self.late: list[tuple[str, Codec, list[Node]]] = []

    def take_asset(self, avail: Node, asset: Node) -> None:
        described = next((child for child in asset.children if child.name in DESCRIPTIONS), None)
        holders: list[Part] = [("Avail", avail, AVAIL), ("Asset", asset, ASSET)]
        if described:
            holders += [("Metadata", described, DESCRIPTIONS[described.name]), *_embedded(described)]
        for part in holders:
            self.take(self.record, *part)
        _take_attribute(self.record, asset, "contentID", CONTENT_ID.get(described.name if described else "", "ContentID"))
        for part in holders:
            self.late += [(part[0], codec, nodes) for codec, nodes in self.keep(self.record, self.kept, *part) if codec.beside]
        if described and described.name != DESCRIBED_BY.get(asset.get("WorkType"), "Metadata"):
            self.record.extra["Description"] = described.name

    def with_transaction(self, asset: Node, transaction: Node) -> Record:
        record = Record(dict(self.record.values), dict(self.record.places), dict(self.record.extra))
        kept = {holder: list(nodes) for holder, nodes in self.kept.items()}
        part: Part = ("Transaction", transaction, TRANSACTION)
        self.take(record, *part)
        _take_attribute(record, transaction, "TransactionID", "AvailID")
        self.keep(record, kept, *part)
        for holder, codec, nodes in self.late:
            if not _written_again(codec, nodes, Maker(record, self.version)):
                kept.setdefault(holder, []).extend(nodes)
        for holder, nodes in kept.items():
            record.extra[holder] = json.dumps([packed(node) for node in nodes], ensure_ascii=False)
        return record

    def take(self, record: Record, _name: str, holder: Node, codecs: Sequence[Codec]) -> None:
        """Into the columns, with the line of each."""
        for codec in codecs:
            nodes = [child for child in holder.children if child.name in codec.names]
            for column, value in codec.read(nodes).items():
                record.values[column] = value
                place = nodes[0].place
                record.places[column] = Place(line=place.line, path=place.path, column=column)

    def keep(
        self, record: Record, kept: dict[str, list[Node]], name: str, holder: Node, codecs: Sequence[Codec]
    ) -> Iterator[tuple[Codec, list[Node]]]:
        """What would not be written again as it is from the columns is kept, by holder. Gives each codec with its nodes."""
        make = Maker(record, self.version)
        nodes_of = [(codec, [child for child in holder.children if child.name in codec.names]) for codec in codecs]
        rest = [
            node for codec, nodes in nodes_of if not codec.beside and not _written_again(codec, nodes, make) for node in nodes
        ]
        known = {name for codec in codecs for name in codec.names}
        known.update(DESCRIPTIONS if name == "Asset" else ("Asset", "Transaction") if name == "Avail" else inside(holder.name))
        rest += [child for child in holder.children if child.name not in known]
        if rest:
            kept[name] = rest
        beside = {key: value for key, value in holder.attributes.items() if key not in ("contentID", "TransactionID")}
        if beside:
            record.extra[f"{name}@"] = json.dumps(beside, ensure_ascii=False)
        return iter(nodes_of)


def _embedded(described: Node) -> list[Part]:
    """The season and the series inside a description."""
    out: list[Part] = []
    node: Node | None = described
    while node:
        inner = next((child for child in node.children if child.name in inside(node.name)), None)
        if inner:
            out.append((inner.name, inner, EMBEDDED[inner.name]))
        node = inner
    return out


def _take_attribute(record: Record, node: Node, name: str, column: str) -> None:
    value = node.attributes.get(name, "").strip()
    if value and value != record.get(column):
        if record.get(column):
            record.extra[f"@{name}"] = value
        else:
            record.values[column] = value
            record.places[column] = Place(line=node.place.line, path=f"{node.place.path}@{name}", column=column)


def _written_again(codec: Codec, nodes: list[Node], make: Maker) -> bool:
    """Whether the columns alone would make the same nodes, in whatever order."""
    made = codec.write(make) if nodes or any(map(make.get, codec.columns)) else []
    theirs, ours = [shape(node) for node in nodes], [shape(node) for node in made]
    return theirs == ours or (len(theirs) == len(ours) and Counter(theirs) == Counter(ours))


def packed(node: Node) -> list[Any]:
    """A node as plain lists, to be kept."""
    text = node.text if not node.children else node.value
    return [node.name, text, node.attributes, [packed(child) for child in node.children]]
