"""What is wrong with an import: gathered, so that a person mends a file once and not item by item."""

from __future__ import annotations

from typing import Any

from labelwright.errors import InvalidFields, InvalidInput, InvalidTask

MOST_SHOWN = 100
MOST_KEPT = 10_000
LOOK_AHEAD = 20_000
"""Items that are still checked after the first bad one, to tell of more."""


class Refused(InvalidFields):
    """An import with problems.

    :param report: all that were found, each ``{"item", "field", "reason"}``; what is shown are the first of them.
    """

    def __init__(self, fields: dict[str, list[str]], *, report: list[dict[str, Any]], **facts: Any) -> None:
        super().__init__(fields, **facts)
        self.report = report


class Problems:
    """The bad items of one import."""

    def __init__(self) -> None:
        self._messages: list[str] = []
        self._places: list[dict[str, Any]] = []
        self._report: list[dict[str, Any]] = []
        self._first: InvalidTask | None = None
        self._first_index = 0

    def __bool__(self) -> bool:
        return self._first is not None

    def add(self, index: int, error: InvalidTask) -> None:
        """Keep one. :raises Refused: when they are so many that more would help nobody."""
        if self._first is None:
            self._first, self._first_index = error, index
        if len(self._messages) < MOST_SHOWN:
            self._messages.append(error.message)
            self._places.append(
                {"index": index, "field": error.field, "code": error.code, "params": error.params}
            )
        self._report.append({"item": index + 1, "field": _field(index, error), "reason": _reason(error)})
        if len(self._report) >= MOST_KEPT:
            self.refuse()

    def are_enough(self, index: int) -> bool:
        """Whether the rest need not be read any more."""
        return self._first is not None and index - self._first_index > LOOK_AHEAD

    def refuse(self) -> None:
        """:raises Refused: if there are any; in Label Studio's shape, and with the places for the browser."""
        if self._first is None:
            return
        params = {**self._first.params, "errors": self._places}
        raise Refused(
            {"non_field_errors": self._messages}, report=self._report, code=self._first.code, params=params
        )


def refusal(error: InvalidInput) -> InvalidFields:
    """One problem of the whole import, in the shape of the many."""
    if isinstance(error, InvalidFields):
        return error
    params = {**error.params, "place": error.field} if error.field else error.params
    report = [{"item": None, "field": error.field or "", "reason": error.message}]
    return Refused({"non_field_errors": [error.message]}, report=report, code=error.code, params=params)


def report_of(error: BaseException) -> list[dict[str, Any]]:
    """What is known of why an import failed."""
    return error.report if isinstance(error, Refused) else []


def no_tasks() -> InvalidFields:
    return InvalidFields({"non_field_errors": ["load_tasks: No tasks added"]}, code="no-tasks")


def _field(index: int, error: InvalidTask) -> str:
    return (error.field or "").removeprefix(f"{index}.")


def _reason(error: InvalidTask) -> str:
    """The words alone: the place has a column, and the item is the reader's own."""
    words = error.message.partition(" :: ")[0].partition(" [assume: ")[0]
    return words.partition(": ")[2] if words.startswith("Error at item ") else words
