"""Questions: choices, trees, texts, ratings, numbers, dates and times, about a task or a region."""

from labelwright.api import Routes, Tag, Template, hookimpl
from labelwright_tag_choice.choices import Choices
from labelwright_tag_choice.date_time import DateTime
from labelwright_tag_choice.number import Number
from labelwright_tag_choice.rating import Rating
from labelwright_tag_choice.remote import routes
from labelwright_tag_choice.samples import PICTURES, REVIEWS, REVIEWS_ZH
from labelwright_tag_choice.taxonomy import Taxonomy
from labelwright_tag_choice.text_area import TextArea


@hookimpl
def register_tags() -> list[type[Tag]]:
    return [Choices, Taxonomy, TextArea, Rating, Number, DateTime]


@hookimpl
def register_routes() -> list[Routes]:
    return [routes]


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
            samples={"en": PICTURES},
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
            samples={"en": REVIEWS, "zh": REVIEWS_ZH},
        ),
    ]
