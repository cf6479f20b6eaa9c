"""From XML elements to nodes: names, attributes and texts are read as the tags declare them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from labelwright.label_config.nodes import Node
from labelwright.label_config.paths import field_of
from labelwright.label_config.problems import Problem
from labelwright.label_config.strictness import schema_problems
from labelwright.label_config.xml import Element
from labelwright.tags import Tag, TagSet
from labelwright.tags.attributes import BadAttribute

MAX_PROBLEMS = 100


@dataclass(frozen=True)
class _Place:
    """Where an element stands."""

    strict: bool
    """Label Studio's schema reaches it; that looks only through some tags."""
    label_of: Tag | None = None
    """The set of labels around it."""
    in_set: bool = False
    """That set is the very element around it."""
    known: bool = True
    """The element around it is of a known tag; what stands in an unknown one may be a language of its own."""
    index: str = ""
    """Its place among the elements of its kind beside it; empty if it is the only one."""


class Builder:
    """Builds the nodes of one configuration and notes what is wrong on the way."""

    def __init__(self, tags: TagSet) -> None:
        self.tags = tags
        self.problems: list[Problem] = []
        self._count = 0

    def build(self, element: Element) -> Node:
        """The node of a whole document. Label Studio's schema looks into it if it is one that arranges others."""
        tag = self.tags.find(element.tag)
        return self._build(element, _Place(strict=tag is not None and tag.kind == "visual"))

    def _build(self, element: Element, place: _Place) -> Node:
        self._count += 1
        node_id, line = f"n{self._count}", element.line
        tag = self._find(element.tag, place.label_of)
        if tag is None:
            self._warn_unknown(element.tag, line, only_if_misspelt=not place.known)
        attrs = self._attributes(element, tag, line)
        text = _text_of(element, tag)
        refused = self._refuse(element, tag, place)
        if tag and text is not None and "value" in tag.all_attributes:
            attrs.setdefault("value", text)
        if tag:
            self._warn_missing(tag, attrs, line, refused)
        children = tuple(self._children(element, tag, place))
        name = tag.name if tag else element.tag
        labels = tuple(dict.fromkeys(self._labels(tag, children, name))) if tag and tag.labels else ()
        return Node(node_id, name, tag, MappingProxyType(attrs), children, text, line, labels=labels)

    def _children(self, element: Element, tag: Tag | None, place: _Place) -> Iterator[Node]:
        if tag and tag.markup:
            return
        alike = Counter(child.tag for child in element.children)
        passed: Counter[str] = Counter()
        around = _Place(
            strict=_is_seen(element, tag, place) and tag is not None and tag.strict_inside,
            label_of=tag if tag and tag.labels else place.label_of,
            in_set=tag is not None and tag.labels is not None,
            known=tag is not None,
        )
        for child in element.children:
            index = str(passed[child.tag]) if alike[child.tag] > 1 else ""
            passed[child.tag] += 1
            yield self._build(child, replace(around, index=index))

    def _refuse(self, element: Element, tag: Tag | None, place: _Place) -> set[str]:
        """Refuse what Label Studio's schema refuses, and say which attributes those are."""
        if tag is None or not _is_seen(element, tag, place):
            return set()
        found = list(schema_problems(element, tag, place.index))
        for problem in found:
            self._note(problem)
        return {problem.attribute for problem in found if problem.attribute}

    def _find(self, written: str, label_of: Tag | None) -> Tag | None:
        """Inside a set of labels its own label element comes first: two sets may use one word for different things."""
        if label_of and label_of.labels and written.casefold() == label_of.labels.name.casefold():
            return self.tags.label_of(label_of)
        return self.tags.find(written)

    def _attributes(self, element: Element, tag: Tag | None, line: int) -> dict[str, Any]:
        written = tag.name if tag else element.tag
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
            except BadAttribute as error:
                self._warn_bad(error, written, name, text, line)
        return attrs

    def _warn_missing(self, tag: Tag, attrs: dict[str, Any], line: int, refused: set[str]) -> None:
        """Warn where an attribute is missing that Label Studio does without; of ``toName`` :mod:`links` speaks."""
        for name, attribute in tag.all_attributes.items():
            options = tag.field_attributes if name in tag.field_attributes else (name,)
            if not attribute.required or name == "toName" or name in refused:
                continue
            if not any(attrs.get(option) for option in options):
                message, remedy = f"{tag.name} has no {name}", f'Give it {name}="...".'
                self._warn("lacks-attribute", message, remedy, line, tag.name, name)
        value = attrs.get("value")
        if tag.kind == "object" and isinstance(value, str) and field_of(value) is None and not tag.markup:
            message = f'{tag.name}: value="{value[:100]}" names no field of the task'
            remedy = "Write $ before the name of the field."
            self._warn("value-is-no-field", message, remedy, line, tag.name, "value", value=value[:100])

    def _labels(self, tag: Tag, children: tuple[Node, ...], name: str) -> Iterator[str]:
        seen: set[tuple[str, str]] = set()
        for scope, child in _labels_inside(children, tag):
            stored = str(child.attrs.get("alias") or child.attrs.get("value") or "")
            if not stored:
                continue
            if (scope, stored) in seen:
                message, remedy = f'{name} has "{stored}" twice', "Give each a value or alias of its own."
                self._warn(
                    "duplicate-label", message, remedy, child.line, child.element, "value", label=stored
                )
            seen.add((scope, stored))
            yield stored

    def _warn_bad(self, error: BadAttribute, tag: str, name: str, text: str, line: int) -> None:
        message = f'{tag}: {name}="{text[:100]}" {error}'
        remedy = f"Write a {name} that {str(error).replace('must be', 'is')}, or leave it out."
        self._warn(error.code, message, remedy, line, tag, name, value=text[:100], **error.params)

    def _warn_unknown(self, written: str, line: int, only_if_misspelt: bool) -> None:
        like = self.tags.like(written) if self._may_guess(written) else None
        if like is None and only_if_misspelt:
            return
        code = "misspelt-tag" if like else "unknown-tag"
        remedy = (
            f"Did you mean {like}?" if like else "Check the spelling, or install the plugin that brings it."
        )
        self._warn(code, f"The tag {written} is not known", remedy, line, written, like=like)

    def _warn_attribute(self, tag: Tag, raw: str, spelling: dict[str, str], line: int) -> None:
        close = get_close_matches(raw.casefold(), spelling, n=1, cutoff=0.75) if self._may_guess(raw) else []
        like = spelling[close[0]] if close else None
        code = "misspelt-attribute" if like else "unknown-attribute"
        remedy = f"Did you mean {like}?" if like else "It is kept, and means nothing here."
        self._warn(code, f"{tag.name} has no attribute {raw}", remedy, line, tag.name, raw, like=like)

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
        self._note(Problem("warning", code, message, remedy, line, tag, attribute, params))

    def _note(self, problem: Problem) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)

    def _may_guess(self, word: str) -> bool:
        """Looking for similar words is slow: enough for an author's slips, not for a hostile file's thousands."""
        return len(word) < 40 and len(self.problems) < MAX_PROBLEMS


def _is_seen(element: Element, tag: Tag | None, place: _Place) -> bool:
    """Whether Label Studio's schema looks at an element.

    It knows exact names, and inside a set of labels only that set's labels and what arranges them.
    """
    if tag is None or tag.name != element.tag or not place.strict:
        return False
    if tag.kind == "label":
        own = place.label_of.labels if place.label_of else None
        return own is not None and isinstance(tag, own)
    return tag.kind == "visual" or not place.in_set


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
