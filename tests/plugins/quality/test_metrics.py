"""What each metric says of two answers; and what holds for all of them, whatever the answers are."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelwright.api import InvalidInput, LabelConfig, Metric, Question
from labelwright.label_config import parse
from labelwright.metrics import measure
from labelwright.testing import check_metric
from labelwright_quality.comparing import metrics_for
from labelwright_quality.metrics import METRICS
from labelwright_quality.metrics.matching import matched
from labelwright_quality.metrics.places import Box

CONFIG = """<View>
<Image name="image" value="$image"/><Text name="text" value="$text"/><List name="list" value="$list"/>
<RectangleLabels name="box" toName="image"><Label value="Car"/><Label value="Bus"/></RectangleLabels>
<Labels name="span" toName="text"><Label value="Person"/><Label value="Place"/></Labels>
<Choices name="mood" toName="text" choice="multiple"><Choice value="Good"/><Choice value="Bad"/></Choices>
<Rating name="stars" toName="text" maxRating="4"/><Number name="number" toName="text" min="0" max="10"/>
<DateTime name="when" toName="text"/><TextArea name="words" toName="text"/>
<Choices name="each" toName="image" perRegion="true"><Choice value="Old"/><Choice value="New"/></Choices>
<Pairwise name="better" toName="text,list"/>
<Ranker name="rank" toName="list"><Bucket name="a"/><Bucket name="b"/></Ranker>
</View>"""
LABELS = st.lists(st.sampled_from(["Car", "Bus"]), max_size=2, unique=True)
COORDINATE = st.integers(0, 60) | st.floats(0, 60)
SIZE = st.integers(0, 40) | st.floats(0, 40)


@pytest.fixture(scope="module")
def config(tags: Any) -> LabelConfig:
    return parse(CONFIG, tags)


def result(name: str, item: int | None = None, **value: Any) -> dict[str, Any]:
    found = {"from_name": name, "to_name": "x", "original_width": 800, "original_height": 600, "value": value}
    return found | ({"item_index": item} if item is not None else {})


def box(x: float, y: float, width: float, height: float, *labels: str, rotation: float = 0) -> dict[str, Any]:
    return result(
        "box",
        x=x,
        y=y,
        width=width,
        height=height,
        rotation=rotation,
        rectanglelabels=list(labels or ("Car",)),
    )


def span(start: int, end: int, *labels: str) -> dict[str, Any]:
    return result("span", start=start, end=end, text="…", labels=list(labels or ("Person",)))


def each(x: float, choice: str) -> dict[str, Any]:
    return result("each", x=x, y=0, width=10, height=10, rotation=0, choices=[choice])


def located(found: list[tuple[int, str]]) -> list[dict[str, Any]]:
    return [each(x, choice) for x, choice in found]


def each_of(name: str, **value: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(
        st.fixed_dictionaries(value).map(lambda found: result(name, **found)), min_size=1, max_size=6
    )


ANSWERS: dict[str, st.SearchStrategy[list[dict[str, Any]]]] = {
    "box": each_of("box", x=COORDINATE, y=COORDINATE, width=SIZE, height=SIZE,
                   rotation=st.sampled_from([0, 0, 30, 90, 200.5]), rectanglelabels=LABELS),
    "span": each_of("span", start=st.integers(0, 20), end=st.integers(0, 20), labels=LABELS),
    "mood": st.lists(st.sampled_from(["Good", "Bad"]), unique=True).map(lambda said: [result("mood", choices=said)]),
    "stars": st.integers(0, 4).map(lambda n: [result("stars", rating=n)]),
    "number": (st.integers(0, 10) | st.floats(-50, 50)).map(lambda n: [result("number", number=n)]),
    "when": st.sampled_from(["2026-01-31", "2026-02-01"]).map(lambda day: [result("when", datetime=day)]),
    "words": st.lists(st.text(max_size=12), max_size=3).map(lambda said: [result("words", text=said)]),
    "better": st.sampled_from(["left", "right"]).map(lambda side: [result("better", selected=side)]),
    "rank": st.permutations(["1", "2", "3", "4"]).flatmap(
        lambda items: st.integers(0, 4).map(
            lambda at: [result("rank", ranker={"a": items[:at], "b": items[at:]})]
        )
    ),
    "each": st.lists(
        st.tuples(st.sampled_from([0, 4, 20, 40]), st.sampled_from(["Old", "New"])), min_size=1, max_size=4
    ).map(located),
}  # fmt: skip


@given(st.data(), st.sampled_from(sorted(ANSWERS)))
@settings(max_examples=150, deadline=None)
def test_no_order_matters_and_all_agree_with_themselves(
    config: LabelConfig, data: st.DataObject, name: str
) -> None:
    """Of every metric that serves the control, with its default parameters and with a threshold."""
    a, b = data.draw(ANSWERS[name]), data.draw(ANSWERS[name])
    for metric in metrics_for(config.controls[name], {one.name: one() for one in METRICS}):
        for params in ({}, {"threshold": 0.5}) if "threshold" in metric.params else ({},):
            check_metric(metric, a, b, config.controls[name], **params)


def score(config: LabelConfig, name: str, a: list[dict[str, Any]], b: list[dict[str, Any]], metric: str = "",
          weights: dict[str, float] | None = None, **params: Any) -> float | None:  # fmt: skip
    control = config.controls[name]
    serving = metrics_for(control, {one.name: one() for one in METRICS})
    chosen = next((one for one in serving if one.name == metric), serving[0])
    question = Question(control, chosen.read_params(params), weights or {})
    return measure(chosen, a, b, question).score


def names(config: LabelConfig, control: str) -> list[str]:
    return [one.name for one in metrics_for(config.controls[control], {one.name: one() for one in METRICS})]


def test_each_control_begins_with_the_metric_that_suits_it(config: LabelConfig) -> None:
    assert {name: names(config, name)[0] for name in ANSWERS} == {
        "box": "box-overlap", "span": "span-overlap", "mood": "set-overlap", "stars": "set-overlap",
        "number": "nearness", "when": "exact-match", "words": "edit-distance", "better": "set-overlap",
        "rank": "rank-order", "each": "set-overlap",
    }  # fmt: skip


def test_boxes_are_paired_so_that_all_agree_most(config: LabelConfig) -> None:
    """The first box lies on both; taken greedily, the second would find nobody."""
    a = [box(0, 0, 10, 10), box(6, 0, 10, 10)]
    b = [box(5, 0, 10, 10)]
    assert score(config, "box", a, b) == pytest.approx(2 * (90 / 110) / 3)
    assert score(config, "box", [box(0, 0, 10, 10)], [box(0, 0, 10, 20)]) == pytest.approx(0.5)
    assert score(config, "box", [box(0, 0, 10, 10)], [box(50, 0, 10, 10)]) == 0


def test_labels_thresholds_and_weights_of_regions(config: LabelConfig) -> None:
    a, b = [box(0, 0, 10, 10, "Car")], [box(0, 0, 10, 10, "Bus")]
    assert score(config, "box", a, b) == 0
    assert score(config, "box", a, b, labels=False) == 1
    assert score(config, "box", a, [box(0, 0, 10, 20, "Car")], threshold=0.5) == 1
    assert score(config, "box", a, [box(0, 0, 10, 21, "Car")], threshold=0.5) == 0
    both = [*a, box(50, 50, 10, 10, "Bus")]
    assert score(config, "box", both, a) == pytest.approx(2 / 3)
    assert score(config, "box", both, a, weights={"Bus": 0}) == 1
    assert score(config, "box", b, b, weights={"Bus": 0}) is None


def test_a_turned_box_is_measured_as_it_is_seen() -> None:
    square = Box(10, 10, 10, 10)
    assert square.overlap(Box(20, 10, 10, 10, 90)) == pytest.approx(1)
    assert square.overlap(Box(15, 15 - 50**0.5, 10, 10, 45)) == pytest.approx(0.7071, abs=1e-3)


def test_marked_text_agrees_by_its_characters(config: LabelConfig) -> None:
    assert score(config, "span", [span(0, 10)], [span(5, 15)]) == pytest.approx(1 / 3)
    assert score(config, "span", [span(0, 10), span(20, 25)], [span(0, 10)]) == pytest.approx(2 / 3)
    assert score(config, "span", [span(0, 10, "Place")], [span(0, 10, "Person")]) == 0


def test_answers_of_the_simple_controls(config: LabelConfig) -> None:
    assert (
        score(config, "mood", [result("mood", choices=["Good", "Bad"])], [result("mood", choices=["Good"])])
        == 0.5
    )
    assert score(config, "stars", [result("stars", rating=1)], [result("stars", rating=2)]) == 0
    assert (
        score(config, "stars", [result("stars", rating=1)], [result("stars", rating=2)], "nearness") == 0.75
    )
    assert score(config, "number", [result("number", number=2)], [result("number", number=7)]) == 0.5
    assert (
        score(config, "number", [result("number", number=2)], [result("number", number=3)], tolerance=1) == 1
    )
    assert score(config, "words", [result("words", text=["Kitten "])], [result("words", text="kitten")]) == 1
    assert score(
        config, "words", [result("words", text=["kitten"])], [result("words", text=["sitting"])]
    ) == pytest.approx(4 / 7)
    assert (
        score(config, "words", [result("words", text=["A"])], [result("words", text=["a"])], case=True) == 0
    )
    order, other = {"a": ["1", "2", "3"], "b": []}, {"a": ["1", "3", "2"], "b": []}
    assert score(
        config, "rank", [result("rank", ranker=order)], [result("rank", ranker=other)]
    ) == pytest.approx(2 / 3)


def test_answers_about_regions_are_compared_where_both_have_drawn(config: LabelConfig) -> None:
    a = [each(0, "Old"), each(20, "Old"), each(80, "New")]
    b = [each(1, "Old"), each(20, "New")]
    assert score(config, "each", a, b) == 0.5
    assert score(config, "each", [each(0, "Old")], [each(50, "Old")]) is None


def test_what_was_called_how(config: LabelConfig) -> None:
    control = config.controls["box"]
    [metric] = [one() for one in METRICS if one.name == "box-overlap"]
    a = [box(0, 0, 10, 10, "Car"), box(50, 50, 10, 10, "Bus")]
    b = [box(1, 0, 10, 10, "Bus"), box(20, 80, 5, 5, "Car")]
    assert sorted(metric.labels(a, b, Question(control)), key=repr) == [
        ("Bus", None),
        ("Car", "Bus"),
        (None, "Car"),
    ]


@given(st.integers(1, 5), st.integers(1, 5), st.data())
@settings(max_examples=100, deadline=None)
def test_the_pairing_is_the_best_there_is(rows: int, columns: int, data: st.DataObject) -> None:
    likeness = [
        [data.draw(st.sampled_from([0, 0, 0.25, 0.5, 0.75, 1])) for _ in range(columns)] for _ in range(rows)
    ]
    found = matched(range(rows), range(columns), lambda i, j: likeness[i][j])
    assert len({i for i, *_ in found}) == len({j for _, j, _ in found}) == len(found)
    short, long = (range(rows), range(columns)) if rows <= columns else (range(columns), range(rows))
    value = (lambda i, j: likeness[i][j]) if rows <= columns else (lambda i, j: likeness[j][i])
    best = max(
        sum(value(i, j) for i, j in zip(short, order, strict=True))
        for order in permutations(long, len(short))
    )
    assert sum(value for *_, value in found) == pytest.approx(best)


def test_parameters_are_checked_by_their_declaration() -> None:
    overlap: Metric = next(one() for one in METRICS if one.name == "box-overlap")
    assert overlap.read_params({"threshold": 0.5}) == {"labels": True, "threshold": 0.5}
    for wrong, field in (({"threshold": 2}, "threshold"), ({"labels": "yes"}, "labels"), ({"other": 1}, "other"),
                         ({"threshold": "$x"}, "threshold"), ({"threshold": None}, "threshold")):  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            overlap.read_params(wrong)
        assert refused.value.field == field


def test_a_metric_that_gives_no_share_is_a_mistake_of_its_author(config: LabelConfig) -> None:
    class Wild(Metric):
        name, title = "wild", "Wild"

        def serves(self, control: Any) -> bool:
            return True

        def score(self, a: Any, b: Any, question: Question) -> float:
            return 2.0

    with pytest.raises(ValueError, match="from 0 to 1"):
        measure(Wild(), [box(0, 0, 1, 1)], [box(0, 0, 1, 1)], Question(config.controls["box"]))
