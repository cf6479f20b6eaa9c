from typing import Any

from labelwright.api import VISIBILITY_ATTRIBUTES, Attribute, LabelList, Node, Tag


class Choice(Tag):
    """One answer of a list of choices. Choices may stand inside choices, where the list allows it.

    The result stores ``alias`` where there is one, else ``value``.
    """

    name = "Choice"
    kind = "label"
    holds = ("Choice",)
    strict = ("value",)
    attributes = {
        "value": Attribute(required=True, help="The answer; what is stored unless there is an alias."),
        "alias": Attribute(help="What is stored instead of the value."),
        "selected": Attribute(default=False, help="Chosen when a task is opened."),
        "hotkey": Attribute(type="hotkey", help="The key that chooses the answer; a free one by default."),
        "hint": Attribute(help="Shown when the pointer rests on the answer."),
        "html": Attribute(help="Shown instead of the value."),
        "style": Attribute(type="css", help="CSS properties of the answer."),
        "color": Attribute(type="color", help="The colour of the answer."),
        **VISIBILITY_ATTRIBUTES,
    }


class Choices(Tag):
    """Ask for one answer of a list, or for several.

    The result is the list of answers in ``choices``, one item for a single answer. With ``allowNested`` an answer
    inside others is stored as its path from the outermost, ``["Animal", "Cat"]``.
    """

    name = "Choices"
    ui = "choices.js"
    result_type = "choices"
    per_region = True
    labels = Choice
    dynamic = "value"
    input_types = (str, list)
    strict = ("name", "toName", "Choice|value|View")
    strict_inside = True
    value = {"choices": LabelList(nested=True, required=True, help="The answers, or their paths.")}
    attributes = {
        "choice": Attribute(
            default="single",
            choices=("single", "single-radio", "multiple"),
            help="One answer that can be taken back, one that cannot, or many.",
        ),
        "layout": Attribute(
            default="vertical",
            choices=("vertical", "inline", "select"),
            help="A column, a row or a drop-down list.",
        ),
        "showInline": Attribute(type="bool", help="An older way to write layout: true is a row."),
        "value": Attribute(
            type="field", help="The field of the task with more answers, for example $answers."
        ),
        "allowNested": Attribute(default=False, help="Answers may stand inside answers."),
    }

    def sample(self, node: Node) -> dict[str, Any]:
        return {"choices": list(node.labels[:1]) or ["Yes"]}

    def sample_data(self, node: Node, attribute: str) -> Any:
        if not node.get("allowNested"):
            return [{"value": "Sample choice 1"}, {"value": "Sample choice 2"}]
        inside = [{"value": "Sample choice 1.1"}, {"value": "Sample choice 1.2"}]
        return [{"value": "Sample choice 1", "children": inside}, {"value": "Sample choice 2"}]
