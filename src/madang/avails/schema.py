"""The order, number and type of the elements of Avails 2.2 to 2.7, from a description of our own (`data/*_types.json`).

A particle is `[name, type, least, most, filled]`, a choice `["|", particles, least, most]`, a group `["()", ...]`, and
`["*", ...]` is anything of another namespace. What is not described is let pass: no error is invented.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .report import Report
from .values import ANY, fits
from .xml_tree import COMMON, Node, Tree, spaces

SIGNATURE = {"ds:Signature": "{http://www.w3.org/2000/09/xmldsig#}Signature"}
Type = dict[str, Any]


@cache
def types(version: str) -> dict[str, Type]:
    """The types of a version by name, and the roots under `#roots`."""
    folder = files(__package__).joinpath("data")
    common: dict[str, Type] = json.loads(folder.joinpath("common_types.json").read_text("utf-8"))
    own = json.loads(folder.joinpath("avails_types.json").read_text("utf-8"))
    return common | {name: one for name, kinds in own.items() for one in kinds if version in one["in"]}


@cache
def resolve(version: str, name: str) -> Type:
    """The type of this name; a name that is no type of ours is a simple one."""
    found = types(version).get(name, {"text": name})
    return {**types(version)[found["base"]], **found} if "base" in found else found


@cache
def laters(version: str, kind: str) -> list[frozenset[str]]:
    """For each particle of a type the names that may come from there on; the last is empty."""
    particles = resolve(version, kind)["seq"]
    return [frozenset(_names(particles[index:])) for index in range(len(particles) + 1)]


def check_schema(tree: Tree, report: Report) -> None:
    """What the schema of the file's version would refuse."""
    checker = _Checker(tree.version, report)
    checker.check_spaces(tree)
    kind = types(tree.version)["#roots"]["roots"].get(tree.root.name)
    if kind is None:
        report.error("schema-root", tree.root, tree.root.name, _("An Avails file does not begin with this element."))
    else:
        checker.check(tree.root, kind)


class _Checker:
    def __init__(self, version: str, report: Report) -> None:
        self.version = version
        self.report = report

    def check_spaces(self, tree: Tree) -> None:
        """Names of Common Metadata must be of the version that goes with this version of Avails."""
        if tree.version not in COMMON:
            return
        right = set(spaces(tree.version).values())
        for space in sorted(tree.spaces - right):
            if space.startswith("http://www.movielabs.com/schema/"):
                node = next(node for node in tree.root.walk() if node.space == space)
                message = format_lazy(_("This namespace does not go with Avails {version}."), version=tree.version)
                self.report.error("schema-namespace", node, space, message, ", ".join(sorted(right)))

    def check(self, node: Node, kind: str) -> None:
        form = resolve(self.version, kind)
        if form.get("any"):
            return
        self.check_attributes(node, form)
        if "text" in form:
            self.check_text(node, form)
            return
        if node.value:
            self.report.error("schema-text", node, node.value, _("No text belongs here, only elements."))
        _Content(self, node, kind, form).match()

    def check_text(self, node: Node, form: Type) -> None:
        for child in node.children if not form.get("open") else ():
            self.report.error("schema-unexpected", child, child.name, _("No element belongs inside this one, only text."))
        kind = resolve(self.version, form["text"])["text"]
        if not fits(kind, node.text):
            listed = kind == "language" and (":" in node.value or "," in node.value)
            mend = (
                _("One language in each; lists and uses such as :audio are known since Excel 1.8 and XML 2.4.") if listed else ""
            )
            self.report.no_value(node, "", node.value, _wrong(kind, node.name), mend)

    def check_attributes(self, node: Node, form: Type) -> None:
        known: dict[str, Any] = form.get("attrs", {})
        for name, value in node.attributes.items():
            if name in known:
                kind = resolve(self.version, known[name][0])["text"]
                if not fits(kind, value):
                    self.report.no_value(node, name, value, _wrong(kind, f"{node.name}@{name}"))
            elif not name.startswith("{") and not form.get("open"):
                message = format_lazy(_("{element} has no attribute {name}."), element=node.name, name=name)
                self.report.error("schema-attribute", node, name, message)
        for name, (_kind, required) in known.items():
            if required and not node.attributes.get(name, "").strip():
                code = "empty" if name in node.attributes else "schema-missing"
                message = format_lazy(_("{element} needs its attribute {name}."), element=node.name, name=name)
                self.report.error(code, node, "", message)


