"""What somebody wants to see or to work on: filters, order, selected tasks, words to search for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from labelwright.models import View

from .conditions import boolean, whole_number
from .filters import Group, Ordering, read, read_ordering, refuse

LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class Selected:
    """Tasks that somebody has ticked: all that match but ``ids``, or ``ids`` only."""

    all: bool
    ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Request:
    """Read and checked as far as it can be without the project."""

    filters: Group | None = None
    ordering: tuple[Ordering, ...] = ()
    selected: Selected | None = None
    search: str = ""
    annotated_only: bool = False

    @property
    def is_all(self) -> bool:
        """Whether it asks for every task of the project."""
        return not (self.filters or self.selected or self.search or self.annotated_only)

    @property
    def key(self) -> str:
        """The same for requests that choose the same tasks."""
        ids = sorted(self.selected.ids) if self.selected else None
        facts = (self.filters, self.selected and self.selected.all, ids, self.search, self.annotated_only)
        return hashlib.sha256(repr(facts).encode()).hexdigest()


def of_mapping(value: Any, *, annotated_only: bool = False) -> Request:
    """What a body, or the parameter ``query``, asks for. Unknown members are ignored.

    :raises InvalidFields: naming the member at fault.
    """
    if not isinstance(value, Mapping):
        refuse("query", 'Expected an object with "filters", "ordering" or "selectedItems".')
    return Request(
        read(value.get("filters")),
        read_ordering(value.get("ordering")),
        _selected(value.get("selectedItems")),
        _search(value.get("search")),
        annotated_only,
    )


def of_view(view: View) -> Request:
    """What a saved tab shows. What was ticked in it is not part of that."""
    return Request(
        read(orjson.loads(view.filters)),
        read_ordering(orjson.loads(view.ordering)),
        search=_search(orjson.loads(view.data).get("search")),
    )


def over_view(view: View | None, value: Mapping[str, Any], *, with_ticked: bool = False) -> Request:
    """A request about a tab: what it names itself counts, the rest is the tab's.

    :param with_ticked: also which tasks are ticked in the tab.
    """
    own = of_mapping(value)
    if view is None:
        return own
    saved = of_view(view)
    return replace(
        own,
        filters=own.filters if "filters" in value else saved.filters,
        ordering=own.ordering if "ordering" in value else saved.ordering,
        search=own.search if "search" in value else saved.search,
        selected=own.selected
        if not with_ticked or value.get("selectedItems")
        else _selected(orjson.loads(view.selected_items)),
    )


def _selected(value: Any) -> Selected | None:
    if value is None or value == {}:
        return None
    path = "selectedItems"
    if not isinstance(value, Mapping):
        refuse(path, 'Expected an object with "all" and "included" or "excluded".')
    takes_all = boolean(value.get("all", False), f"{path}.all")
    name = "excluded" if takes_all else "included"
    ids = value.get(name)
    if ids is None:
        ids = []
    if not isinstance(ids, list):
        refuse(f"{path}.{name}", "Expected a list of task ids.")
    return Selected(
        takes_all, frozenset(whole_number(item, f"{path}.{name}.{place}") for place, item in enumerate(ids))
    )


def _search(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        refuse("search", "Not a valid string.")
    if len(value) > LONGEST_SEARCH:
        refuse("search", f"Ensure this field has no more than {LONGEST_SEARCH} characters.")
    return value.strip()
