"""``parsed_label_config`` is what ``label_studio_sdk`` makes of the same text, whatever plugins are here."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from label_studio_sdk._extensions.label_studio_tools.core.label_config import parse_config

from labelwright.label_config import parse
from labelwright.label_config.sdk_view import parsed
from labelwright.label_config.xml import read_xml
from labelwright.tags import TagSet
from tests.core.label_config.gallery import GALLERY

NOTHING = TagSet([])


def test_the_gallery_is_large_enough() -> None:
    assert len(GALLERY) >= 40


@pytest.mark.parametrize("xml", GALLERY.values(), ids=GALLERY.keys())
def test_parsed_equals_the_sdk(xml: str, tags: TagSet) -> None:
    expected = parse_config(xml)
    assert parse(xml, tags).parsed() == expected
    assert list(parse(xml, tags).parsed()) == list(expected)


@pytest.mark.parametrize("xml", GALLERY.values(), ids=GALLERY.keys())
def test_parsed_does_not_depend_on_what_is_installed(xml: str, tags: TagSet) -> None:
    assert parse(xml, NOTHING).parsed() == parse(xml, tags).parsed()


WORDS = st.sampled_from(["a", "b", "c_{{idx}}", "$x", "$a.b", "", "true", "c,a", "文"])
NAMES = st.sampled_from(
    [
        "name",
        "toName",
        "value",
        "valueList",
        "alias",
        "indexFlag",
        "perRegion",
        "whenTagName",
        "whenLabelValue",
        "apiUrl",
    ]
)
TAGS = st.sampled_from(
    ["View", "Text", "Image", "Choices", "Choice", "Labels", "Label", "Relation", "Filter", "Odd"]
)


def _xml(tag: str, attrs: dict[str, str], children: list[str]) -> str:
    written = "".join(f' {name}="{value}"' for name, value in attrs.items())
    return f"<{tag}{written}>{''.join(children)}</{tag}>"


ATTRS = st.dictionaries(NAMES, WORDS, max_size=4)
TREES = st.recursive(
    st.builds(_xml, TAGS, ATTRS, st.just([])),
    lambda inner: st.builds(_xml, TAGS, ATTRS, st.lists(inner, max_size=4)),
)


@settings(deadline=None)
@given(TREES)
def test_parsed_equals_the_sdk_for_any_elements(xml: str) -> None:
    assert parsed(read_xml(xml)) == parse_config(xml)
