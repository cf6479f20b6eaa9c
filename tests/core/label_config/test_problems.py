"""What is refused, what is only warned of, and in which words."""

from __future__ import annotations

from typing import Any

import pytest

from labelwright.errors import InvalidLabelConfig
from labelwright.label_config import parse
from labelwright.tags import TagSet
from tests.core.label_config.gallery import GALLERY

TEXT = '<Text name="t" value="$t"/>'
REQUIRED = "Validation failed on : '{}' is a required property"
NAMES = "Label config contains non-unique names"


def problems(xml: str, tags: TagSet) -> list[dict[str, Any]]:
    try:
        return [problem.to_json() for problem in parse(xml, tags).warnings]
    except InvalidLabelConfig as refusal:
        return refusal.problems


# Facts: each of these is refused by Label Studio 1.23.2 with the text "Validation failed on : ...".
REFUSED = {
    "Choices without toName": (
        f'<View>{TEXT}<Choices name="c"><Choice value="a"/></Choices></View>',
        "toName",
    ),
    "Choices without name": (f'<View>{TEXT}<Choices toName="t"><Choice value="a"/></Choices></View>', "name"),
    "Choices without anything": (f'<View>{TEXT}<Choices name="c" toName="t"/></View>', "Choice"),
    "Labels without anything": (f'<View>{TEXT}<Labels name="c" toName="t"/></View>', "Label"),
    "Label without value": (f'<View>{TEXT}<Labels name="c" toName="t"><Label/></Labels></View>', "value"),
    "Label in a View": (
        f'<View>{TEXT}<Labels name="c" toName="t"><View><Label/></View></Labels></View>',
        "value",
    ),
    "Text without value": ('<View><Text name="t"/></View>', "value"),
    "Text without name": ('<View><Text value="$t"/></View>', "name"),
    "Image in a View": ('<View><View><Image value="$a"/></View></View>', "name"),
}


@pytest.mark.parametrize(("xml", "missing"), REFUSED.values(), ids=REFUSED.keys())
def test_what_the_schema_of_label_studio_refuses_is_refused(xml: str, missing: str, tags: TagSet) -> None:
    with pytest.raises(InvalidLabelConfig) as refusal:
        parse(xml, tags)
    assert refusal.value.message == REQUIRED.format(missing)
    assert refusal.value.problems[0]["code"] == "missing-attribute"


def test_the_place_among_its_like_is_told_as_label_studio_does(tags: TagSet) -> None:
    with pytest.raises(InvalidLabelConfig, match="Validation failed on 1: 'name' is a required property"):
        parse(f'<View>{TEXT}<Text value="$u"/></View>', tags)


def test_a_value_and_a_list_of_values_exclude_each_other(tags: TagSet) -> None:
    with pytest.raises(InvalidLabelConfig, match="only one of 'value' and 'valueList' is allowed"):
        parse('<View><Image name="i" value="$a" valueList="$b"/></View>', tags)


NAME_ERRORS = {
    "twice": (f'<View>{TEXT}<Choices name="t" toName="t"><Choice value="1"/></Choices></View>', NAMES),
    "twice, unknown tags": ('<View><Foo name="a"/><Bar name="a"/></View>', NAMES),
    "nowhere": (
        f'<View>{TEXT}<Choices name="c" toName="x"><Choice value="1"/></Choices></View>',
        "toName=\"x\" not found in names: ['c', 't']",
    ),
    "empty": (
        f'<View>{TEXT}<Choices name="c" toName=""><Choice value="1"/></Choices></View>',
        "toName=\"\" not found in names: ['c', 't']",
    ),
    "blank after comma": (
        f'<View>{TEXT}<Pair name="p" toName="t, p"/></View>',
        "toName=\" p\" not found in names: ['p', 't']",
    ),
    "unknown tag": ('<View><Filter toName="zz"/></View>', 'toName="zz" not found in names: []'),
}


@pytest.mark.parametrize(("xml", "message"), NAME_ERRORS.values(), ids=NAME_ERRORS.keys())
def test_names_that_do_not_fit_are_refused(xml: str, message: str, tags: TagSet) -> None:
    with pytest.raises(InvalidLabelConfig) as refusal:
        parse(xml, tags)
    assert refusal.value.message == message


