"""Pairwise, List, Ranker and Bucket; the results are those that Label Studio 1.23.2 was seen to save."""

from __future__ import annotations

from typing import Any

import pytest

from labelwright.errors import InvalidRegion
from labelwright.label_config import parse
from labelwright.label_config.results import result_schema, sample_result
from labelwright.tags import TagSet

PAIR = '<View><Text name="a" value="$a"/><Text name="b" value="$b"/><Pairwise name="p" toName="a,b"/></View>'
RANKER = """<View><List name="l" value="$items"/>
  <Ranker name="r" toName="l"><Bucket name="good"/><Bucket name="bad"/></Ranker></View>"""
SAVED_PAIR = {
    "id": "r2fKlhZfSO", "from_name": "p", "to_name": "p", "type": "pairwise", "value": {"selected": "right"},
}  # fmt: skip
ORDERS = [{"r": ["b", "c", "a"]}, {"_": ["b", "c"], "good": ["a"], "bad": []}, {"good": ["1"]}, ["b", 1]]


def ranking(order: Any) -> dict[str, Any]:
    return {"value": {"ranker": order}, "id": "x", "from_name": "r", "to_name": "l", "type": "ranker"}


def test_a_saved_choice_between_two_is_taken(tags: TagSet) -> None:
    config = parse(PAIR, tags)
    assert config.warnings == ()
    assert config.check([SAVED_PAIR]) == ()
    assert config.prediction_errors({"result": [SAVED_PAIR]}) == []
    assert config.prediction_errors({"result": [{**SAVED_PAIR, "to_name": "a,b"}]}) == []
    assert sample_result(config)[0]["to_name"] == "p"
    value = result_schema(config)["items"]["anyOf"][0]["properties"]["value"]
    assert value["properties"]["selected"]["enum"] == ["left", "right"]


def test_a_pair_of_one_is_warned_of(tags: TagSet) -> None:
    xml = '<View><Text name="a" value="$a"/><Pairwise name="p" toName="a"/></View>'
    assert [problem.code for problem in parse(xml, tags).warnings] == ["not-two-targets"]


@pytest.mark.parametrize("order", ORDERS)
def test_saved_orders_are_taken(order: Any, tags: TagSet) -> None:
    config = parse(RANKER, tags)
    assert config.warnings == ()
    assert config.check([ranking(order)]) == ()


@pytest.mark.parametrize(
    ("order", "field"), [("abc", ""), ([["a"]], ""), ({"good": "a"}, ".good"), ({"good": [None]}, ".good")]
)  # fmt: skip
def test_what_is_no_order_is_refused_at_its_place(order: Any, field: str, tags: TagSet) -> None:
    with pytest.raises(InvalidRegion) as refusal:
        parse(RANKER, tags).check([ranking(order)])
    assert (refusal.value.field or "").startswith(f"result.0.value.ranker{field}")


def test_a_list_takes_what_its_sample_shows(tags: TagSet) -> None:
    config = parse(RANKER, tags)
    config.check_task(config.sample_task())
