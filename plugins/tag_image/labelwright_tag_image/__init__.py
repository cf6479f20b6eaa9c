"""Image, Rectangle and RectangleLabels: boxes on pictures."""

from labelwright.api import Tag, Template, hookimpl
from labelwright_tag_image.image import Image
from labelwright_tag_image.rectangle import Rectangle, RectangleLabels


@hookimpl
def register_tags() -> list[type[Tag]]:
    return [Image, Rectangle, RectangleLabels]


@hookimpl
def register_templates() -> list[Template]:
    return [
        Template(
            "image-boxes",
            "Boxes on images",
            "Computer vision",
            """<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="box" toName="image">
    <Label value="Car"/>
    <Label value="Person"/>
  </RectangleLabels>
</View>""",
            "Draw a box around each object, and say what it is.",
            begins_with="image",
            samples={"en": [{"image": "asset:samples/street.svg"}, {"image": "asset:samples/park.svg"}]},
        )
    ]
