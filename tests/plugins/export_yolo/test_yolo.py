"""YOLO archives: the same as label_studio_sdk's converter makes, where that is right."""

from __future__ import annotations

import io
import json
import math
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from label_studio_sdk.converter import Converter

from labelwright.api import ExportContext, LabelConfig, MediaUnavailable, ProjectSnapshot, Row
from labelwright.label_config import parse
from labelwright.services.exports import archive
from labelwright.tags import TagSet
from labelwright_export_yolo import geometry
from labelwright_export_yolo.exporter import YoloExporter, YoloWithImagesExporter

XML = """<View><Image name="image" value="$image"/><RectangleLabels name="box" toName="image">
<Label value="Lorry"/><Label value="Car"/><Label value="Bus" category="7"/></RectangleLabels>
<Choices name="light" toName="image"><Choice value="Day"/></Choices></View>"""


@pytest.fixture
def config(tags: TagSet) -> LabelConfig:
    return parse(XML, tags)


def box(*labels: str, x: float = 10.0, rotation: float = 0) -> dict[str, Any]:
    value = {"x": x, "y": 20.5, "width": 30, "height": 40.123456789, "rotation": rotation}
    return {
        "id": "r1", "from_name": "box", "to_name": "image", "type": "rectanglelabels", "original_width": 800,
        "original_height": 600, "value": {**value, "rectanglelabels": list(labels)},
    }  # fmt: skip


def day() -> dict[str, Any]:
    return {
        "id": "c",
        "from_name": "light",
        "to_name": "image",
        "type": "choices",
        "value": {"choices": ["Day"]},
    }


def task(number: int, url: str, *results: list[dict[str, Any]] | None) -> dict[str, Any]:
    """A task with an annotation for each result; ``None`` is a skipped one."""
    annotations = [
        {
            "id": number * 10 + place,
            "created_at": f"2026-01-0{place + 1}T00:00:00.000000Z",
            "completed_by": 1,
            "was_cancelled": result is None,
            "result": result or [],
        }
        for place, result in enumerate(results)
    ]
    return {"id": number, "data": {"image": url}, "annotations": annotations}


TASKS = [
    task(1, "/data/upload/1/abcd1234-cat.png", [box("Car")]),
    task(2, "https://example.org/a/b.jpg?size=1", [box("Bus", "Lorry"), box("Unheard", x=1), day()]),
    task(3, "https://example.org/c/b.jpg", [box("Car", x=5)], [box("Lorry", x=50)]),
    task(4, "s3://bucket/folder/y.jpeg", [], [box("Car")]),
    task(5, "/data/local-files/?d=a/b/q.png", [day()]),
    task(6, "/data/upload/1/no-answers.png"),
    task(7, "/data/upload/1/skipped.png", None),
    task(8, "/data/upload/1/empty.png", []),
    task(9, "/data/upload/1/skipped-and-not.png", None, [box("Bus")]),
]


def ours(tasks: list[dict[str, Any]], config: LabelConfig, **facts: Any) -> dict[str, bytes]:
    snapshot = ProjectSnapshot(1, "Streets", 1, config, datetime.now(UTC))
    out = io.BytesIO()
    context = ExportContext(snapshot, config, **facts)
    archive.write(YoloExporter().files(iter([Row(value=one) for one in tasks]), context), out)
    with zipfile.ZipFile(out) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def theirs(tasks: list[dict[str, Any]], folder: Path) -> dict[str, bytes]:
    source = folder / "tasks.json"
    source.write_text(json.dumps(tasks))
    Converter(XML, str(folder), download_resources=False).convert_to_yolo(
        str(source), str(folder / "out"), is_dir=False
    )
    found = sorted((folder / "out").rglob("*"))
    return {str(path.relative_to(folder / "out")): path.read_bytes() for path in found if path.is_file()}


def test_every_file_is_the_one_that_the_sdk_makes(config: LabelConfig, tmp_path: Path) -> None:
    made, expected = ours(TASKS, config), theirs(TASKS, tmp_path)
    labels = {
        name: content for name, content in made.items() if name.startswith("labels/") and name != "labels/"
    }
    assert labels == {name: content for name, content in expected.items() if name.startswith("labels/")}
    assert made["classes.txt"] == expected["classes.txt"]
    assert json.loads(made["notes.json"])["categories"] == json.loads(expected["notes.json"])["categories"]


def test_a_turned_box_becomes_its_upright_hull(config: LabelConfig) -> None:
    """A square of 200 pixels in a picture of 800 x 600, turned by 45 degrees about its corner."""
    square = {"x": 50, "y": 50, "width": 25, "height": 100 / 3, "rotation": 45}
    shape = geometry.box(square, 800, 600)
    assert shape is not None
    diagonal = 200 * math.sqrt(2)
    assert shape == pytest.approx((0.5, (300 + diagonal / 2) / 600, diagonal / 800, diagonal / 600))


def test_a_full_turn_changes_nothing(config: LabelConfig) -> None:
    value = {"x": 10, "y": 20, "width": 30, "height": 40}
    assert geometry.box({**value, "rotation": 360}, 800, 600) == pytest.approx(geometry.box(value, 800, 600))


def test_pictures_of_one_name_get_files_of_their_own(config: LabelConfig) -> None:
    tasks = [
        task(1, "s3://one/x/y.png", [box("Car")]),
        task(2, "s3://two/x/Y.jpg", [box("Bus")]),
        task(3, "s3://two/y.gif", [box("Lorry")]),
    ]
    made = ours(tasks, config)
    assert made["labels/y.txt"].startswith(b"0 ")
    assert made["labels/Y-2.txt"].startswith(b"7 ")
    assert made["labels/y-3.txt"].startswith(b"2 ")


def test_names_stay_inside_the_archive(config: LabelConfig) -> None:
    tasks = [
        task(1, "s3://b/..%2f..%2fetc/..\\..\\evil.png", [box("Car")]),
        task(2, "file:///etc/passwd", [box("Car")]),
    ]
    names = list(ours(tasks, config))
    assert all(
        ".." not in name.split("/") and not name.startswith("/") and "\\" not in name for name in names
    )


def test_pictures_come_along_when_they_are_asked_for(config: LabelConfig) -> None:
    def open_media(url: str) -> io.BytesIO:
        if "gone" in url:
            raise MediaUnavailable(f"{url} is gone")
        return io.BytesIO(b"PNG")

    tasks = [task(1, "/data/upload/1/a.png", [box("Car")]), task(2, "/data/upload/1/gone.png", [box("Car")])]
    made = ours(tasks, config, open_media=open_media, download_resources=True)
    assert made["images/a.png"] == b"PNG"
    assert "images/gone.png" not in made
    assert "labels/gone.txt" in made


@pytest.mark.parametrize(
    ("xml", "is_offered"),
    [
        (XML, True),
        ('<View><Text name="t" value="$t"/><Labels name="l" toName="t"><Label value="A"/></Labels></View>', False),
        ('<View><Image name="i" value="$i"/><Choices name="c" toName="i"><Choice value="A"/></Choices></View>', False),
    ],
    ids=["boxes", "spans", "choices"],
)  # fmt: skip
def test_it_is_offered_where_there_are_boxes(tags: TagSet, xml: str, is_offered: bool) -> None:
    assert YoloExporter().offered(parse(xml, tags)) is is_offered
    assert YoloWithImagesExporter().offered(parse(xml, tags)) is is_offered
