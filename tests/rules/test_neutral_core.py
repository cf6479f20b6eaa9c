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


@pytest.fixture(scope="module")
def modules() -> dict[str, ast.Module]:
    """What the core is written in, by the name of the file."""
    paths = (path for path in sorted(CORE.rglob("*.py")) if "static" not in path.parts)
    return {path.relative_to(CORE).as_posix(): ast.parse(path.read_bytes()) for path in paths}


def literals(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Texts in the code, without docstrings and other texts that stand by themselves."""
    alone = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.lineno, node.value


def words(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Names and imports in the code, and texts that are no sentences."""
    for node in ast.walk(module):
        if isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.alias):
            yield node.lineno, node.name
    yield from ((line, text) for line, text in literals(module) if " " not in text)


def test_the_core_names_no_tag_result_or_format(modules, names):
    found = [
        f"{path}:{line} {text}"
        for path, module in modules.items()
        for line, text in literals(module)
        if text in names - ORDINARY - ALLOWED.get(path, set())
    ]
    assert found == []


def test_the_core_names_no_vendor(modules):
    """Sentences for administrators may; what the code goes by may not."""
    found = [
        f"{path}:{line} {word}"
        for path, module in modules.items()
        for line, word in words(module)
        if VENDORS.search(word) and word not in ALLOWED.get(path, set())
    ]
    assert found == []
