"""JSON and JSON_MIN: what is written, and that label_studio_sdk's converter writes the same."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from label_studio_sdk.converter import Converter

from labelwright.api import ExportContext, Exporter, LabelConfig, ProjectSnapshot, Row
from labelwright.label_config import parse
from labelwright.tags import TagSet
from labelwright_export_json import JsonExporter, JsonMinExporter

XML = """<View><Text name="text" value="$text"/>
<Choices name="mood" toName="text" choice="multiple"><Choice value="Good"/><Choice value="Bad"/></Choices>
<Labels name="span" toName="text"><Label value="Name"/></Labels></View>"""


@pytest.fixture
def config(tags: TagSet) -> LabelConfig:
    return parse(XML, tags)


def mood(*choices: str) -> dict[str, Any]:
    return {
        "id": "m",
        "from_name": "mood",
        "to_name": "text",
        "type": "choices",
        "value": {"choices": list(choices)},
    }


def span(start: int) -> dict[str, Any]:
    value = {"start": start, "end": start + 2, "text": "ab", "labels": ["Name"]}
    return {"id": f"s{start}", "from_name": "span", "to_name": "text", "type": "labels", "value": value}


def annotation(number: int, *result: dict[str, Any], **facts: Any) -> dict[str, Any]:
    known = {"id": number, "completed_by": 1, "created_at": f"2026-01-0{number}", "updated_at": "2026-02-01"}
    return {**known, "lead_time": 1.5, "was_cancelled": False, "result": list(result), **facts}


TASKS = [
    {"id": 1, "data": {"text": "abc", "n": 3}, "annotations": [
        annotation(1, mood("Good")), annotation(2, mood("Good", "Bad")),
    ]},
    {"id": 2, "data": {"text": "名前"}, "annotations": [annotation(3, span(0), span(1), mood("Bad"))]},
    {"id": 3, "data": {"text": "skipped"}, "annotations": [annotation(4, was_cancelled=True)]},
    {"id": 4, "data": {"text": "none"}, "annotations": []},
    {"id": 5, "data": {"text": "odd"}, "annotations": [annotation(5, {"from_name": "gone", "type": "x", "value": {}})]},
]  # fmt: skip


def written(exporter: Exporter, tasks: list[dict[str, Any]], config: LabelConfig) -> bytes:
    out = io.BytesIO()
    context = ExportContext(ProjectSnapshot(1, "Texts", 1, config, datetime.now(UTC)), config)
    exporter.write(iter([Row(value=task) for task in tasks]), out, context)
    return out.getvalue()


def test_json_holds_every_task_as_it_is(config: LabelConfig) -> None:
    assert json.loads(written(JsonExporter(), TASKS, config)) == TASKS


def test_json_of_nothing_is_an_empty_list(config: LabelConfig) -> None:
    assert json.loads(written(JsonExporter(), [], config)) == []
    assert json.loads(written(JsonMinExporter(), [], config)) == []


def test_json_does_not_look_inside(config: LabelConfig) -> None:
    raw = b'{"id":1,"data":{"n":123456789012345678901234567890}}'
    out = io.BytesIO()
    context = ExportContext(ProjectSnapshot(1, "Texts", 1, config, datetime.now(UTC)), config)
    JsonExporter().write(iter([Row(raw)]), out, context)
    assert out.getvalue() == b"[" + raw + b"]"


def test_json_min_is_what_the_sdk_makes(config: LabelConfig, tmp_path: Path) -> None:
    source = tmp_path / "tasks.json"
    source.write_text(json.dumps(TASKS))
    Converter(XML, str(tmp_path)).convert_to_json_min(str(source), str(tmp_path / "out"), is_dir=False)
    expected = json.loads((tmp_path / "out" / "result.json").read_text())
    ours = json.loads(written(JsonMinExporter(), TASKS, config))
    # Where a task has no annotation, the SDK writes an empty object for the annotator.
    for record in expected:
        record["annotator"] = record["annotator"] or None
    assert ours == expected
