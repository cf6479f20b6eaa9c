"""Files that users send: taken in whole or not at all, checked before they are kept, found again by their rows."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from labelwright.doors import media_types, paths
from labelwright.doors.files import FULL
from labelwright.errors import InvalidFields, NotFound, OutOfSpace, TooLarge
from labelwright.models import FileUpload, Project

from . import projects
from .context import Caller, Context
from .imports.sources import SourceFile
from .permissions import require


@dataclass(slots=True)
class _Part:
    """A file that is still being written."""

    given: str
    name: str
    suffix: str
    path: Path
    part: Path
    stream: BinaryIO


@dataclass
class Incoming:
    """Files on their way in. A context manager: what :meth:`keep` has not kept is gone afterwards.

    :param folder: of the project's uploads; made when it is missing.
    """

    ctx: Context
    project_id: int
    user_id: int
    folder: Path
    _parts: list[_Part] = field(default_factory=list)

    def open(self, given: str) -> BinaryIO:
        """Begin a file.

        :param given: its name, as the person calls it.
        :raises InvalidInput: of a name or type that is not taken.
        :raises TooLarge: if there are more files than one request may have.
        """
        most = self.ctx.settings.upload_max_files
        if len(self._parts) >= most:
            raise TooLarge(
                f"One upload may have {most} files.", code="too-many-files", params={"limit": most}
            )
        suffix = media_types.check_name(given, _read_suffixes(self.ctx))
        name = paths.stored_name(given)
        path = self.folder / name
        part = self.folder / f".{name}.part"
        with _told_when_full():
            self.folder.mkdir(parents=True, exist_ok=True)
            stream = open(part, "x+b")
        self._parts.append(_Part(given, name, suffix, path, part, stream))
        return stream

    @property
    def names(self) -> list[str]:
        return [part.given for part in self._parts]

    def keep(self) -> list[FileUpload]:
        """Check what the files hold, put them on the disk for good, and write their rows.

        :raises InvalidInput: if one is empty, or not what its name says; then none is kept.
        :raises OutOfSpace: if the disk is full; then none is kept.
        """
        try:
            for part in self._parts:
                self._check(part)
                with _told_when_full():
                    part.stream.flush()
                    os.fsync(part.stream.fileno())
                    part.stream.close()
                    os.replace(part.part, part.path)
            with self.ctx.database.write() as session:
                rows = [self._row(part) for part in self._parts]
                session.add_all(rows)
        except BaseException:
            for part in self._parts:
                part.path.unlink(missing_ok=True)
            raise
        return rows

    def _check(self, part: _Part) -> None:
        if part.stream.seek(0, os.SEEK_END) == 0:
            raise InvalidFields(
                {"non_field_errors": [f"{part.given}: the file is empty"]},
                code="empty-file", params={"file": part.given},
            )  # fmt: skip
        most = self.ctx.settings.upload_max_pixels
        try:
            media_types.check_content(part.stream, part.suffix, max_pixels=most)
        except Exception as error:
            if hasattr(error, "params"):
                error.params.setdefault("file", part.given)
            raise

    def _row(self, part: _Part) -> FileUpload:
        return FileUpload(
            project_id=self.project_id,
            user_id=self.user_id,
            file=f"upload/{self.project_id}/{part.name}",
            size_bytes=part.path.stat().st_size,
        )

    def __enter__(self) -> Incoming:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for part in self._parts:
            with contextlib.suppress(OSError):
                part.stream.close()
            part.part.unlink(missing_ok=True)


def incoming(ctx: Context, caller: Caller, project_id: int) -> Incoming:
    """Take files in for a project.

    :raises NotFound: if it is not the caller's organisation's.
    """
    with ctx.database.read() as session:
        projects.get(session, caller, project_id)
        require(ctx, caller, "tasks.create", session=session, project=project_id)
    return Incoming(ctx, project_id, caller.user_id, ctx.media / "upload" / str(project_id))


def fetch(ctx: Context, caller: Caller, project_id: int, url: str) -> FileUpload:
    """Download a file that a URL names, and keep it as an upload.

    :raises InvalidInput: of an address that may not be reached, a download that fails, or a file that is not taken.
    """
    with incoming(ctx, caller, project_id) as files, _spooled(files.folder) as download:
        got = ctx.outbound.fetch(url, "import", into=download)
        download.seek(0)
        kept = files.open(got.filename)
        with _told_when_full():
            shutil.copyfileobj(download, kept, 1024 * 1024)
        return files.keep()[0]


def source_of(ctx: Context, row: FileUpload) -> SourceFile:
    """An upload as an import reads it."""
    name = row.file.rpartition("/")[2]
    return SourceFile(path=ctx.media / row.file, name=name[9:] or name, upload_id=row.id, url=url_of(row))


def url_of(row: FileUpload) -> str:
    """Where a browser finds an upload, below the server's base path."""
    return f"/data/{row.file}"


