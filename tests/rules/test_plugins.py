"""Laws for every plugin that is kept here, present and future; third parties run the same by ``plugin check``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from labelwright import authoring, laws, plugins
from labelwright.label_config import parse
from labelwright.registry import Registry

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(
    path.parent for path in [*ROOT.glob("plugins/*/setup.cfg"), *ROOT.glob("examples/*/setup.cfg")]
)
PACKAGES = [
    next(folder.glob("labelwright_*/__init__.py")).parent for folder in FOLDERS if folder.name != "_all"
]
OURS = [package for package in PACKAGES if package.is_relative_to(ROOT / "plugins")]
T_CALL = re.compile(r"""\bt\(\s*(["'`])((?:\\.|(?!\1)[^\\])*)\1""")
MSGID = re.compile(r"""\b(?:title|label|hint)\s*:\s*(["'])((?:\\.|(?!\1)[^\\])*)\1""")

each_plugin = pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry(plugins.load())


@pytest.fixture
def importable(package: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package, also where it is not installed."""
    monkeypatch.syspath_prepend(str(package.parent))
    return package


@each_plugin
@pytest.mark.parametrize("law", laws.LAWS, ids=lambda law: law.__name__)
def test_every_plugin_keeps_the_law(importable, law):
    assert list(law(authoring.subject(importable.name))) == []


def test_every_plugin_kept_here_is_loaded(registry):
    states = {report.name: (report.state, report.reason) for report in registry.report()}
    for package in OURS:
        assert states[package.name.removeprefix("labelwright_")] == ("loaded", "")


def test_no_plugin_kept_here_is_a_third_party(registry):
    ours = {package.name.removeprefix("labelwright_") for package in OURS}
    assert [report.name for report in registry.report() if report.name in ours and report.third_party] == []


@each_plugin
def test_every_text_of_the_browsers_part_is_translated(package):
    catalogue = json.loads((package / "locale" / "zh.json").read_text("utf-8"))
    missing = sorted(set(texts_in_the_browser(package)) - set(catalogue) - core_texts())
    assert missing == []


def texts_in_the_browser(package: Path) -> Iterator[str]:
    sources = [*package.parent.glob("ui/**/*.ts"), *package.parent.glob("ui/**/*.tsx")]
    if not sources:
        sources = list(package.glob("static/**/*.js"))
    for path in sources:
        if ".test." not in path.name:
            text = path.read_text("utf-8")
            yield from (found[2] for found in T_CALL.finditer(text) if "${" not in found[2])
            yield from (found[2] for found in MSGID.finditer(text))


def core_texts() -> set[str]:
    return set(json.loads((ROOT / "ui/src/i18n/zh.json").read_text("utf-8")))


def test_every_template_is_a_configuration_without_a_warning(registry):
    for template in registry.templates.values():
        assert [problem.message for problem in parse(template.label_config, registry.tags).warnings] == []


def test_every_tag_accepts_the_sample_of_its_configuration(registry):
    for template in registry.templates.values():
        config = parse(template.label_config, registry.tags)
        config.check_task(config.sample_task())


def test_every_template_can_be_used_in_every_language(registry):
    """Its sample tasks fit it, their pictures are there, and no translation makes one label of two."""
    for template in registry.templates.values():
        plugin = registry.owner("register_templates", template.name)
        find = partial(registry.asset_url, plugin)
        english = parse(template.label_config, registry.tags)
        for language in ("en", *laws.LOCALES):
            words = registry.ui()[plugin].get(language, {})
            config = parse(template.config_in(words), registry.tags)
            assert [problem.message for problem in config.warnings] == []
            assert set(config.controls) == set(english.controls)
            for name, labels in config.labels.items():
                assert len(set(labels)) == len(english.labels[name]), (template.name, language)
            tasks = template.tasks_in(language, find)
            assert tasks, f"{template.name} brings no sample tasks"
            for task in tasks:
                config.check_task(task)
                assert set(config.fields) <= set(task), (template.name, language)
            missing = [file for file in assets_in(template.samples) if find(file) is None]
            assert missing == []


def assets_in(value) -> Iterator[str]:
    yield from re.findall(r"asset:([\w./-]+)", json.dumps(value))
