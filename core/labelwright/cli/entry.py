"""Where the browser begins: the server's address, or a project, with a link that logs in."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from labelwright.doors.files import write_whole

PAGE = (
    '<!doctype html><meta charset="utf-8"><title>Labelwright</title>'
    '<meta http-equiv="refresh" content="0;url={url}">'
)


@dataclass(frozen=True, slots=True)
class Entry:
    """:param page: a path on the server, :param code: what logs in; empty: nobody is logged in."""

    page: str
    code: str = ""
    lines: list[str] = field(default_factory=list)
    """What to say of it."""

    def address(self, url: str, data_dir: Path) -> str:
        """What the browser is given.

        A link that logs in goes by a file that only this user reads: others on this machine see the words that
        programs are started with.
        """
        if not self.code:
            return url.rstrip("/") + self.page if self.page else url
        file = data_dir / "open.html"
        write_whole(file, PAGE.format(url=html.escape(self._link(url))).encode(), mode=0o600)
        return file.resolve().as_uri()

    def told(self, url: str) -> list[str]:
        if not self.page:
            return []
        link = self._link(url) if self.code else url.rstrip("/") + self.page
        return [*(f"  {line}" for line in self.lines), f"  open      {link}"]

    def _link(self, url: str) -> str:
        return f"{url.rstrip('/')}/user/arrive/{self.code}?next={quote(self.page)}"
