from labelwright.api import LABEL_SET_ATTRIBUTES, Attribute, KeyAction, Label, Number, Tag

BOX = {
    "x": Number(sample=10, help="Left of the first corner, in percent of the width."),
    "y": Number(sample=20, help="Top of the first corner, in percent of the height."),
    "width": Number(minimum=0, sample=30, help="In percent of the width."),
    "height": Number(minimum=0, sample=40, help="In percent of the height."),
    "rotation": Number(required=False, sample=0, help="In degrees, clockwise about the first corner."),
}
ACTIONS = (KeyAction("tool:rect", "Rectangle", ("r",)),)
DRAWING = {
    "opacity": Attribute(default=0.2, minimum=0, maximum=1, help="How solid boxes are filled, from 0 to 1."),
    "fillOpacity": Attribute(
        type="number", minimum=0, maximum=1, help="The same, and stronger than opacity."
    ),
    "fillColor": Attribute(default="#f48a42", type="color", help="The colour that boxes are filled with."),
    "strokeColor": Attribute(default="#f48a42", type="color", help="The colour of the outline."),
    "strokeWidth": Attribute(default=1, minimum=0, help="The width of the outline, in pixels."),
    "canRotate": Attribute(default=True, help="Boxes can be turned."),
    "snap": Attribute(default="none", choices=("none", "pixel"), help="Let corners snap to whole pixels."),
}


class Rectangle(Tag):
    """Draw boxes, possibly turned, without labels of their own.

    ``x``, ``y``, ``width`` and ``height`` are percentages of the object's width and height. ``x, y`` is the corner
    that is at the top left before turning; ``rotation`` is in degrees, clockwise about that corner. A turned box may
    reach beyond the object, so ``x`` and ``y`` are not held to 0..100.
    """

    name = "Rectangle"
    ui = "rectangle.js"
    result_type = "rectangle"
    space = "2d"
    region = "rectangle"
    actions = ACTIONS
    value = BOX
    attributes = DRAWING


class RectangleLabels(Tag):
    """Draw boxes, possibly turned, each with a label.

    ``x``, ``y``, ``width`` and ``height`` are percentages of the object's width and height. ``x, y`` is the corner
    that is at the top left before turning; ``rotation`` is in degrees, clockwise about that corner. The labels are
    in ``rectanglelabels``: one, or with ``choice="multiple"`` many.
    """

    name = "RectangleLabels"
    ui = "rectangle.js"
    result_type = "rectanglelabels"
    space = "2d"
    region = "rectangle"
    actions = ACTIONS
    labels = Label
    dynamic = "value"
    input_types = (str, list)
    value = BOX
    attributes = {**LABEL_SET_ATTRIBUTES, **DRAWING}
