"""View, Header, Style and Repeater."""

from __future__ import annotations

import pytest

from labelwright.errors import InvalidRegion
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


def test_a_page_with_panels_a_filter_and_labels_of_relations_is_read_without_a_warning(tags: TagSet) -> None:
    xml = """<View><Text name="t" value="$t"/>
      <Relations><Relation value="founded" background="#00aa55"/><Relation value="lives in"/></Relations>
      <Collapse accordion="false"><Panel value="About $author" open="true"><Header value="Hi"/></Panel></Collapse>
      <Filter toName="c" minlength="0" hotkey="shift+f"/>
      <Choices name="c" toName="t"><Choice value="a"/></Choices></View>"""
    config = parse(xml, tags)
    assert config.warnings == ()
    assert config.fields == ("t", "author")
    assert list(config.controls) == ["c"]
    relations = next(node for node in config.nodes if node.element == "Relations")
    assert relations.labels == ("founded", "lives in")
    assert tags["Relations"].capabilities["provides"] == ["relation:labels"]


def test_a_filter_searches_in_a_control(tags: TagSet) -> None:
    xml = '<View><Text name="t" value="$t"/><Filter toName="t"/></View>'
    assert "wrong-target" in [problem.code for problem in parse(xml, tags).warnings]


def test_relations_are_saved_beside_the_regions(tags: TagSet) -> None:
    relation = {
        "from_id": "r1",
        "to_id": "r2",
        "type": "relation",
        "direction": "right",
        "labels": ["founded"],
    }
    config = parse('<View><Relations><Relation value="founded"/></Relations></View>', tags)
    assert config.check([relation]) == ()
    with pytest.raises(InvalidRegion, match="to_id is missing"):
        config.check([{"type": "relation", "from_id": "r1"}])
