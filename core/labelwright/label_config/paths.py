"""Task fields as configurations name them: ``$image``, ``$a.b``, ``$a[0].b``, or ``$field`` inside longer text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_REFERENCE = re.compile(r"\$(\w+(?:\.\w+|\[[^\]\s]+\])*)")
_STEP = re.compile(r"[^.\[\]]+")
MISSING = object()


def field_of(text: str | None) -> str | None:
    """The path that an attribute names first: ``images[0].url`` for ``$images[0].url``. None if it names none.

    A text that begins with ``$`` is a path to its end, as it is in Label Studio; in any other the first
    ``$field`` counts.
    """
    if not text:
        return None
    if text.startswith("$") and len(text) > 1:
        return text[1:]
    found = _REFERENCE.search(text)
    return found[1] if found else None


def top_key(path: str) -> str:
    """The key of the task's data that a path begins at: ``images`` of ``images[0].url``."""
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def steps(path: str) -> list[str]:
    """``images[0].url`` as ``["images", "0", "url"]``."""
    return _STEP.findall(path)


def look_up(path: str, data: Any) -> Any:
    """What the task holds at a path, or ``MISSING``. A key that contains the dots itself is found first."""
    if isinstance(data, Mapping) and path in data:
        return data[path]
    for step in steps(path):
        if isinstance(data, Mapping) and step in data:
            data = data[step]
        elif isinstance(data, list) and step.isdecimal() and int(step) < len(data):
            data = data[int(step)]
        else:
            return MISSING
    return data
