"""Image, Rectangle and RectangleLabels: percentages of the picture, turned about the first corner."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelwright.errors import InvalidRegion
from labelwright.label_config import bare, parse
from labelwright.tags import TagSet

BOX = {"x": 10, "y": 20, "width": 30, "height": 40}


@pytest.mark.parametrize("name", ["Rectangle", "RectangleLabels"])
@pytest.mark.parametrize(
    "change", [{}, {"rotation": 359.5}, {"x": -4.25}, {"y": 100.5}, {"width": 0}, {"rotation": None}]
)
def test_a_box_is_accepted(name: str, change: dict[str, Any], tags: TagSet) -> None:
    tags[name].check({**BOX, **change}, bare(tags[name]))


@pytest.mark.parametrize("name", ["Rectangle", "RectangleLabels"])
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"x": "1"}, "x"),
        ({"y": None}, "y"),
        ({"width": -1}, "width"),
        ({"height": []}, "height"),
        ({"rotation": "a"}, "rotation"),
    ],
)
def test_what_is_no_box_is_refused(name: str, change: dict[str, Any], field: str, tags: TagSet) -> None:
    with pytest.raises(InvalidRegion) as refusal:
        tags[name].check({**BOX, **change}, bare(tags[name]))
    assert refusal.value.field == field


@given(
    st.fixed_dictionaries(
        {key: st.floats(0, 100) for key in BOX}, optional={"rotation": st.floats(-360, 360)}
    )
)
def test_any_finite_box_is_accepted(tags: TagSet, box: dict[str, float]) -> None:
    tags["Rectangle"].check(box, bare(tags["Rectangle"]))


def test_boxes_are_drawn_on_any_object_with_two_dimensions(tags: TagSet) -> None:
    assert tags["RectangleLabels"].capabilities == {
        "provides": ["region:rectangle"],
        "requires": ["space:2d"],
    }
    assert tags["Image"].capabilities["provides"] == ["space:2d"]


def test_the_sample_picture_needs_no_network(tags: TagSet) -> None:
    xml = '<View><Image name="i" value="$one"/><Image name="j" valueList="$many"/></View>'
    sample = parse(xml, tags).sample_task()
    assert sample["one"].startswith("data:image/svg+xml")
    assert len(sample["many"]) == 2


def test_labels_of_boxes_may_come_with_the_data(tags: TagSet) -> None:
    xml = '<View><Image name="i" value="$i"/><RectangleLabels name="r" toName="i" value="$labels"/></View>'
    config = parse(xml, tags)
    assert config.warnings == ()
    assert config.controls["r"].has_dynamic_labels
    assert config.sample_task()["labels"][0].keys() == {"value"}


def test_boxes_do_not_go_on_text(tags: TagSet) -> None:
    config = parse('<View><Text name="t" value="$t"/><RectangleLabels name="r" toName="t"/></View>', tags)
    assert [warning.message for warning in config.warnings] == ["RectangleLabels cannot be used on Text"]
