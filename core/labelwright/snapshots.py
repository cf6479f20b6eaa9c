"""What plugins see of our rows: frozen copies, so that no plugin writes past the services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labelwright.label_config import LabelConfig


@dataclass(frozen=True, slots=True)
class ProjectSnapshot:
    """A project as it was when asked for."""

    id: int
    title: str
    organization: int
    label_config: LabelConfig
    """Parsed; ``label_config.xml`` is the text."""
    created_at: datetime
    """Aware, UTC."""
    description: str = ""
