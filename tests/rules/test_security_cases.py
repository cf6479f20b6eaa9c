"""The page of security cases is true: what it names exists, and nothing in scope is missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security-cases.md").read_text(encoding="utf-8")
IN_SCOPE = {
    *range(1, 60), *range(62, 71), *range(73, 126), 127,
}  # fmt: skip
"""The cases that what is built so far can meet."""
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)


def test_every_case_in_scope_is_listed_once() -> None:
    numbers = [int(row[1]) for row in ROW.finditer(PAGE)]
    assert numbers == sorted(IN_SCOPE)


@pytest.mark.parametrize("row", ROW.findall(PAGE), ids=lambda row: row[0])
def test_the_tests_of_a_case_exist(row: tuple[str, str, str, str]) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row[2])
    assert named
    for file, name in named:
        source = (ROOT / file).read_text(encoding="utf-8")
        assert re.search(rf"^def {name}\(", source, re.MULTILINE), f"{file} has no {name}"
