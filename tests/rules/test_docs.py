"""The plugin author's pages say what the code says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from labelwright import api, examination, hookspecs, plugin
from labelwright.contributions import CONTRIBUTIONS
from scripts import docs_hooks, docs_templates

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/plugins/index.md").read_text("utf-8")


@pytest.mark.parametrize("file", docs_hooks.PAGES)
def test_the_reference_is_current(file):
    written = (docs_hooks.DOCS / file).read_text("utf-8")
    assert written == docs_hooks.PAGES[file](), "run: python scripts/docs_hooks.py"


def test_the_list_of_templates_is_current():
    assert docs_templates.PAGE.read_text("utf-8") == docs_templates.page(), (
        "run: python -m scripts.docs_templates"
    )


def test_every_name_of_the_api_is_in_the_reference():
    shelved = [name for names in docs_hooks.SHELVES.values() for name in names]
    assert sorted(shelved) == sorted(api.__all__)


def test_the_guide_names_only_hooks_that_there_are():
    hooks = set(re.findall(r"\b(?:register|plan|check|on)_[a-z_]+\b", GUIDE))
    assert hooks - {"check_tag", "check_exporter", "check_importer"} <= set(vars(hookspecs))


def examples() -> list[str]:
    blocks = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    return [block for block in blocks if "labelwright.testing" not in block]


@pytest.mark.parametrize("code", examples(), ids=lambda code: code.strip().splitlines()[0])
def test_the_examples_of_the_guide_work(code):
    module = ModuleType("labelwright_test_example", doc="An example: from the guide.")
    vars(module).update({name: getattr(api, name) for name in api.__all__})
    exec(compile(code, "docs/plugins/index.md", "exec"), vars(module))
    found, _ = examination.examine(module, "test_example")
    assert found.hooks or "class Stars" in code


def test_every_reason_of_a_plugins_state_has_its_words_in_chinese():
    catalogue = json.loads((ROOT / "core/labelwright/locale/zh.json").read_text("utf-8"))
    sentences = [words for words in plugin.REASONS.values() if words not in ("{message}", "{error}")]
    words = [kind.word for kind in CONTRIBUTIONS.values()]
    assert [text for text in (*sentences, *words) if text not in catalogue] == []
