"""The field that a file has before the configuration gives it a name.

An uploaded picture becomes the task ``{"$undefined$": "/data/upload/3/0a1b2c3d-cat.png"}``: it may be uploaded before
there is a configuration, and keeps fitting when the field is renamed. Whoever answers a task shows the configuration's
field.
"""

from __future__ import annotations

import orjson

from labelwright.label_config import LabelConfig

KEY = "$undefined$"
_KEY_TEXT = f'"{KEY}"'


def shown(data: str, label_config: LabelConfig | None) -> str:
    """Stored task data with the configuration's field in the place of :data:`KEY`; mostly the text itself."""
    if _KEY_TEXT not in data or label_config is None:
        return data
    return orjson.dumps(label_config.bind_upload(orjson.loads(data))).decode()
