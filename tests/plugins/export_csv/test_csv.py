"""CSV, TSV and JSON_MIN: what label_studio_sdk's converter writes of the same answers, but for its faults."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from label_studio_sdk.converter import Converter

from labelwright.api import ExportContext, Exporter, InvalidFields, LabelConfig, ProjectSnapshot, Row
from labelwright.label_config import parse
from labelwright.tags import TagSet
from labelwright_export_csv import CsvExporter, TsvExporter, register_settings
from labelwright_export_json import JsonMinExporter
from tests.core.label_config.gallery import GALLERY

FAULTS = {
    "float": "ujson writes small and huge numbers inside of lists and objects by rules of its own, which change from "
    "one of its releases to the next; the numbers are the same",
    "nobody": 'an annotation whose author is gone has the author "None" there; here the cell is empty',
    "huge": "it stops at a whole number of more than 64 bits; here it is written as it is",
    "no value": "it stops at a region without a value; here the answer is an empty object",
    "suffix": "a TSV file is called .csv there; a program that goes by the name reads it as one column",
}
"""Where the converter is not followed, and why. Each has a test below, or cannot be met by the gallery's answers."""

XML = """<View><Text name="text" value="$text"/>
<Choices name="mood" toName="text" choice="multiple"><Choice value="Good"/><Choice value="Bad"/></Choices>
<TextArea name="why" toName="text"/></View>"""
DATA = [
    {"text": 'a "b", c\nd\te', "n": 3, "share": 2.5, "ok": True, "none": None, "l": ["a/b", 1, 0.25, None],
     "名": {"键": "值/"}},
    {"text": "=1+1", "n": "3", "extra": -7, "id": "own", "annotator": "theirs"},
    {"text": "", "image": "/data/upload/1/a.png"},
]  # fmt: skip


def region(control: str, facts: dict[str, Any], number: int) -> dict[str, Any]:
    """An answer of a control: one word, several, or whatever else its type holds; with sizes now and then."""
    name = re.sub(r"\{\{.*?\}\}", "0", control)
    kind = facts["type"]
    labels = facts["labels"] or ["one", "two"]
    values: dict[str, dict[str, Any]] = {
        "Choices": {"choices": labels[: 1 + number % 2]},
        "TextArea": {"text": ["x/y", "é"][: 1 + number % 2]},
        "Rating": {"rating": 4},
        "Taxonomy": {"taxonomy": [["A", "B"], ["C"]]},
        "Chat": {"chatmessage": {"role": "user", "content": 'Hi "you"'}},
    }
    value = values.get(kind, {"start": number, "x": 12.5, "labels": labels[:1]})
    made = {"from_name": name, "to_name": "t", "type": kind.lower(), "id": f"r{number}", "value": value}
    return made | ({"original_width": 640, "original_height": 480} if number % 3 == 0 else {})


def tasks_of(config: LabelConfig) -> list[dict[str, Any]]:
    """Tasks with one, two, skipped and no annotations, and answers of each control; one field has a control's name."""
    controls = config.parsed()
    regions = [region(name, facts, number) for number, (name, facts) in enumerate(controls.items())]
    again = [region(name, facts, number + 1) for number, (name, facts) in enumerate(controls.items())]
    strange = {"from_name": "gone", "type": "x", "value": {}}
    sent = {"completed_by": {"id": 2, "email": "a@b.c"}}
    shared = {next(iter(controls), "text"): "of the data"}
    known = {
        "completed_by": 1,
        "updated_at": "2026-02-01T00:00:00Z",
        "lead_time": 1.5,
        "was_cancelled": False,
    }
    annotation = [
        known | {"id": number, "created_at": f"2026-01-0{number}T00:00:00Z", "result": result}
        for number, result in enumerate((regions, again, regions + again, [], [strange]), 1)
    ]  # fmt: skip
    return [
        {"id": 1, "data": DATA[0], "annotations": [annotation[0]]},
        {"id": 2, "data": DATA[1] | shared, "annotations": [annotation[1], annotation[2]]},
        {"id": 3, "data": DATA[2], "annotations": [annotation[3], annotation[4] | sent]},
        {"id": 4, "data": {"text": "skipped"}, "annotations": [annotation[3] | {"was_cancelled": True}]},
        {"id": 5, "data": {"text": "open"}, "annotations": []},
    ]  # fmt: skip


