"""Choices: lists of answers, or of paths to answers."""

from __future__ import annotations

from typing import Any

import pytest

from labelwright.errors import InvalidRegion
from labelwright.label_config import LabelConfig, parse
from labelwright.tags import TagSet

NESTED = """<View><Text name="t" value="$t"/><Choices name="c" toName="t" allowNested="true">
<Choice value="Animal"><Choice value="Cat" alias="felis"/></Choice><Choice value="Plant"/></Choices></View>"""


@pytest.fixture
def config(tags: TagSet) -> LabelConfig:
    return parse(NESTED, tags)


def answer(choices: Any) -> list[dict[str, Any]]:
    return [{"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": choices}}]


@pytest.mark.parametrize(
    "choices", [[], ["Plant"], ["Plant", "Animal"], [["Animal", "felis"]], ["Plant", ["Animal"]]]
)
def test_answers_and_paths_are_accepted(choices: Any, config: LabelConfig) -> None:
    assert config.check(answer(choices)) == ()


@pytest.mark.parametrize(
    ("choices", "field"),
    [
        ("Plant", "choices"),
        ([1], "choices.0"),
        (["Plant", []], "choices.1"),
        ([["Animal", 2]], "choices.0"),
        (None, "choices"),
    ],
)
def test_other_answers_are_refused(choices: Any, field: str, config: LabelConfig) -> None:
    with pytest.raises(InvalidRegion) as refusal:
        config.check(answer(choices))
    assert refusal.value.field == f"result.0.value.{field}"


def test_labels_are_aliases_or_values_in_order(config: LabelConfig) -> None:
    assert config.labels == {"c": ("Animal", "felis", "Plant")}


def test_answers_may_stand_in_views(tags: TagSet) -> None:
    xml = NESTED.replace("<Choice value=", "<View><Choice value=", 1).replace(
        '<Choice value="Plant"/>', "</View>"
    )
    assert parse(xml, tags).labels == {"c": ("Animal", "felis")}


@pytest.mark.parametrize(("nested", "has_children"), [("false", False), ("true", True)])
def test_the_sample_of_dynamic_answers_is_nested_where_that_is_allowed(
    nested: str, has_children: bool, tags: TagSet
) -> None:
    xml = f'<View><Text name="t" value="$t"/><Choices name="c" toName="t" value="$c" allowNested="{nested}"/></View>'
    config = parse(xml, tags)
    assert any("children" in choice for choice in config.sample_task()["c"]) is has_children
    assert config.check(answer(["anything"])) == ()


def test_every_parameter_of_label_studio_is_known(tags: TagSet) -> None:
    shared = {"name", "toName", "required", "requiredMessage", "perRegion", "perItem", "displayMode"}
    conditions = {"visibleWhen", "whenTagName", "whenLabelValue", "whenChoiceValue"}
    own = {"choice", "layout", "showInline", "value", "allowNested"}
    assert shared | conditions | own <= tags["Choices"].all_attributes.keys()
    assert {"value", "alias", "selected", "hotkey", "html", "hint", "style", "color"} <= tags[
        "Choice"
    ].all_attributes.keys()
