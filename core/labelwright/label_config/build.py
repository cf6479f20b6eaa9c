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
from labelwright.tags.attributes import BadAttribute

MAX_PROBLEMS = 100
_IS_REQUIRED = "Validation failed on : '{name}' is a required property"


class Builder:
    """Builds the nodes of one configuration and notes what is wrong on the way."""

    def __init__(self, tags: TagSet) -> None:
        self.tags = tags
        self.problems: list[Problem] = []
        self._count = 0

    def build_root(self, element: Element) -> Node:
        """The node of the whole document. Label Studio's schema looks into it if it is one that arranges others."""
        tag = self.tags.find(element.tag)
        return self._build(element, strict=tag is not None and tag.kind == "visual")

    def _build(
        self, element: Element, *, strict: bool, label_of: Tag | None = None, known: bool = True
    ) -> Node:
        """The node of an element and all inside it.

        :param strict: whether Label Studio's schema reaches this element; it looks only through some tags.
        :param label_of: the set of labels that the element stands in.
        :param known: whether the element around it is; what stands in an unknown one may be its own language.
        """
        self._count += 1
        node_id, line = f"n{self._count}", element.line
        written = element.tag
        tag = self._find(written, label_of)
        name = tag.name if tag else written
        if tag is None:
            self._warn_unknown(written, line, only_if_misspelt=not known)
        attrs = self._attributes(element, tag, line)
        text = _text_of(element, tag)
        seen = strict and tag is not None and tag.name == written  # by Label Studio's schema
        refused = self._refuse_missing(element, tag, line) if tag and seen else set()
        if text is not None and tag and "value" in tag.all_attributes:
            attrs.setdefault("value", text)
        if tag:
            self._warn_missing(tag, attrs, line, refused)
        inside = tag if tag and tag.labels else label_of
        reaches = seen and tag is not None and tag.strict_inside
        children = (
            ()
            if tag and tag.markup
            else tuple(
                self._build(child, strict=reaches, label_of=inside, known=tag is not None)
                for child in element.children
            )
        )
        labels = tuple(dict.fromkeys(self._labels(tag, children, name))) if tag and tag.labels else ()
        return Node(node_id, name, tag, MappingProxyType(attrs), children, text, line, labels=labels)

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

    def _refuse_missing(self, element: Element, tag: Tag, line: int) -> set[str]:
        """Refuse what Label Studio's schema refuses, and say which attributes those are.

        The schema knows attributes and elements only in the declared spelling.
        """
        written = {*element.attrs, *(child.tag for child in element.children)}
        missing = [wanted.split("|") for wanted in tag.strict if not written & set(wanted.split("|"))]
        for options in missing:
            name = options[0]
            remedy = f"Give {tag.name} " + " or ".join(_described(option, tag) for option in options) + "."
            attribute = name if name in tag.all_attributes else None
            message = _IS_REQUIRED.format(name=name)
            found = Problem(
                "error", "missing-attribute", message, remedy, line, tag.name, attribute, {"name": name}
            )
            self._note(found)
        return {options[0] for options in missing}

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
