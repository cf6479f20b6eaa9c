from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from labelwright.api import Attribute, LabelList, Node, Problem, Tag
from labelwright_tag_choice.choices import Choice


class Taxonomy(Tag):
    """Ask for places in a tree: classes and their subclasses, as many levels as there are.

    The result is a list of paths in ``taxonomy``, each from the outermost item to the chosen one:
    ``[["Animal", "Cat"]]``. With ``labeling`` the paths are the labels of parts of the object, whose keys stand
    beside them.
    """

    name = "Taxonomy"
    ui = "taxonomy.js"
    result_type = "taxonomy"
    per_region = True
    labels = Choice
    dynamic = "value"
    input_types = (str, list, type(None))
    value = {"taxonomy": LabelList(nested=True, required=True, help="The paths of the chosen items.")}
    attributes = {
        "value": Attribute(type="field", help="The field of the task with more items, for example $tree."),
        "apiUrl": Attribute(help="The address of a server that is asked for items, level by level."),
        "leafsOnly": Attribute(default=False, help="Only items without others inside can be chosen."),
        "showFullPath": Attribute(default=False, help="Show what is chosen with all that it stands in."),
        "pathSeparator": Attribute(default=" / ", help="What stands between the items of a path."),
        "maxUsages": Attribute(type="int", minimum=1, help="How many items may be chosen."),
        "maxWidth": Attribute(help="The largest width of the field, in CSS units."),
        "minWidth": Attribute(help="The least width of the field, in CSS units."),
        "dropdownWidth": Attribute(help="The width of the list that opens, in CSS units."),
        "placeholder": Attribute(help="Shown in the empty field."),
        "labeling": Attribute(default=False, help="Label parts of the object with the items."),
        "legacy": Attribute(default=False, help="Labellers may add items of their own."),
    }

    def check(self, value: dict[str, Any], node: Node) -> None:
        """Check the paths and, of labelled parts, where they are as the object counts it."""
        super().check(value, node)
        if not node.get("labeling"):
            return
        for target in node.targets:
            if target.tag:
                target.tag.check_span(value, target)

    def suits_bulk(self, node: Node) -> bool:
        return super().suits_bulk(node) and not node.get("labeling") and not node.get("apiUrl")

    def check_config(self, node: Node) -> Iterable[Problem]:
        if node.labels or node.get("value") or node.get("apiUrl"):
            return
        message = "The tree has no items"
        remedy = "Put Choice elements inside, or name a field with value or a server with apiUrl."
        yield Problem("warning", "no-items", message, remedy, node.line, self.name)

    def sample(self, node: Node) -> dict[str, Any]:
        target = next((target.tag for target in node.targets if target.tag), None)
        is_part = node.get("labeling") and target is not None
        span = {key: part.sample for key, part in target.span.items()} if is_part and target else {}
        return {**span, "taxonomy": [_first_path(node) or ["Item"]]}

    def sample_data(self, node: Node, attribute: str) -> Any:
        animals = [{"value": "Cat"}, {"value": "Dog", "children": [{"value": "Poodle"}]}]
        return [{"value": "Animal", "children": animals}, {"value": "Plant"}]


def _first_path(node: Node) -> list[str]:
    """The way down along the first items."""
    for child in node.children:
        below = _first_path(child)
        if isinstance(child.tag, Choice):
            return [str(child.attrs.get("alias") or child.attrs.get("value")), *below]
        if below:
            return below
    return []
