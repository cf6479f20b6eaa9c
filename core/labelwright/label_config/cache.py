"""Parsed configurations, kept for as long as they fit."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from labelwright.tags import TagSet

if TYPE_CHECKING:
    from labelwright.label_config.config import LabelConfig

MAX_ENTRIES = 512
MAX_CHARACTERS = 8_000_000
"""Of all texts together. A parsed configuration takes some twenty times its text in memory."""


class Cache:
    """The configurations used last, by the set of tags that they were read with and the hash of their text."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[int, str], LabelConfig] = OrderedDict()
        self._characters = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, tags: TagSet, key: str) -> LabelConfig | None:
        with self._lock:
            config = self._kept.get((id(tags), key))
            if config is not None:
                self._kept.move_to_end((id(tags), key))
            return config

    def put(self, config: LabelConfig) -> None:
        """Keep a configuration. It holds its set of tags, whose id therefore stays its own."""
        with self._lock:
            if self._kept.setdefault((id(config.tags), config.hash), config) is config:
                self._characters += len(config.xml)
            while len(self._kept) > MAX_ENTRIES or self._characters > MAX_CHARACTERS:
                _, gone = self._kept.popitem(last=False)
                self._characters -= len(gone.xml)
