from collections.abc import Iterable, Mapping
from typing import Any

from labelwright.api import LABEL_SET_ATTRIBUTES, Label, Node, Tag


class Labels(Tag):
    """Label parts of any object: words of a text, seconds of a sound, or what a tool without labels has drawn.

    How a part is given is the object's to say: on a text by ``start`` and ``end`` in code points. Beside a drawing
    tool the result shares its ``id`` with the tool's own. The labels are in ``labels``: one, or with
    ``choice="multiple"`` many.
    """

    name = "Labels"
    ui = "labels.js"
    result_type = "labels"
    region = "span"
    labels = Label
    dynamic = "value"
    input_types = (str, list)
    strict = ("name", "toName", "Label|value|View")
    strict_inside = True
    attributes = LABEL_SET_ATTRIBUTES

    def check(self, value: dict[str, Any], node: Node) -> None:
        """Check the labels, and where they are as the object counts it."""
        super().check(value, node)
        for target in node.targets:
            if target.tag:
                target.tag.check_span(value, target)

    def doubts(self, value: dict[str, Any], node: Node, data: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        for target in node.targets:
            if target.tag:
                yield from target.tag.doubts(value, target, data)

    def sample(self, node: Node) -> dict[str, Any]:
        target = next((target.tag for target in node.targets if target.tag), None)
        span = {key: part.sample for key, part in target.span.items()} if target else {}
        return {**span, **super().sample(node)}
