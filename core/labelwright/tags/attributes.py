"""What can be written on an element of a labelling configuration: one declaration per attribute.

The XML check, the editor's autocompletion, the browser's form and the documentation read these declarations.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

AttributeType = Literal[
    "string", "bool", "int", "number", "choice", "list", "field", "color", "css", "hotkey"
]
Refers = Literal["object", "control", "label"]
Group = Literal["answer", "condition", "look", "more"]
TRUE, FALSE = "true", "false"


class BadAttribute(ValueError):
    """The text of an attribute is not what it must be.

    :param code: kebab-case; with ``params`` the reason in any language.
    """

    def __init__(self, message: str, code: str, **params: Any) -> None:
        super().__init__(message)
        self.code = code
        self.params = params


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """One attribute of a tag.

    ``list`` is a comma-separated text, ``field`` names task data (``$image``), ``css`` is a list of CSS properties.
    A value that starts with ``$`` is bound to task data and is never refused for its type.
    """

    default: Any = None
    help: str = ""
    """One English sentence for the author of a configuration; also a msgid of the plugin's catalogue."""
    type: AttributeType | None = None
    """What the text is read as; by default what ``default`` or ``choices`` suggest."""
    choices: tuple[str, ...] = ()
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    refers: Refers | None = None
    """What it names elsewhere in the configuration: an object or a control by its name, or a label by its text.

    The visual editor offers those that fit, and changes the attribute when what it names gets another name.
    """
    group: Group | None = None
    """Under which heading a form shows it; by default ``look`` for colours and CSS, else among the first.

    ``more`` is for what is seldom needed.
    """

    @property
    def kind(self) -> AttributeType:
        if self.type:
            return self.type
        if self.choices:
            return "choice"
        if isinstance(self.default, bool):
            return "bool"
        return "number" if isinstance(self.default, int | float) else "string"

    def read(self, text: str) -> Any:
        """Turn the text of the XML into a value.

        :raises BadAttribute: with what would be right, e.g. ``must be true or false``.
        """
        if text.startswith("$"):
            return text
        match self.kind:
            case "bool":
                return _read_bool(text)
            case "int" | "number":
                return self._read_number(text)
            case "choice":
                return self._read_choice(text)
            case "list":
                return [part.strip() for part in text.split(",") if part.strip()]
        return text

    def _read_number(self, text: str) -> float | int:
        whole = self.kind == "int"
        try:
            number = float(text.strip().removesuffix("px"))
        except ValueError:
            number = math.nan
        if not math.isfinite(number) or (whole and number != int(number)):
            if whole:
                raise BadAttribute("must be a whole number", "attribute-not-whole")
            raise BadAttribute("must be a number", "attribute-not-number")
        if self.minimum is not None and number < self.minimum:
            raise BadAttribute(
                f"must be at least {self.minimum:g}", "attribute-too-small", limit=self.minimum
            )
        if self.maximum is not None and number > self.maximum:
            raise BadAttribute(f"must be at most {self.maximum:g}", "attribute-too-large", limit=self.maximum)
        return int(number) if number == int(number) else number

    def _read_choice(self, text: str) -> str:
        for choice in self.choices:
            if choice.casefold() == text.strip().casefold():
                return choice
        allowed = ", ".join(self.choices)
        raise BadAttribute(f"must be one of: {allowed}", "attribute-not-allowed", allowed=allowed)

    def info(self) -> dict[str, Any]:
        facts = {"type": self.kind, "default": self.default, "help": self.help}
        if self.choices:
            facts["choices"] = list(self.choices)
        if self.required:
            facts["required"] = True
        group = self.group or ("look" if self.kind in ("color", "css") and not self.required else None)
        more = {"minimum": self.minimum, "maximum": self.maximum, "refers": self.refers, "group": group}
        return facts | {name: fact for name, fact in more.items() if fact is not None}


def _read_bool(text: str) -> bool:
    word = text.strip().casefold()
    if word not in (TRUE, FALSE):
        raise BadAttribute("must be true or false", "attribute-not-bool")
    return word == TRUE


