"""Names and toNames: each control is tied to what it labels, and what does not fit is named."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from labelwright.label_config.nodes import Node
from labelwright.label_config.problems import Problem
from labelwright.label_config.xml import Element


def name_problems(root: Element) -> Iterator[Problem]:
    """Refuse what Label Studio refuses: a name used twice, a toName that names nothing.

    It looks at every element, known or not, and at the exact spelling ``name`` and ``toName``.
    """
    elements = list(root.walk())
    first: dict[str, Element] = {}
    for element in elements:
        name = element.attrs.get("name")
        if name is not None and first.setdefault(name, element) is not element:
            yield Problem(
                "error",
                "duplicate-name",
                "Label config contains non-unique names",
                f'"{name}" is also the name of {first[name].tag} in line {first[name].line}: choose another.',
                element.line,
                element.tag,
                "name",
                {"name": name},
            )
    for element in elements:
        for target in (element.attrs.get("toName") or "").split(",") if "toName" in element.attrs else ():
            if target not in first:
                yield Problem(
                    "error",
                    "to-name-not-found",
                    f'toName="{target}" not found in names: {sorted(first)}',
                    "Write the name of the object that is labelled"
                    + (": " + ", ".join(first) if first else "")
                    + ".",
                    element.line,
                    element.tag,
                    "toName",
                    {"name": target, "names": sorted(first)},
                )


def link(root: Node) -> Iterator[Problem]:
    """Tie controls to their targets, and warn of those that cannot work.

    A missing ``toName`` is filled in if there is exactly one object. Nodes are changed here, while nobody else has
    them yet, and never again.
    """
    nodes = list(root.walk())
    named = {node.name: node for node in nodes if node.name}
    objects = [node for node in nodes if node.tag and node.tag.kind == "object"]
    for node in nodes:
        if node.tag is None or "toName" not in node.tag.all_attributes:
            continue
        if node.to_name is None and node.tag.kind == "control" and len(objects) == 1 and objects[0].name:
            object.__setattr__(node, "attrs", MappingProxyType({**node.attrs, "toName": objects[0].name}))
        names = [name.strip() for name in (node.to_name or "").split(",") if name.strip()]
        targets = tuple(named[name] for name in names if name in named)
        object.__setattr__(node, "targets", targets)
        yield from _target_problems(node, targets, len(objects))


def _target_problems(node: Node, targets: tuple[Node, ...], objects: int) -> Iterator[Problem]:
    tag = node.tag
    assert tag
    if tag.kind == "control" and not node.to_name:
        remedy = (
            "Write toName with the name of one of the objects."
            if objects
            else "Add an object, and name it here."
        )
        yield _warning(node, "to-name-missing", f"{tag.name} does not say what it labels", remedy)
    if len(targets) > 1 and not tag.many_targets:
        yield _warning(
            node,
            "too-many-targets",
            f"{tag.name} labels one object, not {len(targets)}",
            "Keep one name in toName.",
        )
    for target in targets:
        if target.tag is None or target is node:
            continue
        wanted = "control" if tag.targets_controls else "object"
        if target.tag.kind != wanted:
            yield _warning(
                node,
                "wrong-target",
                f"{tag.name} points at {target.element}, which is no {wanted}",
                f"Name {'a control' if tag.targets_controls else 'an object'} in toName.",
            )
        elif tag.space and target.tag.space and tag.space != target.tag.space:
            yield _warning(
                node,
                "wrong-space",
                f"{tag.name} cannot be used on {target.element}",
                f"Point it at an object that it fits ({tag.space}), or use a control made for {target.element}.",
            )


def _warning(node: Node, code: str, message: str, remedy: str) -> Problem:
    params = {"tag": node.element, "toName": node.to_name}
    return Problem("warning", code, message, remedy, node.line, node.element, "toName", params)
