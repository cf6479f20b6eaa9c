"""What one row of the table says: a task's data, and one annotation's answers by control."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from labelwright.api import LabelConfig, Row

LONG_NUMBER = re.compile(rb"[:,\[]\s*-?\d{19}")
"""Digits that a quick reader may round."""
MESSAGES = ("Chat", "chatmessage")
WORDS = {"Choices": "choices", "TextArea": "text"}
"""Controls whose single answer stands as the word itself, and where in the value it is."""


@dataclass(frozen=True, slots=True)
class Record:
    task: int
    data: Mapping[str, Any]
    answers: Mapping[str, Any]
    """Control to what is written of it; with ``<control>_transcript`` for those that hold a conversation."""
    controls: tuple[str, ...]
    annotator: str | None
    annotation: Mapping[str, Any]
    agreement: tuple[Any, ...]
    """Empty unless the task has one."""


def records(row: Row, label_config: LabelConfig) -> Iterator[Record]:
    """One record an annotation, newest first; skipped ones give none, and a task without annotations gives one."""
    task = row.value
    if any(map(_may_be_rounded, task["data"].values())) and LONG_NUMBER.search(row.raw):
        task = json.loads(row.raw)
    agreement = (task["agreement"],) if "agreement" in task else ()
    annotations = task["annotations"]
    if not annotations:
        yield Record(task["id"], task["data"], {}, (), None, {}, ())
        return
    kept = [annotation for annotation in annotations if not annotation.get("was_cancelled")]
    for annotation in sorted(kept, key=_age, reverse=True):
        answers, controls = _answers(annotation.get("result") or [], label_config)
        yield Record(
            task["id"], task["data"], answers, controls, _annotator(annotation), annotation, agreement
        )


def _may_be_rounded(value: Any) -> bool:
    """Whether there may be a whole number of more than 64 bits in a value, which the quick reader makes a decimal."""
    return isinstance(value, dict | list) or (isinstance(value, float) and abs(value) >= 1e18)


def _age(annotation: Mapping[str, Any]) -> tuple[str, int]:
    """Answers of one import have one moment; the ids tell which came later."""
    return str(annotation.get("created_at") or ""), annotation.get("id") or 0


def _annotator(annotation: Mapping[str, Any]) -> str | None:
    author = annotation.get("completed_by")
    if isinstance(author, Mapping):
        author = author.get("email")
    return None if author is None else str(author)


def _answers(
    result: list[dict[str, Any]], label_config: LabelConfig
) -> tuple[dict[str, Any], tuple[str, ...]]:
    gathered: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for item in result:
        from_name = str(item.get("from_name") or "")
        facts = label_config.facts_of(from_name)
        if facts:
            gathered.setdefault(from_name, []).append((facts["type"], _value(item)))
        elif from_name and (item.get("type") == "chatmessage" or label_config.asks_nothing):
            gathered.setdefault(from_name, []).append((item.get("type") or "unknown", _value(item)))
    answers: dict[str, Any] = {}
    for name, values in gathered.items():
        answers[name] = _shown(values)
        if any(kind in MESSAGES for kind, _ in values):
            answers[f"{name}_transcript"] = _transcript(answers[name])
    return answers, tuple(gathered)


def _value(item: Mapping[str, Any]) -> dict[str, Any]:
    value = dict(item.get("value") or {})
    for name in ("original_width", "original_height"):
        if name in item:
            value[name] = item[name]
    return value


def _shown(values: list[tuple[str, dict[str, Any]]]) -> Any:
    short = [_short(kind, value) for kind, value in values]
    return short[0] if len(short) == 1 and values[0][0] in WORDS else short


def _short(kind: str, value: dict[str, Any]) -> Any:
    if kind in MESSAGES:
        return value.get("chatmessage", value)
    answer = value.get(WORDS.get(kind, ""))
    return answer[0] if isinstance(answer, list | str) and len(answer) == 1 else value


def _transcript(messages: Any) -> str:
    """A conversation to read: ``user: Hello``, a line for each message."""
    lines = []
    for message in messages if isinstance(messages, list) else ():
        if isinstance(message, Mapping):
            role, content = str(message.get("role", "")), str(message.get("content", ""))
            lines.append(f"{role}: {content}" if role and content else f"{role}:" if role else content)
    return "\n".join(lines)
