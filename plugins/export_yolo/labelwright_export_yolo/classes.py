"""The classes of an export: each label's number, as Label Studio gives them out."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any


class Classes:
    """Label to number. Numbers that the configuration sets come first, then the other labels by the alphabet.

    :param parsed: ``LabelConfig.parsed()``.
    """

    def __init__(self, parsed: Mapping[str, Mapping[str, Any]]) -> None:
        self._numbers: dict[str, int] = {}
        self.categories: list[dict[str, Any]] = []
        """``{"id": number, "name": label}``, in the order of ``classes.txt``."""
        for control in parsed.values():
            for label, attributes in control.get("labels_attrs", {}).items():
                number = _whole(attributes.get("category"))
                if number is not None:
                    self._add(label, number)
        known = {label for control in parsed.values() for label in control.get("labels", ())}
        used = set(self._numbers.values())
        free = (number for number in itertools.count() if number not in used)
        for label in sorted(known - self._numbers.keys()):
            self._add(label, next(free))

    def number(self, label: str) -> int:
        """The label's number; one that the configuration does not have gets the next."""
        if label not in self._numbers:
            self._add(label, len(self.categories))
        return self._numbers[label]

    def _add(self, label: str, number: int) -> None:
        self._numbers[label] = number
        self.categories.append({"id": number, "name": label})


def _whole(text: Any) -> int | None:
    try:
        return int(text)
    except (TypeError, ValueError):
        return None
