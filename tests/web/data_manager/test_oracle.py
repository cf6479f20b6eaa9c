"""Any filter over a small project finds what plain Python finds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.application import SENTIMENT, Api, mood
from tests.web.shared import api, house

__all__ = ["api", "house"]

TEXTS = [
    "Rain in Spain",
    "rain",
    "",
    "50% off_season",
    "日本の雪",
    "Ärger",
    'a "quoted" \\ word',
    "10",
    "-3.5",
]
DATA: list[dict[str, Any]] = [
    {"text": text, "n": number, **rest}
    for text, number, rest in zip(
        TEXTS,
        [1, 2.5, -3, "7", None, 10, 100, 0, "no number"],
        [{"a": {"b": "x"}}, {"a": {"b": 5}}, {"k y": "rain"}, {}, {"flag": True}, {"flag": False}, {"a": "flat"},
         {"ключ": "Spain"}, {'q"': "rain"}],
        strict=True,
    )
]  # fmt: skip
ANSWERED = {0: 1, 1: 2, 4: 1}
"""Place of a task to the number of its annotations."""


@pytest.fixture(scope="module")
def small(house: Any) -> tuple[Api, int, list[int]]:
    api = house.api()
    project = api.project(SENTIMENT)
    ids = api.tasks(project, *({"data": data} for data in DATA))
    for place, number in ANSWERED.items():
        for _ in range(number):
            api.annotate(ids[place], mood())
    return api, project, ids


def look_up(data: Any, path: str) -> Any:
    for name in path.split("."):
        data = data.get(name) if isinstance(data, dict) else None
    return data


def as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def as_number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    text = as_text(value) or ""
    return float(text) if re.fullmatch(r"-?(\d+([.]\d*)?|[.]\d+)", text) else None


TEXT: dict[str, Callable[[str | None, Any], bool]] = {
    "contains": lambda text, value: text is not None and value.lower() in text.lower(),
    "starts_with": lambda text, value: text is not None and text.lower().startswith(value.lower()),
    "ends_with": lambda text, value: text is not None and text.lower().endswith(value.lower()),
    "equal": lambda text, value: text == value,
    "in_list": lambda text, value: text in value,
    "regex": lambda text, value: text is not None and re.search(value, text) is not None,
    "empty": lambda text, value: (not text) == value,
}
NUMBER: dict[str, Callable[[float, Any], bool]] = {
    "equal": lambda number, value: number == value,
    "less": lambda number, value: number < value,
    "greater": lambda number, value: number > value,
    "less_or_equal": lambda number, value: number <= value,
    "greater_or_equal": lambda number, value: number >= value,
    "in": lambda number, value: value["min"] <= number <= value["max"],
    "in_list": lambda number, value: number in value,
}
NOT = {"contains": "not_contains", "equal": "not_equal", "in": "not_in", "in_list": "not_in_list"}

words = st.sampled_from(
    ["rain", "RAIN", "a", "", "%", "_", "雪", "är", '"', "\\", "Rain in Spain", "10", "x", "5", "true"]
)
patterns = st.sampled_from(
    ["^[Rr]ain", "in$", "a.n", r"\bin\b", "[0-9]+", "", "(rain|雪)", "x{1,2}", "[^a-z]", r"\.5"]
)
numbers = st.sampled_from([-3, 0, 1, 2, 2.5, 7, 10, 100])
text_fields = st.sampled_from(["text", "n", "a.b", "a", "flag", "k y", "ключ", 'q"', "nothing"])


@st.composite
def conditions(draw: Any) -> dict[str, Any]:
    negative = draw(st.booleans())
    if draw(st.booleans()):
        column, kind = "data." + draw(text_fields), "String"
        operator = draw(st.sampled_from(list(TEXT)))
        values = {"in_list": st.lists(words, max_size=3), "regex": patterns, "empty": st.booleans()}
        value = draw(values.get(operator, words))
    else:
        column, kind = (
            draw(st.sampled_from(["data.n", "data.text", "data.a.b", "total_annotations"])),
            "Number",
        )
        operator = draw(st.sampled_from(list(NUMBER)))
        bounds = st.fixed_dictionaries({"min": numbers, "max": numbers})
        values = {"in_list": st.lists(numbers, max_size=3), "in": bounds}
        value = draw(values.get(operator, numbers))
    name = NOT[operator] if negative and operator in NOT else operator
    return {"filter": f"filter:tasks:{column}", "operator": name, "type": kind, "value": value}


def groups(items: Any) -> Any:
    return st.fixed_dictionaries(
        {"conjunction": st.sampled_from(["and", "or"]), "items": st.lists(items, min_size=1, max_size=3)}
    )


filters = groups(st.recursive(conditions(), groups, max_leaves=6))


def holds(place: int, wanted: dict[str, Any]) -> bool:
    if "items" in wanted:
        each = [holds(place, item) for item in wanted["items"]]
        return all(each) if wanted["conjunction"] == "and" else any(each)
    column = wanted["filter"].removeprefix("filter:tasks:")
    if column == "total_annotations":
        value: Any = ANSWERED.get(place, 0)
    else:
        value = look_up(DATA[place], column.removeprefix("data."))
    positive = {after: before for before, after in NOT.items()}.get(wanted["operator"], wanted["operator"])
    is_negative = positive != wanted["operator"]
    if wanted["type"] == "String":
        return TEXT[positive](as_text(value), wanted["value"]) != is_negative
    number = as_number(value)
    return number is not None and NUMBER[positive](number, wanted["value"]) != is_negative


@given(wanted=filters)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_filter_finds_what_plain_python_finds(
    small: tuple[Api, int, list[int]], wanted: dict[str, Any]
) -> None:
    api, project, ids = small
    query = {"project": project, "include": "id", "query": json.dumps({"filters": wanted})}
    answer = api("GET", "/api/tasks", query_string=query)
    assert answer.status_code == 200, answer.text
    expected = [task_id for place, task_id in enumerate(ids) if holds(place, wanted)]
    assert [task["id"] for task in answer.json["tasks"]] == expected
    assert answer.json["total"] == len(expected)
