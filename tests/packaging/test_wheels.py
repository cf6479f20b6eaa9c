"""The wheels work alone: no source tree, no Node, nothing fetched at run time."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from tests.services.labelwright import LiveServer
from tests.services.wheels import ROOT, WheelEnvironment

PLUGINS = sorted(path.name for path in (ROOT / "plugins").iterdir() if (path / "setup.cfg").exists())


def contents(wheels: list[Path], distribution: str) -> list[str]:
    [wheel] = [path for path in wheels if path.name.startswith(f"{distribution}-")]
    return zipfile.ZipFile(wheel).namelist()


def test_every_distribution_has_a_wheel(wheels: list[Path]) -> None:
    built = {path.name.split("-")[0] for path in wheels}
    assert built == {"labelwright", *(f"labelwright_{name.removeprefix('_')}" for name in PLUGINS)}


@pytest.mark.parametrize(
    "part",
    [
        "labelwright/static/entry.json",
        "labelwright/static/importmap.json",
        "labelwright/locale/zh.json",
        "labelwright/migrations/env.py",
        "labelwright/py.typed",
    ],
)
def test_the_core_carries_what_it_serves(wheels: list[Path], part: str) -> None:
    assert part in contents(wheels, "labelwright")


def test_the_core_carries_every_file_that_its_pages_name(wheels: list[Path]) -> None:
    static = ROOT / "core/labelwright/static"
    expected = {
        f"labelwright/static/{path.relative_to(static)}" for path in static.rglob("*") if path.is_file()
    }
    assert expected <= set(contents(wheels, "labelwright"))


@pytest.mark.parametrize("name", [name for name in PLUGINS if name.startswith("tag_")])
def test_a_tag_plugin_carries_its_manifest_and_its_browser_files(wheels: list[Path], name: str) -> None:
    files = contents(wheels, f"labelwright_{name}")
    assert f"labelwright_{name}/labelwright-plugin.json" in files
    assert any(file.startswith(f"labelwright_{name}/static/") and file.endswith(".js") for file in files)


def test_no_wheel_carries_tests_or_sources_of_the_browser(wheels: list[Path]) -> None:
    for wheel in wheels:
        names = zipfile.ZipFile(wheel).namelist()
        assert not [
            name
            for name in names
            if re.search(r"(?<!\.d)\.tsx?$", name) or name.startswith(("tests/", "ui/"))
        ]


def test_installed_wheels_serve_a_page_and_find_their_plugins(
    wheel_environment: WheelEnvironment, tmp_path: Path
) -> None:
    with LiveServer(tmp_path / "data", command=(str(wheel_environment.labelwright), "start")) as server:
        client = server.client()
        loaded = {plugin["name"]: plugin["state"] for plugin in client.get("/api/plugins").json()}
        assert loaded == {name: "loaded" for name in PLUGINS if name != "_all"}
        assert client.get("/user/login/").ok
