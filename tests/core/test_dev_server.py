"""``labelwright plugin dev``: a plugin that is not installed is served, and its changes are followed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from labelwright import scaffold
from labelwright.workshop import sources
from tests.services.processes import free_port

WAIT_S = 90
SHELF = """
from labelwright.api import Setting, Storage

class Shelf(Storage):
    name = title = "shelf"
    sides = ("source",)

    @classmethod
    def why_unavailable(cls, settings):
        return settings["greeting"]

    def list(self, after, recursive):
        return iter(())

    def read(self, key, start=0, end=None):
        raise NotImplementedError

@hookimpl
def register_settings():
    return [Setting("greeting", "", "What is said.")]

@hookimpl
def register_storages():
    return [Shelf]
"""


class Dev:
    """A running ``plugin dev`` and its author's browser."""

    def __init__(self, folder: Path, log: Path) -> None:
        self.folder, self.log = folder, log
        self.url = f"http://127.0.0.1:{free_port()}"
        self.browser = requests.Session()
        port = self.url.rpartition(":")[2]
        command = [
            sys.executable,
            "-m",
            "labelwright.cli",
            "plugin",
            "dev",
            str(folder),
            "-p",
            port,
            "--no-browser",
        ]
        given = os.environ | {
            "LABELWRIGHT_PLUGIN_TAG_MADE_MOOD_GREETING": "Good morning",
            "LABELWRIGHT_DATABASE_URL": "postgresql://another.example/server",
        }
        with log.open("w") as file:
            self.program = subprocess.Popen(command, stdout=file, stderr=file, env=given)

    def state(self) -> dict[str, str]:
        try:
            found: dict[str, str] = requests.get(f"{self.url}/workshop/state", timeout=5).json()
        except (requests.RequestException, ValueError):
            return {}
        return found

    def wait(self, is_reached: Callable[[dict[str, str]], bool]) -> dict[str, str]:
        ends = time.monotonic() + WAIT_S
        while time.monotonic() < ends:
            state = self.state()
            if state and is_reached(state):
                return state
            assert self.program.poll() is None, self.log.read_text()
            time.sleep(0.3)
        raise AssertionError(self.log.read_text())

    def sign_in(self) -> requests.Response:
        key = re.search(r"key=(\S+)", self.log.read_text())
        assert key is not None
        return self.browser.get(f"{self.url}/workshop/in?key={key[1]}", timeout=30)


@pytest.fixture
def dev(tmp_path: Path) -> Iterator[Dev]:
    made = Dev(scaffold.write("tag", "made_mood", tmp_path), tmp_path / "dev.log")
    yield made
    made.program.send_signal(signal.SIGINT)
    assert made.program.wait(120) == 0


def test_a_plugin_is_served_from_its_sources_and_followed(dev: Dev) -> None:
    first = dev.wait(lambda state: not state["trouble"])

    assert dev.browser.get(f"{dev.url}/workshop/in?key=guessed", timeout=30).status_code == 403
    assert dev.browser.get(f"{dev.url}/api/tags", timeout=30).status_code == 401
    page = dev.sign_in()
    assert page.url == f"{dev.url}/playground?tag=MadeMood"
    assert "/workshop/follow.js" in page.text
    module = module_of(dev)

    script = dev.folder / "labelwright_tag_made_mood/static/made_mood.js"
    script.write_text(script.read_text() + "// changed\n")
    second = dev.wait(lambda state: state["version"] != first["version"])
    assert process_of(second) == process_of(first), "a change of JavaScript begins no new server"
    assert module_of(dev) != module

    code = dev.folder / "labelwright_tag_made_mood/__init__.py"
    good = code.read_text()
    code.write_text(good + "1 / 0\n")
    broken = dev.wait(lambda state: "ZeroDivisionError" in state["trouble"])
    [_, error, place, *_] = filter(None, broken["trouble"].splitlines())
    assert error == "ZeroDivisionError: division by zero"
    assert str(code) in place, "the author's line comes first, not ours that lead to it"
    assert process_of(broken) != process_of(first)

    code.write_text(good.replace("max", "highest") + SHELF)
    dev.wait(lambda state: not state["trouble"])
    [tag] = [
        tag for tag in dev.browser.get(f"{dev.url}/api/tags", timeout=30).json() if tag["tag"] == "MadeMood"
    ]
    assert "highest" in tag["attributes"]
    kinds = dev.browser.get(f"{dev.url}/api/storages/kinds", timeout=30).json()
    [shelf] = [kind for kind in kinds if kind["name"] == "shelf"]
    assert shelf["unavailable"] == "Good morning", (
        "a setting of the plugin comes from the author's environment"
    )


def module_of(dev: Dev) -> str:
    tags = dev.browser.get(f"{dev.url}/api/tags", timeout=30).json()
    [module] = [tag["module"] for tag in tags if tag["tag"] == "MadeMood"]
    assert dev.browser.get(dev.url + module, timeout=30).ok
    return str(module)


def process_of(state: dict[str, str]) -> str:
    return state["version"].split()[0]


PYPROJECT = """[project]
name = "acme-stars"
version = "2"
[project.entry-points.labelwright]
tag_stars = "acme.stars"
"""


def test_sources_are_found_under_src_and_by_pyproject(tmp_path: Path) -> None:
    package = tmp_path / "src/acme/stars"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    found = sources.find(tmp_path)
    assert (found.plugin, found.package, found.root) == ("tag_stars", "acme.stars", tmp_path / "src")
    assert found.package_folder == package


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "has no setup.cfg"),
        ({"setup.cfg": "[metadata]\nname = x\n"}, "declares no plugin"),
        ({"setup.cfg": "[options.entry_points]\nlabelwright =\n    tag_x = gone\n"}, "has no such folder"),
        ({"pyproject.toml": "[project"}, "cannot be read"),
    ],
)
def test_a_folder_that_holds_no_plugin_is_told_what_is_missing(
    tmp_path: Path, files: dict[str, str], words: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(sources.NoPlugin, match=words):
        sources.find(tmp_path)
