"""From XML elements to nodes: names, attributes and texts are read as the tags declare them."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from labelwright.label_config.nodes import Node
from labelwright.label_config.paths import field_of
from labelwright.label_config.problems import Problem
from labelwright.label_config.xml import Element
from labelwright.tags import Tag, TagSet

_IS_REQUIRED = "Validation failed on : '{name}' is a required property"


class Builder:
    """Builds the nodes of one configuration and notes what is wrong on the way."""

    def __init__(self, tags: TagSet) -> None:
        self.tags = tags
        self.problems: list[Problem] = []
        self._count = 0

    def build(self, element: Element, *, strict: bool = True, label_of: Tag | None = None) -> Node:
        """The node of an element and all inside it.

        :param strict: whether Label Studio's schema reaches this element; it looks only through some tags.
        :param label_of: the set of labels that the element stands in.
        """
        self._count += 1
        node_id, line = f"n{self._count}", element.line
        written = element.tag
        tag = self._find(written, label_of)
        name = tag.name if tag else written
        if tag is None:
            self._warn_unknown(written, line)
        attrs = self._attributes(element, tag, line)
        text = _text_of(element, tag)
        if strict and tag and tag.name == written:
            self._check_strict(element, tag, line)
        if text is not None and tag and "value" in tag.all_attributes:
            attrs.setdefault("value", text)
        if tag:
            self._check_required(tag, attrs, line)
        inside = tag if tag and tag.labels else label_of
        reaches = strict and tag is not None and tag.strict_inside
        children = (
            ()
            if tag and tag.markup
            else tuple(self.build(child, strict=reaches, label_of=inside) for child in element.children)
        )
        labels = tuple(dict.fromkeys(self._labels(tag, children, name))) if tag and tag.labels else ()
        return Node(node_id, name, tag, MappingProxyType(attrs), children, text, line, labels=labels)

    def _find(self, written: str, label_of: Tag | None) -> Tag | None:
        """Inside a set of labels its own label element comes first: two sets may use one word for different things."""
        if label_of and label_of.labels and written.casefold() == label_of.labels.name.casefold():
            return self.tags.label_of(label_of)
        return self.tags.find(written)

    def _attributes(self, element: Element, tag: Tag | None, line: int) -> dict[str, Any]:
        declared = tag.all_attributes if tag else {}
        spelling = {name.casefold(): name for name in declared}
        attrs: dict[str, Any] = {}
        for raw, text in element.attrs.items():
            name = spelling.get(raw.casefold())
            if name is None:
                attrs[raw] = text
                if tag and not raw.startswith(("{", "data-", "aria-")):
                    self._warn_attribute(tag, raw, spelling, line)
                continue
            if name in attrs:
                continue
            try:
                attrs[name] = declared[name].read(text)
            except ValueError as error:
                assert tag
                self._warn(
                    "bad-attribute",
                    f'{tag.name}: {name}="{text}" {error}',
                    f"Write a {name} that {error}, or leave it out.",
                    line,
                    tag.name,
                    name,
                    value=text[:100],
                )
        return attrs

    def _check_strict(self, element: Element, tag: Tag, line: int) -> None:
        """Refuse what Label Studio's schema refuses. It knows attributes only in the declared spelling."""
        for wanted in tag.strict:
            options = wanted.split("|")
            if any(
                option in element.attrs or any(child.tag == option for child in element.children)
                for option in options
            ):
                continue
            message = _IS_REQUIRED.format(name=options[0])
            remedy = f"Give {tag.name} " + " or ".join(_described(option, tag) for option in options) + "."
            attribute = options[0] if options[0] in tag.all_attributes else None
            self.problems.append(
                Problem(
                    "error",
                    "missing-attribute",
                    message,
                    remedy,
                    line,
                    tag.name,
                    attribute,
                    {"name": options[0]},
                )
            )

    def _check_required(self, tag: Tag, attrs: dict[str, Any], line: int) -> None:
        """Warn where an attribute is missing that Label Studio does without; of ``toName`` :mod:`links` speaks."""
        refused = {(problem.line, problem.attribute) for problem in self.problems if problem.level == "error"}
        for name, attribute in tag.all_attributes.items():
            options = tag.field_attributes if name in tag.field_attributes else (name,)
            if not attribute.required or name == "toName" or any(attrs.get(option) for option in options):
                continue
            if (line, name) not in refused:
                self._warn(
                    "missing-attribute",
                    f"{tag.name} has no {name}",
                    f'Give it {name}="...".',
                    line,
                    tag.name,
                    name,
                    name=name,
                )
        value = attrs.get("value")
        if tag.kind == "object" and isinstance(value, str) and field_of(value) is None and not tag.markup:
            self._warn(
                "value-is-no-field",
                f'{tag.name}: value="{value[:100]}" names no field of the task',
                "Write $ before the name of the field.",
                line,
                tag.name,
                "value",
            )

    def _labels(self, tag: Tag, children: tuple[Node, ...], name: str) -> Iterator[str]:
        seen: set[tuple[str, str]] = set()
        for scope, child in _labels_inside(children, tag):
            stored = str(child.attrs.get("alias") or child.attrs.get("value") or "")
            if not stored:
                continue
            if (scope, stored) in seen:
                self._warn(
                    "duplicate-label",
                    f'{name} has "{stored}" twice',
                    "Give each a value or alias of its own.",
                    child.line,
                    child.element,
                    "value",
                    label=stored,
                )
            seen.add((scope, stored))
            yield stored

    def _warn_unknown(self, written: str, line: int) -> None:
        like = self.tags.like(written)
        remedy = (
            f"Did you mean {like}?" if like else "Check the spelling, or install the plugin that brings it."
        )
        self._warn("unknown-tag", f"The tag {written} is not known", remedy, line, written, like=like)

    def _warn_attribute(self, tag: Tag, raw: str, spelling: dict[str, str], line: int) -> None:
        close = get_close_matches(raw.casefold(), spelling, n=1, cutoff=0.75)
        like = spelling[close[0]] if close else None
        remedy = f"Did you mean {like}?" if like else "It is kept, and means nothing here."
        self._warn(
            "unknown-attribute", f"{tag.name} has no attribute {raw}", remedy, line, tag.name, raw, like=like
        )

    def _warn(
        self,
        code: str,
        message: str,
        remedy: str,
        line: int,
        tag: str,
        attribute: str | None = None,
        **params: Any,
    ) -> None:
        params = {key: value for key, value in params.items() if value is not None}
        self.problems.append(Problem("warning", code, message, remedy, line, tag, attribute, params))


def _labels_inside(children: tuple[Node, ...], tag: Tag, scope: str = "") -> Iterator[tuple[str, Node]]:
    """The labels of a set, in any depth but not those of another set, each with the label that it stands in."""
    for child in children:
        is_label = bool(tag.labels and isinstance(child.tag, tag.labels))
        if is_label:
            yield scope, child
        if not (child.tag and child.tag.labels):
            yield from _labels_inside(child.children, tag, child.id if is_label else scope)


def _text_of(element: Element, tag: Tag | None) -> str | None:
    """The text of an element that holds nothing else, or its markup if the tag shows markup."""
    if tag and tag.markup:
        return element.markup().strip() or None
    return None if element.children else element.text.strip() or None


def _described(option: str, tag: Tag) -> str:
    return f'{option}="..."' if option in tag.all_attributes else f"a {option} inside"
