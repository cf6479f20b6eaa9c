"""For the tests of plugins: a registry of what you name, checks of what you made, and an application to talk to.

Put this line into your ``conftest.py`` and pytest knows the fixtures ``app`` and ``client``::

    pytest_plugins = ["labelwright.testing"]

The functions need no pytest.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from labelwright import plugins
from labelwright.exporters import ExportContext, Exporter, MediaUnavailable, Row
from labelwright.importers import ImportContext, Importer
from labelwright.label_config import LabelConfig, bare, parse
from labelwright.registry import Registry
from labelwright.snapshots import ProjectSnapshot
from labelwright.tags import Tag, TagSet

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


def make_registry(*parts: Any, installed: bool = False, **choice: Any) -> Registry:
    """A registry of just these plugins: modules, or objects with hook implementations.

    :param installed: whether the plugins that are installed are loaded too.
    :param choice: fields of :class:`labelwright.plugins.Choice`, e.g. ``failures=1``.
    :raises PluginError: if one of ``parts`` is broken.
    """
    names = {_name_of(part, place): part for place, part in enumerate(parts)}
    return Registry(plugins.load(plugins.Choice(**choice), None if installed else (), names))


def _name_of(part: Any, place: int) -> str:
    if isinstance(part, ModuleType):
        return part.__name__.rpartition(".")[2].removeprefix("labelwright_")
    return getattr(part, "name", f"test_{place}")


def check_tag(tag: type[Tag], value: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Hold a tag against what everybody relies on: it has a name and words, and accepts its own sample.

    :param value: instead of the sample, a value that the tag must accept.
    :returns: the value that was checked.
    :raises AssertionError: if something is missing.
    :raises InvalidRegion: if the value is refused.
    """
    made = TagSet([tag])[tag.name]
    assert type(made).__doc__, f"{tag.name} has no docstring; it is the help in the editor"
    for name, attribute in made.all_attributes.items():
        assert attribute.help, f"the attribute {name} of {tag.name} has no help"
    node = bare(made)
    checked = dict(made.sample(node) if value is None else value)
    if made.result_type is not None:
        made.check(checked, node)
        orjson.dumps(checked)
    return checked


def check_exporter(
    exporter: type[Exporter] | Exporter,
    tasks: Sequence[Mapping[str, Any]],
    label_config: LabelConfig | str = "<View/>",
    tags: Iterable[type[Tag]] = (),
    media: Mapping[str, bytes] | None = None,
) -> bytes:
    """Run an exporter over tasks and give back what it wrote: the file, or the zip of its files.

    :param tasks: in Label Studio's shape, with ``annotations`` where there are any.
    :param label_config: parsed, or as XML, which is parsed with ``tags``.
    :param media: URL to content, for formats that hold the media.
    :raises AssertionError: if the exporter has no name, gives a path that leads out of the zip, or gives one twice.
    """
    made = exporter() if isinstance(exporter, type) else exporter
    assert made.name, f"{type(made).__name__} has no name"
    context = export_context(label_config, tags, media)
    rows = (Row(raw=orjson.dumps(task)) for task in tasks)
    out = io.BytesIO()
    if not made.is_archive():
        made.write(rows, out, context)
        return out.getvalue()
    names: set[str] = set()
    with zipfile.ZipFile(out, "w") as archive:
        for file in made.files(rows, context):
            leads_out = file.name.startswith("/") or ".." in file.name.split("/")
            assert not leads_out, f"{file.name!r} leads out of the zip"
            assert file.name not in names, f"{file.name!r} is given twice"
            names.add(file.name)
            content = file.content if isinstance(file.content, bytes) else b"".join(file.content)
            archive.writestr(file.name, content)
    return out.getvalue()


def export_context(
    label_config: LabelConfig | str = "<View/>",
    tags: Iterable[type[Tag]] = (),
    media: Mapping[str, bytes] | None = None,
) -> ExportContext:
    """What an exporter is given, for a project with this configuration."""
    config = parse(label_config, TagSet(tags)) if isinstance(label_config, str) else label_config
    project = ProjectSnapshot(1, "Test", 1, config, datetime(2026, 1, 1, tzinfo=UTC))

    def open_media(url: str) -> io.BytesIO:
        if media is None or url not in media:
            raise MediaUnavailable(f"no file {url!r}")
        return io.BytesIO(media[url])

    return ExportContext(project, config, open_media, download_resources=media is not None)


def check_importer(
    importer: type[Importer] | Importer, content: bytes, filename: str = ""
) -> list[dict[str, Any]]:
    """Run an importer over a file's content and give back the tasks, parsed.

    :raises InvalidTask: if the importer refuses the file.
    :raises AssertionError: if it has no name or suffix, or gives something that is no task.
    """
    made = importer() if isinstance(importer, type) else importer
    assert made.name, f"{type(made).__name__} has no name"
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in made.suffixes), made.suffixes
    tasks = []
    for given in made.read(io.BytesIO(content), ImportContext(filename or f"test{made.suffixes[0]}")):
        task = orjson.loads(given) if isinstance(given, bytes) else given
        assert isinstance(task, dict), f"{task!r} is no task"
        tasks.append(task)
    return tasks


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """An application with every installed plugin and an empty SQLite database of its own."""
    from labelwright.app import create_app

    return create_app(data_dir=tmp_path)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Nobody, asking ``app``."""
    return app.test_client()
