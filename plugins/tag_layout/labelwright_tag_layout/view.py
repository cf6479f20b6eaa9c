from labelwright.api import VISIBILITY_ATTRIBUTES, Attribute, Tag


class View(Tag):
    """A box that holds other elements, one below the other or side by side.

    With ``visibleWhen`` it is shown only under a condition: a region is selected, or a choice is made. What is not
    shown is not required, and answers of a choice's hidden part are not stored.
    """

    name = "View"
    kind = "visual"
    ui = "layout.js"
    holds = ("object", "control", "visual")
    strict_inside = True
    attributes = {
        "display": Attribute(
            default="block", choices=("block", "inline"), help="Below each other, or in a row."
        ),
        "style": Attribute(
            type="css", help="CSS properties of the box, for example display: flex; gap: 1em."
        ),
        "className": Attribute(help="Class names, for rules in a Style element."),
        "idAttr": Attribute(help="The id of the box in the page."),
        **VISIBILITY_ATTRIBUTES,
    }
