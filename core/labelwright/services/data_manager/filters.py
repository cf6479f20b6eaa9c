"""Filters as they come from outside: read into conditions and groups of them, or refused with the place of the fault.

Label Studio's flat form is a group of conditions; beyond it, a group may stand among the items of a group.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from labelwright.errors import InvalidFields

DEEPEST = 10
MOST_CONDITIONS = 200
MOST_ORDERINGS = 10
LONGEST_VALUE = 10_000
PREFIX = "filter:tasks:"
CONJUNCTIONS = ("and", "or")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: ``column`` is a name without prefix, ``path`` says where it stands in the request."""

    column: str
    operator: str
    type: str
    value: Any
    path: str
    child: Condition | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions that must all hold, or of which one must."""

    conjunction: str
    items: tuple[Condition | Group, ...]


@dataclass(frozen=True, slots=True)
class Ordering:
    """A column to sort by."""

    column: str
    descending: bool
    path: str


def read(value: Any, path: str = "filters") -> Group | None:
    """Filters of a view or a request; ``None`` if there is nothing to filter by.

    :raises InvalidFields: naming the member at fault.
    """
    if value is None or value == {}:
        return None
    budget = [MOST_CONDITIONS]
    group = _group(value, path, 1, budget)
    return group if group.items else None


def every(group: Group | Condition | None) -> Iterator[Condition]:
    """All conditions, however deep they stand."""
    if isinstance(group, Condition):
        yield group
        if group.child:
            yield group.child
    elif group is not None:
        for item in group.items:
            yield from every(item)


def read_ordering(value: Any, path: str = "ordering") -> tuple[Ordering, ...]:
    """The columns to sort by: ``["-tasks:data.x", "tasks:id"]``.

    :raises InvalidFields: naming the member at fault.
    """
    if value is None:
        return ()
    if not isinstance(value, list):
        refuse(path, 'Expected a list such as ["-tasks:created_at"].')
    if len(value) > MOST_ORDERINGS:
        refuse(path, f"At most {MOST_ORDERINGS} columns can be sorted by.")
    return tuple(_ordering(item, f"{path}.{place}") for place, item in enumerate(value))


def refuse(path: str, message: str) -> NoReturn:
    raise InvalidFields({path: [message]})


def _group(value: Any, path: str, depth: int, budget: list[int]) -> Group:
    if not isinstance(value, Mapping):
        refuse(path, 'Expected an object with "conjunction" and "items".')
    if depth > DEEPEST:
        refuse(path, f"Groups may stand in each other {DEEPEST} deep.")
    conjunction = value.get("conjunction", "and")
    if conjunction not in CONJUNCTIONS:
        refuse(f"{path}.conjunction", f'"{conjunction}" is not a valid choice; use "and" or "or".')
    items = value.get("items", [])
    if not isinstance(items, list):
        refuse(f"{path}.items", "Expected a list of conditions.")
    return Group(
        conjunction,
        tuple(_item(item, f"{path}.items.{place}", depth, budget) for place, item in enumerate(items)),
    )


def _item(value: Any, path: str, depth: int, budget: list[int]) -> Condition | Group:
    if isinstance(value, Mapping) and "items" in value and "filter" not in value:
        return _group(value, path, depth + 1, budget)
    return _condition(value, path, budget)


def _condition(value: Any, path: str, budget: list[int], *, may_have_child: bool = True) -> Condition:
    if not isinstance(value, Mapping):
        refuse(path, 'Expected an object with "filter", "operator", "type" and "value".')
    budget[0] -= 1
    if budget[0] < 0:
        refuse(path, f"At most {MOST_CONDITIONS} conditions can be combined.")
    for name in ("filter", "operator", "type"):
        if not isinstance(value.get(name), str):
            refuse(
                f"{path}.{name}", "This field is required." if name not in value else "Not a valid string."
            )
    if value.get("value") is None:
        refuse(f"{path}.value", "This field is required.")
    if not value["filter"].startswith(PREFIX):
        refuse(f"{path}.filter", f'The name of a filter begins with "{PREFIX}".')
    child = value.get("child_filter")
    if child is not None and not may_have_child:
        refuse(f"{path}.child_filter", "A child filter has no child of its own.")
    return Condition(
        column_name(value["filter"].removeprefix(PREFIX), f"{path}.filter"),
        value["operator"],
        value["type"],
        value["value"],
        path,
        None if child is None else _condition(child, f"{path}.child_filter", budget, may_have_child=False),
    )


def _ordering(value: Any, path: str) -> Ordering:
    if not isinstance(value, str):
        refuse(path, "Not a valid string.")
    name = value.removeprefix("-")
    descending = name != value
    name = name.removeprefix("tasks:")
    if name.startswith("-"):
        name, descending = name[1:], True
    return Ordering(column_name(name, path), descending, path)


def column_name(name: str, path: str) -> str:
    """The name of a column, unless it tries to look behind the tasks.

    :raises InvalidFields: of ``__`` outside the names of data fields.
    """
    if "__" in name and not name.startswith("data."):
        refuse(path, '"__" is not generally allowed in filters.')
    if not name or len(name) > 600 or "\x00" in name:
        refuse(path, "There is no such column.")
    return name
