from labelwright.api import Attribute, Tag


class Shortcut(Tag):
    """A button in a text control that writes a piece of text where the caret is."""

    name = "Shortcut"
    kind = "visual"
    ui = "shortcut.js"
    attributes = {
        "value": Attribute(required=True, help="The text to write."),
        "alias": Attribute(help="What stands on the button; the text by default."),
        "hotkey": Attribute(type="hotkey", help="The key that writes the text."),
        "background": Attribute(default="#333333", type="color", help="The colour of the button."),
    }
