"""Ratings: whether the system is known, has this value, is used in this country, and knows this reason."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .report import Report
from .xml_tree import Node, Tree

ANY = "*"


@dataclass(slots=True)
class System:
    """A system of classification: its values by country or part of a country, its reasons, what it uses no more."""

    values: dict[str, set[str]] = field(default_factory=dict)
    reasons: set[str] = field(default_factory=set)
    deprecated: set[str] = field(default_factory=set)

    def values_in(self, region: str) -> set[str]:
        """The values that count in a region; where the system is not used, all its values."""
        return self.values.get(region) or set().union(*self.values.values())


@cache
def systems() -> tuple[dict[str, System], frozenset[str]]:
    """The systems by name, and the values that any of them may have."""
    rows = json.loads(files(__package__).joinpath("data/ratings.json").read_text("utf-8"))
    out: dict[str, System] = {}
    for name, regions, values in rows["systems"]:
        for region in regions.split():
            out.setdefault(name, System()).values.setdefault(region, set()).update(values.split())
    for name, words in rows["reasons"].items():
        out[name].reasons = set(words.split())
    for name, words in rows["deprecated"].items():
        out[name].deprecated = set(words.split())
    return out, frozenset(rows["special"].split())


def check_ratings(tree: Tree, report: Report) -> None:
    """Every rating of the tree."""
    for node in tree.root.find("md:Rating"):
        name = node.get("md:System")
        system = systems()[0].get(name)
        where = node.first("md:System") or node
        if not name:
            report.error("rating-system", where, "", _("The rating names no system."))
        elif name.startswith("Custom:"):
            continue
        elif system is None:
            message = format_lazy(_("The rating system “{name}” is not known here."), name=name)
            report.warning("rating-system", where, name, message, _("If it is a system of your own, write Custom: before it."))
        elif ANY not in system.values:
            _check_rating(node, name, system, report)


def _check_rating(node: Node, name: str, system: System, report: Report) -> None:
    region = node.first("md:Region", "md:country") or node.first("md:Region", "md:countryRegion")
    code = region.value if region else ""
    _check_value(node.first("md:Value") or node, name, system, code, report)
    if region and report.unread(region) and code not in system.values:
        message = format_lazy(_("{name} is not used in {region}."), name=name, region=code)
        used = format_lazy(_("It is used in: {regions}"), regions=", ".join(sorted(system.values)))
        report.warning("rating-region", region, code, message, used)
    for reason in node.all("md:Reason") if system.reasons else ():
        if reason.value not in system.reasons:
            message = format_lazy(_("{name} has no reason “{reason}”."), name=name, reason=reason.value)
            known = format_lazy(_("Known are: {words}"), words=", ".join(sorted(system.reasons)))
            report.error("rating-reason", reason, reason.value, message, known)


def _check_value(node: Node, name: str, system: System, region: str, report: Report) -> None:
    known = system.values_in(region)
    if node.value in systems()[1]:
        return
    if node.value not in known:
        message = format_lazy(_("{name} has no rating “{value}”."), name=name, value=node.value)
        report.error(
            "rating-value", node, node.value, message, format_lazy(_("Known are: {words}"), words=", ".join(sorted(known)))
        )
    elif node.value in system.deprecated:
        message = format_lazy(_("{name} uses “{value}” no more."), name=name, value=node.value)
        report.warning("rating-deprecated", node, node.value, message)
