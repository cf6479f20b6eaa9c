"""Ids as clients write them: a list, one text with commas, or a JSON list inside a query."""

from __future__ import annotations

from typing import Any

from labelwright.errors import InvalidFields

LARGEST = 2**63 - 1


def of(given: Any, field: str) -> tuple[int, ...]:
    """:raises InvalidFields: naming the field, if something in it is no id."""
    pieces = given if isinstance(given, list) else [given]
    words = [word for piece in pieces for word in _words(piece)]
    numbers = []
    for word in words:
        is_number = word.isdecimal() and len(word) < 20 and int(word) <= LARGEST
        if not is_number:
            raise InvalidFields(
                {field: ["A valid integer is required."]}, code="not-an-id", params={"field": field}
            )
        numbers.append(int(word))
    return tuple(numbers)


def _words(piece: Any) -> list[str]:
    if isinstance(piece, bool) or not isinstance(piece, str | int):
        return ["?"]
    return [word for word in str(piece).strip().strip("[]").replace(" ", "").split(",") if word]
