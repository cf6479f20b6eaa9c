"""Stars: ask for a rating of one to five stars."""

from labelwright.api import Attribute, Number, Tag, hookimpl


class Stars(Tag):
    """Ask for a rating in stars, of the task or of each region."""

    name = "Stars"
    result_type = "stars"
    per_region = True
    ui = "stars.js"
    attributes = {
        "max": Attribute(default=5, minimum=1, maximum=10, help="How many stars there are."),
        "hint": Attribute(help="What is asked, shown above the stars."),
    }
    value = {
        "stars": Number(minimum=1, maximum=10, integer=True, sample=3, help="How many stars were given.")
    }


@hookimpl
def register_tags() -> list[type[Tag]]:
    return [Stars]
