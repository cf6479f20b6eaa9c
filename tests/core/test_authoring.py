"""The command line for authors of plugins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from labelwright import authoring
from tests.core.plugin_site import PluginSite, plugin_site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PluginSite]:
    with plugin_site(tmp_path) as made:
        yield made


def call(*words: str) -> tuple[int, str]:
    answer = CliRunner().invoke(authoring.commands, words)
    return answer.exit_code, answer.output


def test_new_writes_a_plugin_that_check_finds_well(tmp_path, monkeypatch):
    code, output = call("new", "export", "made_lines", "--into", str(tmp_path))
    assert code == 0
    assert "pip install -e" in output
    monkeypatch.syspath_prepend(str(tmp_path / "export_made_lines"))
    assert call("check", "labelwright_export_made_lines") == (0, "All is well.\n")


@pytest.mark.parametrize("words", [("new", "tag", "Stars!"), ("new", "colour", "red")])
def test_new_says_what_a_name_and_a_kind_may_be(words):
    code, output = call(*words)
    assert code != 0
    kinds = "action, column, export, import, metric, ml, page, queue, storage, tag"
    assert "lower case" in output or kinds in output


def test_manifest_writes_the_file_and_names_it(site):
    package = site.install("tag_stars", manifest={"title": "Old"})
    code, output = call("manifest", package)
    assert code == 0
    assert output.strip().endswith("labelwright-plugin.json")
    assert '"title": "Stars"' in (site.root / package / "labelwright-plugin.json").read_text()


def test_check_ends_with_1_and_a_sentence_for_each_fault(site):
    package = site.install("tag_stars")
    code, output = call("check", package)
    assert code == 1
    assert f"{package}/__init__.py:5: static/stars.js, which draws the tag Stars, is missing" in output


@pytest.mark.parametrize("command", ["check", "manifest"])
def test_code_that_cannot_be_imported_is_told_without_a_traceback(site, command):
    package = site.install("tag_broken", "1 / 0", manifest={})
    code, output = call(command, package)
    assert code == 1
    assert (
        output
        == f"Error: plugin '{package}': cannot be imported: __init__.py:1: ZeroDivisionError: division by zero\n"
    )


def test_check_takes_a_folder_that_is_not_installed_and_a_name_that_is(tmp_path):
    call("new", "exporter", "made_rows", "--into", str(tmp_path))
    assert call("check", str(tmp_path / "export_made_rows")) == (0, "All is well.\n")
    assert call("check", "export_json") == (0, "All is well.\n")


def test_check_tells_what_a_new_author_does_wrong_without_a_traceback(tmp_path):
    """A sample that breaks, a stale manifest, words without a translation: each remedy works as it stands."""
    call("new", "tag", "made_likert", "--into", str(tmp_path))
    folder = tmp_path / "tag_made_likert"
    code = folder / "labelwright_tag_made_likert/__init__.py"
    broken = "\n    def sample(self, node):\n        return {'made_likert': len(node.get('missing'))}\n\n\n@hookimpl"
    code.write_text(code.read_text().replace("\n\n@hookimpl", broken))
    module = folder / "labelwright_tag_made_likert/static/made_likert.js"
    module.write_text(module.read_text().replace('ctx.t("Made likert")', 'ctx.t("Say \\"yes\\"")'))
    (folder / "labelwright_tag_made_likert/labelwright-plugin.json").unlink()
    status, output = call("check", str(folder))
    assert status == 1
    assert f"run: labelwright plugin manifest {folder}" in output
    assert "__init__.py:6: the tag MadeLikert breaks at its own sample: TypeError" in output
    assert r'add a line: "Say \"yes\"": "..."' in output
    assert call("manifest", str(folder))[0] == 0


def test_a_tag_is_tried_with_the_attributes_that_it_requires(tmp_path):
    call("new", "tag", "made_steps", "--into", str(tmp_path))
    folder = tmp_path / "tag_made_steps"
    code = folder / "labelwright_tag_made_steps/__init__.py"
    sample = (
        "\n    def sample(self, node):\n        return {'made_steps': len(node.get('max'))}\n\n\n@hookimpl"
    )
    lines = (
        code.read_text()
        .replace("\n\n@hookimpl", sample)
        .replace("default=10, minimum=1", 'required=True, type="list"')
    )
    code.write_text(lines)
    call("manifest", str(folder))
    assert call("check", str(folder)) == (0, "All is well.\n")


def test_check_of_a_folder_without_a_plugin_says_how_to_begin_one(tmp_path):
    code, output = call("check", str(tmp_path))
    assert code == 1
    assert "labelwright plugin new" in output


def test_check_of_code_that_cannot_be_read_names_its_line(tmp_path):
    call("new", "tag", "made_torn", "--into", str(tmp_path))
    code = tmp_path / "tag_made_torn/labelwright_tag_made_torn/__init__.py"
    code.write_text(code.read_text() + "\ndef (:\n")
    status, output = call("check", str(tmp_path / "tag_made_torn"))
    assert status == 1
    assert f"__init__.py:{code.read_text().count(chr(10))}: SyntaxError" in output
