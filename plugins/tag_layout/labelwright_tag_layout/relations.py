from labelwright.api import Attribute, Tag


class Relation(Tag):
    """A label that a relation between two regions may have."""

    name = "Relation"
    kind = "label"
    attributes = {
        "value": Attribute(required=True, help="The label; what is stored."),
        "background": Attribute(type="color", help="The label's colour; made from its text by default."),
    }


class Relations(Tag):
    """The labels that relations between regions may have.

    Regions are related with or without it. In the result a relation is an item
    ``{"type": "relation", "from_id": "a", "to_id": "b", "direction": "right"}``; ``direction`` is ``right``, ``left``
    or ``bi``, and ``labels`` are those that were given.
    """

    name = "Relations"
    kind = "visual"
    labels = Relation
    provides = ("relation:labels",)
    attributes = {
        "name": Attribute(help="A name; nothing needs it."),
        "choice": Attribute(
            default="multiple", choices=("single", "multiple"), help="One label for each relation, or many."
        ),
    }
