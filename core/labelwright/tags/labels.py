"""The label: what the elements inside every set of labels have in common.

Sets of labels come from many plugins (boxes, spans, tracks), their children are the same element in all of them, and
no plugin may import another. So this one class is the API's: a set says ``labels = Label`` and the registry knows the
rest. Counting, filtering and renaming labels is the core's work, and this is where it reads them.
"""

from __future__ import annotations

from labelwright.tags.attributes import Attribute
from labelwright.tags.tag import Tag


class Label(Tag):
    """One label of a set. It stands inside the set, directly or inside elements that arrange it.

    The result stores ``alias`` where there is one, else ``value``.
    """

    name = "Label"
    kind = "label"
    strict = ("value",)
    attributes = {
        "value": Attribute(required=True, help="The label; what is stored unless there is an alias."),
        "alias": Attribute(help="What is stored instead of the value."),
        "selected": Attribute(default=False, help="Chosen when a task is opened."),
        "maxUsages": Attribute(type="int", minimum=0, help="How often this label may be used in a task."),
        "hint": Attribute(help="Shown when the pointer rests on the label."),
        "hotkey": Attribute(type="hotkey", help="The key that chooses the label; a free one by default."),
        "showAlias": Attribute(default=False, help="Show the alias beside the value."),
        "aliasStyle": Attribute(default="opacity: 0.6", type="css", help="How the alias looks."),
        "size": Attribute(default="medium", help="The size of the text."),
        "background": Attribute(type="color", help="The label's colour; made from its text by default."),
        "selectedColor": Attribute(
            default="#ffffff", type="color", help="The colour of the text when chosen."
        ),
        "granularity": Attribute(
            choices=("symbol", "word", "sentence", "paragraph"), help="What a selection of text snaps to."
        ),
        "html": Attribute(help="Shown instead of the value."),
        "category": Attribute(type="int", help="The index of the class in exports."),
        "predicted_values": Attribute(type="list", help="The classes of a model that mean this label."),
    }
