from typing import Any

from labelwright.api import VISIBILITY_ATTRIBUTES, Attribute, Node, Tag


class Markdown(Tag):
    """Show text written in Markdown: instructions of the author, or a field of the task.

    Tables, task lists and crossed-out text of GitHub's dialect are known. HTML inside is cleaned; nothing in it runs.
    """

    name = "Markdown"
    kind = "visual"
    ui = "markdown.js"
    reads = ("value",)
    attributes = {
        "name": Attribute(help="A name, if the task must hold the field that is shown."),
        "value": Attribute(required=True, help="The text; $field stands for what the task holds."),
        "style": Attribute(type="css", help="CSS properties of the box around the text."),
        "className": Attribute(help="Class names, for rules in a Style element."),
        "idAttr": Attribute(help="The id of the box in the page."),
        **VISIBILITY_ATTRIBUTES,
    }

    def sample_data(self, node: Node, attribute: str) -> Any:
        return "## Sample\n\nText with **words** that matter, and\n\n- a list,\n- of two."
