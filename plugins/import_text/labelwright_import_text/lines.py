"""Texts: a task for each line, or the whole page as one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from labelwright.api import ImportContext, Importer, InvalidTask, open_text

UNNAMED = "$undefined$"
"""The field that stands for the first one that the configuration reads."""
LONGEST_LINE = 10 * 1024 * 1024


class TextImporter(Importer):
    """Each line is a task; blank ones are left out."""

    name = "txt"
    title = "Text, a task for each line"
    suffixes = (".txt",)
    one_task = True

    def read(self, stream: IO[bytes], context: ImportContext) -> Iterator[dict[str, Any]]:
        blank = 0
        with open_text(stream) as text:
            for number, line in enumerate(iter(lambda: text.readline(LONGEST_LINE + 1), ""), 1):
                if len(line) > LONGEST_LINE:
                    raise InvalidTask(
                        f"line {number} is longer than {LONGEST_LINE} characters",
                        code="long-line", params={"line": number, "limit": LONGEST_LINE}, field=f"line {number}",
                    )  # fmt: skip
                if line.strip():
                    yield {"data": {UNNAMED: line.rstrip("\r\n")}}
                else:
                    blank += 1
        if blank:
            context.warn("{file}: {count} blank lines were left out", file=context.filename, count=blank)


class PageImporter(Importer):
    """The whole file is one task."""

    name = "html"
    title = "HTML or XML, a task for each file"
    suffixes = (".html", ".htm", ".xml")

    def read(self, stream: IO[bytes], context: ImportContext) -> Iterator[dict[str, Any]]:
        with open_text(stream) as text:
            yield {"data": {UNNAMED: text.read()}}
