"""HyperText, Markdown and Table: documents to read while labelling."""

from labelwright.api import Tag, hookimpl
from labelwright_tag_document.hypertext import HyperText
from labelwright_tag_document.markdown import Markdown
from labelwright_tag_document.table import Table


@hookimpl
def register_tags() -> list[type[Tag]]:
    return [HyperText, Markdown, Table]
