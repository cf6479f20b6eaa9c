from typing import Any

from labelwright.api import Attribute, KeyAction, Node, Tag

_PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" width="960" height="640" viewBox="0 0 960 640">
<rect width="960" height="400" fill="#9fd0ee"/><circle cx="770" cy="120" r="56" fill="#ffd75e"/>
<rect y="400" width="960" height="240" fill="#7fb069"/><path d="M0 520 960 440V640H0Z" fill="#5b6770"/>
<rect x="120" y="250" width="230" height="210" fill="#e8d8c3"/><path d="M100 250 235 150 370 250Z" fill="#b5513f"/>
<rect x="205" y="360" width="60" height="100" fill="#6b4a36"/><circle cx="520" cy="300" r="80" fill="#3f7d4e"/>
<rect x="505" y="370" width="30" height="90" fill="#6b4a36"/><rect x="600" y="470" width="240" height="60" rx="20"
fill="#c0392b"/><path d="M650 470 690 425H770L810 470Z" fill="#d7e6ef"/><circle cx="660" cy="532" r="26"/>
<circle cx="785" cy="532" r="26"/></svg>"""
SAMPLE_IMAGE = "data:image/svg+xml;utf8," + _PICTURE.replace("\n", " ").replace("#", "%23")
"""A house, a tree and a car: the sample needs no file and no network."""


class Image(Tag):
    """Show a picture, or a list of pictures to page through.

    Every result on it carries ``original_width`` and ``original_height``, the picture's own size in pixels, and
    ``image_rotation``, by how many degrees it was turned clockwise while labelling (0, 90, 180 or 270). Lengths in
    the values are percentages of the picture's own size, from 0 at the left and the top to 100.
    """

    name = "Image"
    kind = "object"
    column_type = "Image"
    ui = "image.js"
    space = "2d"
    reads = ("value", "valueList")
    input_types = (str, list)
    strict = ("name", "value^valueList")
    actions = (
        KeyAction("image:prev", "Previous picture", ("ctrl+left",)),
        KeyAction("image:next", "Next picture", ("ctrl+right",)),
    )
    attributes = {
        "valueList": Attribute(type="field", help="The field of the task with a list of pictures."),
        "smoothing": Attribute(
            type="bool", help="Smooth the pixels when zoomed in; as each user likes by default."
        ),
        "width": Attribute(default="100%", help="The width of the picture's frame, in CSS units."),
        "maxWidth": Attribute(default="100%", help="The largest width of the frame, in CSS units."),
        "height": Attribute(help="The height of the frame, in CSS units."),
        "maxHeight": Attribute(
            default="calc(100vh - 194px)", help="The largest height of the frame, in CSS units."
        ),
        "zoom": Attribute(default=True, help="Zoom with the mouse wheel."),
        "negativeZoom": Attribute(default=False, help="Allow the picture to be smaller than its frame."),
        "zoomBy": Attribute(default=1.1, minimum=1, help="How much one step zooms."),
        "grid": Attribute(default=False, help="Draw a grid."),
        "gridSize": Attribute(default=30, minimum=1, help="The distance of the grid's lines, in pixels."),
        "gridColor": Attribute(default="#EEEEF4", type="color", help="The colour of the grid."),
        "zoomControl": Attribute(default=True, help="Offer zoom in the tool bar."),
        "brightnessControl": Attribute(default=False, help="Offer brightness in the tool bar."),
        "contrastControl": Attribute(default=False, help="Offer contrast in the tool bar."),
        "rotateControl": Attribute(default=False, help="Offer turning by 90 degrees in the tool bar."),
        "selectionControl": Attribute(default=True, help="Offer the tool that selects many regions."),
        "crosshair": Attribute(default=False, help="Show a cross hair at the pointer."),
        "horizontalAlignment": Attribute(
            default="left", choices=("left", "center", "right"), help="Where a narrow picture stands."
        ),
        "verticalAlignment": Attribute(
            default="top", choices=("top", "center", "bottom"), help="Where a low picture stands."
        ),
        "defaultZoom": Attribute(
            default="fit", choices=("auto", "original", "fit"), help="The size that a picture is opened at."
        ),
        "crossOrigin": Attribute(
            default="none",
            choices=("none", "anonymous", "use-credentials"),
            help="How a picture of another site is asked for, so that tools may read its pixels.",
        ),
        "showLabels": Attribute(
            type="bool", help="Write the labels on the regions; as each user likes by default."
        ),
        "resize": Attribute(type="number", help="Kept for old configurations; it does nothing."),
    }

    def sample_data(self, node: Node, attribute: str) -> Any:
        return [SAMPLE_IMAGE, SAMPLE_IMAGE] if attribute == "valueList" else SAMPLE_IMAGE
