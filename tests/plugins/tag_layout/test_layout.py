"""View, Header, Style and Repeater."""

from __future__ import annotations

import pytest

from labelwright.label_config import parse
from labelwright.tags import TagSet


def test_a_view_carries_its_conditions(tags: TagSet) -> None:
    xml = '<View visibleWhen="choice-selected" whenTagName="c" whenChoiceValue="a, b"/>'
    assert dict(parse(xml, tags).root.attrs) == {
        "visibleWhen": "choice-selected",
        "whenTagName": "c",
        "whenChoiceValue": ["a", "b"],
    }


def test_a_style_is_the_text_inside(tags: TagSet) -> None:
    style = parse("<View><Style>.a &gt; b { color: red }</Style></View>", tags).nodes[1]
    assert style.attrs["value"] == ".a > b { color: red }"


@pytest.mark.parametrize(
    "xml", ['<Header value="Read it"/>', "<Header>Read it</Header>", "<header VALUE='Read it'/>"]
)
def test_a_header_has_its_text_from_value_or_inside(xml: str, tags: TagSet) -> None:
    config = parse(f"<View>{xml}</View>", tags)
    assert config.nodes[1].attrs["value"] == "Read it"
    assert config.fields == ()


def test_a_header_may_show_fields_of_the_task(tags: TagSet) -> None:
    config = parse('<View><Header value="$title"/><Header value="by $author.name"/></View>', tags)
    assert config.fields == ("title", "author")
    assert config.sample_task() == {"title": "Sample text", "author": {"name": "Sample text"}}


def test_a_header_with_a_name_makes_its_field_needed(tags: TagSet) -> None:
    config = parse('<View><Header name="h" value="$title"/></View>', tags)
    assert list(config.data_types) == ["title"]
    config.check_task({"title": 7})


def test_a_repeater_says_how_it_repeats(tags: TagSet) -> None:
    assert tags["Repeater"].info()["repeats"] == {"over": "on", "flag": "indexFlag"}
