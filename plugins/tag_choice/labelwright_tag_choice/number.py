from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from labelwright.api import Attribute, Node, Problem, Tag
from labelwright.api import Number as Numeric


class Number(Tag):
    """Ask for a number.

    The result is the number itself in ``number``.
    """

    name = "Number"
    ui = "number.js"
    result_type = "number"
    per_region = True
    strict = ("name", "toName")
    value = {"number": Numeric(help="The number.")}
    attributes = {
        "min": Attribute(type="number", help="The least number that is allowed."),
        "max": Attribute(type="number", help="The largest number that is allowed."),
        "step": Attribute(
            type="number", default=1, minimum=0, help="How much the arrow keys and the hotkey add."
        ),
        "defaultValue": Attribute(
            type="number", help="What the field shows at first; it is stored if nobody gives another."
        ),
        "slider": Attribute(default=False, help="A slider beside the field; needs min and max."),
        "hotkey": Attribute(type="hotkey", help="The key that adds one step."),
    }

    def sample(self, node: Node) -> dict[str, Any]:
        return {"number": next((node.get(end) for end in ("min", "max") if _is_number(node.get(end))), 1)}

    def check_config(self, node: Node) -> Iterable[Problem]:
        least, most = node.get("min"), node.get("max")
        if _is_number(least) and _is_number(most) and least > most:
            message = f"min {least:g} is above max {most:g}"
            yield Problem("warning", "min-above-max", message, "Exchange them.", node.line, self.name, "min")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
