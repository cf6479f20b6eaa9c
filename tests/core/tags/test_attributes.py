"""Reading attributes: text in, value out, or what would be right."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelwright.tags import Attribute
from labelwright.tags.attributes import BadAttribute, declared


@pytest.mark.parametrize(
    ("attribute", "text", "value"),
    [
        (Attribute(default=False), "TRUE", True),
        (Attribute(default=True), " false ", False),
        (Attribute(default=1), "2", 2),
        (Attribute(default=1), "2.5", 2.5),
        (Attribute(default=1), "12px", 12),
        (Attribute(type="int"), "3", 3),
        (Attribute(choices=("left", "Right")), "RIGHT", "Right"),
        (Attribute(type="list"), "a, b,,c ", ["a", "b", "c"]),
        (Attribute(), "  kept as it is ", "  kept as it is "),
        (Attribute(type="int"), "$from_the_task", "$from_the_task"),
    ],
)
def test_text_is_read_as_declared(attribute: Attribute, text: str, value: Any) -> None:
    assert attribute.read(text) == value


@pytest.mark.parametrize(
    ("attribute", "text", "words"),
    [
        (Attribute(default=False), "yes", "must be true or false"),
        (Attribute(default=1), "many", "must be a number"),
        (Attribute(default=1), "inf", "must be a number"),
        (Attribute(type="int"), "2.5", "must be a whole number"),
        (Attribute(default=1, minimum=0), "-1", "must be at least 0"),
        (Attribute(default=1, maximum=1), "1.5", "must be at most 1"),
        (Attribute(choices=("a", "b")), "c", "must be one of: a, b"),
    ],
)
def test_what_is_wrong_is_said_with_what_is_right(attribute: Attribute, text: str, words: str) -> None:
    with pytest.raises(BadAttribute, match=words):
        attribute.read(text)


@given(
    st.sampled_from(["string", "bool", "int", "number", "list", "field", "color", "css", "hotkey"]), st.text()
)
def test_no_text_breaks_an_attribute(kind: Any, text: str) -> None:
    try:
        Attribute(type=kind).read(text)
    except BadAttribute as error:
        said = str(error)
    else:
        said = "must"
    assert said.startswith("must")


def test_a_bare_default_is_an_attribute() -> None:
    assert {
        name: attribute.kind for name, attribute in declared({"a": 1, "b": True, "c": "x", "d": None}).items()
    } == {
        "a": "number",
        "b": "bool",
        "c": "string",
        "d": "string",
    }
