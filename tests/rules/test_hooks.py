"""Every hook has its moment: no plugin waits for a call that never comes."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from labelwright import hookspecs
from labelwright.contributions import CONTRIBUTIONS

CORE = Path(__file__).parents[2] / "core" / "labelwright"
CALLERS = [path for part in ("services", "jobs", "web") for path in sorted((CORE / part).rglob("*.py"))]
READERS = [*CALLERS, CORE / "app.py", *sorted((CORE / "cli").glob("*.py"))]
HOOKS = [name for name, value in vars(hookspecs).items() if hasattr(value, "labelwright_spec")]


def texts(path: Path) -> set[str]:
    tree = ast.parse(path.read_bytes())
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def attributes(path: Path) -> set[str]:
    """What is read of something called ``registry``."""
    nodes = (node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Attribute))
    return {node.attr for node in nodes if "registry" in ast.unparse(node.value)}


@pytest.mark.parametrize("hook", [name for name in HOOKS if name not in CONTRIBUTIONS])
def test_every_hook_is_called(hook):
    assert any(hook in texts(path) for path in CALLERS)


@pytest.mark.parametrize("hook", CONTRIBUTIONS)
def test_whatever_is_registered_is_used(hook):
    assert any(hook.removeprefix("register_") in attributes(path) for path in READERS)
