"""The tags that the tests of configurations know: those of this distribution."""

from __future__ import annotations

import pytest

import labelwright_tag_choice
import labelwright_tag_document
import labelwright_tag_image
import labelwright_tag_layout
import labelwright_tag_ranking
import labelwright_tag_text
from labelwright.tags import TagSet

PLUGINS = (
    labelwright_tag_layout,
    labelwright_tag_choice,
    labelwright_tag_document,
    labelwright_tag_image,
    labelwright_tag_ranking,
    labelwright_tag_text,
)


@pytest.fixture(scope="session")
def tags() -> TagSet:
    return TagSet(tag for plugin in PLUGINS for tag in plugin.register_tags())
