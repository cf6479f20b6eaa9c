"""HTML that people write for each other: kept where it is formatting, dropped where it could act."""

from __future__ import annotations

import re

import nh3

TEXT = "a abbr b bdi bdo br cite code del dfn em i ins kbd mark q s samp small span strong sub sup time tt u var wbr"
BLOCKS = "address article aside blockquote center details div figcaption figure footer h1 h2 h3 h4 h5 h6 header hr main"
LISTS = "dd dl dt li nav ol p pre section summary ul"
TABLES = "caption col colgroup table tbody td tfoot th thead tr"
MEDIA = "audio img source video"
TAGS = frozenset(" ".join((TEXT, BLOCKS, LISTS, TABLES, MEDIA)).split())
ATTRIBUTES = {
    "*": {"title", "lang", "dir", "class"},
    "a": {"href", "target", "name"},
    "img": {"src", "alt", "width", "height"},
    "video": {"src", "controls", "width", "height", "poster"},
    "audio": {"src", "controls"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "col": {"span"},
    "ol": {"start", "type"},
    "time": {"datetime"},
    "details": {"open"},
}
DATA_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)


def clean(html: str) -> str:
    """The HTML without scripts, styles, forms, frames, event handlers and addresses that run.

    Links open in a page of their own that knows nothing of ours. The result is the same when cleaned again.
    """
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """An attribute's value; ``data:`` is for pictures alone."""
    if value.strip().lower().startswith("data:"):
        return (
            value if tag == "img" and attribute == "src" and DATA_PICTURE.fullmatch(value.strip()) else None
        )
    if attribute == "target":
        return "_blank"
    return value
