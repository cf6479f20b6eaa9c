from typing import Any

from labelwright.api import Attribute, Either, InvalidRegion, Items, Node, Number, Record, String, Tag
from labelwright_tag_ranking.shared import QUESTION_ATTRIBUTES

ID = Either(of=(Number(), String()))


class List(Tag):
    """Show a list of things, each with ``id``, ``title`` and ``body`` (or ``html``), for a Ranker to order."""

    name = "List"
    kind = "object"
    ui = "ranking.js"
    space = "list"
    input_types = (list, str)
    attributes = {"title": Attribute(help="The heading of the list.")}

    def sample_data(self, node: Node, attribute: str) -> Any:
        return [
            {"id": f"item-{number}", "title": f"Sample {number}", "body": words}
            for number, words in enumerate(("The first result", "The second result", "The third result"), 1)
        ]


class Bucket(Tag):
    """A group that a Ranker sorts into."""

    name = "Bucket"
    kind = "label"
    example = """<View>
  <List name="list" value="$list"/>
  <Ranker name="ranker" toName="list">
    <Bucket name="good" title="Good"/>
    <Bucket name="bad" title="Bad"/>
  </Ranker>
</View>
"""
    attributes = {
        "name": Attribute(required=True, help="The key of the group in the result."),
        "title": Attribute(help="The heading of the group; its name by default."),
        "default": Attribute(default=False, help="Everything lies here in the beginning."),
    }


class Ranker(Tag):
    """Order the things of a List, or sort them into groups: by dragging, or by keys.

    ``ranker`` holds lists of ids, as texts, in their order: one list under the Ranker's own name, or with Buckets
    inside one for each group, and under ``_`` what is in no group. A plain list of ids is read too.
    """

    name = "Ranker"
    ui = "ranking.js"
    result_type = "ranker"
    space = "list"
    value = {
        "ranker": Either(
            of=(Record(keys={}), Items(of=ID)),
            sample={"rank": ["item-1", "item-2"]},
            help="Lists of ids by the names of the groups.",
        )
    }
    attributes = {
        **QUESTION_ATTRIBUTES,
        "collapsible": Attribute(default=True, help="Each thing can be folded to its title."),
    }

    def check(self, value: dict[str, Any], node: Node) -> None:
        """Check the order: ids are texts or numbers."""
        super().check(value, node)
        groups = value["ranker"]
        for name, ids in groups.items() if isinstance(groups, dict) else ():
            try:
                Items(of=ID).check(ids, f"ranker.{name}")
            except InvalidRegion:
                raise InvalidRegion(
                    "each group must be a list of ids", code="invalid-ranking", field=f"ranker.{name}"
                ) from None
