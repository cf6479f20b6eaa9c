from collections.abc import Iterable, Mapping
from typing import Any

from labelwright.api import Attribute, InvalidRegion, Node, Number, String, Tag


class Text(Tag):
    """Show plain text, of which parts can be labelled.

    A part is given by ``start`` and ``end``: indices of Unicode code points from 0, ``end`` the first that does not
    belong to it, so that in Python ``text[start:end]`` is the part. Line ends count as one, ``\\r\\n`` too. ``text``
    holds the words themselves.
    """

    name = "Text"
    kind = "object"
    ui = "text.js"
    space = "text"
    input_types = (str, int, float, list)
    strict = ("name", "value^valueList")
    span = {
        "start": Number(minimum=0, integer=True, sample=0, help="The first code point."),
        "end": Number(minimum=0, integer=True, sample=6, help="The code point after the last."),
        "text": String(required=False, sample="Sample", help="The words of the part."),
    }
    attributes = {
        "valueType": Attribute(
            default="text", choices=("text", "url"), help="Whether the field holds the text, or its address."
        ),
        "saveTextResult": Attribute(
            choices=("yes", "no"), help="Store the words of each part; yes for text, no for an address."
        ),
        "encoding": Attribute(
            default="none", choices=("none", "base64", "base64unicode"), help="How the field is encoded."
        ),
        "selectionEnabled": Attribute(default=True, help="Parts of the text can be selected."),
        "highlightColor": Attribute(
            type="color", help="The colour of parts; that of their label by default."
        ),
        "showLabels": Attribute(
            type="bool", help="Write the labels beside the parts; as each user likes by default."
        ),
        "granularity": Attribute(
            default="symbol",
            choices=("symbol", "word", "sentence", "paragraph"),
            help="What a selection snaps to.",
        ),
    }

    def check_span(self, value: dict[str, Any], node: Node) -> None:
        """Check a part: ``start`` is not after ``end``; both count code points from 0."""
        super().check_span(value, node)
        if value["start"] > value["end"]:
            raise InvalidRegion("start is after end", code="span-reversed", field="start")

    def doubts(self, value: dict[str, Any], node: Node, data: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        text = data.get(str(node.get("value")).removeprefix("$"))
        is_plain = node.get("valueType") == "text" and node.get("encoding") == "none"
        if not is_plain or not isinstance(text, str):
            return
        length = len(text.replace("\r\n", "\n"))
        if value["end"] > length:
            yield "span-outside", f"the part ends at {value['end']}, the text at {length}"

    def sample_data(self, node: Node, attribute: str) -> Any:
        return "Sample text: Ada Lovelace wrote the first program in London in 1843."