def declared(attributes: Mapping[str, Any]) -> dict[str, Attribute]:
    """The same mapping with every bare default turned into an :class:`Attribute`."""
    return {
        name: given if isinstance(given, Attribute) else Attribute(default=given)
        for name, given in attributes.items()
    }


OBJECT_ATTRIBUTES = {
    "name": Attribute(required=True, help="The name that controls point at with toName."),
    "value": Attribute(
        type="field", required=True, help="The field of the task to show, for example $image."
    ),
    "valueType": Attribute(
        choices=("url", "text", "json"),
        group="more",
        help="Whether the field holds the content or the URL to fetch it from.",
    ),
    "resolver": Attribute(
        group="more", help="How to read the content out of a fetched file, for example csv|column=1."
    ),
    "sync": Attribute(group="more", help="Objects with the same word here play together."),
}
"""On every tag of kind ``object``."""

CONTROL_ATTRIBUTES = {
    "name": Attribute(required=True, help="The name under which the answer is stored."),
    "toName": Attribute(required=True, refers="object", help="The name of the object that is labelled."),
    "smart": Attribute(default=False, group="more", help="Offer a variant of the tool that asks a model."),
    "smartOnly": Attribute(
        default=False, group="more", help="Offer only the variant of the tool that asks a model."
    ),
}
"""On every tag of kind ``control``."""

VISIBILITY_ATTRIBUTES = {
    "visibleWhen": Attribute(
        choices=("region-selected", "no-region-selected", "choice-selected", "choice-unselected"),
        group="condition",
        help="Show this only under a condition; the other when attributes narrow it.",
    ),
    "whenTagName": Attribute(
        refers="control", group="condition", help="The name of the control that the condition speaks of."
    ),
    "whenLabelValue": Attribute(
        type="list", refers="label", group="condition", help="Only for regions with one of these labels."
    ),
    "whenChoiceValue": Attribute(
        type="list", refers="label", group="condition", help="Only when one of these choices is made."
    ),
    "whenRole": Attribute(type="list", group="condition", help="Only for messages of one of these roles."),
}
"""For tags that can be shown under a condition."""

CLASSIFICATION_ATTRIBUTES = {
    "required": Attribute(default=False, group="answer", help="Refuse to submit while this has no answer."),
    "requiredMessage": Attribute(
        group="answer", help="What to tell the labeller when the answer is missing."
    ),
    "perRegion": Attribute(
        default=False, group="answer", help="Ask for every region on its own, not once for the task."
    ),
    "perItem": Attribute(
        default=False, group="answer", help="Ask for every item of a list of images on its own."
    ),
    "displayMode": Attribute(
        default="tag",
        choices=("tag", "region-list"),
        group="answer",
        help="Where a control for each region is shown.",
    ),
    **VISIBILITY_ATTRIBUTES,
}
"""On controls that answer a question about the whole object or about one region (``per_region = True``)."""

LABEL_SET_ATTRIBUTES = {
    "choice": Attribute(
        default="single", choices=("single", "multiple"), help="One label for each region, or many."
    ),
    "maxUsages": Attribute(type="int", minimum=0, help="How often each label may be used in a task."),
    "showInline": Attribute(default=True, help="Show the labels in one row."),
    "value": Attribute(type="field", help="The field of the task with more labels, for example $labels."),
    "allowEmpty": Attribute(default=False, help="Offer a blank label, for regions without one."),
    "opacity": Attribute(
        default=0.2, minimum=0, maximum=1, group="look", help="How solid regions are filled, from 0 to 1."
    ),
    "fillColor": Attribute(
        default="#f48a42", type="color", help="The fill of regions whose label has no colour."
    ),
    "strokeColor": Attribute(
        default="#f48a42", type="color", help="The outline of regions whose label has no colour."
    ),
    "strokeWidth": Attribute(default=1, minimum=0, group="look", help="The width of outlines, in pixels."),
}
"""For the families that label what they draw (Label Studio's ``...Labels`` tags)."""

SHARED_TEXTS = frozenset(
    attribute.help
    for group in (OBJECT_ATTRIBUTES, CONTROL_ATTRIBUTES, CLASSIFICATION_ATTRIBUTES, LABEL_SET_ATTRIBUTES)
    for attribute in group.values()
)
"""The help texts that the application translates itself: a plugin's catalogue need not."""
