from __future__ import annotations

from typing import Any

from labelwright.api import Attribute, Either, Items, Node, String, Tag


class TextArea(Tag):
    """Ask for texts: a transcript, a translation, an answer in one's own words.

    The result is a list of texts in ``text``, one item for each that was added. A Shortcut inside is a button that
    writes its text at the caret.
    """

    name = "TextArea"
    ui = "text_area.js"
    holds = ("Shortcut",)
    result_type = "textarea"
    value_key = "text"
    per_region = True
    any_target = True
    reads = ("value",)
    strict = ("name", "toName")
    value = {
        "text": Either(
            of=(Items(of=String(), sample=["text"]), String()), help="The texts, in the order added."
        )
    }
    attributes = {
        "value": Attribute(
            help="What the field holds at first, stored if nobody changes it; may name a field of the task."
        ),
        "label": Attribute(help="The caption of the field."),
        "placeholder": Attribute(help="Shown in the empty field."),
        "maxSubmissions": Attribute(type="int", minimum=1, help="How many texts may be added."),
        "editable": Attribute(default=False, help="Texts that were added can be changed."),
        "transcription": Attribute(default=False, help="The same: every text stays a field."),
        "skipDuplicates": Attribute(default=False, help="A text that is there already is not added."),
        "rows": Attribute(
            type="int", default=1, minimum=1, maximum=50,
            help="The height of the field in lines. Enter adds the text of a single line, Shift+Enter that of several.",
        ),
        "showSubmitButton": Attribute(type="bool", help="A button that adds the text; by default with several lines."),
        "allowSubmit": Attribute(default=True, help="Texts can be added; otherwise those there are only shown."),
        "hotkey": Attribute(type="hotkey", help="The key that goes to the field."),
    }  # fmt: skip

    def sample(self, node: Node) -> dict[str, Any]:
        return {"text": ["text"]}
