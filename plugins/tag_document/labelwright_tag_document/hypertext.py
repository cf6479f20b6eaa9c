from typing import Any

from labelwright.api import Attribute, Node, Tag

SAMPLE = "<h2>Harbour news</h2><p>The ferry <b>Aurora</b> left at <i>nine</i>.</p><ul><li>12 cars</li></ul>"


class HyperText(Tag):
    """Show HTML: a page, a mail, a chat with its markup.

    It is cleaned before it is shown: nothing in it runs, forms and frames are left out, and its styles hold in
    itself alone. Pictures, sound and video come from where the page says.
    """

    name = "HyperText"
    kind = "object"
    ui = "hypertext.js"
    space = "hypertext"
    markup = True
    strict = ("name", "value")
    attributes = {
        "valueType": Attribute(
            default="text", choices=("text", "url"), help="Whether the field holds the HTML, or its address."
        ),
        "inline": Attribute(default=False, help="Show it at its full height, without a frame of its own."),
        "saveTextResult": Attribute(
            choices=("yes", "no"), help="Store the words of each part; yes for text, no for an address."
        ),
        "encoding": Attribute(
            default="none", choices=("none", "base64", "base64unicode"), help="How the field is encoded."
        ),
        "selectionEnabled": Attribute(default=True, help="Parts of the page can be selected."),
        "clickableLinks": Attribute(default=False, help="Links open, in another tab."),
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

    def sample_data(self, node: Node, attribute: str) -> Any:
        return SAMPLE
