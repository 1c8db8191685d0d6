"""The forms of a page: where they are sent, and their fields with what stands in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin


@dataclass
class Field:
    """`kind` is an input's type, or select, textarea, button; `options` the values that a select or its radio group offers."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form that is posted, with the address that it goes to."""

    address: str
    fields: list[Field] = field(default_factory=list)


def forms_of(page: str, path: str) -> list[Form]:
    """The posted forms of a page that was read at `path`, the ones that htmx sends among them."""
    reader = _Reader(path)
    reader.feed(page)
    return [form for form in reader.forms if form.address.startswith("/")]


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.forms = path, []
        self.open: Form | None = None
        self.last: Field | None = None

    def handle_starttag(self, tag, attrs):
        facts = {name: value or "" for name, value in attrs}
        if tag == "form":
            posts = facts.get("method", "").lower() == "post"
            self.open = Form(urljoin(self.path, facts.get("action", ""))) if posts else None
            if self.open:
                self.forms.append(self.open)
        elif self.open and tag in ("input", "select", "textarea", "button") and facts.get("name"):
            kind = facts.get("type", "text") if tag == "input" else tag
            self.last = Field(facts["name"], kind, facts.get("value", ""))
            self.open.fields.append(self.last)
        elif tag == "option" and self.last and self.last.kind == "select":
            self.last.options.append(facts.get("value", ""))
        if tag == "button" and facts.get("hx-post"):
            self.forms.append(Form(urljoin(self.path, facts["hx-post"])))

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = self.last = None
