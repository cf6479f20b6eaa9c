"""The core names no tag, format or vendor: what a deployment could live without is a plugin."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from labelwright import plugins
from labelwright.registry import Registry

CORE = Path(__file__).parents[2] / "core" / "labelwright"

VENDORS = re.compile(
    r"\b(boto3?|botocore|amazon|s3|gcs|google\.cloud|azure|minio|ceph|coco|yolo|pascal|conll|brush|huggingface|openai|"
    r"slack|okta)\b",
    re.IGNORECASE,
)

ORDINARY = {
    "labels", "choices", "View", "List", "Number", "number", "datetime", "json", "JSON", "txt", "html",
}  # fmt: skip
"""Names that mean something else in the core too: keys, attributes and their types in configurations, views and types
of columns of the data manager, an element of HTML, the column of a text, what the API speaks and answers when no
format is named."""

ALLOWED = {
    # repeats what another program's parser does with these names
    "label_config/sdk_view.py": {"Choice", "Relation", "Filter"},
    # quiets the logger of a library that talks of each byte, whoever brought it
    "doors/logs.py": {"botocore"},
}
"""Module to the names that it may use."""


@pytest.fixture(scope="module")
def names() -> set[str]:
    """What plugins that are kept here call their tags, results and formats."""
    registry = Registry(plugins.load(plugins.Choice(safe_mode=True)))
    shared = {tag.name for tag in registry.tags.values() if type(tag).__module__.startswith("labelwright.")}
    tags = {tag.name for tag in registry.tags.values()} | {tag.result_type for tag in registry.tags.values()}
    return {name for name in tags | {*registry.exporters} | {*registry.importers} if name} - shared


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """Texts in the code, without docstrings and other texts that stand by themselves."""
    tree = ast.parse(path.read_bytes())
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.lineno, node.value


def words(path: Path) -> Iterator[tuple[int, str]]:
    """Names and imports in the code."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.alias):
            yield node.lineno, node.name


def allowed(path: Path) -> set[str]:
    return ALLOWED.get(path.relative_to(CORE).as_posix(), set())


MODULES = [path for path in sorted(CORE.rglob("*.py")) if "static" not in path.parts]
every_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(CORE).as_posix())


@every_module
def test_the_core_names_no_tag_result_or_format(path, names):
    found = [(line, text) for line, text in literals(path) if text in names - ORDINARY - allowed(path)]
    assert found == []


@every_module
def test_the_core_names_no_vendor(path):
    """Sentences for administrators may; what the code goes by may not."""
    named = (*words(path), *((line, text) for line, text in literals(path) if " " not in text))
    assert [found for found in named if VENDORS.search(found[1]) and found[1] not in allowed(path)] == []