class _Content:
    """Matches the children of one element against its particles, and goes on behind what does not fit."""

    def __init__(self, checker: _Checker, node: Node, kind: str, form: Type) -> None:
        self.checker, self.node = checker, node
        self.particles: list[Any] = form["seq"]
        self.later = laters(checker.version, kind)
        allowed = self.later[0]
        foreign = "*" in allowed
        self.children: list[Node] = []
        for child in node.children:
            if child.name in allowed or (foreign and ("{" in child.name or ":" in child.name)):
                self.children.append(child)
            elif not form.get("open"):
                self.refuse(child, _("{name} does not belong in {parent}."))
        self.position = 0

    def refuse(self, child: Node, message: Any) -> None:
        text = format_lazy(message, name=child.name, parent=self.node.name)
        self.checker.report.error("schema-unexpected", child, child.value or child.name, text)

    def match(self) -> None:
        for index, particle in enumerate(self.particles):
            while self.here() and self.here() not in self.later[index] and "*" not in self.later[index]:
                self.misplaced()
            self.take(particle)
        while self.here():
            self.misplaced()

    def here(self) -> str:
        return self.children[self.position].name if self.position < len(self.children) else ""

    def misplaced(self) -> None:
        self.refuse(self.children[self.position], _("{name} stands in the wrong place in {parent}, or too often."))
        self.position += 1

    def take(self, particle: list[Any]) -> None:
        name, inner, least, most = particle[:4]
        count = 0
        while (most < 0 or count < most) and self.fits(name, inner):
            self.take_one(particle)
            count += 1
        if count < least:
            self.missing(_names([particle]))

    def fits(self, name: str, inner: Any) -> bool:
        if name == "*":
            return "{" in self.here() or ":" in self.here()
        return self.here() in (_names(inner) if name in ("|", "()") else (SIGNATURE.get(name, name),))

    def take_one(self, particle: list[Any]) -> None:
        name, inner = particle[:2]
        if name == "|":
            self.take(next(one for one in inner if self.fits(one[0], one[1])))
        elif name == "()":
            for one in inner:
                self.take(one)
        else:
            child = self.children[self.position]
            self.position += 1
            self.take_child(child, particle)

    def take_child(self, child: Node, particle: list[Any]) -> None:
        kind = types(self.checker.version)["#roots"]["roots"].get(child.name) if particle[1] == "#ref" else particle[1]
        if not kind:
            return
        if particle[4:] and not child.value and resolve(self.checker.version, _text(self.checker.version, kind))["text"] in ANY:
            message = format_lazy(_("{name} is empty: a value must be given."), name=child.name)
            self.checker.report.error("empty", child, "", message)
        self.checker.check(child, kind)

    def missing(self, names: list[str]) -> None:
        if any(child.name in names for child in self.children[self.position :]):
            return
        message = format_lazy(_("{parent} lacks {name}."), parent=self.node.name, name=" / ".join(names))
        self.checker.report.error("schema-missing", self.node, "", message)


def _text(version: str, kind: str) -> str:
    return str(resolve(version, kind).get("text", ""))


def _names(particles: list[Any]) -> list[str]:
    """All names that these particles may begin with or hold."""
    out: list[str] = []
    for name, inner, *_numbers in particles:
        out += _names(inner) if name in ("|", "()") else [SIGNATURE.get(name, name)]
    return out


EXAMPLES = {
    "language": "en, pt-BR, es-419",
    "dateTime": "2026-11-20T00:00:00",
    "date": "2026-11-20",
    "gYear": "2026",
    "gYearMonth": "2026-11",
    "duration": "PT1H30M",
    "boolean": "true, false",
    "decimal": "4.99",
    "integer": "7",
    "int": "7",
    "positiveInteger": "7",
    "country": "KR",
    "countryRegion": "BE-VLG",
    "time": "20:15:00",
}


def _wrong(kind: str, name: str) -> Any:
    example = ", ".join(EXAMPLES[one] for one in kind.split("|") if one in EXAMPLES)
    return format_lazy(_("{name} is not written as it must be, for example {example}."), name=name, example=example)
