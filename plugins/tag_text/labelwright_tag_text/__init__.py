"""Text and Labels: spans of plain text, and labels for what any tool draws."""

from labelwright.api import hookimpl
from labelwright_tag_text.labels import Labels
from labelwright_tag_text.text import Text


@hookimpl
def register_tags():
    return [Text, Labels]
