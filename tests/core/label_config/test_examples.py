"""The playground's configurations: each tag has one, and it is without a fault."""

from __future__ import annotations

import pytest

from labelwright import plugins
from labelwright.label_config import example, parse
from labelwright.registry import Registry
from labelwright.tags import Attribute, Tag, TagSet

TAGS = Registry(plugins.load()).tags


@pytest.mark.parametrize("name", sorted(TAGS))
def test_every_tag_has_a_configuration_without_a_warning(name: str) -> None:
    config = parse(example(TAGS[name], TAGS), TAGS)
    assert [problem.message for problem in config.warnings] == []
    assert TAGS[name] in config.used_tags


def test_an_authors_own_example_is_taken_as_it_is() -> None:
    own = type("Own", (Tag,), {"name": "Own", "kind": "visual", "example": "<View><Own/></View>"})
    assert example(own(), TagSet([own])) == "<View><Own/></View>"


def test_a_lonely_tag_has_one_too() -> None:
    needs = {"label": Attribute(required=True), "size": Attribute(type="int", required=True, minimum=2)}
    alone = type("Alone", (Tag,), {"name": "Alone", "kind": "visual", "attributes": needs})
    assert '<Alone label="Alone" size="2"/>' in example(alone(), TagSet([alone]))
