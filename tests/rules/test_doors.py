"""What comes in from outside or goes out passes one door, and nobody goes around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelwright import laws

ROOT = Path(__file__).parents[2]

GUARDED = {
    "requests": "doors/outbound.py is the one client",
    "httpx": "doors/outbound.py is the one client",
    "urllib3": "doors/outbound.py is the one client",
    "aiohttp": "doors/outbound.py is the one client",
    "urllib.request": "doors/outbound.py is the one client",
    "http.client": "doors/outbound.py is the one client",
    "ftplib": "doors/outbound.py is the one client",
    "httpcore": "doors/outbound.py is the one client",
    "argon2": "doors/passwords.py knows how passwords are hashed",
    "cryptography": "doors/keys.py knows the keys",
    "nh3": "doors/html.py knows what HTML may stay",
    "pickle": "nothing from a file or a queue may run",
    "marshal": "nothing from a file or a queue may run",
    "shelve": "nothing from a file or a queue may run",
    "xml.etree": "label_config reads XML with lxml, entities and DTDs off",
    "xml.dom": "label_config reads XML with lxml, entities and DTDs off",
    "xml.sax.expatreader": "label_config reads XML with lxml, entities and DTDs off",
}
"""A module, and why only a door may import it."""


def sources() -> list[Path]:
    folders = [ROOT / "core/labelwright", *(ROOT / "plugins").glob("*/labelwright_*")]
    return [path for folder in folders for path in sorted(folder.rglob("*.py")) if "static" not in path.parts]


def is_door(path: Path) -> bool:
    return path.is_relative_to(ROOT / "core/labelwright/doors")


def runs_elsewhere(path: Path) -> bool:
    """The client runs on its user's machine; no part of the server imports it."""
    return path == ROOT / "core/labelwright/client.py"


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nobody_goes_around_a_door(path):
    if is_door(path) or runs_elsewhere(path):
        return
    for line, name in laws.imports(path):
        reason = next((why for guarded, why in GUARDED.items() if f"{name}.".startswith(f"{guarded}.")), None)
        assert reason is None, f"line {line} imports {name}: {reason}"


def test_yaml_is_written_and_never_read():
    for path in sources():
        assert "yaml.load" not in path.read_text("utf-8"), path
        assert "yaml.unsafe" not in path.read_text("utf-8"), path


def test_the_doors_are_thin():
    for path in (ROOT / "core/labelwright/doors").glob("*.py"):
        assert len(path.read_text("utf-8").splitlines()) <= 300, path.name
