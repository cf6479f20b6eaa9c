"""What every plugin must keep to: run by ``labelwright plugin check`` for its author, and by our tests for our own.

A law looks at one plugin and yields a finding for each thing that breaks it: where, what, and what to do about it.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from labelwright import manifest
from labelwright.assets import Assets
from labelwright.errors import LabelwrightError
from labelwright.label_config import examples
from labelwright.label_config.nodes import bare
from labelwright.manifest import InvalidManifest, Manifest
from labelwright.plugin import in_words
from labelwright.tags import SHARED_TEXTS, Tag

SAID = re.compile(r'\.t\(\s*("(?:[^"\\\n]|\\["\\/bfnrtu])+")')
"""A text of a browser module in one piece; one that is put together cannot be found."""

LOCALES = ("zh",)
"""The languages that every string has besides English."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A plugin on the bench: its package, and what its code gives when it is asked."""

    module: ModuleType
    folder: Path
    manifest: Manifest
    """As its code has it, not as its file says."""
    given: Mapping[str, list[Any]]
    called: str = ""
    """What its author calls it on the command line: its folder, or its name."""

    @property
    def assets(self) -> Assets:
        return Assets(self.folder)

    @property
    def tags(self) -> list[Tag]:
        return [tag() for tag in self.given.get("register_tags", ())]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a plugin.

    :param file: below the plugin's package, with ``/``; empty: the plugin as a whole.
    :param remedy: what to do about it, where the sentence does not say so.
    """

    text: str
    file: str = ""
    line: int | None = None
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else ""
        return place + self.text + (f"; {self.remedy}" if self.remedy else "")


def manifest_is_current(plugin: Subject) -> Iterator[Finding]:
    remedy = f"run: labelwright plugin manifest {plugin.called or plugin.module.__name__}"
    try:
        written = manifest.read(plugin.folder)
    except InvalidManifest as error:
        yield Finding(str(error), manifest.FILE_NAME, remedy=remedy)
        return
    if written != plugin.manifest:
        yield Finding(f"{manifest.FILE_NAME} is not what the code says", manifest.FILE_NAME, remedy=remedy)


def only_the_api_is_imported(plugin: Subject) -> Iterator[Finding]:
    own = plugin.module.__name__.partition(".")[0]
    for path in sorted(plugin.folder.rglob("*.py")):
        for line, name in imports(path):
            top = name.partition(".")[0]
            is_api = name == "labelwright.api" or name.startswith("labelwright.api.")
            if (top == "labelwright" and not is_api) or (top.startswith("labelwright_") and top != own):
                place = path.relative_to(plugin.folder).as_posix()
                yield Finding(
                    f"it imports {name}", place, line, "import labelwright.api and third parties only"
                )


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of every module that a file imports."""
    for line, module, name in _imports(path):
        yield line, f"{module}.{name}" if module == "labelwright" and name else module


