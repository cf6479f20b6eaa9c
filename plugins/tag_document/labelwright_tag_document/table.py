from typing import Any

from labelwright.api import Attribute, Node, Tag


class Table(Tag):
    """Show the names and values of an object, or a list of objects as rows under common headings."""

    name = "Table"
    kind = "object"
    ui = "table.js"
    space = "table"
    input_types = (dict, list, str)
    attributes = {
        "name": Attribute(help="The name that controls point at with toName."),
        "valueType": Attribute(
            default="json", choices=("json", "url"), help="Whether the field holds the data, or its address."
        ),
    }

    def sample_data(self, node: Node, attribute: str) -> Any:
        return {"Order": 1042, "Customer": "Ada", "Paid": True}
