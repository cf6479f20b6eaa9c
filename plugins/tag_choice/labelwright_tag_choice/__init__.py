"""Choices: one answer or several out of a list."""

from labelwright.api import Tag, Template, hookimpl
from labelwright_tag_choice.choices import Choices


@hookimpl
def register_tags() -> list[type[Tag]]:
    return [Choices]


@hookimpl
def register_templates() -> list[Template]:
    return [
        Template(
            "image-classes",
            "Image classification",
            "Computer vision",
            """<View>
  <Image name="image" value="$image"/>
  <Choices name="kind" toName="image">
    <Choice value="Indoors"/>
    <Choice value="Outdoors"/>
  </Choices>
</View>""",
            "Choose one answer for each picture.",
        ),
        Template(
            "text-classes",
            "Text classification",
            "Natural language",
            """<View>
  <Text name="text" value="$text"/>
  <Choices name="sentiment" toName="text">
    <Choice value="Positive"/>
    <Choice value="Neutral"/>
    <Choice value="Negative"/>
  </Choices>
</View>""",
            "Choose one answer for each text.",
            begins_with="text",
        ),
    ]
