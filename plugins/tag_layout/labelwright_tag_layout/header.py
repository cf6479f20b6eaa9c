from labelwright.api import Attribute, Tag


class Header(Tag):
    """A heading or a line of instructions: fixed text, or a field of the task."""

    name = "Header"
    kind = "visual"
    ui = "layout.js"
    reads = ("value",)
    input_types = (str, int, float)
    attributes = {
        "name": Attribute(help="A name, if the task must hold the field that is shown."),
        "value": Attribute(required=True, help="The text; $field stands for what the task holds."),
        "size": Attribute(default=4, type="int", minimum=1, maximum=6, help="From 1, the largest, to 6."),
        "style": Attribute(type="css", help="CSS properties of the heading."),
        "underline": Attribute(default=False, help="Draw a line below."),
    }
