"""What a format writes, as pieces that a response can send: the writer runs in a thread and waits for its reader."""

from __future__ import annotations

import io
import queue
import threading
from collections.abc import Callable, Iterator
from typing import IO, Any

PIECE = 256 * 1024
AHEAD = 4
"""Pieces that the writer may be ahead of the reader: a slow client costs a megabyte, not the export's size."""


class _Abandoned(Exception):
    """The reader has gone away; the writer stops."""


class _Pipe(io.RawIOBase):
    """A file that cannot seek, whose bytes come out of :func:`pieces`."""

    def __init__(self, out: queue.Queue[bytes | BaseException | None], gone: threading.Event) -> None:
        self._out, self._gone = out, gone
        self._held: list[bytes] = []
        self._size = 0
        self._written = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._held.append(piece)
        self._size += len(piece)
        self._written += len(piece)
        if self._size >= PIECE:
            self.flush()
        return len(piece)

    def tell(self) -> int:
        return self._written

    def flush(self) -> None:
        if self._size:
            self._put(b"".join(self._held))
            self._held, self._size = [], 0

    def _put(self, piece: bytes) -> None:
        while not self._gone.is_set():
            try:
                return self._out.put(piece, timeout=0.5)
            except queue.Full:
                continue
        raise _Abandoned


def pieces(write: Callable[[IO[bytes]], None]) -> Iterator[bytes]:
    """Run ``write`` with a file to write to, and give what it writes, piece by piece.

    What it raises is raised here. Closing the iterator stops it at its next write.
    """
    out: queue.Queue[bytes | BaseException | None] = queue.Queue(AHEAD)
    gone = threading.Event()
    pipe = _Pipe(out, gone)

    def run() -> None:
        end: BaseException | None = None
        try:
            write(pipe)  # type: ignore[arg-type]
            pipe.flush()
        except _Abandoned:
            return
        except BaseException as error:
            end = error
        while not gone.is_set():
            try:
                return out.put(end, timeout=0.5)
            except queue.Full:
                continue

    writer = threading.Thread(target=run, name="labelwright-export", daemon=True)
    writer.start()
    try:
        while (piece := out.get()) is not None:
            if isinstance(piece, BaseException):
                raise piece
            yield piece
    finally:
        gone.set()
        writer.join()
