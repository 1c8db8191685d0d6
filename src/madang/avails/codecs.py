"""How columns of a workbook are written as elements of XML, and read from them again. One place for both directions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .records import Place, Record
from .vocabulary import after
from .xml_tree import Node

Values = dict[str, str]
M49 = re.compile("[0-9]{3}")
Shape = tuple[Any, ...]


@dataclass(slots=True)
class Maker:
    """Makes nodes from a record: each has the place of the cell that its text comes from, else of the row."""

    record: Record
    version: str

    def get(self, column: str) -> str:
        """The value of a column."""
        return self.record.get(column)

    def place(self, column: str = "") -> Place:
        """Where a column of this row stands; of the row when the column is empty."""
        found = self.record.places.get(column)
        any_place = found or next(iter(self.record.places.values()), Place())
        return found or Place(any_place.sheet, any_place.row, column, any_place.line, any_place.path)

    def node(self, name: str, text: str = "", column: str = "", *children: Node, **attributes: str) -> Node:
        """A node of the XML."""
        node = Node(name, self.place(column), {key: value for key, value in attributes.items() if value}, text=text)
        for child in children:
            child.parent = node
            node.children.append(child)
        return node


@dataclass(frozen=True, slots=True)
class Codec:
    """The elements `names` of one holder say what the `columns` say. `read` takes all nodes of these names.

    `write` looks at no column but these, and at `beside`.
    """

    names: tuple[str, ...]
    columns: tuple[str, ...]
    read: Callable[[Sequence[Node]], Values]
    write: Callable[[Maker], list[Node]]
    beside: tuple[str, ...] = ()


def shape(node: Node) -> Shape:
    """What a node says, without its place and the space in it: two nodes of one shape are equal."""
    return (node.name, node.value, tuple(sorted(node.attributes.items())), tuple(shape(child) for child in node.children))


def same(text: str) -> str:
    """The text as it is."""
    return text


def text(column: str, *path: str, to_xml: Callable[[str], str] = same, from_xml: Callable[[str], str] = same) -> Codec:
    """One value down a path of elements, which is the name of the column where none is given."""
    names = path or (column,)

    def read(nodes: Sequence[Node]) -> Values:
        value = from_xml(nodes[0].get(*names[1:])) if nodes else ""
        return {column: value} if value else {}

    def write(make: Maker) -> list[Node]:
        if not make.get(column):
            return []
        node = make.node(names[-1], to_xml(make.get(column)), column)
        for name in reversed(names[:-1]):
            node = make.node(name, "", column, node)
        return [node]

    return Codec((names[0],), (column,), read, write)


def labelled(name: str, *columns: str) -> Codec:
    """Identifiers that have no element of their own: `AltID:001143` in the name space org:mddf."""

    def read(nodes: Sequence[Node]) -> Values:
        out: Values = {}
        for node in nodes:
            label, _colon, value = node.get("md:Identifier").partition(":")
            if label in columns and value:
                out.setdefault(label, value.strip())
        return out

    def write(make: Maker) -> list[Node]:
        return [
            make.node(
                name,
                "",
                column,
                make.node("md:Namespace", "org:mddf", column),
                make.node("md:Identifier", f"{column}:{make.get(column)}", column),
            )
            for column in columns
            if make.get(column)
        ]

    return Codec((name,), columns, read, write)


def numbered(name: str, number: str, distribution: str = "") -> Codec:
    """A number in a season or series; the element stands even when both columns are empty."""

    def read(nodes: Sequence[Node]) -> Values:
        found = {number: nodes[0].get("md:Number"), distribution: nodes[0].get("md:DistributionNumber")} if nodes else {}
        return {column: value for column, value in found.items() if column and value}

    def write(make: Maker) -> list[Node]:
        parts = [make.node("md:Number", make.get(number), number)] if make.get(number) else []
        if distribution and make.get(distribution):
            parts.append(make.node("md:DistributionNumber", make.get(distribution), distribution))
        return [make.node(name, "", number, *parts)]

    return Codec((name,), tuple(column for column in (number, distribution) if column), read, write)


def entitlements() -> Codec:
    """The identifiers of two lockers of films."""
    ecosystems = {"UVVU": "UV_ID", "DMA": "DMA_ID"}

    def read(nodes: Sequence[Node]) -> Values:
        found = {ecosystems.get(node.attributes.get("ecosystem", ""), ""): node.get("EcosystemID") for node in nodes}
        return {column: value for column, value in found.items() if column and value}

    def write(make: Maker) -> list[Node]:
        return [
            make.node("SharedEntitlement", "", column, make.node("EcosystemID", make.get(column), column), ecosystem=name)
            for name, column in ecosystems.items()
            if make.get(column)
        ]

    return Codec(("SharedEntitlement",), tuple(ecosystems.values()), read, write)


def releases() -> Codec:
    """The first showing and the first disc."""
    kinds = {"original": "ReleaseHistoryOriginal", "DVD": "ReleaseHistoryPhysicalHV"}

    def read(nodes: Sequence[Node]) -> Values:
        out: Values = {}
        for node in nodes:
            column = kinds.get(node.get("md:ReleaseType"), "")
            if column and node.get("md:Date"):
                out.setdefault(column, node.get("md:Date"))
        return out

    def write(make: Maker) -> list[Node]:
        return [
            make.node(
                "ReleaseHistory",
                "",
                column,
                make.node("md:ReleaseType", kind, column),
                make.node("md:Date", make.get(column), column),
            )
            for kind, column in kinds.items()
            if make.get(column)
        ]

    return Codec(("ReleaseHistory",), tuple(kinds.values()), read, write)


def directors() -> Codec:
    """Who directed it."""

    def read(nodes: Sequence[Node]) -> Values:
        names = [node.get("md:Name", "md:DisplayName") for node in nodes if node.get("md:Job", "md:JobFunction") == "Director"]
        return {"Director": ", ".join(names)} if any(names) else {}

    def write(make: Maker) -> list[Node]:
        def person(name: str) -> Node:
            job = make.node("md:Job", "", "Director", make.node("md:JobFunction", "Director", "Director"))
            said = make.node("md:Name", "", "Director", make.node("md:DisplayName", name, "Director"))
            return make.node("People", "", "Director", job, said)

        return [person(name) for name in parts(make.get("Director"))]

    return Codec(("People",), ("Director",), read, write)


def ratings() -> Codec:
    """One rating, in the first territory of the row."""
    columns = ("RatingSystem", "RatingValue", "RatingReason")

    def read(nodes: Sequence[Node]) -> Values:
        rating = nodes[0].first("md:Rating") if nodes else None
        if rating is None:
            return {}
        reasons = ", ".join(node.value for node in rating.all("md:Reason"))
        found = dict(zip(columns, (rating.get("md:System"), rating.get("md:Value"), reasons), strict=True))
        return {column: value for column, value in found.items() if value}

    def write(make: Maker) -> list[Node]:
        if not make.get("RatingSystem") and not make.get("RatingValue"):
            return []
        where = (parts(make.get("Territory")) or [""])[0]
        rating = make.node(
            "md:Rating",
            "",
            "RatingSystem",
            make.node("md:Region", "", "Territory", region(make, where, "Territory")),
            make.node("md:System", make.get("RatingSystem"), "RatingSystem"),
            make.node("md:Value", make.get("RatingValue"), "RatingValue"),
            *(make.node("md:Reason", reason, "RatingReason") for reason in parts(make.get("RatingReason"))),
        )
        return [make.node("Ratings", "", "RatingSystem", rating)]

    return Codec(("Ratings",), columns, read, write, ("Territory",))


def groups() -> Codec:
    """A brand or channel that it belongs to."""

    def read(nodes: Sequence[Node]) -> Values:
        value = nodes[0].get("md:GroupIdentity") if nodes else ""
        return {"GroupIdentity": value} if value else {}

    def write(make: Maker) -> list[Node]:
        value = make.get("GroupIdentity")
        if not value:
            return []
        said = {"md:Type": "Brand", "md:GroupIdentity": value, "md:DisplayName": value}
        inner = [make.node(name, word, "GroupIdentity") for name, word in said.items()]
        return [make.node("GroupingEntity", "", "GroupIdentity", *inner)]

    return Codec(("GroupingEntity",), ("GroupIdentity",), read, write)


def bundled() -> Codec:
    """What a collection is made of."""

    def read(nodes: Sequence[Node]) -> Values:
        ids = [node.get("BundledALID") for node in nodes]
        return {"BundledALIDs": ", ".join(ids)} if any(ids) else {}

    def write(make: Maker) -> list[Node]:
        column = "BundledALIDs"
        return [make.node("BundledAsset", "", column, make.node("BundledALID", one, column)) for one in parts(make.get(column))]

    return Codec(("BundledAsset",), ("BundledALIDs",), read, write)


def territories(name: str, column: str) -> Codec:
    """Countries and parts of countries."""

    def read(nodes: Sequence[Node]) -> Values:
        codes = [node.get("md:country") or node.get("md:countryRegion") for node in nodes]
        return {column: ", ".join(codes)} if any(codes) else {}

    def write(make: Maker) -> list[Node]:
        return [make.node(name, "", column, region(make, code, column)) for code in parts(make.get(column))]

    return Codec((name,), (column,), read, write)


def region(make: Maker, code: str, column: str) -> Node:
    """`KR` is a country, `BE-VLG` and `150` are regions."""
    return make.node("md:countryRegion" if "-" in code or M49.fullmatch(code) else "md:country", code, column)


def languages(name: str, column: str, since: str) -> Codec:
    """Languages with their use (`fr:audio`). Before version `since` a cell is written as it is: that Excel has no lists there."""

    def read(nodes: Sequence[Node]) -> Values:
        words = [":".join(filter(None, (node.value, node.attributes.get("asset", "")))) for node in nodes]
        return {column: ", ".join(words)} if any(words) else {}

    def write(make: Maker) -> list[Node]:
        said = make.get(column)
        if not after(make.version, since):
            return [make.node(name, word, column) for word in ([said] if name == "AssetLanguage" and said else parts(said))]
        out = []
        for word in parts(said):
            tag, _colon, use = word.partition(":")
            out.append(make.node(name, tag, column, asset=use))
        return out

    return Codec((name,), (column,), read, write)


def parts(value: str) -> list[str]:
    """The parts of a list in a cell."""
    return [part for part in (word.strip() for word in value.split(",")) if part]


def moment(name: str, column: str, lag: str, clock: str) -> Codec:
    """A date with the time that a date alone means, or a condition with its lag."""

    def read(nodes: Sequence[Node]) -> Values:
        if not nodes:
            return {}
        value = nodes[0].value
        out = {column: value.removesuffix(f"T{clock}"), lag: nodes[0].attributes.get("lag", "")}
        return {key: word for key, word in out.items() if word}

    def write(make: Maker) -> list[Node]:
        value = make.get(column)
        if not value:
            return []
        if value[:1].isalpha():
            return [make.node(f"{name}Condition", value, column, lag=make.get(lag))]
        return [make.node(name, value if "T" in value else f"{value}T{clock}", column)]

    return Codec((name, f"{name}Condition"), (column, lag), read, write)


def profile() -> Codec:
    """The quality of the picture and what it has beyond."""
    attributes = ("HDR", "WCG", "HFR", "NGAudio")

    def read(nodes: Sequence[Node]) -> Values:
        found = {"FormatProfile": nodes[0].value, **nodes[0].attributes} if nodes else {}
        return {column: value for column, value in found.items() if value and column in ("FormatProfile", *attributes)}

    def write(make: Maker) -> list[Node]:
        said = {name: make.get(name) for name in attributes}
        if not make.get("FormatProfile") and not any(said.values()):
            return []
        return [make.node("FormatProfile", make.get("FormatProfile"), "FormatProfile", **said)]

    return Codec(("FormatProfile",), ("FormatProfile", *attributes), read, write)
