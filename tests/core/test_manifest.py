"""Manifests are written from the code, read back the same, and found without importing."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from labelwright import authoring, manifest
from labelwright.errors import PluginError
from labelwright.manifest import InvalidManifest, Manifest
from tests.core.plugin_site import STARS, PluginSite, plugin_site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PluginSite]:
    with plugin_site(tmp_path) as made:
        yield made


def test_a_manifest_is_read_back_as_it_was_written():
    written = Manifest(
        "tag_stars", "星级", "Rate.", ">=1.0,<2", ("register_tags",), ("tag:Stars",), ("space:2d",)
    )
    assert manifest.parse(written.dumps()) == written


def test_a_manifest_is_written_from_the_code(site):
    package = site.install("tag_stars")
    assert json.loads((site.root / package / manifest.FILE_NAME).read_text()) == {
        "name": "tag_stars",
        "title": "Stars",
        "description": "Stars: rate with stars.",
        "api": f">={manifest.API_VERSION},<2",
        "hooks": ["register_tags"],
        "provides": ["tag:Stars"],
        "requires": [],
    }


def test_what_the_docstring_cannot_say_is_said_by_about(site):
    about = "about = About(title='Rating', requires=['job:webhook'], api='>=1.0')\n"
    package = site.install("tag_stars", f"{STARS}\nfrom labelwright.api import About\n{about}")
    found = manifest.read(site.root / package)
    assert (found.title, found.description) == ("Rating", "Stars: rate with stars.")
    assert found.requires == ("job:webhook",)
    assert found.api == ">=1.0"


def test_a_plugin_with_a_check_hook_is_a_guard(site):
    package = site.install(
        "guard_door", "from labelwright.api import hookimpl\n@hookimpl\ndef check_permission(): ..."
    )
    assert manifest.read(site.root / package).guards == ("check_permission",)


def test_a_package_is_located_without_importing_it(site):
    package = site.install("tag_bomb", "raise SystemExit", manifest={})
    assert manifest.locate(package) == site.root / package
    assert package not in sys.modules


def test_a_package_inside_another_is_located_without_importing_either(site):
    package = site.install(
        "tag_bomb", "raise SystemExit", manifest={}, files={"inner/__init__.py": "raise SystemExit"}
    )
    assert manifest.locate(f"{package}.inner") == site.root / package / "inner"
    assert package not in sys.modules


def test_an_editable_install_is_located(tmp_path, monkeypatch):
    source = tmp_path / "source" / "made_editable"
    source.mkdir(parents=True)
    (source / "__init__.py").write_text("raise SystemExit")

    class Finder:
        """What a build tool puts on ``sys.meta_path`` for an editable install."""

        @staticmethod
        def find_spec(name, path=None, target=None):
            if name == "made_editable":
                return spec_from_file_location(
                    name, source / "__init__.py", submodule_search_locations=[str(source)]
                )
            return None

    from importlib.util import spec_from_file_location

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder])
    assert manifest.locate("made_editable") == source


@pytest.mark.parametrize("module", ["json.decoder", "this", "made_nothing", "email.nothing"])
def test_what_is_no_package_is_refused(module):
    with pytest.raises(InvalidManifest):
        manifest.locate(module)


def test_the_manifest_of_broken_code_is_not_written(site):
    package = site.install("tag_broken", STARS.replace("[Stars]", "3"), manifest={})
    with pytest.raises(PluginError, match="register_tags failed"):
        authoring.write_manifest(package)


def test_checking_a_plugin_names_what_is_wrong(site):
    code = STARS.replace("\nclass", "import labelwright.registry\nclass").replace('"Rate with stars."', "")
    package = site.install("tag_stars", code, manifest={})
    wrong = "\n".join(map(str, authoring.check(package)))
    assert "labelwright-plugin.json is not what the code says" in wrong
    assert "__init__.py:4: it imports labelwright.registry; import labelwright.api" in wrong
    assert "__init__.py:5: the tag Stars has no docstring; write one" in wrong
    assert "static/stars.js, which draws the tag Stars, is missing" in wrong
    assert "locale/zh.json has no translation of 'Stars'" in wrong


def test_a_tag_that_refuses_its_own_sample_is_named(site):
    package = site.install("tag_stars", STARS.replace("Number(minimum=0)", "Number(minimum=0, sample=-1)"))
    assert any("refuses its own sample {'stars': -1}" in str(finding) for finding in authoring.check(package))


@pytest.mark.parametrize("kind", sorted(authoring.scaffold.KINDS))
def test_a_plugin_that_was_begun_loads_and_keeps_the_laws(site, kind, tmp_path_factory):
    folder = authoring.scaffold.write(kind, f"made_{kind}", tmp_path_factory.mktemp("begun"))
    package = f"labelwright_{kind}_made_{kind}"
    (folder / package).rename(site.root / f"made_{package}")
    assert authoring.check(f"made_{package}") == []


@pytest.mark.parametrize("name", ["Stars", "1st", "my-stars", "a__b", "", "../x", "_a"])
def test_a_name_that_is_none_begins_nothing(tmp_path, name):
    with pytest.raises(ValueError, match="no name for a plugin"):
        authoring.scaffold.write("tag", name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path):
    authoring.scaffold.write("tag", "stars", tmp_path)
    with pytest.raises(FileExistsError):
        authoring.scaffold.write("tag", "stars", tmp_path)


def test_the_table_of_plugins_names_what_is_wrong(site):
    site.install("tag_stars")
    site.install("tag_broken", "1 / 0", manifest={})
    lines = authoring.table(site.registry().report()).splitlines()
    assert lines[1].split() == [
        "tag_stars",
        "(third",
        "party)",
        "1.2",
        "loaded",
        f">={manifest.API_VERSION},<2",
        "Stars",
    ]
    assert "ZeroDivisionError" in lines[2]
