"""JSON_MIN: one short record for each annotation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Any

import orjson

from labelwright.api import ExportContext, Exporter, LabelConfig, Row


class JsonMinExporter(Exporter):
    """The task's data, the answers under their controls' names, and who gave them when."""

    name = "JSON_MIN"
    title = "JSON-MIN"
    description = (
        "One record for each annotation: the task's data, and the answers under their controls' names."
    )
    suffix = ".json"
    media_type = "application/json"

    def write(self, rows: Iterator[Row], out: IO[bytes], context: ExportContext) -> None:
        separator = b"[\n"
        for row in rows:
            for record in records(row, context.label_config):
                out.write(separator)
                out.write(orjson.dumps(record))
                separator = b",\n"
        out.write(b"\n]" if separator == b",\n" else b"[\n\n]")


def records(row: Row, label_config: LabelConfig) -> Iterator[dict[str, Any]]:
    """One record an annotation, newest first; skipped ones give none, and a task without annotations gives one."""
    annotations = row["annotations"]
    if not annotations:
        yield _record(row, {}, {})
        return
    kept = [annotation for annotation in annotations if not annotation.get("was_cancelled")]
    for annotation in sorted(kept, key=lambda one: (one["created_at"], one["id"]), reverse=True):
        yield _record(row, _answers(annotation["result"] or [], label_config), annotation)


def _record(row: Row, answers: Mapping[str, Any], annotation: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row["data"],
        "id": row["id"],
        **answers,
        "annotator": _author(annotation.get("completed_by")),
        "annotation_id": annotation.get("id"),
        "created_at": annotation.get("created_at"),
        "updated_at": annotation.get("updated_at"),
        "lead_time": annotation.get("lead_time"),
    }


def _author(given: Any) -> Any:
    """The id, or the e-mail where a snapshot was made with its authors in full."""
    return given.get("email") if isinstance(given, Mapping) else given


def _answers(result: list[dict[str, Any]], label_config: LabelConfig) -> dict[str, Any]:
    """Control to its answers: the word alone where a choice or a text was asked once, else a list of values."""
    answers: dict[str, list[Any]] = {}
    for item in result:
        from_name = str(item.get("from_name") or "")
        facts = label_config.facts_of(from_name)
        if facts:
            answers.setdefault(from_name, []).append((facts["type"], _value(item)))
        elif from_name and (item.get("type") == "chatmessage" or label_config.asks_nothing):
            answers.setdefault(from_name, []).append((item.get("type"), _value(item)))
    return {name: _prettified(values) for name, values in answers.items()}


def _value(item: Mapping[str, Any]) -> dict[str, Any]:
    sizes = {name: item[name] for name in ("original_width", "original_height") if name in item}
    return {**(item.get("value") or {}), **sizes}


def _prettified(values: list[tuple[str, dict[str, Any]]]) -> Any:
    short = [_shortened(tag_name, value) for tag_name, value in values]
    return short[0] if len(short) == 1 and values[0][0] in _WORDS else short


_WORDS = {"Choices": "choices", "TextArea": "text"}
"""Controls whose single answer stands as the word itself, and where in the value it is."""


def _shortened(tag_name: str, value: dict[str, Any]) -> Any:
    if tag_name in ("Chat", "chatmessage"):
        return value.get("chatmessage", value)
    answer = value.get(_WORDS.get(tag_name, ""))
    return answer[0] if isinstance(answer, list) and len(answer) == 1 else value
