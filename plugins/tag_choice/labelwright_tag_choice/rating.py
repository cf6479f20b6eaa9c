from __future__ import annotations

from typing import Any

from labelwright.api import Attribute, Node, Number, Tag


class Rating(Tag):
    """Ask for a number of stars.

    The result is a whole number in ``rating``.
    """

    name = "Rating"
    ui = "rating.js"
    result_type = "rating"
    per_region = True
    strict = ("name", "toName")
    value = {"rating": Number(minimum=0, integer=True, sample=3, help="How many stars were given.")}
    attributes = {
        "maxRating": Attribute(type="int", default=5, minimum=1, maximum=100, help="How many stars there are."),
        "defaultValue": Attribute(type="int", default=0, minimum=0, help="The stars that are lit before any is given."),
        "icon": Attribute(default="star", help="Label Studio's name of the icon; stars are drawn for any."),
        "size": Attribute(default="medium", choices=("small", "medium", "large"), help="The size of the stars."),
        "hotkey": Attribute(type="hotkey", help="The key that gives one star more."),
    }  # fmt: skip

    def sample(self, node: Node) -> dict[str, Any]:
        most = node.get("maxRating")
        return {"rating": min(3, most) if isinstance(most, int) else 3}
