"""What is wrong with an import: gathered, so that a person mends a file once and not item by item."""

from __future__ import annotations

from typing import Any

from labelwright.errors import InvalidFields, InvalidInput, InvalidTask

MOST_SHOWN = 100
LOOK_AHEAD = 20_000
"""Items that are still checked after the first bad one, to tell of more."""


class Problems:
    """The bad items of one import."""

    def __init__(self) -> None:
        self._messages: list[str] = []
        self._places: list[dict[str, Any]] = []
        self._first: InvalidTask | None = None
        self._first_index = 0

    def __bool__(self) -> bool:
        return self._first is not None

    def add(self, index: int, error: InvalidTask) -> None:
        """Keep one. :raises InvalidFields: when they are so many that more would help nobody."""
        if self._first is None:
            self._first, self._first_index = error, index
        self._messages.append(error.message)
        self._places.append(
            {"index": index, "field": error.field, "code": error.code, "params": error.params}
        )
        if len(self._messages) >= MOST_SHOWN:
            self.refuse()

    def are_enough(self, index: int) -> bool:
        """Whether the rest need not be read any more."""
        return self._first is not None and index - self._first_index > LOOK_AHEAD

    def refuse(self) -> None:
        """:raises InvalidFields: if there are any; in Label Studio's shape, and with the places for the browser."""
        if self._first is None:
            return
        params = {**self._first.params, "errors": self._places}
        raise InvalidFields({"non_field_errors": self._messages}, code=self._first.code, params=params)


def refusal(error: InvalidInput) -> InvalidFields:
    """One problem of the whole import, in the shape of the many."""
    if isinstance(error, InvalidFields):
        return error
    params = {**error.params, "place": error.field} if error.field else error.params
    return InvalidFields({"non_field_errors": [error.message]}, code=error.code, params=params)


def no_tasks() -> InvalidFields:
    return InvalidFields({"non_field_errors": ["load_tasks: No tasks added"]}, code="no-tasks")