def imported_names(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a file imports: ``flask.request``."""
    for line, module, name in _imports(path):
        yield line, f"{module}.{name}" if name else module


def _imports(path: Path) -> Iterator[tuple[int, str, str]]:
    for node in ast.walk(ast.parse(path.read_bytes(), str(path))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = ".".join(filter(None, (_package(path, node.level), node.module)))
            yield from ((node.lineno, module, alias.name) for alias in node.names)


def _package(path: Path, level: int) -> str:
    """The package that the dots of a relative import mean; no dots, no package."""
    folders = list(itertools.takewhile(lambda folder: (folder / "__init__.py").exists(), path.parents))
    return ".".join(folder.name for folder in reversed(folders[level - 1 :])) if level else ""


def _of_class(plugin: Subject, kind: type, text: str, remedy: str = "") -> Finding:
    """A finding at a class of the plugin."""
    try:
        path = Path(inspect.getfile(kind)).resolve().relative_to(plugin.folder.resolve())
        return Finding(text, path.as_posix(), inspect.getsourcelines(kind)[1], remedy)
    except (OSError, TypeError, ValueError):  # made by a function, or inherited from elsewhere
        return Finding(text, remedy=remedy)


def tags_accept_their_samples(plugin: Subject) -> Iterator[Finding]:
    for tag in plugin.tags:
        if tag.result_type is None:
            continue
        node = bare(tag, **examples.needed(tag))
        try:
            sample = tag.sample(node)
            tag.check(sample, node)
        except LabelwrightError as error:
            text = f"the tag {tag.name} refuses its own sample {sample!r}: {error} ({error.field})"
            remedy = "give each key of value a sample that check accepts, or override sample(self, node)"
            yield _of_class(plugin, type(tag), text, remedy)
        except Exception as error:
            text = f"the tag {tag.name} breaks at its own sample: {in_words(error)}"
            remedy = "node.get(...) of an attribute that nobody has written is its default, or None"
            yield _of_class(plugin, type(tag), text, remedy)


def everything_is_explained(plugin: Subject) -> Iterator[Finding]:
    for tag in plugin.tags:
        if not type(tag).__doc__:
            text = f"the tag {tag.name} has no docstring"
            yield _of_class(plugin, type(tag), text, "write one: it is the help in the editor")
        for name, attribute in tag.all_attributes.items():
            if not attribute.help:
                text = f"the attribute {name} of the tag {tag.name} has no help"
                yield _of_class(plugin, type(tag), text, 'write Attribute(..., help="One sentence.")')
    for metric in plugin.given.get("register_metrics", ()):
        for name, param in metric.info()["params"].items():
            if not param["help"]:
                text = f"the parameter {name} of the metric {metric.name} has no help"
                yield _of_class(plugin, type(metric), text, 'write Attribute(..., help="One sentence.")')
    for exporter in plugin.given.get("register_exporters", ()):
        if not exporter.description:
            text = f"the export format {exporter.name} has no description"
            yield _of_class(plugin, type(exporter), text, "say in one sentence whom it is for")


def browser_modules_are_there(plugin: Subject) -> Iterator[Finding]:
    pages = [
        (type(page), page.ui, f"the page {page.name}") for page in plugin.given.get("register_pages", ())
    ]
    for kind, ui, what in [*((type(tag), tag.ui, f"the tag {tag.name}") for tag in plugin.tags), *pages]:
        if ui and plugin.assets.find(ui) is None:
            remedy = f"write it into {plugin.folder.name}/static, or change ui"
            yield _of_class(plugin, kind, f"static/{ui}, which draws {what}, is missing", remedy)


def strings_are_translated(plugin: Subject) -> Iterator[Finding]:
    for locale in LOCALES:
        known = plugin.assets.messages.get(locale, {})
        for text in sorted(set(strings(plugin)) - set(known) - SHARED_TEXTS):
            file = f"locale/{locale}.json"
            yield Finding(
                f"{file} has no translation of {text!r}",
                file,
                remedy=f'add a line: {json.dumps(text, ensure_ascii=False)}: "..."',
            )


def strings(plugin: Subject) -> Iterator[str]:
    """The English texts that people see of what a plugin gives, without those that the core translates itself."""
    yield from _said_in_modules(plugin)
    yield from _warned_of(plugin)
    yield plugin.manifest.title
    yield plugin.manifest.description
    for tag in plugin.tags:
        info = tag.info()
        yield info["help"]
        yield from (action.title for action in tag.actions)
        yield from (info["attributes"][name]["help"] for name in tag.attributes if name in info["attributes"])
    for hook in ("register_exporters", "register_importers", "register_queues", "register_templates"):
        for item in plugin.given.get(hook, ()):
            yield from filter(
                None, (item.title, getattr(item, "description", ""), getattr(item, "group", ""))
            )
    for exporter in plugin.given.get("register_exporters", ()):
        yield from filter(None, (text for option in exporter.options for text in (option.label, option.hint)))
    for template in plugin.given.get("register_templates", ()):
        yield from template.words
    yield from filter(None, (column.title for column in plugin.given.get("register_columns", ())))
    yield from filter(None, (column.help for column in plugin.given.get("register_columns", ())))
    yield from (page.title for page in plugin.given.get("register_pages", ()))
    for kind in (*plugin.given.get("register_storages", ()), *plugin.given.get("register_ml_connectors", ())):
        texts = (
            (kind.title, kind.description),
            *((one.label, one.help, *one.choice_labels) for one in kind.fields),
        )
        yield from filter(None, (text for pair in texts for text in pair))
    for action in plugin.given.get("register_actions", ()):
        dialog = action.dialog
        yield from filter(None, (action.title, dialog and dialog.title, dialog and dialog.text))
    for metric in plugin.given.get("register_metrics", ()):
        info = metric.info()
        yield from filter(
            None, (info["title"], info["help"], *(param["help"] for param in info["params"].values()))
        )
    yield from filter(None, (kind.title for kind in plugin.given.get("register_jobs", ())))


def _said_in_modules(plugin: Subject) -> Iterator[str]:
    """What the browser modules say with ``ctx.t("...")``."""
    for name, path in plugin.assets.files.items():
        if name.endswith(".js"):
            yield from (json.loads(said) for said in SAID.findall(path.read_text("utf-8")))


def _warned_of(plugin: Subject) -> Iterator[str]:
    """What exports and imports tell with ``context.warn("...")``."""
    for path in sorted(plugin.folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes(), str(path))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "warn"
            ):
                yield from (one.value for one in node.args[:1] if _is_text(one))  # type: ignore[attr-defined]


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


LAWS: tuple[Callable[[Subject], Iterator[Finding]], ...] = (
    manifest_is_current,
    only_the_api_is_imported,
    tags_accept_their_samples,
    everything_is_explained,
    browser_modules_are_there,
    strings_are_translated,
)
