"""What the browser and the server read from a configuration."""

from __future__ import annotations

import pytest

from labelwright.label_config import cache, parse
from labelwright.label_config.config import CACHE
from labelwright.tags import TagSet

BOXES = """<view>
  <IMAGE NAME="img" value="$image" zoomcontrol="FALSE" zoomBy="2" data-note="kept"/>
  <rectangleLabels name="box"><label Value="Car" alias="c"/><Label value="Bus"/></rectangleLabels>
  <Header>Mark it</Header>
</view>"""


def test_names_of_tags_and_attributes_are_read_in_any_case(tags: TagSet) -> None:
    config = parse(BOXES, tags)
    image = config.objects["img"]
    assert (image.element, dict(image.attrs)) == (
        "Image",
        {"name": "img", "value": "$image", "zoomControl": False, "zoomBy": 2, "data-note": "kept"},
    )
    assert config.labels == {"box": ("c", "Bus")}


def test_defaults_come_from_the_declaration(tags: TagSet) -> None:
    image = parse(BOXES, tags).objects["img"]
    assert (image.get("zoomControl"), image.get("crosshair"), image.get("unheard")) == (False, False, None)


def test_text_inside_an_element_is_its_value(tags: TagSet) -> None:
    header = parse(BOXES, tags).nodes[-1]
    assert (header.text, header.attrs["value"]) == ("Mark it", "Mark it")


def test_a_missing_to_name_is_filled_in_where_there_is_one_object(tags: TagSet) -> None:
    box = parse(BOXES, tags).controls["box"]
    assert box.to_name == "img"
    assert [target.name for target in box.targets] == ["img"]


def test_a_missing_to_name_is_not_guessed_among_two_objects(tags: TagSet) -> None:
    config = parse(
        '<View><Image name="a" value="$a"/><Image name="b" value="$b"/><Rectangle name="r"/></View>', tags
    )
    assert config.controls["r"].to_name is None
    assert [warning.code for warning in config.warnings] == ["to-name-missing"]


def test_the_tree_is_plain_json(tags: TagSet) -> None:
    tree = parse('<View>\n<Foo name="x" Odd="1">a<b/></Foo></View>', tags).tree()
    foo = tree["children"][0]
    assert {key: foo[key] for key in ("id", "tag", "name", "attrs", "text", "line")} == {
        "id": "n2",
        "tag": "Foo",
        "name": "x",
        "attrs": {"name": "x", "Odd": "1"},
        "text": None,
        "line": 2,
    }


def test_a_value_bound_to_the_task_is_kept_as_it_is(tags: TagSet) -> None:
    config = parse('<View><Header value="$title" size="$size"/></View>', tags)
    assert config.nodes[1].attrs == {"value": "$title", "size": "$size"}
    assert all(warning.code != "attribute-not-whole" for warning in config.warnings)


def test_the_same_text_is_read_once(tags: TagSet) -> None:
    assert parse(BOXES, tags) is parse(BOXES, tags)
    assert parse(BOXES, tags) is not parse(
        BOXES, TagSet(type(tag) for tag in tags.values() if tag.kind != "label")
    )


def test_the_cache_does_not_grow_without_end() -> None:
    tags = TagSet([])
    for n in range(cache.MAX_ENTRIES + 10):
        parse(f"<View{n}/>", tags)
    assert len(CACHE) == cache.MAX_ENTRIES
    for n in range(12):
        parse(f"<View{n}>{'a' * 900_000}</View{n}>", tags)
    assert len(CACHE) < 12


@pytest.mark.parametrize(
    ("inside", "suits"),
    [
        ('<Choices name="c" toName="i"><Choice value="a"/></Choices>', True),
        ('<Choices name="c" toName="i" perRegion="true"><Choice value="a"/></Choices>', False),
        ('<Choices name="c" toName="i" perItem="true"><Choice value="a"/></Choices>', False),
        ('<Choices name="c" toName="i" value="$c"/>', False),
        ('<Labels name="c" toName="i"><Label value="a"/></Labels>', False),
        ('<Rectangle name="c" toName="i"/>', False),
    ],
)
def test_only_answers_about_whole_tasks_suit_bulk_labelling(inside: str, suits: bool, tags: TagSet) -> None:
    assert parse(f'<View><Image name="i" value="$i"/>{inside}</View>', tags).suits_bulk() is suits
