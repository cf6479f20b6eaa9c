"""What a column of the data manager can be, besides the core's own: values that a plugin keeps for each task.

The plugin's jobs compute the values and store them with ``JobContext.set_facts``; lists sort and filter by them through
an index, and never compute anything.
"""

from __future__ import annotations

from typing import ClassVar, Literal


class Column:
    """A column of the data manager."""

    name: ClassVar[str]
    """Letters, digits and ``_``, unique among all plugins: ``agreement``, in filters ``filter:tasks:agreement``."""
    title: ClassVar[str] = ""
    """Its heading; English msgid. The name when empty."""
    type: ClassVar[Literal["Number", "String"]] = "Number"
    """Which values it has, and so which operators its filters offer."""
    percent: ClassVar[bool] = False
    """Of a number from 0 to 1: people see it as 0 to 100 %; the API and filters keep 0 to 1."""
    help: ClassVar[str] = ""
    """What the value says, in one sentence; English msgid."""
    shown_in_list: ClassVar[bool] = False
    """Whether a new tab's list shows it."""
    shown_when_labelling: ClassVar[bool] = False
    """Whether the narrow list beside an open task shows it."""
