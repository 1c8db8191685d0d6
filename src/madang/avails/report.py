"""Where the rules write what they find."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .records import Finding, Severity
from .xml_tree import Node

MOST = 20_000


@dataclass(slots=True)
class Report:
    """Findings in the order they are made. `wrong`: nodes and attributes whose value is none, which no rule looks at again."""

    findings: list[Finding] = field(default_factory=list)
    wrong: set[tuple[int, str]] = field(default_factory=set)

    def add(self, severity: Severity, code: str, node: Node, value: str, message: Any, mend: Any = "") -> None:
        """One finding at the place of the node."""
        if len(self.findings) < MOST:
            self.findings.append(Finding(severity, code, node.place, value, message, mend))
        elif len(self.findings) == MOST:
            more = format_lazy(_("There is more: only the first {number} findings are told."), number=MOST)
            self.findings.append(Finding(Severity.INFO, "own-more", node.place, "", more))

    def error(self, code: str, node: Node, value: str, message: Any, mend: Any = "") -> None:
        """What makes the file not valid."""
        self.add(Severity.ERROR, code, node, value, message, mend)

    def warning(self, code: str, node: Node, value: str, message: Any, mend: Any = "") -> None:
        """What a partner may refuse or misread."""
        self.add(Severity.WARNING, code, node, value, message, mend)

    def no_value(self, node: Node, attribute: str, value: str, message: Any, mend: Any = "") -> None:
        """The text of a node, or of its attribute, is no value of its type."""
        self.wrong.add((id(node), attribute))
        self.error("schema-value", node, value, message, mend)

    def unread(self, node: Node, attribute: str = "") -> bool:
        """Whether nothing was said against the value of this node or attribute."""
        return (id(node), attribute) not in self.wrong
