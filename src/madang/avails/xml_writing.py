"""Records -> Avails XML of any version: a tree whose nodes know the cells that they come from, and its bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from .codecs import Codec, Maker, Shape, shape
from .levels import ASSET, AVAIL, CONTENT_ID, DESCRIBED_BY, DESCRIPTIONS, SEASON, SERIES, TRANSACTION, inside
from .records import Place, Record
from .schema import laters, resolve
from .volumes import count_episodes
from .xml_tree import Node, Tree, spaces

WRITTEN = "2.7"
ASSET_CODECS = [codec for codecs in (ASSET, SEASON, SERIES, *DESCRIPTIONS.values()) for codec in codecs]
OF_ASSETS = list(dict.fromkeys(column for codec in ASSET_CODECS for column in (*codec.columns, *codec.beside, "ContentID")))
OF_ASSETS += [column for column in CONTENT_ID.values() if column not in OF_ASSETS]
EXTRA_OF_ASSETS = ("Asset", "Metadata", "SeasonMetadata", "SeriesMetadata", "Description", "@contentID", "Asset@", "Metadata@")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
QUALIFIED = re.compile(r"\{(.*)\}(.*)")
PREFIXED = ("md:", "mdmec:")


def write_tree(records: Iterable[Record], version: str = WRITTEN) -> Tree:
    """The document of these records. Rows of one ALID and EntryType become one Avail; what the version cannot say is left out."""
    root = Node("AvailList", place=Place())
    avails: dict[tuple[str, ...], _Avail] = {}
    every = list(records)
    for number, record in enumerate(every):
        key = (record.get("ALID") or f"#{number}", record.get("EntryType"), record.extra.get("Again", ""))
        if key not in avails:
            avails[key] = _Avail(version)
        avails[key].add(record)
    for avail in avails.values():
        for node in avail.nodes():
            _put(root, node)
    count_episodes(root, every)
    _arrange(root, "AvailList-type", version)
    return Tree(root, version, set(spaces(version).values()))


class _Avail:
    """The rows of one ALID while they come in: its assets, and the transactions of each."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.makers: dict[tuple[str, str], Maker] = {}
        self.assets: dict[tuple[str, str], Node] = {}
        self.told: dict[tuple[str, ...], tuple[str, str]] = {}
        self.transactions: dict[tuple[str, str], dict[Shape, Node]] = {}

    def add(self, record: Record) -> None:
        make = Maker(record, self.version)
        said = (*map(record.get, OF_ASSETS), *map(str, map(record.extra.get, EXTRA_OF_ASSETS)))
        if said not in self.told:
            self.told[said] = self.add_asset(record, make)
        transaction = filled(make, "Transaction", TRANSACTION, "Transaction")
        if record.get("AvailID"):
            transaction.attributes["TransactionID"] = record.get("AvailID")
        self.transactions[self.told[said]].setdefault(shape(transaction), transaction)

    def add_asset(self, record: Record, make: Maker) -> tuple[str, str]:
        asset = _asset(make)
        key = (record.get("WorkType"), asset.attributes.get("contentID", ""))
        if key in self.assets:
            _merge(self.assets[key], asset)
        else:
            self.makers[key], self.assets[key], self.transactions[key] = make, asset, {}
        return key

    def nodes(self) -> list[Node]:
        """One Avail; but one for each asset where they are not all sold alike, so that XML gives no more than the rows."""
        sold = list(self.transactions.values())
        if all(one.keys() == sold[0].keys() for one in sold):
            return [self.node(next(iter(self.makers.values())), list(self.assets.values()), sold[0])]
        return [self.node(self.makers[key], [self.assets[key]], one) for key, one in self.transactions.items()]

    def node(self, make: Maker, assets: list[Node], transactions: dict[Shape, Node]) -> Node:
        avail = filled(make, "Avail", AVAIL, "Avail")
        for child in (*assets, *transactions.values()):
            _put(avail, child)
        return avail


def _asset(make: Maker) -> Node:
    asset = filled(make, "Asset", ASSET, "Asset")
    name = make.record.extra.get("Description") or DESCRIBED_BY.get(make.get("WorkType"), "Metadata")
    column = CONTENT_ID.get(name, "ContentID")
    asset.place = make.place(column)
    content = make.record.extra.get("@contentID") or make.get(column)
    if content:
        asset.attributes["contentID"] = content
    described = filled(make, name, DESCRIPTIONS[name], "Metadata")
    if described.children or described.attributes:
        _put(asset, described)
        _embed(make, described)
    return asset


def _embed(make: Maker, described: Node) -> None:
    """The season of an episode or volume if the row tells of one, and the series."""
    choice = inside(described.name)
    if "SeasonMetadata" in choice:
        season = filled(make, "SeasonMetadata", SEASON, "SeasonMetadata")
        tells = any(child.value or child.children for child in season.children)
        if tells or "SeasonMetadata" in make.record.extra:
            _put(described, season)
            described = season
    series = filled(make, "SeriesMetadata", SERIES, "SeriesMetadata") if choice else None
    if series and (series.children or "SeriesMetadata" in make.record.extra):
        _put(described, series)


