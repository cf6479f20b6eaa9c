"""Write docs/users/templates.md: every template of the plugins that are kept here, by shelf.

python -m scripts.docs_templates
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from labelwright.label_config import parse
from labelwright.tags import TagSet
from labelwright.templates import Template

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/users/templates.md"
HEAD = """# Templates

Made from the code by `scripts/docs_templates.py`. What the gallery of *Create a project* offers, with sample
tasks in English and Chinese; whoever works in Chinese begins with Chinese labels. Every line of a configuration can
be changed afterwards. To bring your own: [templates by plugins](../plugins/templates.md).
"""
FRAME = frozenset({"View", "Style", "Header"})
"""Not worth naming: nearly every template has them."""


def page() -> str:
    modules = [
        import_module(path.parent.name) for path in sorted(ROOT.glob("plugins/*/labelwright_*/__init__.py"))
    ]
    tags = TagSet(
        tag for module in modules if hasattr(module, "register_tags") for tag in module.register_tags()
    )
    templates = [
        one
        for module in modules
        if hasattr(module, "register_templates")
        for one in module.register_templates()
    ]
    groups = dict.fromkeys(template.group for template in templates)
    shelves = (shelf(group, [one for one in templates if one.group == group], tags) for group in groups)
    return "\n".join([HEAD, *shelves])


def shelf(group: str, templates: Iterable[Template], tags: TagSet) -> str:
    lines = [f"## {group}", "", "| | | tags |", "|---|---|---|"]
    for template in templates:
        used = (tag for tag in parse(template.label_config, tags).used_tags if tag.kind != "label")
        names = " ".join(f"`{tag.name}`" for tag in used if tag.name not in FRAME)
        lines.append(f"| **{template.title}** | {template.description} | {names} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    print(PAGE)
