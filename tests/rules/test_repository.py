"""What is committed: complete, and silent about the machines it was made on."""

from __future__ import annotations

import configparser
import json
import re
import subprocess
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGINS = sorted(path for path in (ROOT / "plugins").iterdir() if (path / "setup.cfg").exists())
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))

# Written in pieces, so that this file does not hold what it looks for.
REGISTRIES = [
    *("pypi" + ".org", "python" + "hosted", "npm" + "js.org", "npm" + "mirror", "yarn" + "pkg"),
    *("docker" + ".io", "gh" + "cr.io", "quay" + ".io", "deb" + ".debian.org", "crates" + ".io"),
]
MACHINES = [f"/{folder}/" for folder in ("root", "work/main", "work/shared", "home/runner", "Users")]


def committed_texts() -> list[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.is_file():
            data = path.read_bytes()
            if b"\0" not in data:
                found.append((name, data.decode("utf-8", "replace")))
    return found


def settings_of(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read_string(path.read_text("utf-8"))
    return parser


def names_in(requirements: str) -> set[str]:
    lines = (line.split("#")[0].strip() for line in requirements.splitlines())
    return {re.split(r"[\[<>=!~; ]", line)[0].lower().replace("_", "-") for line in lines if line}


def pins(*locks: Path) -> set[str]:
    return {
        line.split("==")[0].lower().replace("_", "-")
        for lock in locks
        for line in lock.read_text("utf-8").splitlines()
        if re.match(r"[A-Za-z0-9]", line)
    }


@pytest.mark.parametrize("words", [REGISTRIES, MACHINES], ids=["registries", "paths of machines"])
def test_no_committed_file_names(words: list[str]) -> None:
    found = [f"{name}: {word}" for name, text in committed_texts() for word in words if word in text]
    assert found == []


def test_nothing_built_or_left_behind_is_committed() -> None:
    names = [name for name, _ in committed_texts()]
    built = re.compile(
        r"(^|/)(node_modules|__pycache__|static|dist|build/lib|.*\.egg-info)/|\.(sqlite3|log|whl|pyc)$"
    )
    # Plain JavaScript of a third party: nothing builds it.
    authors_own = re.compile(r"^examples/[^/]+/labelwright_\w+/static/")
    assert [name for name in names if built.search(name) and not authors_own.match(name)] == []


def test_the_locks_are_there_and_name_no_place() -> None:
    assert {"build.lock", "lint.lock", "node.lock", "runtime.lock", "test.lock"} == {
        lock.name for lock in LOCKS
    }
    for lock in LOCKS:
        text = lock.read_text("utf-8")
        assert "://" not in text
        assert not re.search(r"^\s*(-e|-i|-f|--index|--extra-index|--find-links)", text, re.MULTILINE)


def test_every_pin_has_its_hash() -> None:
    for lock in LOCKS:
        for entry in re.split(r"\n(?=[A-Za-z0-9])", lock.read_text("utf-8"))[1:]:
            assert "--hash=sha256:" in entry, f"{lock.name}: {entry.splitlines()[0]}"


@pytest.mark.parametrize("folder", [ROOT, *PLUGINS], ids=lambda folder: folder.name)
def test_every_dependency_is_locked(folder: Path) -> None:
    wanted = names_in(settings_of(folder / "setup.cfg")["options"]["install_requires"])
    theirs = {name for name in wanted if not name.startswith("labelwright")}
    assert theirs <= pins(ROOT / "requirements/runtime.lock"), "run: make lock"


def test_the_browser_lock_names_no_place_either() -> None:
    packages = json.loads((ROOT / "ui/package-lock.json").read_text("utf-8"))["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    without = [name for name, package in packages.items() if name and "integrity" not in package]
    assert without == [], "packages without a hash"
    assert "omit-lockfile-registry-resolved=true" in (ROOT / "ui/.npmrc").read_text("utf-8")


def test_pyproject_says_only_how_to_build() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    assert re.findall(r"^\[(.*)\]$", text, re.MULTILINE) == ["build-system"]


@pytest.mark.parametrize(
    "folder", [path for path in PLUGINS if path.name != "_all"], ids=lambda path: path.name
)
def test_a_plugin_has_four_names_from_one(folder: Path) -> None:
    name = folder.name
    settings = settings_of(folder / "setup.cfg")
    assert settings["metadata"]["name"] == f"labelwright-{name.replace('_', '-')}"
    inside = sorted((folder / f"labelwright_{name}").rglob("__init__.py"))
    shipped = [".".join(path.relative_to(folder).parts[:-1]) for path in inside]
    assert settings["options"]["packages"].split() == shipped
    assert settings["options.entry_points"]["labelwright"].split() == [name, "=", f"labelwright_{name}"]
    for part in ("pyproject.toml", "README.md", f"labelwright_{name}/__init__.py"):
        assert (folder / part).is_file(), part
    assert (folder / f"labelwright_{name}/labelwright-plugin.json").is_file(), (
        "run: labelwright plugin manifest"
    )


def test_all_of_them_are_in_all() -> None:
    wanted = names_in(settings_of(ROOT / "plugins/_all/setup.cfg")["options"]["install_requires"])
    assert wanted == {
        "labelwright",
        *(f"labelwright-{path.name.replace('_', '-')}" for path in PLUGINS if path.name != "_all"),
    }


def test_the_command_is_installed() -> None:
    [command] = entry_points(group="console_scripts", name="labelwright")
    assert command.value == "labelwright.cli:main"
    assert callable(command.load())


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_make_offers_what_the_documentation_names() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {"install", "run", "test", "lint", "bench", "soak", "dist", "ui", "clean"} <= targets
