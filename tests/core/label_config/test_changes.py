"""What a change of the configuration does to work that is done, and what a repeater makes of a task."""

from __future__ import annotations

import pytest

from labelwright.errors import InvalidTask
from labelwright.label_config import LabelConfig, parse
from labelwright.tags import TagSet
from tests.core.label_config.gallery import GALLERY

OLD = """<View><Image name="img" value="$image"/>
<RectangleLabels name="box" toName="img"><Label value="Car"/><Label value="Bus"/></RectangleLabels></View>"""


@pytest.fixture
def old(tags: TagSet) -> LabelConfig:
    return parse(OLD, tags)


def changed(tags: TagSet, *replacements: tuple[str, str]) -> LabelConfig:
    xml = OLD
    for before, after in replacements:
        xml = xml.replace(before, after)
    return parse(xml, tags)


@pytest.mark.parametrize(
    ("replacement", "takes"),
    [
        (("Car", "Lorry"), True),
        (('"box"', '"b"'), False),
        (('"img"', '"image"'), False),
        (("RectangleLabels", "PolygonLabels"), False),
        (("$image", "$url"), True),
    ],
)
def test_results_belong_by_name_object_and_type(
    replacement: tuple[str, str], takes: bool, tags: TagSet
) -> None:
    assert changed(tags, replacement).takes("box", "img", "rectanglelabels") is takes


def test_results_of_a_repeater_belong_by_its_pattern(tags: TagSet) -> None:
    config = parse(GALLERY["repeater"], tags)
    assert config.takes("kind_3", "page_3", "choices")
    assert not config.takes("kind_x", "page_3", "choices")
    assert config.takes_label("kind_3", "A")
    assert not config.takes_label("kind_3", "Z")


def test_labels_must_stay_unless_they_come_with_the_data(tags: TagSet) -> None:
    assert not changed(tags, ("Car", "Lorry")).takes_label("box", "Car")
    assert changed(tags, ('toName="img"', 'toName="img" value="$labels"'), ("Car", "Lorry")).takes_label(
        "box", "Car"
    )


def test_a_control_without_labels_takes_any_and_one_that_is_gone_none(tags: TagSet) -> None:
    config = parse(GALLERY["caption"], tags)
    assert config.takes_label("caption", "words")
    assert not config.takes_label("gone", "words")


def test_work_is_kept_while_the_plugin_of_its_tag_is_away(tags: TagSet) -> None:
    config = parse(GALLERY["third_party"], tags)
    assert config.takes("s", "t", "stars")
    assert config.takes_label("s", "3")


@pytest.mark.parametrize(
    ("replacements", "has_changed"),
    [
        ([('<Label value="Bus"/>', '<Label value="Bus"/><Label value="Tram"/>')], False),
        ([('<Label value="Bus"/>', "")], True),
        ([('"box"', '"b"')], True),
        ([("$image", "$url")], True),
        ([('value="Car"', 'value="Car" background="red"')], False),
    ],
)
def test_essence_is_controls_inputs_and_lost_labels(
    replacements: list[tuple[str, str]], has_changed: bool, old: LabelConfig, tags: TagSet
) -> None:
    assert changed(tags, *replacements).essence_has_changed(old) is has_changed


def test_the_essential_hash_stays_when_only_looks_change(old: LabelConfig, tags: TagSet) -> None:
    assert changed(tags, ('value="Car"', 'value="Car" background="red"')).essential_hash == old.essential_hash
    assert changed(tags, ("$image", "$url")).essential_hash != old.essential_hash


def test_weights_are_one_or_what_they_were(old: LabelConfig) -> None:
    assert old.control_weights({"box": {"overall": 0.5, "labels": {"Bus": 0}}}) == {
        "box": {"overall": 0.5, "type": "RectangleLabels", "labels": {"Car": 1.0, "Bus": 0}}
    }
    assert old.control_weights()["box"]["overall"] == 1.0


def test_a_repeater_stands_once_for_each_item(tags: TagSet) -> None:
    config = parse(GALLERY["repeater"], tags)
    expanded = config.expand({"images": [{"url": "a"}, {"url": "b"}]})
    assert [(node.element, node.name, node.attrs.get("value")) for node in expanded.walk() if node.name] == [
        ("Image", "page_0", "$images[0].url"),
        ("Choices", "kind_0", None),
        ("Image", "page_1", "$images[1].url"),
        ("Choices", "kind_1", None),
    ]
    kinds = [node for node in expanded.walk() if node.element == "Choices"]
    assert [node.targets[0].name for node in kinds] == ["page_0", "page_1"]
    assert len({node.id for node in expanded.walk()}) == len(list(expanded.walk()))


def test_repeaters_stand_in_repeaters(tags: TagSet) -> None:
    xml = """<View><Repeater on="$pages" indexFlag="{{p}}"><Repeater on="$pages[{{p}}].lines" indexFlag="{{l}}">
      <Text name="t_{{p}}_{{l}}" value="$pages[{{p}}].lines[{{l}}]"/></Repeater></Repeater></View>"""
    config = parse(xml, tags)
    expanded = config.expand({"pages": [{"lines": ["a", "b"]}, {"lines": []}, {"lines": ["c"]}]})
    assert [node.name for node in expanded.walk() if node.name] == ["t_0_0", "t_0_1", "t_2_0"]


@pytest.mark.parametrize("data", [{}, {"images": None}, {"images": "x"}, {"images": []}])
def test_a_repeater_over_nothing_leaves_nothing(data: dict[str, object], tags: TagSet) -> None:
    assert parse(GALLERY["repeater"], tags).expand(data).children == ()


def test_a_repeater_does_not_fill_the_memory(tags: TagSet) -> None:
    nested = '<Repeater on="$a" indexFlag="{{i}}">' * 6 + '<Header value="x"/>' + "</Repeater>" * 6
    with pytest.raises(InvalidTask, match="repeats to more than"):
        parse(f"<View>{nested}</View>", tags).expand({"a": list(range(100))})


def test_an_index_flag_may_look_like_a_pattern(tags: TagSet) -> None:
    xml = """<View><Repeater on="$a" indexFlag="(i+)"><Text name="t(i+)" value="$a[(i+)]"/>
      <Labels name="l(i+)(i+)" toName="t(i+)"><Label value="A"/></Labels></Repeater></View>"""
    config = parse(xml, tags)
    assert config.control("l11") is not None
    assert config.control("l12") is None
    assert config.control("l" + "1" * 900) is None
