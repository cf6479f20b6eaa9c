"""Sentences for people, kept apart from their values so that they can be said in any language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence.

    :param msgid: English, with ``{name}`` where a value stands; translated by the plugin's catalogue.
    :param params: the values; small JSON.
    """

    msgid: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """In English."""
        return self.msgid.format_map(_Known(self.params))

    def to_json(self) -> dict[str, Any]:
        return {"message": str(self), "msgid": self.msgid, "params": dict(self.params)}


class _Known(dict[str, Any]):
    """A name without a value stays as it is written: a notice never breaks the work it speaks of."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


class Notices(list[Notice]):
    """The first hundred of what there is to say; a million rows may all have the same trouble."""

    MOST = 100

    def add(self, msgid: str, **params: Any) -> None:
        if len(self) < self.MOST:
            self.append(Notice(msgid, params))
