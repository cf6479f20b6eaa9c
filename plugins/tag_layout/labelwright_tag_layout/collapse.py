from labelwright.api import VISIBILITY_ATTRIBUTES, Attribute, Tag


class Panel(Tag):
    """One part of a Collapse: a heading, and what it shows when it is open."""

    name = "Panel"
    kind = "visual"
    ui = "collapse.js"
    holds = ("object", "control", "visual")
    reads = ("value",)
    input_types = (str, int, float)
    attributes = {
        "value": Attribute(required=True, help="The heading; $field stands for what the task holds."),
        "open": Attribute(default=False, help="Open in the beginning."),
        **VISIBILITY_ATTRIBUTES,
    }


class Collapse(Tag):
    """Panels below each other that open and close.

    A panel that holds what still needs an answer opens by itself when the answer is missed.
    """

    name = "Collapse"
    kind = "visual"
    ui = "collapse.js"
    holds = ("Panel",)
    attributes = {
        "accordion": Attribute(default=True, help="Opening one panel closes the others."),
        "bordered": Attribute(default=False, help="Draw a frame around the panels."),
        "open": Attribute(default=False, help="Panels are open in the beginning."),
        **VISIBILITY_ATTRIBUTES,
    }
