"""What a folder or a file holds, and which configuration suits it. Nothing here changes anything."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import orjson

from labelwright.doors import media_types
from labelwright.errors import InvalidInput
from labelwright.importers import ImportContext
from labelwright.label_config import LabelConfig
from labelwright.services import label_configs
from labelwright.services.context import Context
from labelwright.services.imports.sources import SourceFile, importer_of
from labelwright.templates import Template

LOOKED_AT = 500
"""Tasks of a file that are looked at for their fields."""
MOST_LABELS = 30
LABEL_WORDS = re.compile(r"label|class|categor|sentiment|kind|topic|标签|类别|分类", re.IGNORECASE)
PICTURE = re.compile(r"(https?://|/)\S+\.(png|jpe?g|gif|webp|bmp)(\?\S*)?$", re.IGNORECASE)
NAME = re.compile(r"\w+", re.ASCII)


@dataclass(slots=True)
class Contents:
    """The files of a folder.

    :param files: their paths below it, by kind of media: ``image``, ``text``, ``audio``.
    :param left_out: why, to how many.
    """

    files: dict[str, list[str]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)

    def labels(self, kind: str) -> list[str]:
        """The names of the folders that the files are sorted into, if they are."""
        folders = Counter(Path(name).parent.name for name in self.files.get(kind, ()))
        named = sorted(name for name in folders if name)
        return named if 1 < len(named) <= MOST_LABELS else []


@dataclass(frozen=True, slots=True)
class Columns:
    """What a list of tasks offers.

    :param kind: of the media it names, :param name: the field that does.
    """

    kind: str
    name: str
    labels: list[str]


def look_into(folder: Path, apart: Path) -> Contents:
    """Sort the files of a folder by their kinds.

    :param apart: a folder that is not looked into: the server's own data.
    """
    found, root = Contents(), folder.resolve()
    for at, folders, names in os.walk(root):
        here = Path(at)
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and (here / name) != apart.resolve()
        )
        for name in sorted(names):
            if name.startswith("."):
                continue
            path = here / name
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                found.left_out["that lead out of the folder"] += 1
                continue
            media_type = media_types.MEDIA_TYPES.get(path.suffix.lower(), "")
            kind = media_type.partition("/")[0] if path.suffix.lower() in _SINGLE else ""
            if kind:
                found.files.setdefault(kind, []).append(path.relative_to(root).as_posix())
            else:
                found.left_out[
                    f"{path.suffix.lower() or 'without a suffix'}, no kind of file that is one task"
                ] += 1
    return found


_SINGLE = {
    suffix
    for suffix, kind in media_types.MEDIA_TYPES.items()
    if kind.startswith(("image/", "audio/", "video/", "text/plain"))
}
"""Files that are one task each."""


def template_for(ctx: Context, kind: str, name: str | None = None) -> Template | None:
    """The template that a project of this kind of media begins with, or the one of this name."""
    templates = ctx.registry.templates
    if name is not None:
        if name not in templates:
            raise InvalidInput(f"there is no template {name!r}; there are {', '.join(sorted(templates))}")
        return templates[name]
    return next((one for one in templates.values() if one.begins_with == kind), None)


def look_at(ctx: Context, path: Path) -> Columns:
    """Find what to label in a list of tasks.

    :raises InvalidInput: if it is no list of tasks, or has no field with texts or pictures.
    """
    source = SourceFile(path=path, name=path.name)
    importer = importer_of(ctx.registry, source)
    if importer is None:
        raise InvalidInput(
            f"{path.name} is neither a folder nor a list of tasks (CSV, TSV, JSON, JSON Lines)"
        )
    settings = ctx.registry.settings_for("register_importers", importer.name, ctx.settings)
    with source.open() as stream:
        items = islice(importer.read(stream, ImportContext(path.name, None, settings)), LOOKED_AT)
        rows = [row for row in map(_data_of, items) if row]
    texts = {
        name: [value for value in _of(rows, name) if isinstance(value, str) and value]
        for name in _names(rows)
    }
    pictures = {
        name: sum(bool(PICTURE.match(value)) for value in values) for name, values in texts.items() if values
    }
    if (name := max(pictures, key=pictures.__getitem__, default="")) and pictures[name] * 2 > len(
        texts[name]
    ):
        return Columns("image", name, _labels_in(texts, name))
    lengths = {name: sum(map(len, values)) / len(values) for name, values in texts.items() if values}
    if not lengths:
        raise InvalidInput(f"{path.name} has no field with texts or addresses of pictures")
    name = max(lengths, key=lengths.__getitem__)
    return Columns("text", name, _labels_in(texts, name))


def fitted(
    ctx: Context, template: Template, column: str, labels: Sequence[str]
) -> tuple[str, dict[str, str]]:
    """The template's configuration for a field of this name, with these labels in the place of its own.

    :returns: the configuration, and how the field must be renamed where a configuration cannot name it.
    """
    xml = template.label_config
    config = label_configs.parse(ctx, xml)
    wanted = config.fields[0] if config.fields else ""
    names: dict[str, str] = {}
    if wanted and column and column != wanted:
        if NAME.fullmatch(column):
            xml = xml.replace(f'"${wanted}"', f'"${column}"')
        else:
            names = {column: wanted}
    return (_with_labels(xml, config, labels) if labels else xml), names


def _with_labels(xml: str, config: LabelConfig, labels: Sequence[str]) -> str:
    """Put other labels where the template's stand: all of them are of one control."""
    elements = sorted({node.element for node in config.nodes if node.tag and node.tag.kind == "label"})
    for element in elements:
        pattern = re.compile(rf"(?:[ \t]*<{element}\b[^>]*/>\s*?\n)+")
        lines = "".join(f"    <{element} value={quoteattr(label)}/>\n" for label in labels)
        xml = pattern.sub(lines.replace("\\", r"\\"), xml, count=1)
    return xml


def _data_of(item: Any) -> dict[str, Any]:
    value = item if isinstance(item, Mapping) else orjson.loads(bytes(item))
    data = value.get("data", value) if isinstance(value, Mapping) else {}
    return dict(data) if isinstance(data, Mapping) else {}


def _names(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _of(rows: Sequence[Mapping[str, Any]], name: str) -> Iterator[Any]:
    return (row[name] for row in rows if name in row)


def _labels_in(texts: Mapping[str, Sequence[str]], but: str) -> list[str]:
    """The few values of a column that is called like a label."""
    for name, values in texts.items():
        if name != but and LABEL_WORDS.search(name):
            found = list(dict.fromkeys(values))
            if 1 < len(found) <= MOST_LABELS and max(map(len, found)) <= 80:
                return sorted(found)
    return []
