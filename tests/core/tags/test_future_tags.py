"""The base class says what tags of every kind need to say: here are some, as a plugin author would write them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from labelwright.api import (
    Attribute,
    Either,
    InvalidLabelConfig,
    InvalidRegion,
    Items,
    KeyAction,
    Label,
    LabelList,
    Node,
    Number,
    Problem,
    Record,
    Repeats,
    String,
    Tag,
)
from labelwright.label_config import parse
from labelwright.tags import TagSet


class View(Tag):
    name, kind, strict_inside = "View", "visual", True


class Text(Tag):
    name, kind, space = "Text", "object", "text"
    span = {"start": Number(), "end": Number()}


class Stars(Tag):
    """Give one to five stars."""

    name = "Stars"
    result_type = "stars"
    per_region = True
    ui = "stars.js"
    actions = (KeyAction("stars:more", "One star more", ("s",)),)
    attributes = {"max": Attribute(default=5, minimum=1, help="How many stars there are.")}
    value = {"stars": Number(minimum=1, integer=True, sample=3)}


class Pairwise(Tag):
    name, result_type, value_key, many_targets = "Pairwise", "pairwise", "selected", True
    value = {"selected": String(choices=("left", "right"), sample="left")}


class Chat(Tag):
    name, kind, result_type, space = "Chat", "object", "chatmessage", "chat"
    input_types = (list, str)
    attributes = {"toName": Attribute(help="Its own name.")}
    value = {
        "chatmessage": Record(
            keys={"role": String(), "content": String()}, sample={"role": "user", "content": "Hi"}
        )
    }


class Branch(Tag):
    name, kind = "Choice", "label"
    attributes = {"value": Attribute(required=True), "alias": None}


class Taxonomy(Tag):
    name, result_type, per_region, labels, dynamic = "Taxonomy", "taxonomy", True, Branch, "value"
    attributes = {"value": None, "apiUrl": None}
    value = {"taxonomy": LabelList(nested=True, required=True)}


class HyperText(Tag):
    name, kind, space, markup = "HyperText", "object", "text", True


class Filter(Tag):
    name, targets_controls = "Filter", True


class Ranker(Tag):
    name, result_type = "Ranker", "ranker"
    value = {"ranker": Either(of=(Items(of=Either(of=(String(), Number()))), Record(keys={})), sample=["a"])}


class Video(Tag):
    name, kind, aliases = "Video", "object", ("Movie",)
    attributes = {"frameRate": Attribute(default=24, type="number")}

    def check_config(self, node: Node) -> Iterable[Problem]:
        if isinstance(node.get("frameRate"), int | float) and node.get("frameRate") > 240:
            message = f'Video tag "{node.name}": frameRate is too high'
            yield Problem("error", "frame-rate", message, "At most 240.", node.line, self.name, "frameRate")


class Track(Tag):
    name, result_type, borrows_labels = "Track", "track", True
    value = {
        "ranges": Items(
            of=Record(keys={"start": Number(minimum=1), "end": Number()}),
            least=1,
            sample=[{"start": 1, "end": 2}],
        )
    }


class Loop(Tag):
    name, kind, repeats = "Loop", "visual", Repeats(over="each", flag="as")
    attributes = {"each": None, "as": Attribute(default="@")}


class SpanLabels(Tag):
    name, result_type, space, labels = "SpanLabels", "spanlabels", "text", Label
    value = {"start": Number(sample=0), "end": Number(sample=1)}


ALL = [View, Text, Stars, Pairwise, Chat, Taxonomy, HyperText, Filter, Ranker, Video, Track, Loop, SpanLabels]


@pytest.fixture(scope="module")
def tags() -> TagSet:
    return TagSet(ALL)


TEXT = '<Text name="t" value="$t"/>'
EACH = {
    "stars": f'{TEXT}<Stars name="s" toName="t" max="7"/>',
    "two texts": f'{TEXT}<Text name="u" value="$u"/><Pairwise name="p" toName="t,u"/>',
    "chat that labels itself": '<Chat name="c" toName="c" value="$chat"/>',
    "taxonomy": f'{TEXT}<Taxonomy name="x" toName="t"><Choice value="A"><Choice value="B"/></Choice></Taxonomy>',
    "markup": '<HyperText name="h"><p a="1">Some <b>bold</b> &amp; text</p></HyperText><Stars name="s" toName="h"/>',
    "filter": f'{TEXT}<SpanLabels name="l" toName="t"><Label value="A"/></SpanLabels><Filter name="f" toName="l"/>',
    "ranker": f'{TEXT}<Ranker name="r" toName="t"/>',
    "alias": '<Movie name="v" value="$v" frameRate="$fps"/><Track name="k" toName="v"/>',
}  # fmt: skip


@pytest.mark.parametrize("inside", EACH.values(), ids=EACH.keys())
def test_it_parses_without_a_warning_and_takes_its_own_sample(inside: str, tags: TagSet) -> None:
    config = parse(f"<View>{inside}</View>", tags)
    assert config.warnings == ()
    assert config.check(config.sample_result(), config.sample_task()) == ()
    config.check_task(config.sample_task())


def test_a_control_of_one_class_is_checked_by_its_declaration(tags: TagSet) -> None:
    config = parse(f"<View>{EACH['stars']}</View>", tags)
    with pytest.raises(InvalidRegion, match="stars must be a whole number, 1 or more") as refusal:
        config.check([{"from_name": "s", "to_name": "t", "type": "stars", "value": {"stars": 0}}])
    assert refusal.value.field == "result.0.value.stars"
    assert config.controls["s"].get("max") == 7
    assert config.warnings == ()


def test_markup_is_kept_as_the_value(tags: TagSet) -> None:
    text = parse(f"<View>{EACH['markup']}</View>", tags).objects["h"]
    assert text.attrs["value"] == '<p a="1">Some <b>bold</b> &amp; text</p>'
    assert text.children == ()


def test_a_tag_may_refuse_a_configuration_in_its_own_words(tags: TagSet) -> None:
    with pytest.raises(InvalidLabelConfig, match="frameRate is too high"):
        parse('<View><Video name="v" value="$v" frameRate="1000"/></View>', tags)


def test_two_sets_of_labels_may_use_one_word_for_different_labels(tags: TagSet) -> None:
    config = parse(f"<View>{EACH['taxonomy']}{EACH['filter'].removeprefix(TEXT)}</View>", tags)
    classes = {node.element: type(node.tag) for node in config.nodes if node.tag and node.tag.kind == "label"}
    assert classes == {"Choice": Branch, "Label": Label}
    assert config.labels == {"x": ("A", "B"), "l": ("A",)}


def test_tracks_keep_the_labels_of_others(tags: TagSet) -> None:
    xml = f'<View>{EACH["alias"]}<SpanLabels name="l" toName="v"><Label value="A"/></SpanLabels></View>'
    assert parse(xml, tags).takes_label("k", "A")


def test_a_loop_of_ones_own_repeats(tags: TagSet) -> None:
    xml = '<View><Loop each="$list"><Text name="t@" value="$list[@]"/><Stars name="s@" toName="t@"/></Loop></View>'
    config = parse(xml, tags)
    assert [node.name for node in config.expand({"list": [1, 2]}).walk() if node.name] == [
        "t0",
        "s0",
        "t1",
        "s1",
    ]
    assert config.control("s3") is config.controls["s@"]


def test_items_of_an_item_are_checked_with_their_path(tags: TagSet) -> None:
    config = parse(f"<View>{EACH['alias']}</View>", tags)
    track: dict[str, Any] = {
        "from_name": "k",
        "type": "track",
        "value": {"ranges": [{"start": 1, "end": 2}, {"start": 0}]},
    }
    with pytest.raises(InvalidRegion) as refusal:
        config.check([track])
    assert refusal.value.field == "result.0.value.ranges.1.start"


def test_two_plugins_may_bring_one_class_but_not_one_name() -> None:
    TagSet([Stars, Stars, SpanLabels])

    class Other(Tag):
        name, aliases = "Other", ("stars",)

    with pytest.raises(ValueError, match="'stars' of .* is already 'Stars'"):
        TagSet([Stars, Other])


@pytest.mark.parametrize("name", ["stars", "Stars:more", "stars: more", ":more", ""])
def test_an_action_has_a_section_and_a_name(name: str) -> None:
    with pytest.raises(ValueError, match="section:action"):
        KeyAction(name, "One star more")


def test_the_declaration_is_told_as_json(tags: TagSet) -> None:
    info = tags["Stars"].info()
    assert info["help"] == "Give one to five stars."
    assert (info["tag"], info["kind"], info["resultType"], info["valueKey"], info["ui"]) == (
        "Stars", "control", "stars", "stars", "stars.js",
    )  # fmt: skip
    told = {"type": "number", "default": 5, "help": "How many stars there are.", "minimum": 1}
    assert info["attributes"]["max"] == told
    assert info["actions"] == [{"id": "stars:more", "title": "One star more", "keys": ["s"]}]
    assert info["attributes"]["perRegion"]["type"] == "bool"


def test_what_may_stand_inside_is_told(tags: TagSet) -> None:
    class Box(Tag):
        name, kind, holds = "Box", "visual", ("object", "Stars")

    inside = {name: tags[name].info()["holds"] for name in ("SpanLabels", "Stars", "Loop")}
    assert inside == {"SpanLabels": ["Label", "visual"], "Stars": [], "Loop": ["object", "control", "visual"]}
    assert Box().info()["holds"] == ["object", "Stars"]
    to_name = tags["SpanLabels"].info()["attributes"]["toName"]
    assert (to_name["refers"], tags["SpanLabels"].info()["attributes"]["smart"]["group"]) == (
        "object",
        "more",
    )
