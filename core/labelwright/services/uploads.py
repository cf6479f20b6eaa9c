"""Files that users send: taken in whole or not at all, checked before they are kept, found again by their rows."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from labelwright.doors import media_types, paths
from labelwright.doors.files import FULL
from labelwright.errors import InvalidFields, NotFound, OutOfSpace, TooLarge
from labelwright.models import ChunkedUpload, FileUpload, Project

from . import archives, projects
from .context import Caller, Context
from .imports.sources import SourceFile, importer_of
from .permissions import require

BLOCK = 1000
"""Uploads in one statement."""


@dataclass(slots=True)
class _Part:
    """A file that is still on its way.

    :param stream: closed when all of it is safe on the disk.
    """

    given: str
    suffix: str
    path: Path
    part: Path
    stream: BinaryIO
    archive: str | None = None
    member: str | None = None
    is_adopted: bool = False
    """Whether somebody else looks after it until it is kept."""


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
        part = self._begin(given)
        self._parts.append(part)
        return part.stream

    def adopt(self, given: str, path: Path) -> None:
        """Take over a file that is on the disk already, in the folder of the project's uploads.

        It stays there until it is kept under its own name; if it is not, or is packed, it is its owner's to remove.

        :raises InvalidInput: of a name or type that is not taken.
        """
        suffix = media_types.check_name(given, read_suffixes(self.ctx))
        stored = self.folder / paths.stored_name(given)
        self._parts.append(_Part(given, suffix, stored, path, open(path, "r+b"), is_adopted=True))

    def link(self, given: str, path: Path, *, archive: str) -> None:
        """Take a file of this machine in without copying it, where the disk allows that; it stays its owner's.

        :param given: its path in the folder that it is from, :param archive: that folder's mark.
        :raises InvalidInput: of a name or type that is not taken.
        """
        suffix = media_types.check_name(given, read_suffixes(self.ctx))
        name = paths.stored_name(given)
        part = self.folder / f".{name}.part"
        with told_when_full():
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                os.link(path.resolve(), part)
            except OSError:  # another disk, or a system without links
                shutil.copyfile(path, part)
        stored = self.folder / name
        self._parts.append(_Part(given, suffix, stored, part, open(part, "rb"), archive, given))

    @property
    def names(self) -> list[str]:
        return [part.given for part in self._parts]

    def keep(self, also: Callable[[Session, Sequence[int]], None] | None = None) -> list[FileUpload]:
        """Unpack what is packed, check what the files hold, put them on the disk for good, and write their rows.

        :param also: called in the transaction that writes the rows, with their ids.
        :raises InvalidInput: if one is empty, or not what its name says; then none is kept.
        :raises TooLarge: if the project's files would be more than its quota, or a packed one holds too much.
        :raises OutOfSpace: if the disk is full; then none is kept.
        """
        with told_when_full():
            for packed in list(self._parts):
                self._unpack(packed)
        for part in self._parts:
            self._finish(part)
        try:
            for part in self._parts:
                with told_when_full():
                    os.replace(part.part, part.path)
            with self.ctx.database.write() as session:
                rows = [self._row(part) for part in self._parts]
                session.add_all(rows)
                session.flush()
                if also is not None:
                    also(session, [row.id for row in rows])
                check_quota(self.ctx, session, self.project_id)
        except BaseException:
            for part in self._parts:
                if part.is_adopted and part.path.exists():
                    os.replace(part.path, part.part)
                part.path.unlink(missing_ok=True)
            raise
        return rows

    def _begin(self, given: str) -> _Part:
        suffix = media_types.check_name(given, read_suffixes(self.ctx))
        name = paths.stored_name(given)
        part = self.folder / f".{name}.part"
        with told_when_full():
            self.folder.mkdir(parents=True, exist_ok=True)
            return _Part(given, suffix, self.folder / name, part, open(part, "x+b"))

    def _unpack(self, packed: _Part) -> None:
        """Put the files of a packed one into its place."""
        reader = archives.reader_of(self.ctx, packed.suffix)
        if reader is None:
            return
        mark = secrets.token_hex(16)
        for member in archives.members_of(self.ctx, reader, packed.stream, packed.given):
            part = self._begin(member.path)
            self._parts.append(part)
            part.archive, part.member = mark, member.path
            archives.unpack(member, packed.given, part.stream)
            self._finish(part)
        self._parts.remove(packed)
        _discard(packed)

    def _finish(self, part: _Part) -> None:
        """Check a file, and have it safe on the disk."""
        if part.stream.closed:
            return
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
        with told_when_full():
            part.stream.flush()
            os.fsync(part.stream.fileno())
            part.stream.close()

    def _row(self, part: _Part) -> FileUpload:
        return FileUpload(
            project_id=self.project_id,
            user_id=self.user_id,
            file=f"upload/{self.project_id}/{part.path.name}",
            size_bytes=part.path.stat().st_size,
            archive=part.archive,
            member=part.member,
        )

    def __enter__(self) -> Incoming:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for part in self._parts:
            _discard(part)


def _discard(part: _Part) -> None:
    with contextlib.suppress(OSError):
        part.stream.close()
    if not part.is_adopted:
        part.part.unlink(missing_ok=True)


def check_quota(ctx: Context, session: Session, project_id: int) -> None:
    """Refuse more files than the project may have, those that are on their way and those just added counted in.

    :raises TooLarge: naming the setting.
    """
    quota = ctx.settings.upload_quota_bytes
    if not quota:
        return
    kept = session.scalar(select(func.sum(FileUpload.size_bytes)).where(FileUpload.project_id == project_id))
    coming = session.scalar(
        select(func.sum(ChunkedUpload.size_bytes)).where(
            ChunkedUpload.project_id == project_id, ChunkedUpload.file_upload_ids.is_(None)
        )
    )
    if int(kept or 0) + int(coming or 0) > quota:
        raise TooLarge(
            f"The uploaded files of a project may have {quota} bytes together (upload.quota_bytes).",
            code="quota", params={"limit": quota},
        )  # fmt: skip


def incoming(ctx: Context, caller: Caller, project_id: int) -> Incoming:
    """Take files in for a project.

    :raises NotFound: if it is not the caller's organisation's.
    """
    with ctx.database.read() as session:
        projects.get(session, caller, project_id)
        require(ctx, caller, "tasks.create", session=session, project=project_id)
    return Incoming(ctx, project_id, caller.user_id, folder_of(ctx, project_id))


def folder_of(ctx: Context, project_id: int) -> Path:
    """Where the uploads of a project lie."""
    return ctx.media / "upload" / str(project_id)


def fetch(ctx: Context, caller: Caller, project_id: int, url: str) -> list[FileUpload]:
    """Download a file that a URL names, and keep it as an upload; as several, if it is packed.

    :raises InvalidInput: of an address that may not be reached, a download that fails, or a file that is not taken.
    """
    with incoming(ctx, caller, project_id) as files, _spooled(files.folder) as download:
        got = ctx.outbound.fetch(url, "import", into=download)
        download.seek(0)
        kept = files.open(got.filename)
        with told_when_full():
            shutil.copyfileobj(download, kept, 1024 * 1024)
        return files.keep()


def sources_of(ctx: Context, rows: Sequence[FileUpload]) -> list[SourceFile]:
    """Uploads as an import reads them.

    Of files that came packed together, lists of tasks name the others by their paths; where there are lists, the others
    are no tasks themselves.
    """
    files = [_source_of(ctx, row) for row in rows]
    lists = {
        row.archive
        for row, file in zip(rows, files, strict=True)
        if row.archive and importer_of(ctx.registry, file) is not None
    }
    beside: dict[str, dict[str, str]] = defaultdict(dict)
    sources = []
    for row, file in zip(rows, files, strict=True):
        if row.archive in lists and importer_of(ctx.registry, file) is None:
            beside[row.archive or ""][row.member or ""] = file.url
        else:
            sources.append((row, file))
    return [
        replace(file, member=row.member or "", beside=beside[row.archive]) if row.archive in lists else file
        for row, file in sources
    ]


def _source_of(ctx: Context, row: FileUpload) -> SourceFile:
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
    """The uploads of a project, or those of these ids among them, in the order of their ids."""
    projects.get(session, caller, project_id)
    query = select(FileUpload).where(FileUpload.project_id == project_id).order_by(FileUpload.id)
    if ids is None:
        return list(session.scalars(query))
    return [
        row
        for some in _blocks(sorted(set(ids)))
        for row in session.scalars(query.where(FileUpload.id.in_(some)))
    ]


def _blocks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BLOCK):
        yield ids[start : start + BLOCK]


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
    for some in _blocks(ids):
        with ctx.database.write() as session:
            files = session.scalars(select(FileUpload.file).where(FileUpload.id.in_(some))).all()
            session.execute(
                delete(FileUpload).where(FileUpload.id.in_(some)).execution_options(synchronize_session=False)
            )
        for file in files:
            (ctx.media / file).unlink(missing_ok=True)


def _own(caller: Caller) -> Any:
    return (
        select(FileUpload)
        .join(Project, Project.id == FileUpload.project_id)
        .where(Project.organization_id == caller.organization_id, Project.deleting.is_(False))
    )


def read_suffixes(ctx: Context) -> set[str]:
    """Extensions of files that are taken because an importer reads them."""
    return {suffix for importer in ctx.registry.importers.values() for suffix in importer.suffixes}


@contextlib.contextmanager
def _spooled(folder: Path) -> Iterator[BinaryIO]:
    folder.mkdir(parents=True, exist_ok=True)
    with told_when_full(), tempfile.TemporaryFile(dir=folder) as stream:
        yield stream


@contextlib.contextmanager
def told_when_full() -> Iterator[None]:
    """:raises OutOfSpace: in the place of the operating system's errors that say so."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise OutOfSpace("The disk is full; nothing was stored.", code="out-of-space") from error
        raise
