"""Text and Labels: spans of plain text, and labels for what any tool draws."""

from labelwright.api import Tag, hookimpl
from labelwright_tag_text.labels import Labels
from labelwright_tag_text.text import Text


@hookimpl
def register_tags() -> list[type[Tag]]:
    return [Text, Labels]
