"""Every hook has its moment: no plugin waits for a call that never comes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from labelwright import hookspecs
from labelwright.contributions import CONTRIBUTIONS

CORE = Path(__file__).parents[2] / "core" / "labelwright"
CALLERS = [path for part in ("services", "jobs", "web") for path in sorted((CORE / part).rglob("*.py"))]
READERS = [*CALLERS, CORE / "app.py", *sorted((CORE / "cli").glob("*.py"))]
HOOKS = [name for name, value in vars(hookspecs).items() if hasattr(value, "labelwright_spec")]
REGISTERED = {hook.removeprefix("register_") for hook in CONTRIBUTIONS}


def texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def registered(path: Path) -> Iterator[str]:
    """What is read, of all that can be registered, of something called ``registry``."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in REGISTERED
            and "registry" in ast.unparse(node.value)
        ):
            yield node.attr


def test_every_hook_is_called():
    named = {text for path in CALLERS for text in texts(path)}
    assert [hook for hook in HOOKS if hook not in CONTRIBUTIONS and hook not in named] == []


def test_whatever_is_registered_is_used():
    assert {name for path in READERS for name in registered(path)} == REGISTERED
