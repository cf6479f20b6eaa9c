"""What a column of the task table can be, besides the core's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column that a plugin fills by writing ``task_facts`` (one indexed number or text a task).

    The data manager lists, sorts and filters by it; no list ever calculates it.

    :param name: the key in ``task_facts``, unique among all plugins: ``agreement``.
    :param title: heading; English msgid.
    :param type: ``number`` is kept as a double, ``text`` as text, in the database's own collation.
    :param help: what the value means and its unit; English msgid.
    """

    name: str
    title: str
    type: Literal["number", "text"]
    help: str = ""
    hidden: bool = False
    """Whether the person must switch it on first."""