def _put(parent: Node, child: Node) -> None:
    child.parent = parent
    parent.children.append(child)


def filled(make: Maker, name: str, codecs: Sequence[Codec], holder: str) -> Node:
    """A holder with what its columns say; what was kept of it is written as it was, unless the columns say otherwise now."""
    node = make.node(name)
    kept = [unpacked(make, row) for row in json.loads(make.record.extra.get(holder, "[]"))]
    node.attributes.update(json.loads(make.record.extra.get(f"{holder}@", "{}")))
    known: set[str] = set()
    for codec in codecs:
        own = [child for child in kept if child.name in codec.names]
        now = {column: make.get(column) for column in codec.columns if make.get(column)}
        for child in own if own and codec.read(own) == now else codec.write(make):
            _put(node, child)
        known.update(codec.names)
    for child in kept:
        if child.name not in known:
            _put(node, child)
    return node


def unpacked(make: Maker, row: list[Any]) -> Node:
    """A node that was kept as plain lists."""
    name, text, attributes, children = row
    node = make.node(name, text)
    node.attributes.update(attributes)
    for child in children:
        _put(node, unpacked(make, child))
    return node


def _merge(asset: Node, other: Node) -> None:
    """Rows of one asset say the same of it, or add to what may stand more than once."""
    shapes = {shape(child) for child in asset.children}
    names = {child.name for child in asset.children}
    for child in other.children:
        mine = asset.first(child.name)
        if child.name not in names or (child.name in REPEATED and shape(child) not in shapes):
            _put(asset, child)
        elif mine and child.name in MERGED:
            _merge(mine, child)


MERGED = ("Metadata", "EpisodeMetadata", "SeasonMetadata", "SeriesMetadata", "VolumeMetadata", "Ratings")
REPEATED = (
    *("TitleDisplayUnlimited", "SeriesTitleDisplayUnlimited", "SeasonTitleDisplayUnlimited", "VolumeTitleDisplayUnlimited"),
    *("AltIdentifier", "SeriesAltIdentifier", "SeasonAltIdentifier", "VolumeAltIdentifier", "People", "ReleaseHistory"),
    *("md:Rating", "BundledAsset", "CompanyDisplayCredit", "TitleInternalAlias"),
)


def _arrange(node: Node, kind: str, version: str) -> None:
    """Children in the order of the schema, without what this version does not know."""
    form = resolve(version, kind)
    if "seq" not in form:
        return
    order = list(dict.fromkeys(_flat(form["seq"])))
    foreign = "*" in laters(version, kind)[0]
    rank = {name: index for index, (name, _type) in enumerate(order)}
    if not form.get("open"):
        node.children = [child for child in node.children if child.name in rank or (foreign and "{" in child.name)]
    node.children.sort(key=lambda child: rank.get(child.name, len(rank)))
    types = dict(order)
    for child in node.children:
        if child.name in types:
            _arrange(child, types[child.name], version)
    known = form.get("attrs", {})
    node.attributes = {key: value for key, value in node.attributes.items() if key in known or key.startswith("{")}


def _flat(particles: list[Any]) -> Iterator[tuple[str, str]]:
    for name, inner, *_numbers in particles:
        if name in ("|", "()"):
            yield from _flat(inner)
        elif name != "*":
            yield name, inner


def to_bytes(tree: Tree) -> bytes:
    """The document as UTF-8, one element a line."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    declared = "".join(f" xmlns:{prefix}={quoteattr(address)}" for prefix, address in spaces(tree.version).items())
    _lines(tree.root, 0, declared, lines)
    return ("\n".join(lines) + "\n").encode("utf-8")


def _lines(node: Node, depth: int, declared: str, lines: list[str]) -> None:
    tag, extra = _tag(node.name)
    attributes = "".join(_attribute(name, value) for name, value in sorted(node.attributes.items()))
    start = f"{'  ' * depth}<{tag}{declared}{extra}{attributes}"
    text = escape(clean(node.text if not node.children else node.value))
    if node.children:
        lines.append(f"{start}>{text}")
        for child in node.children:
            _lines(child, depth + 1, "", lines)
        lines.append(f"{'  ' * depth}</{tag}>")
    else:
        lines.append(f"{start}>{text}</{tag}>" if text else f"{start}/>")


def _tag(name: str) -> tuple[str, str]:
    found = QUALIFIED.fullmatch(name)
    if found:
        return (f"other:{found[2]}", f" xmlns:other={quoteattr(found[1])}") if found[1] else (found[2], "")
    return (name if name.startswith(PREFIXED) else f"avails:{name}"), ""


def _attribute(name: str, value: str) -> str:
    found = QUALIFIED.fullmatch(name)
    if found:
        return f" xmlns:a={quoteattr(found[1])} a:{found[2]}={quoteattr(clean(value))}"
    return f" {name}={quoteattr(clean(value))}"


def clean(text: str) -> str:
    """Without characters that XML cannot hold."""
    return FORBIDDEN.sub("", text)
