"""Derives facts about Avails XML (names, order, occurrence, types) from schema files into our own description of them.

    python tools/avails_schema.py FOLDER_WITH_SCHEMAS > src/madang/avails/data/avails_types.json

The schemas are read where they lie and are not shipped. 2.2 and 2.2.1 are read as 2.2.2 describes them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

XS = "{http://www.w3.org/2001/XMLSchema}"
VERSIONS = ("2.2.2", "2.3", "2.4", "2.5", "2.5.2", "2.6", "2.6.1", "2.7")
SAME_AS = {"2.2.2": ["2.2", "2.2.1"]}
WORKFLOW = {"updateNum": ["integer", 0], "workflow": ["string", 0], "updateDeliveryType": ["string", 0]}
VERSIONING = {"versionNum": ["string", 0], "versionDescription": ["string", 0], "timestamp": ["string", 0]}
SIMPLE_ELSEWHERE = ("id-type", "AssetLogicalID-type", "ContentID-type", "string-WorkType", "YearDateOrTime-type")


class Reader:
    """Reads one schema; inline types get the name `Type.Element`."""

    def __init__(self, path: Path) -> None:
        self.root = ElementTree.parse(path).getroot()
        self.named = {node.get("name", ""): node for node in self.root.findall(f"{XS}complexType")}
        self.used = {node.get("type", "").split(":")[-1] for node in self.root.iter(f"{XS}element")}
        self.types: dict[str, Any] = {}

    def read(self) -> dict[str, Any]:
        for name, node in self.named.items():
            self.types[name] = self.complex(name, node)
        self.types["#roots"] = {
            "roots": {node.get("name"): short(node.get("type", "")) for node in self.root.findall(f"{XS}element")}
        }
        return self.types

    def complex(self, name: str, node: ElementTree.Element) -> dict[str, Any]:
        simple = node.find(f"{XS}simpleContent/{XS}extension")
        if simple is not None:
            return self.finish({"text": short(simple.get("base", ""))}, simple)
        extended = node.find(f"{XS}complexContent/{XS}extension")
        content = node if extended is None else extended
        particles: list[Any] = []
        attributes: dict[str, Any] = {}
        if extended is not None:
            base = short(extended.get("base", ""))
            if base.startswith("md:"):
                attributes = self.attributes(extended)
                return {"base": base, **({"attrs": attributes} if attributes else {})}
            known = self.complex(base, self.named[base])
            particles, attributes = list(known.get("seq", [])), dict(known.get("attrs", {}))
        for child in content:
            if child.tag in (f"{XS}sequence", f"{XS}choice"):
                group = self.group(name, child)
                particles += group if child.tag.endswith("sequence") else [["|", group, *occurs(child)]]
        out: dict[str, Any] = {"seq": particles}
        attributes |= self.attributes(content)
        return out | ({"attrs": attributes} if attributes else {})

    def finish(self, out: dict[str, Any], content: ElementTree.Element) -> dict[str, Any]:
        attributes = self.attributes(content)
        return out | ({"attrs": attributes} if attributes else {})

    def attributes(self, node: ElementTree.Element) -> dict[str, Any]:
        found = {
            attribute.get("name", ""): [short(attribute.get("type", "string")), int(attribute.get("use") == "required")]
            for attribute in node.findall(f"{XS}attribute")
        }
        return found | (WORKFLOW | VERSIONING if node.find(f"{XS}attributeGroup") is not None else {})

    def group(self, owner: str, node: ElementTree.Element) -> list[Any]:
        out: list[Any] = []
        for child in node:
            if child.tag == f"{XS}element":
                out.append(self.element(owner, child))
            elif child.tag == f"{XS}choice":
                out.append(["|", self.group(owner, child), *occurs(child)])
            elif child.tag == f"{XS}any":
                out.append(["*", "", *occurs(child)])
        return out

    def element(self, owner: str, node: ElementTree.Element) -> list[Any]:
        name = node.get("name") or short(node.get("ref", ""))
        low, high = occurs(node)
        kind = short(node.get("type", ""))
        if node.get("ref"):
            kind = "#ref"
        inner = node.find(f"{XS}complexType")
        if inner is not None:
            kind = f"{owner}.{name}"
            self.types[kind] = self.complex(kind, inner)
        elif not kind:
            union = node.find(f"{XS}simpleType/{XS}union")
            members = union.get("memberTypes", "") if union is not None else "xs:string"
            kind = "|".join(short(one) for one in members.split())
        simple = "text" in self.types.get(kind, {}) or "-type" not in kind or kind.split(":")[-1] in SIMPLE_ELSEWHERE
        filled = low > 0 and simple and (owner in self.used) and kind != "#ref"
        return [name, kind, low, high, *([1] if filled else [])]


def short(name: str) -> str:
    return name.removeprefix("xs:").removeprefix("avails:")


def occurs(node: ElementTree.Element) -> tuple[int, int]:
    high = node.get("maxOccurs", "1")
    return int(node.get("minOccurs", "1")), -1 if high == "unbounded" else int(high)


def merged(folder: Path) -> dict[str, Any]:
    """Every type with the versions that share one description of it."""
    out: dict[str, list[dict[str, Any]]] = {}
    for version in VERSIONS:
        for name, content in Reader(folder / f"avails-v{version}.xsd").read().items():
            same = next((old for old in out.setdefault(name, []) if {**old, "in": 0} == {**content, "in": 0}), None)
            if same is None:
                out[name].append(same := {"in": [], **content})
            same["in"] += [*SAME_AS.get(version, []), version]
    return out


if __name__ == "__main__":
    types = merged(Path(sys.argv[1]))
    rows = ",\n".join(f" {json.dumps(name)}: {json.dumps(content)}" for name, content in sorted(types.items()))
    print("{\n" + rows + "\n}")
