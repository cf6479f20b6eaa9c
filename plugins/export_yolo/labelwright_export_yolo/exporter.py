"""The archive: ``images/``, ``labels/``, ``classes.txt``, ``notes.json``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from labelwright.api import ExportContext, Exporter, ExportFile, LabelConfig, MediaUnavailable, Row
from labelwright_export_yolo import geometry
from labelwright_export_yolo.classes import Classes
from labelwright_export_yolo.names import Stems, suffix_of

LABEL_KEYS = ("rectanglelabels", "polygonlabels", "labels")
PIECE = 1024 * 1024


class YoloExporter(Exporter):
    """One text file a picture, one line a label. Turned boxes become their upright hull."""

    name = "YOLO"
    title = "YOLO"
    description = (
        "One text file for each picture, with a line for each box: class, centre, width and height in parts of the "
        "picture. Turned boxes become their upright hull."
    )
    tags = ("image segmentation", "object detection")

    def offered(self, label_config: LabelConfig) -> bool:
        parsed = label_config.parsed().values()
        inputs = [each for control in parsed for each in control["inputs"]]
        fields = {each[key] for each in inputs for key in ("value", "valueList") if key in each}
        asked = {control["type"] for control in parsed}
        if len(fields) != 1 or any("valueList" in each for each in inputs):
            return False
        if "Image" not in {each["type"] for each in inputs}:
            return False
        return bool(asked & {"RectangleLabels", "PolygonLabels"}) or (
            "Labels" in asked and bool(asked & {"Rectangle", "Polygon"})
        )

    def files(self, rows: Iterator[Row], context: ExportContext) -> Iterator[ExportFile]:
        classes = Classes(context.label_config.parsed())
        field, stems = _field(context.label_config), Stems()
        yield ExportFile("images/", b"")
        yield ExportFile("labels/", b"")
        for row in rows:
            annotation = _annotation(row, context)
            url = _picture(row, field)
            if annotation is None:
                continue
            if url is None:
                context.warn("task {task} has no picture and was left out", task=row["id"])
                continue
            stem = stems.take(url)
            yield ExportFile(f"labels/{stem}.txt", "".join(_lines(annotation, classes, context)).encode())
            if context.download_resources:
                yield from _image(url, stem, context)
        names = "".join(f"{category['name']}\n" for category in classes.categories)
        yield ExportFile("classes.txt", names.encode())
        yield ExportFile("notes.json", _notes(classes))


class YoloWithImagesExporter(YoloExporter):
    """The same with the pictures, whether they are asked for or not."""

    name = "YOLO_WITH_IMAGES"
    title = "YOLO with images"
    description = "As YOLO, and the pictures themselves in the folder images."
    needs_media = True


def _field(label_config: LabelConfig) -> str:
    """The field of the task's data that holds the picture."""
    inputs = [each for control in label_config.parsed().values() for each in control["inputs"]]
    return next((str(each["value"]) for each in inputs if "value" in each), "")


def _picture(row: Row, field: str) -> str | None:
    held = row["data"].get(field)
    given = held[-1] if isinstance(held, list) and held else held
    return given if isinstance(given, str) and given else None


def _annotation(row: Row, context: ExportContext) -> Mapping[str, Any] | None:
    """The one annotation whose boxes count: the oldest that holds anything, as in Label Studio's converter.

    :returns: an empty one for a picture without any; ``None`` if all were skipped.
    """
    given = row["annotations"]
    kept = sorted(
        (one for one in given if not one.get("was_cancelled")), key=lambda one: str(one["created_at"])
    )
    if given and not kept:
        return None
    filled = [one for one in kept if any(_known(item, context) for item in one["result"] or ())]
    if len(filled) > 1:
        context.warn(
            "task {task} has {count} annotations; the oldest was taken", task=row["id"], count=len(filled)
        )
    return filled[0] if filled else {"result": []}


def _known(item: Mapping[str, Any], context: ExportContext) -> bool:
    return context.label_config.facts_of(item.get("from_name")) is not None


def _lines(annotation: Mapping[str, Any], classes: Classes, context: ExportContext) -> Iterator[str]:
    for item in _in_order(annotation["result"] or (), context):
        value = item.get("value") or {}
        labels = [label for key in LABEL_KEYS for label in value.get(key) or ()]
        # Every label gets its number, also one whose shape cannot be written: numbers do not depend on shapes.
        numbers = [classes.number(str(label)) for label in labels]
        shape = _shape(value, item)
        if shape is not None:
            yield from (f"{number} {' '.join(map(str, shape))}\n" for number in numbers)


def _in_order(result: Any, context: ExportContext) -> Iterator[Mapping[str, Any]]:
    """The results of known controls: those of one control after the other, as each first comes."""
    by_control: dict[str, list[Mapping[str, Any]]] = {}
    for item in result:
        if _known(item, context):
            by_control.setdefault(item["from_name"], []).append(item)
    for items in by_control.values():
        yield from items


def _shape(value: Mapping[str, Any], item: Mapping[str, Any]) -> Any:
    if "rectanglelabels" in value or "labels" in value:
        return geometry.box(value, item.get("original_width") or 0, item.get("original_height") or 0)
    return geometry.polygon(value.get("points"))


def _image(url: str, stem: str, context: ExportContext) -> Iterator[ExportFile]:
    try:
        with context.open_media(url) as picture:
            yield ExportFile(f"images/{stem}{suffix_of(url)}", iter(lambda: picture.read(PIECE), b""))
    except MediaUnavailable as error:
        context.warn("a picture was left out: {reason}", reason=str(error))


def _notes(classes: Classes) -> bytes:
    info = {"year": datetime.now(UTC).year, "version": "1.0", "contributor": "Labelwright"}
    return orjson.dumps({"categories": classes.categories, "info": info}, option=orjson.OPT_INDENT_2)
