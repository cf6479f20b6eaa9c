"""The guarded client for other servers, as plugins get it: bound to what they say it is for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from labelwright.doors.networks import Purpose
    from labelwright.doors.outbound import Answer, Checked, Fetched, Outbound


class PurposeClient:
    """The client for outgoing requests, bound to one purpose."""

    def __init__(self, outbound: Outbound, purpose: Purpose) -> None:
        self._outbound, self._purpose = outbound, purpose

    def check(self, url: str) -> Checked:
        return self._outbound.check(url, self._purpose)

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        timeout_s: float | None = None,
        max_bytes: int = 32 * 1024 * 1024,
    ) -> Answer:
        return self._outbound.send(
            method, url, self._purpose, headers=headers, body=body, timeout_s=timeout_s, max_bytes=max_bytes
        )

    def fetch(
        self, url: str, *, into: BinaryIO, max_bytes: int | None = None, timeout_s: float | None = None
    ) -> Fetched:
        return self._outbound.fetch(url, self._purpose, into=into, max_bytes=max_bytes, timeout_s=timeout_s)

    def check_headers(self, headers: Mapping[str, str]) -> None:
        from labelwright.doors.outbound import check_headers

        check_headers(headers)
