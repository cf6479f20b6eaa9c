"""Image, Rectangle and RectangleLabels: boxes on pictures."""

from labelwright.api import Tag, hookimpl
from labelwright_tag_image.image import Image
from labelwright_tag_image.rectangle import Rectangle, RectangleLabels


@hookimpl
def register_tags() -> list[type[Tag]]:
    return [Image, Rectangle, RectangleLabels]
