"""Write docs/administrators/differences.md: ``python -m scripts.docs_differences``.

A test holds it current.
"""

from __future__ import annotations

from pathlib import Path

from scripts.compare_openapi import JUSTIFIED
from tests.sdk.justified import DIFFERENCES

PAGE = Path(__file__).parents[1] / "docs" / "administrators" / "differences.md"
HEAD = """# Differences from Label Studio

The official client's methods, and what goes over the wire besides, are called in the tests and compared with what
Label Studio Community 1.23.2 was seen to answer. Where our answer is another, this is why. A step of the comparison is
named by the client's method or by a noun; a place in an answer is written as a path, with `*` for anything.

| Where | Place | Why |
|---|---|---|
"""
MIDDLE = """
Its description of the API (OpenAPI) is compared as well: operations, parameters, fields and status codes.

| Operation | Description | Why |
|---|---|---|
"""


def page() -> str:
    rows = [_row(one.step, one.path or "/", one.reason) for one in DIFFERENCES]
    described = [_row(operation, what, reason) for operation, what, reason in JUSTIFIED]
    return HEAD + "".join(rows) + MIDDLE + "".join(described)


def _row(where: str, what: str, why: str) -> str:
    return f"| `{where}` | `{what}` | {why[:1].upper() + why[1:]} |\n"


if __name__ == "__main__":
    PAGE.write_text(page())
