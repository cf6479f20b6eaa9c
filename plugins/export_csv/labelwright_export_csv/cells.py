"""One value as a cell: texts in quotation marks, numbers bare, lists and objects as JSON."""

from __future__ import annotations

import json
from typing import Any

import orjson

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What spreadsheets take for the beginning of a formula; the last four are the wide forms of Chinese and Japanese."""
EMPTY = '""'


class Cells:
    """Writes cells.

    :param guard: put ``'`` before a text that a spreadsheet would take for a formula.
    """

    def __init__(self, *, guard: bool) -> None:
        self._guard = guard

    def of(self, value: Any) -> str:
        """The cell of a value of a task or an answer."""
        if isinstance(value, str):
            return self.text(value)
        if value is None:
            return EMPTY
        if isinstance(value, dict | list):
            return self.text(_json(value))
        return str(value)

    def answer(self, value: Any) -> str:
        """The cell of an answer: what is no text is JSON, a number too."""
        return self.text(value if isinstance(value, str) else _json(value))

    def text(self, text: str) -> str:
        if self._guard and text.startswith(FORMULA):
            text = f"'{text}"
        return f'"{text.replace(EMPTY[0], EMPTY)}"' if '"' in text else f'"{text}"'


def _json(value: Any) -> str:
    """As Label Studio writes it: without spaces, and with the slashes escaped."""
    try:
        text = orjson.dumps(value).decode()
    except TypeError:  # a number of more than 64 bits
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("/", "\\/")
