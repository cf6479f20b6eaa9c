"""Begin a plugin: a complete small one, to be changed into yours.

``labelwright plugin new tag stars`` writes a distribution that installs, loads and passes ``labelwright plugin check``.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from types import ModuleType

from labelwright import examination, manifest


class _Text(Template):
    delimiter = "%"


SETUP_CFG = """\
[metadata]
name = labelwright-%{dashed}
version = 0.1.0
description = %{sentence}
license = Apache-2.0
author = Your name

[options]
package_dir =
    = .
packages = %{package}
python_requires = >=3.11
install_requires =
    labelwright>=0.1,<1

[options.package_data]
%{package} =
    labelwright-plugin.json
    locale/*.json
    static/*

[options.entry_points]
labelwright =
    %{plugin} = %{package}
"""

PYPROJECT = """\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"
"""

README = """\
# labelwright-%{dashed}

%{sentence}

    pip install -e .                        # then start labelwright: it is on the Plugins page
    labelwright plugin manifest %{package}    # after each change of what it declares
    labelwright plugin check %{package}       # before each release
    pytest
"""

TAG = '''\
"""%{title}: %{sentence}"""

from labelwright.api import Attribute, Number, Tag, hookimpl


class %{Class}(Tag):
    """%{sentence}"""

    name = "%{Class}"
    result_type = "%{name}"
    per_region = True
    ui = "%{name}.js"
    attributes = {"max": Attribute(default=10, minimum=1, help="The highest number that can be chosen.")}
    value = {"%{name}": Number(minimum=0, integer=True, sample=3, help="What was chosen.")}


@hookimpl
def register_tags() -> list[type[Tag]]:
    return [%{Class}]
'''

TAG_JS = """\
// @ts-check
import { html } from "htm/preact";

/** @type {import("labelwright").ControlTag} */
export default {
  api: 1,
  tag: "%{Class}",
  kind: "control",
  setup(ctx) {
    const answer = ctx.answer();
    const choose = (event) => (answer.value = event.currentTarget.valueAsNumber);
    return {
      view: () => html`<label class="lw-field">
        ${ctx.t("%{title}")}
        <input type="range" class="lw-input" min="0" max=${ctx.attrs.max ?? 10} step="1"
          value=${answer.value ?? 0} disabled=${ctx.readonly.value} onChange=${choose} />
        <output>${answer.value ?? "–"}</output>
      </label>`,
    };
  },
};
"""

EXPORT = '''\
"""%{title}: %{sentence}"""

from collections.abc import Iterator
from typing import IO

from labelwright.api import ExportContext, Exporter, Row, hookimpl


class %{Class}(Exporter):
    name = "%{UPPER}"
    title = "%{title}"
    description = "%{sentence}"
    suffix = ".jsonl"
    media_type = "application/jsonl"

    def write(self, rows: Iterator[Row], out: IO[bytes], context: ExportContext) -> None:
        """Write a line of JSON for each task; ``row.raw`` is never parsed, so this is as quick as the disk."""
        for row in rows:
            out.write(row.raw + b"\\n")


@hookimpl
def register_exporters() -> list[type[Exporter]]:
    return [%{Class}]
'''

IMPORT = '''\
"""%{title}: %{sentence}"""

from collections.abc import Iterator
from typing import IO, Any

from labelwright.api import ImportContext, Importer, InvalidTask, hookimpl


class %{Class}(Importer):
    name = "%{name}"
    title = "%{title}"
    suffixes = (".%{name}",)

    def read(self, stream: IO[bytes], context: ImportContext) -> Iterator[bytes | dict[str, Any]]:
        """Make a task of each line that is not empty."""
        for number, line in enumerate(stream, 1):
            try:
                text = line.decode("utf-8").strip()
            except UnicodeDecodeError as error:
                raise InvalidTask(f"line {number} is not UTF-8", field=f"line {number}") from error
            if text:
                yield {"data": {"text": text}}


@hookimpl
def register_importers() -> list[type[Importer]]:
    return [%{Class}]
'''

TEST_TAG = """\
from %{package} import %{Class}

