"""XML read as a tree whose parts know their line. What is dangerous or too large is refused before it does harm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .records import Place, Unreadable

MAX_BYTES = 20 * 1024 * 1024
MAX_NODES = 600_000
MAX_DEPTH = 60
MAX_ATTRIBUTES = 64
VERSIONS = ("2.2", "2.2.1", "2.2.2", "2.3", "2.4", "2.5", "2.5.2", "2.6", "2.6.1", "2.7")
COMMON = {"2.2.2": "2.5", "2.3": "2.6", "2.4": "2.7", "2.5": "2.8", "2.5.2": "2.9", "2.6": "2.10", "2.6.1": "2.11", "2.7": "2.12"}
SCHEMAS = "http://www.movielabs.com/schema/"
AVAILS = re.compile(re.escape(SCHEMAS) + r"avails/v([0-9.]+)/avails")
FAMILY = re.compile(re.escape(SCHEMAS) + r"(avails|md|mdmec)/v[0-9.]+(?:/(?:avails|md))?")
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(slots=True, eq=False)
class Node:
    """One element. `name` is written `avails:`-less for Avails, `md:…` and `mdmec:…` for the two others, else `{address}name`."""

    name: str
    place: Place
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    text: str = ""
    space: str = ""
    parent: Node | None = None

    @property
    def value(self) -> str:
        """The text without the space around it and with single spaces inside."""
        return " ".join(self.text.split())

    def all(self, name: str) -> list[Node]:
        """The children of this name."""
        return [child for child in self.children if child.name == name]

    def first(self, *path: str) -> Node | None:
        """The first node down this path of names."""
        node: Node | None = self
        for name in path:
            node = next((child for child in node.children if child.name == name), None) if node else None
        return node

    def get(self, *path: str) -> str:
        """The value of the first node down this path, or an empty text."""
        node = self.first(*path)
        return node.value if node else ""

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in the order of the file."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))

    def find(self, *names: str) -> Iterator[Node]:
        """All nodes with one of these names, in the order of the file."""
        return (node for node in self.walk() if node.name in names)

    def add(self, name: str, text: str = "", place: Place | None = None, **attributes: str) -> Node:
        """A new last child, with the place of this node unless another is given."""
        child = Node(name, place or self.place, {k: v for k, v in attributes.items() if v}, text=text, parent=self)
        self.children.append(child)
        return child


@dataclass(slots=True)
class Tree:
    """A document: its root, the `version` of Avails it is written in, the addresses of its namespaces."""

    root: Node
    version: str
    spaces: set[str] = field(default_factory=set)


def parse(source: bytes | Path) -> Tree:
    """The tree of an Avails XML file. Raises Unreadable when it is no such file, not well formed, dangerous or too large."""
    if (len(source) if isinstance(source, bytes) else source.stat().st_size) > MAX_BYTES:
        size = MAX_BYTES // (1024 * 1024)
        raise Unreadable(format_lazy(_("The file is larger than {size} MB. Send it in parts."), size=size))
    reader = _Reader()
    try:
        reader.parser.Parse(source if isinstance(source, bytes) else source.read_bytes(), True)
    except expat.ExpatError as error:
        line = getattr(error, "lineno", 0)
        raise Unreadable(
            format_lazy(_("This is no well-formed XML (line {line}: {why})."), line=line, why=expat.ErrorString(error.code))
        ) from None
    except (LookupError, ValueError) as error:
        raise Unreadable(_("The text of this XML is in an encoding that is not read. Save it as UTF-8.")) from error
    return reader.tree()


class _Reader:
    """Builds the tree from what expat reports. A document type is refused, and with it every entity and outside reference."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.EntityDeclHandler = self.refuse
        self.parser.ExternalEntityRefHandler = self.refuse
        self.open: list[Node] = []
        self.root: Node | None = None
        self.count = 0
        self.spaces: set[str] = set()

    def refuse(self, *_arguments: object) -> int:
        raise Unreadable(_("The file declares a document type or entities. Avails need none: remove the DOCTYPE line."))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MAX_NODES or len(self.open) >= MAX_DEPTH or len(attributes) > MAX_ATTRIBUTES:
            raise Unreadable(_("The file has too many elements, or too many inside each other. Send it in parts."))
        parent = self.open[-1] if self.open else None
        space, _blank, local = name.rpartition(" ")
        self.spaces.add(space)
        path = f"{parent.place.path}/{local}" if parent else local
        node = Node(short(space, local), Place(line=self.parser.CurrentLineNumber, path=path), space=space, parent=parent)
        node.attributes = {short(*_split(key)): value for key, value in attributes.items()}
        if parent:
            parent.children.append(node)
        else:
            self.root = node
        self.open.append(node)

    def end(self, _name: str) -> None:
        self.open.pop()

    def characters(self, text: str) -> None:
        self.open[-1].text += text

    def tree(self) -> Tree:
        assert self.root is not None  # noqa: S101 a document without a root is an error of expat
        found = AVAILS.fullmatch(self.root.space)
        if not found:
            raise Unreadable(_("This XML is no Avails file: its first element is not in a namespace of Avails."))
        if found[1] not in VERSIONS:
            message = _("Avails {version} is not read; 2.2 to 2.7 are.")
            raise Unreadable(format_lazy(message, version=found[1]))
        return Tree(self.root, found[1], self.spaces)


def _split(name: str) -> tuple[str, str]:
    space, _blank, local = name.rpartition(" ")
    return space, local


def short(space: str, local: str) -> str:
    """How a name is written here, whatever the version of its namespace."""
    if not space:
        return local
    found = FAMILY.fullmatch(space)
    if not found:
        return f"{{{space}}}{local}"
    return local if found[1] == "avails" else f"{found[1]}:{local}"


def spaces(version: str) -> dict[str, str]:
    """The addresses of the three namespaces of a version, by prefix."""
    common = COMMON.get(version, "2.5")
    return {
        "avails": f"{SCHEMAS}avails/v{version}/avails",
        "md": f"{SCHEMAS}md/v{common}/md",
        "mdmec": f"{SCHEMAS}mdmec/v{common}",
    }
