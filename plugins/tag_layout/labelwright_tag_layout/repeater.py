from typing import Any

from labelwright.api import Attribute, KeyAction, Node, Repeats, Tag


class Repeater(Tag):
    """Repeats what stands inside for each item of a list in the task.

    In every attribute inside, the word of ``indexFlag`` stands for the item's index, 0 for the first; so the control
    ``name="kind_{{idx}}"`` stores its answers under ``kind_0``, ``kind_1`` and so on.
    """

    name = "Repeater"
    kind = "visual"
    ui = "repeater.js"
    repeats = Repeats(over="on", flag="indexFlag")
    actions = (
        KeyAction("repeater:previous-page", "Previous item", ("alt+left",)),
        KeyAction("repeater:next-page", "Next item", ("alt+right",)),
    )
    reads = ("on",)
    input_types = (list,)
    attributes = {
        "on": Attribute(
            type="field", required=True, help="The field of the task with the list, for example $images."
        ),
        "indexFlag": Attribute(default="{{idx}}", help="The word that stands for the index."),
        "mode": Attribute(
            default="list", choices=("list", "pagination"), help="All items at once, or one at a time."
        ),
    }

    def sample_data(self, node: Node, attribute: str) -> Any:
        return []
