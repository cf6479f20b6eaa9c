"""Texts, ratings, numbers and moments: what is accepted, and what Label Studio's kind of value is."""

from __future__ import annotations

from typing import Any

import pytest

from labelwright.errors import InvalidRegion
from labelwright.label_config import parse
from labelwright.tags import TagSet

XML = """<View><Text name="t" value="$t"/><TextArea name="words" toName="t"/>
<Rating name="stars" toName="t" maxRating="3"/>
<Number name="count" toName="t" min="0" max="9"/><DateTime name="day" toName="t" only="date"/></View>"""
QUESTIONS = {"words": "textarea", "stars": "rating", "count": "number", "day": "datetime"}
KEYS = {"words": "text", "stars": "rating", "count": "number", "day": "datetime"}


def answer(name: str, given: Any) -> list[dict[str, Any]]:
    return [{"from_name": name, "to_name": "t", "type": QUESTIONS[name], "value": {KEYS[name]: given}}]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("words", ["one", "two"]),
        ("words", []),
        ("words", "one"),  # as predictions have it
        ("stars", 3),
        ("stars", 0),
        ("stars", 7),  # stored by Label Studio too, whatever the configuration says
        ("count", 2.5),
        ("count", -4),
        ("day", "2026-01-31"),
        ("day", "31.01.2026"),
    ],
)
def test_answers_of_label_studio_are_accepted(name: str, given: Any, tags: TagSet) -> None:
    assert parse(XML, tags).check(answer(name, given)) == ()


@pytest.mark.parametrize(
    ("name", "given"),
    [("words", [1]), ("words", 1), ("stars", 2.5), ("stars", "3"), ("stars", -1), ("count", "2"), ("count", None),
     ("day", 2026), ("day", ["2026-01-31"])],
)  # fmt: skip
def test_what_no_program_could_use_is_refused(name: str, given: Any, tags: TagSet) -> None:
    with pytest.raises(InvalidRegion) as refusal:
        parse(XML, tags).check(answer(name, given))
    assert refusal.value.field is not None
    assert refusal.value.field.startswith(f"result.0.value.{KEYS[name]}")


def test_a_sample_of_each_is_accepted(tags: TagSet) -> None:
    for only in ("", "time", "year", "month,year", "date", "date,time"):
        config = parse(XML.replace('only="date"', f'only="{only}"'), tags)
        for name in QUESTIONS:
            node = config.controls[name]
            value = node.tag.sample(node)
            assert config.check(answer(name, value[KEYS[name]])) == ()


def test_limits_that_cross_are_told_to_the_author(tags: TagSet) -> None:
    problems = parse(XML.replace('min="0" max="9"', 'min="9" max="0"'), tags).warnings
    assert [problem.code for problem in problems] == ["min-above-max"]


def test_an_attribute_of_the_wrong_type_is_told_at_its_place(tags: TagSet) -> None:
    problems = parse(XML.replace('maxRating="3"', 'maxRating="many"'), tags).warnings
    assert [(problem.tag, problem.attribute) for problem in problems] == [("Rating", "maxRating")]
