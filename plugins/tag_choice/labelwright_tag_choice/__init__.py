"""Choices: one answer or several out of a list."""

from labelwright.api import Tag, hookimpl
from labelwright_tag_choice.choices import Choices


@hookimpl
def register_tags() -> list[type[Tag]]:
    return [Choices]
