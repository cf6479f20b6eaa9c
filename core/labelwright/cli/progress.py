"""How far a command is, on stderr: one line that is written over, or a line now and then where nobody looks."""

from __future__ import annotations

import sys
import time
from types import TracebackType

EVERY_S = 0.2
LOGGED_EVERY_S = 10.0


class Progress:
    """A context manager. :param unit: ``tasks`` or ``bytes``; :param what: what is worked on, before the figures."""

    def __init__(self, unit: str, what: str = "") -> None:
        self._unit, self._what = unit, what
        self._began = self._shown_at = time.monotonic()
        self._is_open = False
        self._is_seen = sys.stderr.isatty()

    def show(self, share: float | None, count: int) -> None:
        """:param share: 0 to 1; ``None`` where nobody knows how much there is."""
        moment = time.monotonic()
        if moment - self._shown_at < (EVERY_S if self._is_seen else LOGGED_EVERY_S):
            return
        self._shown_at = moment
        rate = count / max(moment - self._began, 0.001)
        parts = [self._what] if self._what else []
        if share is not None:
            parts.append(f"{share:4.0%}")
        parts += [self._amount(count), f"{self._amount(rate)} a second"]
        line = "  ".join(parts)
        if self._is_seen:
            sys.stderr.write(f"\r{line}\x1b[K")
            self._is_open = True
        else:
            sys.stderr.write(f"{line}\n")
        sys.stderr.flush()

    def _amount(self, count: float) -> str:
        return f"{count / 1e6:,.1f} MB" if self._unit == "bytes" else f"{count:,.0f} {self._unit}"

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_open:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
