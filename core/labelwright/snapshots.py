"""What plugins see of our rows: frozen copies, so that no plugin writes past the services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

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
    control_weights: Mapping[str, Any] = field(default_factory=dict)
    """How much each control and label counts in agreement: ``{name: {"overall": 1.0, "labels": {label: 1.0}}}``."""