# Facts: Label Studio 1.23.2 accepts all of these.
ACCEPTED = {
    "no toName on boxes": ('<View><Image name="i" value="$i"/><RectangleLabels name="r"/></View>', []),
    "no toName below another root": (f'<Foo>{TEXT}<Choices name="c"/></Foo>', ["unknown-tag"]),
    "no toName below an unknown tag": (
        f'<View>{TEXT}<Coll><Choices name="c"/></Coll></View>',
        ["unknown-tag"],
    ),
    "labels without value in boxes": (
        '<View><Image name="i" value="$i"/><RectangleLabels name="r" toName="i"><Label/></RectangleLabels></View>',
        ["lacks-attribute"],
    ),
    "unknown tag": (f'<View>{TEXT}<Rectangel name="r" toName="t"/></View>', ["misspelt-tag", "no-controls"]),
    "unknown attribute": (
        '<View><Header value="x" sise="1" foo="2"/></View>',
        ["misspelt-attribute", "unknown-attribute"],
    ),
    "a value without $": ('<View><Text name="t" value="t"/></View>', ["value-is-no-field"]),
    "no controls": ("<View/>", ["no-controls"]),
    "duplicate choices": (
        f'<View>{TEXT}<Choices name="c" toName="t"><Choice value="a"/><Choice value="a"/></Choices></View>',
        ["duplicate-label"],
    ),
    "a label outside of a set": ("<View><Label/></View>", ["lacks-attribute"]),
    "an object inside of a set": (
        f'<View>{TEXT}<Labels name="l" toName="t" value="$l"><Image value="$i"/></Labels></View>',
        ["lacks-attribute"],
    ),
    "a root that is no View": ('<Text name="t" value="$t"/>', ["odd-root"]),
    "a Text as the root, without a value": ('<Text name="t"/>', ["odd-root", "lacks-attribute"]),
    "a bad number": ('<View><Header value="x" size="huge"/></View>', ["attribute-not-whole"]),
    "a number out of range": ('<View><Header value="x" size="9"/></View>', ["attribute-too-large"]),
    "a bad truth": ('<View><Header value="x" underline="yes"/></View>', ["attribute-not-bool"]),
    "a bad choice": ('<View display="grid"/>', ["attribute-not-allowed"]),
    "boxes on text": (f'<View>{TEXT}<Rectangle name="r" toName="t"/></View>', ["wrong-space"]),
    "a control as target": (
        f'<View>{TEXT}<Choices name="c" toName="t" value="$c"/><Rectangle name="r" toName="c"/></View>',
        ["wrong-target"],
    ),
    "two targets": (
        f'<View>{TEXT}<Text name="u" value="$u"/><Choices name="c" toName="t,u"><Choice value="a"/></Choices></View>',
        ["too-many-targets"],
    ),
    "nothing to label": ('<View><Rectangle name="r"/></View>', ["to-name-missing"]),
}


@pytest.mark.parametrize(("xml", "codes"), ACCEPTED.values(), ids=ACCEPTED.keys())
def test_what_label_studio_lets_pass_passes_with_a_warning(xml: str, codes: list[str], tags: TagSet) -> None:
    found = [problem.to_json() for problem in parse(xml, tags).warnings]
    assert set(codes) <= {problem["code"] for problem in found}
    assert all(
        problem["level"] == "warning" and problem["message"] and problem["remedy"] for problem in found
    )


@pytest.mark.parametrize("xml", GALLERY.values(), ids=GALLERY.keys())
def test_every_configuration_of_the_gallery_is_accepted(xml: str, tags: TagSet) -> None:
    assert parse(xml, tags).root


def test_a_problem_names_line_tag_attribute_and_remedy(tags: TagSet) -> None:
    found = problems('<View>\n  <Header\n value="x"/>\n  <Imgae name="i" value="$i"/>\n</View>', tags)
    assert found[-1] == {
        "level": "warning",
        "code": "misspelt-tag",
        "message": "The tag Imgae is not known",
        "remedy": "Did you mean Image?",
        "line": 4,
        "tag": "Imgae",
        "attribute": None,
        "params": {"tag": "Imgae", "like": "Image"},
    }


def test_errors_come_before_warnings_and_all_are_told(tags: TagSet) -> None:
    xml = '<View>\n<Foo/>\n<Text name="t"/>\n<Text name="t" value="$t"/></View>'
    assert [problem["level"] for problem in problems(xml, tags)] == ["error", "error", "warning", "warning"]


def test_a_nested_choice_may_repeat_a_word_of_another_branch(tags: TagSet) -> None:
    inside = '<Choice value="Other"/>'
    xml = f"""<View>{TEXT}<Choices name="c" toName="t" allowNested="true">
      <Choice value="Cat">{inside}</Choice><Choice value="Dog">{inside}</Choice></Choices></View>"""
    config = parse(xml, tags)
    assert config.warnings == ()
    assert config.labels == {"c": ("Cat", "Other", "Dog")}


def test_what_stands_in_an_unknown_tag_is_not_complained_of(tags: TagSet) -> None:
    found = problems('<View><Page><p>Read <b>this</b></p></Page><Rectangle name="r"/></View>', tags)
    assert [(problem["code"], problem["tag"]) for problem in found if problem["tag"] != "Rectangle"] == [
        ("unknown-tag", "Page")
    ]
