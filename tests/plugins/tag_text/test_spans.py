"""Text and Labels: spans in code points, end exclusive."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelwright.errors import InvalidRegion
from labelwright.label_config import LabelConfig, parse
from labelwright.tags import TagSet

SPANS = '<View><Labels name="l" toName="t"><Label value="A"/></Labels><Text name="t" value="$t"{}/></View>'
BESIDE_BOXES = """<View><Image name="i" value="$i"/><Rectangle name="r" toName="i"/>
<Labels name="l" toName="i"><Label value="A"/></Labels></View>"""


@pytest.fixture
def config(tags: TagSet) -> LabelConfig:
    return parse(SPANS.format(""), tags)


def span(start: Any, end: Any, **more: Any) -> list[dict[str, Any]]:
    value = {"start": start, "end": end, "labels": ["A"], **more}
    return [{"from_name": "l", "to_name": "t", "type": "labels", "value": value}]


@given(st.text(max_size=40), st.data())
def test_any_slice_of_a_python_string_is_a_span_without_doubt(
    tags: TagSet, text: str, data: st.DataObject
) -> None:
    text = text.replace("\r\n", "\n")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    config = parse(SPANS.format(""), tags)
    assert config.check(span(start, end, text=text[start:end]), {"t": text}) == ()


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        (3, 2, "start"),
        (-1, 2, "start"),
        (0, "2", "end"),
        (0, 1.5, "end"),
        (None, 1, "start"),
        (True, 1, "start"),
    ],
)
def test_what_is_no_span_is_refused(start: Any, end: Any, field: str, config: LabelConfig) -> None:
    with pytest.raises(InvalidRegion) as refusal:
        config.check(span(start, end))
    assert refusal.value.field == f"result.0.value.{field}"


def test_a_span_beyond_the_end_is_doubted_by_code_points(config: LabelConfig) -> None:
    assert config.check(span(0, 2), {"t": "𝔸𝔹"}) == ()
    assert [warning.code for warning in config.check(span(0, 3), {"t": "𝔸𝔹"})] == ["span-outside"]


def test_line_ends_of_windows_count_as_one(config: LabelConfig) -> None:
    assert config.check(span(0, 3), {"t": "a\r\nb"}) == ()
    assert [warning.code for warning in config.check(span(0, 4), {"t": "a\r\nb"})] == ["span-outside"]


@pytest.mark.parametrize("attribute", [' valueType="url"', ' encoding="base64"'])
def test_a_text_that_is_elsewhere_or_encoded_is_not_measured(attribute: str, tags: TagSet) -> None:
    assert parse(SPANS.format(attribute), tags).check(span(0, 99), {"t": "aGk="}) == ()


def test_a_sample_span_is_one_of_the_sample_text(config: LabelConfig) -> None:
    (sample,) = config.sample_result()
    value, text = sample["value"], config.sample_task()["t"]
    assert text[value["start"] : value["end"]] == value["text"]


def test_beside_a_drawing_tool_labels_ask_for_no_span(tags: TagSet) -> None:
    box = {"x": 1, "y": 1, "width": 1, "height": 1}
    result = [
        {"id": "a", "from_name": "r", "to_name": "i", "type": "rectangle", "value": box},
        {"id": "a", "from_name": "l", "to_name": "i", "type": "labels", "value": {**box, "labels": ["A"]}},
    ]
    config = parse(BESIDE_BOXES, tags)
    assert config.check(result) == ()
    assert config.prediction_errors({"result": result}) == []


def test_the_labelled_type_of_the_tool_beside_is_no_error_in_a_prediction(tags: TagSet) -> None:
    xml = BESIDE_BOXES.replace("Rectangle", "Odd")
    item = {"id": "a", "from_name": "l", "to_name": "i", "type": "oddlabels", "value": {"oddlabels": ["A"]}}
    assert parse(xml, tags).prediction_errors({"result": [item]}) == []