from labelwright.testing import check_tag


def test_the_tag_accepts_its_own_sample():
    check_tag(%{Class})
"""

TEST_EXPORT = """\
from %{package} import %{Class}

from labelwright.testing import check_exporter


def test_each_task_is_a_line():
    assert check_exporter(%{Class}, [{"id": 1, "data": {"text": "one"}}]) == b'{"id":1,"data":{"text":"one"}}\\n'
"""

TEST_IMPORT = """\
from %{package} import %{Class}

from labelwright.testing import check_importer


def test_each_line_is_a_task():
    assert check_importer(%{Class}, b"one\\n\\ntwo\\n") == [{"data": {"text": "one"}}, {"data": {"text": "two"}}]
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of plugin that can be begun.

    :param words: the English texts of the code, each with its Chinese.
    """

    code: str
    test: str
    sentence: str
    words: Mapping[str, str]


KINDS = {
    "tag": Kind(TAG, TEST_TAG, "Answer with a number.", {
        "Answer with a number.": "用数字作答。",
        "The highest number that can be chosen.": "可选的最大数字。",
        "What was chosen.": "所选的数字。",
    }),
    "export": Kind(EXPORT, TEST_EXPORT, "One line for each task.", {"One line for each task.": "每个任务一行。"}),
    "import": Kind(IMPORT, TEST_IMPORT, "One task from each line.", {"One task from each line.": "每行一个任务。"}),
}  # fmt: skip


def write(kind: str, name: str, into: Path) -> Path:
    """Write a plugin of ``kind`` and return its folder.

    :param name: lower case, with underscores: ``stars``.
    :param into: the folder that the plugin's folder is made in.
    :raises ValueError: if there is no such kind, or the name is none.
    :raises FileExistsError: if the folder is there already; nothing is overwritten.
    """
    if kind not in KINDS:
        raise ValueError(f"there is no kind {kind!r}; known are {', '.join(sorted(KINDS))}")
    if not manifest.NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} is no name for a plugin: lower case letters, digits and single underscores"
        )
    plugin = f"{kind}_{name}"
    package = f"labelwright_{plugin}"
    folder = into / plugin
    folder.mkdir(parents=True)
    for path, text in _files(KINDS[kind], kind, name, plugin, package).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    found, _ = examination.examine(_import(folder / package / "__init__.py", package), plugin)
    (folder / package / manifest.FILE_NAME).write_text(found.dumps(), "utf-8")
    return folder


def _files(begun: Kind, kind: str, name: str, plugin: str, package: str) -> dict[str, str]:
    """Path below the plugin's folder to text."""
    words = name.split("_")
    title = " ".join(words).capitalize()
    facts = {
        "name": name, "plugin": plugin, "package": package, "dashed": plugin.replace("_", "-"), "title": title,
        "Class": "".join(word.capitalize() for word in words), "UPPER": name.upper(), "sentence": begun.sentence,
    }  # fmt: skip
    described = f"{title}: {begun.sentence}"
    catalogue = {title: title, described: f"{title}：{begun.words[begun.sentence]}", **begun.words}
    texts = {
        "setup.cfg": SETUP_CFG,
        "pyproject.toml": PYPROJECT,
        "README.md": README,
        f"{package}/__init__.py": begun.code,
        f"tests/test_{name}.py": begun.test,
    }
    if kind == "tag":
        texts[f"{package}/static/{name}.js"] = TAG_JS
    files = {path: _Text(text).substitute(facts) for path, text in texts.items()}
    files[f"{package}/locale/zh.json"] = json.dumps(catalogue, ensure_ascii=False, indent=2) + "\n"
    return files


def _import(path: Path, package: str) -> ModuleType:
    """Run the package's file without making it importable."""
    spec = importlib.util.spec_from_file_location(package, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
