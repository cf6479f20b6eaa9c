from collections.abc import Iterable
from typing import Any

from labelwright.api import Attribute, Node, Problem, String, Tag
from labelwright_tag_ranking.shared import QUESTION_ATTRIBUTES


class Pairwise(Tag):
    """Ask which of two objects is chosen: by a press on it, or on its side's button.

    ``toName`` names both, ``first,second``. ``to_name`` of the result is the control's own name, as in Label Studio;
    ``selected`` is ``left`` or ``right``.
    """

    name = "Pairwise"
    example = """<View>
  <Text name="first" value="$first"/>
  <Text name="second" value="$second"/>
  <Pairwise name="pairwise" toName="first,second"/>
</View>
"""
    ui = "pairwise.js"
    result_type = "pairwise"
    value_key = "selected"
    many_targets = True
    value = {"selected": String(sample="left", help="left or right.")}
    attributes = {
        **QUESTION_ATTRIBUTES,
        "selectionStyle": Attribute(type="css", help="CSS properties of the chosen side."),
        "leftClass": Attribute(default="left", help="Class names of the left object, for a Style."),
        "rightClass": Attribute(default="right", help="Class names of the right object, for a Style."),
    }

    def schema(self, node: Node) -> dict[str, Any]:
        schema = super().schema(node)
        schema["properties"]["selected"]["enum"] = ["left", "right"]
        return schema

    def check_config(self, node: Node) -> Iterable[Problem]:
        names = [name for name in (node.to_name or "").split(",") if name.strip()]
        if len(names) != 2:
            message = f"Pairwise compares two objects, not {len(names)}"
            remedy = 'Name both in toName: "left,right".'
            yield Problem("warning", "not-two-targets", message, remedy, node.line, self.name, "toName")
