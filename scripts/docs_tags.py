"""Write docs/users/tags.md, the reference of labelling tags, from their declarations: ``python -m scripts.docs_tags``.

A test holds it current.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from labelwright.label_config import bare
from labelwright.tags import (
    CLASSIFICATION_ATTRIBUTES,
    CONTROL_ATTRIBUTES,
    LABEL_SET_ATTRIBUTES,
    OBJECT_ATTRIBUTES,
    VISIBILITY_ATTRIBUTES,
    Attribute,
    Tag,
    TagSet,
)
from scripts.docs_hooks import markdown

PAGE = Path(__file__).parent.parent / "docs" / "users" / "tags.md"

KINDS = {
    "object": ("Objects", "show a field of the task."),
    "control": ("Controls", "ask, and write what was answered."),
    "label": ("Labels", "stand inside controls."),
    "visual": ("Layout", "tags arrange the others."),
}
SHARED: Mapping[str, tuple[str, Mapping[str, Attribute]]] = {
    "every object": ("Every object", OBJECT_ATTRIBUTES),
    "every control": ("Every control", CONTROL_ATTRIBUTES),
    "sets of labels": ("Sets of labels", LABEL_SET_ATTRIBUTES),
    "answers": ("Answers", {k: v for k, v in CLASSIFICATION_ATTRIBUTES.items() if k not in VISIBILITY_ATTRIBUTES}),
    "conditions": ("Conditions", VISIBILITY_ATTRIBUTES),
}  # fmt: skip
"""Groups of attributes that many tags have: what a tag's entry calls them, their heading, and the attributes."""


def page(tags: TagSet) -> str:
    """The reference of these tags, in Markdown."""
    lead = (
        "Tags and attributes may be written in any case. A value that begins with `$` names a field of the task: "
        "`$image`, `$page.text`, `$pages[0].url`. What a tag writes is shown as the `value` of its result."
    )
    parts = [
        "# Labelling tags",
        "",
        "Made from the code by `python -m scripts.docs_tags`; do not edit.",
        "",
        lead,
    ]
    for kind, (title, does) in KINDS.items():
        parts += ["", f"## {title}", "", f"{title} {does}"]
        for tag in sorted((tag for tag in tags.values() if tag.kind == kind), key=lambda tag: tag.name):
            parts += ["", *_entry(tag)]
    parts += ["", "## Attributes that many tags have"]
    for heading, attributes in SHARED.values():
        parts += ["", f"### {heading}", "", *_table(attributes)]
    return "\n".join(parts) + "\n"


def _entry(tag: Tag) -> Iterator[str]:
    yield f"### {tag.name}"
    yield ""
    yield markdown(inspect.getdoc(tag) or "")
    groups = [name for name, (_, attributes) in SHARED.items() if _has(tag, attributes)]
    shared = {name for group in groups for name in SHARED[group][1]}
    own = {
        name: attribute
        for name, attribute in tag.all_attributes.items()
        if name not in shared or all(SHARED[group][1].get(name) != attribute for group in groups)
    }
    if own:
        yield ""
        yield from _table(own)
    if groups:
        links = ", ".join(f"[{name}](#{SHARED[name][0].lower().replace(' ', '-')})" for name in groups)
        yield ""
        yield f"Also the attributes of {links}."
    if tag.result_type:
        value = json.dumps(tag.sample(bare(tag)), ensure_ascii=False)
        yield ""
        yield f"Writes results of type `{tag.result_type}`:"
        yield ""
        yield f"```json\n{value}\n```"


def _has(tag: Tag, attributes: Mapping[str, Attribute]) -> bool:
    return attributes.keys() <= tag.all_attributes.keys()


def _table(attributes: Mapping[str, Attribute]) -> Iterable[str]:
    yield "| attribute | type | default | |"
    yield "|---|---|---|---|"
    for name, attribute in attributes.items():
        kind = " / ".join(f"`{choice}`" for choice in attribute.choices) or attribute.kind
        default = "" if attribute.default is None else f"`{json.dumps(attribute.default).strip(chr(34))}`"
        needed = "**needed** " if attribute.required else ""
        yield f"| `{name}` | {kind} | {default} | {needed}{attribute.help.replace('|', chr(92) + '|')} |"


def installed() -> TagSet:
    """The tags of the plugins that are kept in this repository."""
    from importlib import import_module

    packages = sorted(path.name for path in PAGE.parents[2].glob("plugins/tag_*/labelwright_tag_*"))
    return TagSet(tag for package in packages for tag in import_module(package).register_tags())


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(installed()), "utf-8")
