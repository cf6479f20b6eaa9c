"""HyperText, Markdown and Table."""

from __future__ import annotations

from typing import Any

import pytest

from labelwright.errors import InvalidLabelConfig, InvalidTask
from labelwright.label_config import parse
from labelwright.tags import TagSet

ALL = """<View>
  <HyperText name="page" value="$html"/><Table name="facts" value="$facts"/><Markdown value="Of **$author**"/>
  <Choices name="kind" toName="page"><Choice value="Spam"/></Choices>
</View>"""


def test_documents_read_their_fields_and_take_their_samples(tags: TagSet) -> None:
    config = parse(ALL, tags)
    assert config.warnings == ()
    assert config.fields == ("html", "facts", "author")
    config.check_task(config.sample_task())


def test_what_stands_inside_a_page_is_its_markup(tags: TagSet) -> None:
    page = parse(
        '<View><HyperText name="h" value="x"><p>Read <b>this</b></p></HyperText></View>', tags
    ).nodes[1]
    assert page.text == "<p>Read <b>this</b></p>"
    assert page.children == ()


@pytest.mark.parametrize("xml", ["<HyperText/>", '<HyperText name="h"><b>x</b></HyperText>'])
def test_a_page_needs_what_label_studio_needs(xml: str, tags: TagSet) -> None:
    with pytest.raises(InvalidLabelConfig, match="is a required property"):
        parse(f"<View>{xml}</View>", tags)


@pytest.mark.parametrize(
    ("data", "types"), [({"html": 5, "facts": {}}, "['str']"), ({"html": "", "facts": 5}, "['dict', 'list', 'str']")]
)  # fmt: skip
def test_other_types_of_data_are_refused_in_label_studios_words(
    data: dict[str, Any], types: str, tags: TagSet
) -> None:
    with pytest.raises(InvalidTask) as refusal:
        parse(ALL, tags).check_task(data)
    assert refusal.value.message.endswith(f"expects the following types: {types}")
