from labelwright.api import Attribute, Tag


class Style(Tag):
    """CSS rules for the labelling page, written inside the element. They reach nothing outside of it.

    Addresses in ``url()`` are left out.
    """

    name = "Style"
    kind = "visual"
    ui = "layout.js"
    attributes = {
        "value": Attribute(type="css", required=True, help="The rules; usually written inside the element.")
    }
