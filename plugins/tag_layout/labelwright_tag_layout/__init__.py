"""View, Header, Style, Collapse, Filter, Repeater, Relations: how a labelling page is laid out."""

from labelwright.api import Tag, hookimpl
from labelwright_tag_layout.collapse import Collapse, Panel
from labelwright_tag_layout.filter import Filter
from labelwright_tag_layout.header import Header
from labelwright_tag_layout.relations import Relations
from labelwright_tag_layout.repeater import Repeater
from labelwright_tag_layout.shortcut import Shortcut
from labelwright_tag_layout.style import Style
from labelwright_tag_layout.view import View


@hookimpl
def register_tags() -> list[type[Tag]]:
    return [View, Header, Style, Collapse, Panel, Filter, Shortcut, Repeater, Relations]
