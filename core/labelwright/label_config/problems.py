"""What is wrong with a labelling configuration, in words for its author."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and what would be right.

    An ``error`` refuses the configuration, as Label Studio would; a ``warning`` lets it pass.
    """

    level: Literal["error", "warning"]
    code: str
    """Kebab-case; the browser speaks the user's language by it and ``params``."""
    message: str
    """English; Label Studio's text where it has one."""
    remedy: str = ""
    line: int = 1
    """The line of the element, 1 is the first."""
    tag: str | None = None
    attribute: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        named = {"tag": self.tag, "attribute": self.attribute}
        return {
            **asdict(self),
            "params": {**{key: name for key, name in named.items() if name}, **self.params},
        }