def written(exporter: Exporter, tasks: list[dict[str, Any]], config: LabelConfig, **options: str) -> bytes:
    out = io.BytesIO()
    project = ProjectSnapshot(1, "Texts", 1, config, datetime.now(UTC))
    settings = {setting.name: setting.default for setting in register_settings()}
    context = ExportContext(project, config, options=options, settings=settings)
    exporter.write(iter([Row(json.dumps(task).encode()) for task in tasks]), out, context)
    return out.getvalue()


def theirs(config: LabelConfig, tasks: list[dict[str, Any]], format_name: str, folder: Path) -> bytes:
    """By the converter, set up as Label Studio's server does: with the configuration parsed."""
    source = folder / "tasks.json"
    source.write_text(json.dumps(tasks))
    converter = Converter(config.parsed(), str(folder))
    converter.convert(str(source), str(folder / format_name), format_name, is_dir=False)
    (made,) = (folder / format_name).iterdir()
    return made.read_bytes()


def rows_of(table: bytes, separator: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline=""), delimiter=separator))


@pytest.mark.parametrize("name", sorted(GALLERY))
def test_it_is_what_the_converter_writes(name: str, tags: TagSet, tmp_path: Path) -> None:
    config = parse(GALLERY[name], tags)
    tasks = tasks_of(config)
    assert written(CsvExporter(), tasks, config) == theirs(config, tasks, "CSV", tmp_path)
    assert written(TsvExporter(), tasks, config) == theirs(config, tasks, "TSV", tmp_path)
    expected = json.loads(theirs(config, tasks, "JSON_MIN", tmp_path))
    assert json.loads(written(JsonMinExporter(), tasks, config)) == expected


@pytest.fixture
def config(tags: TagSet) -> LabelConfig:
    return parse(XML, tags)


def test_a_table_of_nothing_is_a_header(config: LabelConfig, tmp_path: Path) -> None:
    assert written(CsvExporter(), [], config) == theirs(config, [], "CSV", tmp_path)


def test_answers_that_the_converter_stops_at_are_written(config: LabelConfig) -> None:
    result = [{"from_name": "mood", "to_name": "text", "type": "choices"}]
    annotation = {"id": 7, "created_at": "2026-01-01", "completed_by": None, "result": result}
    task = {"id": 1, "data": {"n": 10**30, "l": [10**30]}, "annotations": [annotation]}
    (row,) = rows_of(written(CsvExporter(), [task], config))
    assert (row["n"], row["l"]) == (str(10**30), f"[{10**30}]")
    assert (row["mood"], row["annotator"]) == ("{}", "")


def test_small_numbers_in_objects_are_the_same_numbers(config: LabelConfig) -> None:
    numbers = [2.8e-05, 1e22, 1e-7, 123456.789, 1e300]
    (row,) = rows_of(written(CsvExporter(), [{"id": 1, "data": {"l": numbers}, "annotations": []}], config))
    assert json.loads(row["l"]) == numbers


def test_the_mark_for_excel_is_an_option(config: LabelConfig) -> None:
    tasks = tasks_of(config)
    plain = written(CsvExporter(), tasks, config)
    assert written(CsvExporter(), tasks, config, bom="1") == b"\xef\xbb\xbf" + plain
    assert written(CsvExporter(), tasks, config, bom="false") == plain


@pytest.mark.parametrize("exporter", [CsvExporter(), TsvExporter()])
def test_formulas_are_guarded_when_asked_for(exporter: CsvExporter, config: LabelConfig) -> None:
    texts = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "＝1", "a=1", ""]
    tasks = [
        {"id": number, "data": {"text": text, "=name": -5}, "annotations": []}
        for number, text in enumerate(texts)
    ]
    guarded = rows_of(written(exporter, tasks, config, guard_formulas="true"), exporter.separator)
    assert [row["text"] for row in guarded] == [*(f"'{text}" for text in texts[:-2]), "a=1", ""]
    assert guarded[0]["'=name"] == "-5", "a number is no formula, and the header has cells too"
    assert [row["text"] for row in rows_of(written(exporter, tasks, config), exporter.separator)] == texts


def test_an_option_that_is_none_is_refused_before_anything_is_written(config: LabelConfig) -> None:
    with pytest.raises(InvalidFields) as refused:
        written(CsvExporter(), [], config, bom="perhaps")
    assert "bom" in refused.value.fields
