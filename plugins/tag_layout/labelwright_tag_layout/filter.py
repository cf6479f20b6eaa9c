from labelwright.api import Attribute, Tag


class Filter(Tag):
    """A field to type in, above many labels or choices: those that do not match are hidden. Enter takes the first."""

    name = "Filter"
    kind = "visual"
    ui = "filter.js"
    targets_controls = True
    attributes = {
        "name": Attribute(help="A name; nothing needs it."),
        "toName": Attribute(required=True, refers="control", help="The name of the labels or choices."),
        "placeholder": Attribute(help="Shown while nothing is typed; Quick Filter by default."),
        "minlength": Attribute(
            default=3, type="int", minimum=0, help="From how many letters on labels are hidden."
        ),
        "casesensetive": Attribute(default=False, help="Capital letters are others than small ones."),
        "cleanup": Attribute(default=True, help="Empty the field when a label was chosen."),
        "hotkey": Attribute(type="hotkey", help="The key that leads into the field."),
        "style": Attribute(type="css", help="CSS properties of the field."),
    }
