"""How long something outside may take, altogether."""

from __future__ import annotations

import logging
import time

from labelwright.doors.target import shown
from labelwright.errors import InvalidInput

log = logging.getLogger(__name__)


class Deadline:
    """A moment after which nothing more is waited for."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self, most: float | None = None) -> float:
        """Seconds that may still be waited. :raises TimeoutError: when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left if most is None else min(left, most)

    def check(self, url: str) -> None:
        """:raises InvalidInput: when the moment has passed."""
        if time.monotonic() >= self._end:
            log.info("outgoing request to %s: took longer than %s s", shown(url), self.seconds)
            raise InvalidInput(
                f"The download took longer than {self.seconds:g} seconds.",
                code="url-too-slow",
                params={"seconds": self.seconds},
            )
