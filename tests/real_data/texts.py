"""Texts that people wrote: the documentation of what is installed here."""

from __future__ import annotations

import ast
import re
import sysconfig
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

SHORTEST, LONGEST = 120, 3_000


def real_texts(count: int = 1_000) -> list[str]:
    """Different texts of a paragraph or a page, always the same ones on the same installation.

    First what each package says of itself, then the docstrings of Python's own library.

    :raises ValueError: when there are not so many.
    """
    found: dict[str, None] = {}
    for text in _all_texts():
        clean = text.strip()
        if SHORTEST <= len(clean) <= LONGEST:
            found.setdefault(clean)
        if len(found) == count:
            return list(found)
    raise ValueError(f"only {len(found)} texts of {count} were found")


def _all_texts() -> Iterator[str]:
    yield from _descriptions()
    library = Path(sysconfig.get_path("stdlib"))
    for path in sorted(library.glob("*.py")) + sorted(library.glob("[a-z]*/*.py")):
        if "site-packages" not in path.parts and "test" not in path.parts:
            yield from _docstrings(path)


def _descriptions() -> Iterator[str]:
    """Paragraph by paragraph, what each distribution says of itself."""
    for distribution in sorted(distributions(), key=lambda one: str(one.metadata["Name"]).lower()):
        text = distribution.metadata.get("Description") or distribution.metadata.get_payload() or ""
        if isinstance(text, str):
            yield from re.split(r"\n\s*\n", text.replace("\r\n", "\n"))


def _docstrings(path: Path) -> Iterator[str]:
    try:
        tree = ast.parse(path.read_text("utf-8"))
    except (SyntaxError, UnicodeDecodeError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            yield ast.get_docstring(node) or ""
