"""Text and Labels: spans of plain text, and labels for what any tool draws."""

from labelwright.api import Tag, Template, hookimpl
from labelwright_tag_text.labels import Labels
from labelwright_tag_text.text import Text


@hookimpl
def register_tags() -> list[type[Tag]]:
    return [Text, Labels]


@hookimpl
def register_templates() -> list[Template]:
    return [
        Template(
            "text-entities",
            "Named entities",
            "Natural language",
            """<View>
  <Labels name="entity" toName="text">
    <Label value="Person"/>
    <Label value="Organisation"/>
    <Label value="Place"/>
  </Labels>
  <Text name="text" value="$text"/>
</View>""",
            "Mark the words that name a person, an organisation or a place.",
        )
    ]
