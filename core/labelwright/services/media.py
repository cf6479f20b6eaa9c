"""Files that tasks name, opened for an export: our own uploads from the disk, others through the guarded client."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from labelwright.doors import paths
from labelwright.errors import LabelwrightError
from labelwright.exporters import MediaUnavailable, OpenMedia

from .context import Context
from .storages import objects

IN_MEMORY = 8 * 1024 * 1024


def opener(ctx: Context, project_id: int) -> OpenMedia:
    """What an export format opens media with: only this project's uploads, and public addresses."""

    @contextlib.contextmanager
    def open_media(url: str) -> Iterator[BinaryIO]:
        prefix = f"{ctx.settings.base_path}/data/upload/{project_id}/"
        path = unquote(urlsplit(url).path) if url.startswith("/") else ""
        for known in (prefix, f"/data/upload/{project_id}/"):
            if path.startswith(known):
                with _own(ctx, project_id, path.removeprefix(known)) as stream:
                    yield stream
                return
        with contextlib.ExitStack() as ends:
            if (stored := _stored(ctx, project_id, url, ends)) is not None:
                yield stored
                return
        if not url.startswith(("http://", "https://")):
            raise MediaUnavailable(f"{url[:200]} is not a file of this project")
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as download:
            try:
                ctx.outbound.fetch(url, "import", into=download)  # type: ignore[arg-type]
            except LabelwrightError as error:
                raise MediaUnavailable(f"{url[:200]}: {error.message}") from error
            download.seek(0)
            yield download  # type: ignore[misc]

    return open_media


def _stored(ctx: Context, project_id: int, url: str, ends: contextlib.ExitStack) -> BinaryIO | None:
    """An object of one of the project's storages; ``None`` if the address is of none."""
    try:
        session = ends.enter_context(ctx.database.read())
        return ends.enter_context(objects.open_in_project(ctx, session, project_id, url))
    except LabelwrightError as error:
        raise MediaUnavailable(f"{url[:200]}: {error.message}") from error


@contextlib.contextmanager
def _own(ctx: Context, project_id: int, name: str) -> Iterator[BinaryIO]:
    try:
        stream = open(paths.existing_file(ctx.media / "upload", f"{project_id}/{name}"), "rb")
    except (LabelwrightError, OSError) as error:
        raise MediaUnavailable(f"/data/upload/{project_id}/{name} is gone") from error
    with stream:
        yield stream