def to_json(row: FileUpload) -> dict[str, Any]:
    return {"id": row.id, "file": row.file, "size": row.size_bytes}


def get(session: Session, caller: Caller, upload_id: int) -> FileUpload:
    """The upload's row. :raises NotFound: also for another organisation's."""
    row = session.scalar(_own(caller).where(FileUpload.id == upload_id))
    if row is None:
        raise NotFound(
            "No FileUpload matches the given query.", code="no-file-upload", params={"id": upload_id}
        )
    return row


def find(
    session: Session, caller: Caller, project_id: int, ids: Sequence[int] | None = None
) -> list[FileUpload]:
    """The uploads of a project, or those of these ids among them."""
    projects.get(session, caller, project_id)
    query = select(FileUpload).where(FileUpload.project_id == project_id).order_by(FileUpload.id)
    return list(session.scalars(query if ids is None else query.where(FileUpload.id.in_(ids))))


def open_file(ctx: Context, caller: Caller, project_id: int, name: str) -> Path:
    """The file of an upload, for who may see its project.

    :raises NotFound: if there is none, and of another organisation's, and of a name that leads elsewhere.
    """
    with ctx.database.read() as session:
        row = session.scalar(_own(caller).where(FileUpload.file == f"upload/{project_id}/{name}"))
        if row is None:
            raise NotFound("Not found.")
        require(ctx, caller, "tasks.view", session=session, project=project_id)
    return paths.existing_file(ctx.media / "upload", f"{project_id}/{name}")


def remove(ctx: Context, caller: Caller, project_id: int, ids: Sequence[int] | None) -> int:
    """Delete uploads of a project: these, or all. Tasks made of them stay, without their file.

    :returns: how many there were.
    """
    with ctx.database.read() as session:
        rows = find(session, caller, project_id, ids)
        require(ctx, caller, "tasks.delete", session=session, project=project_id)
    forget(ctx, [row.id for row in rows])
    return len(rows)


def forget(ctx: Context, ids: Sequence[int]) -> None:
    """Remove uploads: first their rows, then their files, so that no row ever names a file that is gone."""
    with ctx.database.write() as session:
        files = session.scalars(select(FileUpload.file).where(FileUpload.id.in_(ids))).all()
        session.execute(
            delete(FileUpload).where(FileUpload.id.in_(ids)).execution_options(synchronize_session=False)
        )
    for file in files:
        (ctx.media / file).unlink(missing_ok=True)


def _own(caller: Caller) -> Any:
    return (
        select(FileUpload)
        .join(Project, Project.id == FileUpload.project_id)
        .where(Project.organization_id == caller.organization_id, Project.deleting.is_(False))
    )


def _read_suffixes(ctx: Context) -> set[str]:
    return {suffix for importer in ctx.registry.importers.values() for suffix in importer.suffixes}


@contextlib.contextmanager
def _spooled(folder: Path) -> Iterator[BinaryIO]:
    folder.mkdir(parents=True, exist_ok=True)
    with _told_when_full(), tempfile.TemporaryFile(dir=folder) as stream:
        yield stream


@contextlib.contextmanager
def _told_when_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise OutOfSpace("The disk is full; nothing was stored.", code="out-of-space") from error
        raise
