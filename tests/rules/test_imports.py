"""Imports point one way."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelwright import laws

CORE = Path(__file__).parents[2] / "core" / "labelwright"

LAYERS = (
    {"errors"},
    {"config"},
    {"doors"},
    # what a plugin can be, and what it is given
    {
        "actions", "assets", "capabilities", "columns", "events", "exporters", "fields",
        "importers", "job_kinds", "label_config", "manifest", "metrics", "ml", "notices", "pages", "plugin_context",
        "plugin_tables", "queues", "routes", "snapshots", "storages", "tags", "task_columns", "templates",
        "text_files",
    },
    {"db", "models", "schema", "migrations", "sqlite_functions"},
    {"hookspecs", "contributions"},
    {"plugin", "examination", "plugins", "reports"},
    {"registry"},
    {"services"},
    {"jobs"},
    {"web"},
    {"serving"},
    {"app"},
    {"cli"},
)  # fmt: skip
"""From the ground up: a module imports from its own layer and from those below."""

OUTSIDE = {"api", "client", "testing", "laws", "scaffold", "authoring", "workshop", "__init__", "__main__"}
"""Doors for plugin authors and for clients: they look at all layers, and no layer looks at them, except the command
line."""

PLACE = {name: place for place, names in enumerate(LAYERS) for name in names}


def parts() -> list[Path]:
    return [path for path in sorted(CORE.rglob("*.py")) if "static" not in path.parts]


def part_of(path: Path) -> str:
    return path.relative_to(CORE).parts[0].removesuffix(".py")


def imported_parts(path: Path) -> set[tuple[int, str]]:
    own = [(line, name.split(".")) for line, name in laws.imports(path)]
    return {(line, words[1]) for line, words in own if words[0] == "labelwright" and len(words) > 1}


@pytest.mark.parametrize("path", parts(), ids=lambda path: path.relative_to(CORE).as_posix())
def test_imports_point_one_way(path):
    part = part_of(path)
    if part in OUTSIDE:
        return
    assert part in PLACE, f"{part} has no layer: say in LAYERS where it belongs"
    for line, other in imported_parts(path):
        if other in OUTSIDE:
            assert part == "cli", f"line {line}: {part} imports {other}, which is for plugin authors"
        elif other in PLACE:
            assert PLACE[other] <= PLACE[part], f"line {line}: {part} imports {other}, which stands above it"


def test_the_request_stops_in_web():
    flask_names = {"flask.request", "flask.g", "flask.session", "flask.current_app"}
    for path in parts():
        if part_of(path) in ("web", "app", "testing"):
            continue
        for line, name in laws.imported_names(path):
            assert name not in flask_names, f"{path.relative_to(CORE)}:{line} uses {name}"
