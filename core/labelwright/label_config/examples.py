"""A small configuration around one tag, to try it with: for the playground, from the tags' declarations alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

from labelwright.tags import Attribute, Tag, TagSet


def example(tag: Tag, tags: TagSet) -> str:
    """A configuration with this tag as its author's ``Tag.example`` has it, or else put together.

    :param tags: those that may stand around it.
    """
    if tag.example:
        return tag.example
    inside = "\n".join(f"  {line}" for part in _parts(tag, tags) for line in part.splitlines())
    return f"<View>\n{inside}\n</View>\n"


def needed(tag: Tag) -> dict[str, Any]:
    """The attributes of its own without which a tag cannot be tried out, each with some value of its type."""
    own = {name: attribute for name, attribute in _needed(tag).items() if name in tag.attributes}
    return {
        name: attribute.read(_value(tag, name, attribute))
        for name, attribute in own.items()
        if attribute.kind != "field"
    }


def _parts(tag: Tag, tags: TagSet) -> Iterator[str]:
    if tag.kind == "object":
        yield from _asked_of(tag, tags)
    elif tag.kind == "control":
        yield from _asking(tag, tags)
    elif tag.kind == "label":
        holder = next((one for one in tags.values() if tags.label_of(one) is tag), None)
        if holder is not None:
            yield from _parts(holder, tags)
    else:
        shown = _object_for(tag, tags)
        others = list(_asked_of(shown, tags)) if shown else []
        if "toName" in _needed(tag):
            asking = _control_for(shown, tags) if shown else None
            yield from (*others, _element(tag, tags, target=asking.name.lower() if asking else ""))
        elif tags.label_of(tag):
            yield from (*others, _element(tag, tags))
        elif tag.repeats or not _needed(tag):  # what needs nothing of its own is there for what it holds
            yield _element(tag, tags, inside=others)
        else:
            yield from (_element(tag, tags), *others)


def _asked_of(shown: Tag, tags: TagSet) -> Iterator[str]:
    """An object, and a control that works on it."""
    yield _element(shown, tags)
    asking = _control_for(shown, tags)
    if asking:
        yield _element(asking, tags, target=shown.name.lower())


def _control_for(shown: Tag, tags: TagSet) -> Tag | None:
    """A control that works on the object; best a set of labels for what can be marked on it."""
    fit = [
        one
        for one in tags.values()
        if one.kind == "control" and one.space in (None, shown.space) and not one.targets_controls
    ]
    return max(fit, key=lambda one: (bool(one.labels) and not one.per_region, bool(one.space)), default=None)


def _asking(tag: Tag, tags: TagSet) -> Iterator[str]:
    """A control, behind what it is asked of."""
    shown = _object_for(tag, tags)
    name = shown.name.lower() if shown else ""
    if shown:
        yield _element(shown, tags)
    if tag.targets_controls:
        asked = next(
            (one for one in tags.values() if one.kind == "control" and one.labels and not one.space), None
        )
        if asked:
            yield _element(asked, tags, target=name)
            name = asked.name.lower()
    yield _element(tag, tags, target=name)


def _object_for(tag: Tag, tags: TagSet) -> Tag | None:
    """An object that the control can work on; best one of which parts can be marked."""
    fit = [one for one in tags.values() if one.kind == "object" and tag.space in (None, one.space)]
    return max(fit, key=lambda one: bool(one.span), default=None)


def _needed(tag: Tag) -> dict[str, Attribute]:
    """What must be written; and the name of an object, which its controls need."""
    named = {"name"} if tag.kind == "object" else set()
    return {n: attribute for n, attribute in tag.all_attributes.items() if attribute.required or n in named}


def _element(tag: Tag, tags: TagSet, target: str = "", inside: Iterable[str] = ()) -> str:
    attrs = {name: _value(tag, name, attribute) for name, attribute in _needed(tag).items()}
    if "toName" in attrs:
        attrs["toName"] = target
    written = "".join(f" {name}={quoteattr(value)}" for name, value in attrs.items())
    lines = [line for part in (*inside, *_labels(tag, tags)) for line in part.splitlines()]
    if not lines:
        return f"<{tag.name}{written}/>"
    return "\n".join([f"<{tag.name}{written}>", *(f"  {line}" for line in lines), f"</{tag.name}>"])


def _labels(tag: Tag, tags: TagSet) -> Iterator[str]:
    label = tags.label_of(tag)
    return (f'<{label.name} value="{word}"/>' for word in ("First", "Second", "Third")) if label else iter(())


def _value(tag: Tag, name: str, attribute: Attribute) -> str:
    if name == "name":
        return tag.name.lower()
    match attribute.kind:
        case "field":
            return f"${tag.name.lower()}"
        case "choice":
            return attribute.choices[0]
        case "int" | "number":
            return f"{attribute.minimum or 1:g}"
        case "css":
            return "* { color: inherit }"
    return tag.name
