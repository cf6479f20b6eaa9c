"""What we ship with stands under licences that let everybody use it."""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PERMISSIVE = re.compile(
    r"\b(MIT|MIT-0|MIT-CMU|HPND|BSD|0BSD|[23]-Clause|Apache|ISC|MPL|Mozilla Public|PSF|Python Software Foundation|Zlib|"
    r"ZPL|Zope|Unlicense|Public Domain|CC0|BlueOak)",
    re.IGNORECASE,
)
COPYLEFT = re.compile(r"\b(A?GPL|LGPL|General Public Licen[cs]e|SSPL|BUSL|EUPL)", re.IGNORECASE)
GIVEN = {"psycopg2-binary"}
"""LGPL, and chosen by those who ordered the program."""


def locked(name: str) -> list[str]:
    text = (ROOT / "requirements" / name).read_text("utf-8")
    return re.findall(r"^([A-Za-z0-9][\w.-]*)==", text, re.MULTILINE)


def licence(name: str) -> str:
    """The licence in the package's own words: its expression, its classifiers, or the first line of its text."""
    about = metadata(name)
    classifiers = [one for one in about.get_all("Classifier") or [] if one.startswith("License ::")]
    words = about.get("License-Expression") or "; ".join(classifiers)
    return words or (about.get("License") or "").strip().split("\n")[0]


@pytest.mark.parametrize("name", sorted(set(locked("runtime.lock")) - GIVEN))
def test_a_python_dependency_is_permissive(name: str) -> None:
    try:
        words = licence(name)
    except PackageNotFoundError:
        return  # for another platform or Python
    alternatives = re.split(r"\bOR\b|;", words)
    assert any(PERMISSIVE.search(one) and not COPYLEFT.search(one) for one in alternatives), (
        words or "no licence"
    )


def test_the_browser_dependencies_are_permissive() -> None:
    packages = json.loads((ROOT / "ui/package-lock.json").read_text("utf-8"))["packages"]
    shipped = {name: one for name, one in packages.items() if name and not one.get("dev")}
    wrong = {
        name: one.get("license")
        for name, one in shipped.items()
        if not PERMISSIVE.search(one.get("license") or "")
    }
    assert wrong == {}
