"""Results: what nobody could read is refused with its path, what is only odd passes with a warning."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from labelwright.errors import InvalidRegion
from labelwright.label_config import LabelConfig, parse
from labelwright.tags import TagSet
from tests.core.label_config.gallery import GALLERY

CONFIG = """<View>
  <Image name="img" value="$image"/><Text name="txt" value="$text"/>
  <RectangleLabels name="box" toName="img"><Label value="Car"/><Label value="Bus" alias="b"/></RectangleLabels>
  <Labels name="span" toName="txt"><Label value="PER"/></Labels>
  <Choices name="q" toName="img" perRegion="true"><Choice value="Yes"/></Choices>
  <Movie name="movie" toName="img"/>
</View>"""
BOX = {"x": 1, "y": 2.5, "width": 3, "height": 4, "rotation": 0, "rectanglelabels": ["Car"]}
SPAN = {"start": 0, "end": 3, "text": "Ada", "labels": ["PER"]}


@pytest.fixture
def config(tags: TagSet) -> LabelConfig:
    return parse(CONFIG, tags)


def box(**changes: Any) -> dict[str, Any]:
    value = {key: held for key, held in {**BOX, **changes}.items() if held is not ...}
    return {"id": "a", "from_name": "box", "to_name": "img", "type": "rectanglelabels", "value": value}


def span(**changes: Any) -> dict[str, Any]:
    return {"id": "s", "from_name": "span", "to_name": "txt", "type": "labels", "value": {**SPAN, **changes}}


GOOD = {
    "box": box(),
    "box beyond the picture": box(x=-3.2, y=104),
    "box without labels": box(rectanglelabels=...),
    "box with keys of others": box(note={"any": "thing"}, rotation=None),
    "box with the size of the picture": {**box(), "original_width": 640, "original_height": 480, "image_rotation": 0},
    "span": span(),
    "span without words": span(text=None),
    "choice": {"from_name": "q", "to_name": "img", "type": "choices", "value": {"choices": ["Yes"]}},
    "choice of a region": {
        "id": "a", "from_name": "q", "to_name": "img", "type": "choices", "value": {**BOX, "choices": ["Yes"]},
    },
    "relation": {"type": "relation", "from_id": "a", "to_id": "s", "direction": "right", "labels": ["of"]},
    "prediction": {**box(), "score": 0.4, "readonly": True, "hidden": True, "origin": "prediction"},
    "an id that is a number": {**box(), "id": 3},
    "meta": {**box(), "meta": {"text": ["seen"]}, "parentID": None},
}  # fmt: skip


@pytest.mark.parametrize("item", GOOD.values(), ids=GOOD.keys())
def test_a_good_result_passes_without_a_word(item: dict[str, Any], config: LabelConfig) -> None:
    assert config.check([item]) == ()


ODD = {
    "unknown control": ({**box(), "from_name": "gone"}, "unknown-control", "result.0.from_name"),
    "no control": ({"value": {"x": 1}}, "unknown-control", "result.0.from_name"),
    "other type": ({**box(), "type": "polygon"}, "unexpected-type", "result.0.type"),
    "known type of another control": ({**box(), "from_name": "q"}, "unexpected-type", "result.0.type"),
    "label of long ago": (box(rectanglelabels=["Tram"]), "unknown-label", "result.0.value.rectanglelabels"),
    "value instead of alias": (
        box(rectanglelabels=["Bus"]),
        "unknown-label",
        "result.0.value.rectanglelabels",
    ),
    "tag of a missing plugin": (
        {**box(), "from_name": "movie", "type": "movie"},
        "unknown-control",
        "result.0.from_name",
    ),
}


@pytest.mark.parametrize(("item", "code", "path"), ODD.values(), ids=ODD.keys())
def test_an_odd_result_passes_with_a_warning(
    item: dict[str, Any], code: str, path: str, config: LabelConfig
) -> None:
    (warning,) = config.check([item])
    assert (warning.code, warning.params["path"]) == (code, path)


BAD = {
    "no list": ({}, "result"),
    "a text": ("[]", "result"),
    "an item that is a text": (["a"], "result.0"),
    "a value that is a list": ([{**box(), "value": []}], "result.0.value"),
    "a number for a name": ([box(), {**box(), "from_name": 7}], "result.1.from_name"),
    "an id that is a list": ([{**box(), "id": [3]}], "result.0.id"),
    "an x of a thousand digits": ([box(x=10**1000)], "result.0.value.x"),
    "a width of letters": ([box(), span(), box(width="abc")], "result.2.value.width"),
    "a width of digits in quotes": ([box(width="10")], "result.0.value.width"),
    "a negative width": ([box(width=-1)], "result.0.value.width"),
    "no width": ([box(width=...)], "result.0.value.width"),
    "a height that is null": ([box(height=None)], "result.0.value.height"),
    "an x that is not finite": ([box(x=float("inf"))], "result.0.value.x"),
    "an x that is no number": ([box(x=float("nan"))], "result.0.value.x"),
    "a truth for a number": ([box(y=True)], "result.0.value.y"),
    "labels that are a text": ([box(rectanglelabels="Car")], "result.0.value.rectanglelabels"),
    "labels that are numbers": ([box(rectanglelabels=["Car", 1])], "result.0.value.rectanglelabels.1"),
    "a known geometry under an unknown name": (
        [{**box(width="abc"), "from_name": "gone"}],
        "result.0.value.width",
    ),
    "a span that ends before it starts": ([span(start=5, end=3)], "result.0.value.start"),
    "a span before the text": ([span(start=-1)], "result.0.value.start"),
    "half a character": ([span(end=2.5)], "result.0.value.end"),
    "a picture without width": ([{**box(), "original_width": "wide"}], "result.0.original_width"),
    "choices that are a text": ([{**GOOD["choice"], "value": {"choices": "Yes"}}], "result.0.value.choices"),
    "no choices": ([{**GOOD["choice"], "value": {}}], "result.0.value.choices"),
    "a relation to nothing": ([{"type": "relation", "from_id": "a"}], "result.0.to_id"),
}


@pytest.mark.parametrize(("result", "path"), BAD.values(), ids=BAD.keys())
def test_what_nobody_could_read_is_refused_with_its_path(result: Any, path: str, config: LabelConfig) -> None:
    with pytest.raises(InvalidRegion) as refusal:
        config.check(result)
    assert refusal.value.field == path


def test_a_span_beyond_the_text_is_odd(config: LabelConfig) -> None:
    (warning,) = config.check([span(end=30)], {"text": "Ada Lovelace"})
    assert (warning.code, warning.params["path"]) == ("span-outside", "result.0.value")


def test_spans_count_code_points(config: LabelConfig) -> None:
    assert config.check([span(start=0, end=3, text="👩‍🚀")], {"text": "👩‍🚀"}) == ()


def test_labels_that_come_with_the_data_are_not_odd(tags: TagSet) -> None:
    boxes = '<RectangleLabels name="box" toName="img" value="$l"><Label value="A"/></RectangleLabels>'
    xml = f'<View><Image name="img" value="$i"/>{boxes}</View>'
    assert parse(xml, tags).check([box(rectanglelabels=["Any"])]) == ()


def test_controls_in_a_repeater_are_found_by_their_pattern(tags: TagSet) -> None:
    config = parse(GALLERY["repeater"], tags)
    item = {"from_name": "kind_12", "to_name": "page_12", "type": "choices", "value": {"choices": ["A"]}}
    assert config.check([item]) == ()
    assert [warning.code for warning in config.check([{**item, "from_name": "kind_x"}])] == [
        "unknown-control"
    ]


def test_warnings_are_limited(config: LabelConfig) -> None:
    assert len(config.check([{}] * 10_000)) == 100


@pytest.mark.parametrize("xml", GALLERY.values(), ids=GALLERY.keys())
def test_sample_results_pass_and_fit_the_schema(xml: str, tags: TagSet) -> None:
    config = parse(xml, tags)
    sample = config.sample_result()
    config.check(sample, config.sample_task())
    Draft202012Validator(config.result_schema()).validate(sample)


def test_the_schema_knows_the_labels(config: LabelConfig) -> None:
    schema = Draft202012Validator(config.result_schema())
    assert schema.is_valid([box()])
    assert not schema.is_valid([box(rectanglelabels=["Tram"])])
    assert not schema.is_valid([box(width="abc")])


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from(["id", "from_name", "to_name", "type", "score", "value"])
NAMES = st.sampled_from(["box", "span", "q", "rectanglelabels", "labels", "choices", "relation"])


@given(JSON | st.fixed_dictionaries({"result": st.lists(st.dictionaries(KEYS, NAMES | JSON, min_size=3))}))
def test_any_json_of_a_prediction_gets_sentences(tags: TagSet, prediction: Any) -> None:
    given = prediction if isinstance(prediction, dict) else {"result": [prediction], "score": prediction}
    assert all(isinstance(error, str) for error in parse(CONFIG, tags).prediction_errors(given))


@given(st.lists(st.dictionaries(KEYS, NAMES | JSON | st.just(BOX) | st.just(SPAN), max_size=6), max_size=3))
def test_any_json_is_refused_by_name_or_passes(tags: TagSet, result: list[dict[str, Any]]) -> None:
    fields = []
    try:
        parse(CONFIG, tags).check(result)
    except InvalidRegion as refusal:
        fields.append(str(refusal.field))
    assert all(field.startswith("result.") for field in fields)


PREDICTIONS = {
    "good": ({"result": [box()], "score": 0.5}, []),
    "no result": ({}, ["Missing required field 'result'"]),
    "result is no list": ({"result": "x"}, ["'result' must be a list"]),
    "score too high": ({"result": [], "score": 2}, ["Score must be between 0.00 and 1.00 inclusive, got 2.0"]),
    "score is a word": ({"result": [], "score": "high"}, ["Score must be a valid number, got high"]),
    "no type": (
        {"result": [{key: held for key, held in box().items() if key != "type"}]},
        ["Region 0: Missing required field 'type'"],
    ),
    "unknown control": (
        {"result": [{**box(), "from_name": "x"}]},
        ["Region 0: 'from_name' 'x' not found in configuration"],
    ),
    "wrong object": (
        {"result": [{**box(), "to_name": "txt"}]},
        ["Region 0: 'to_name' 'txt' is not valid for control 'box'. Valid options: ['img']"],
    ),
    "wrong type": (
        {"result": [{**box(), "type": "choices"}]},
        ["Region 0: Type 'choices' does not match expected type 'rectanglelabels' for control 'box'"],
    ),
    "unknown label": (
        {"result": [box(rectanglelabels=["Tram"])]},
        [
            f"Region 0: Invalid value for control 'box'. Got: {box(rectanglelabels=['Tram'])['value']}. "
            "Valid options: ['Car', 'b']"
        ],
    ),
    "no value": (
        {"result": [{**box(), "value": None}]},
        ["Region 0: Invalid value for control 'box'. Got: None. value: value must be an object"],
    ),
    "a score of a thousand digits": (
        {"result": [], "score": 10**400},
        [f"Score must be a valid number, got {10**400}"],
    ),
    "an id that is a list": (
        {"result": [{**box(), "id": []}]},
        [f"Region 0: Invalid value for control 'box'. Got: {BOX}. id: id must be a text"],
    ),
    "relation to nothing": (
        {"result": [box(), {"type": "relation", "from_id": "a", "to_id": "zz"}]},
        ["Relation 1: 'to_id' 'zz' not found in regions"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("prediction", "errors"), PREDICTIONS.values(), ids=PREDICTIONS.keys())
def test_predictions_are_held_to_the_configuration(
    prediction: dict[str, Any], errors: list[str], config: LabelConfig
) -> None:
    assert config.prediction_errors(prediction) == errors


def test_a_bad_value_of_a_prediction_says_where(config: LabelConfig) -> None:
    (error,) = config.prediction_errors({"result": [box(width="abc")]})
    assert error.endswith("value.width: width must be a number, 0 or more")
