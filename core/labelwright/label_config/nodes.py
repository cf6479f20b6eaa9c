"""The elements of a configuration, tied to the tags that declare them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from labelwright.tags import Tag


@dataclass(frozen=True, eq=False, slots=True)
class Node:
    """One element. Nodes are shared between requests and never change."""

    id: str
    """``n`` and the element's place in the document, ``n1`` is the root."""
    element: str
    """The tag's declared name, or the element's own spelling if no tag is known by it."""
    tag: Tag | None
    attrs: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """What is written, under the declared spelling and type; unknown attributes stay texts."""
    children: tuple[Node, ...] = ()
    text: str | None = None
    line: int = 1
    targets: tuple[Node, ...] = ()
    """Of a control: the elements that ``toName`` names."""
    labels: tuple[str, ...] = ()
    """Of a set of labels: what its results may hold, in the order of the document."""

    @property
    def name(self) -> str | None:
        name = self.attrs.get("name")
        return str(name) if name else None

    @property
    def to_name(self) -> str | None:
        to_name = self.attrs.get("toName")
        return str(to_name) if to_name else None

    @property
    def has_dynamic_labels(self) -> bool:
        """Whether labels come with the task, so that those written here are not all."""
        dynamic = self.tag and self.tag.dynamic
        return bool(dynamic and str(self.attrs.get(dynamic) or "").startswith("$"))

    def get(self, attribute: str) -> Any:
        """What is written, or the declared default."""
        if attribute in self.attrs:
            return self.attrs[attribute]
        declaration = self.tag.all_attributes.get(attribute) if self.tag else None
        return declaration.default if declaration else None

    def walk(self) -> Iterator[Node]:
        """This element and all inside it, in the order of the document."""
        yield self
        for child in self.children:
            yield from child.walk()

    def to_json(self) -> dict[str, Any]:
        """The element as the browser gets it."""
        return {
            "id": self.id,
            "tag": self.element,
            "name": self.name,
            "attrs": dict(self.attrs),
            "children": [child.to_json() for child in self.children],
            "text": self.text,
            "line": self.line,
        }


def bare(tag: Tag, **attrs: Any) -> Node:
    """An element of a tag outside any configuration, for tests and documentation."""
    children: tuple[Node, ...] = ()
    labels: tuple[str, ...] = ()
    if tag.labels:
        labels = ("First", "Second")
        label = tag.labels()
        children = tuple(
            Node(f"n{i}", label.name, label, {"value": word}) for i, word in enumerate(labels, 2)
        )
    named = {"name": tag.name.lower()} if tag.kind in ("object", "control") else {}
    return Node("n1", tag.name, tag, MappingProxyType({**named, **attrs}), children, labels=labels)
