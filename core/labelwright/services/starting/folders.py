"""A project for a folder or a file. The same path again opens the same project, and takes in what is new.

Files are linked into the server's media, not copied, where the disk allows it: they lie there under the same checks,
names and permissions as an upload, and nobody can ask for a path of the machine.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import select

from labelwright.doors import media_types
from labelwright.errors import InvalidInput, LabelwrightError
from labelwright.models import FileUpload, Project, StoredSetting
from labelwright.services import projects, removal, uploads
from labelwright.services.context import Caller, Context
from labelwright.services.imports import intake
from labelwright.services.imports.intake import Follow
from labelwright.services.imports.run import Options
from labelwright.services.imports.sources import SourceFile
from labelwright.text_files import encoding_of, open_text

from . import guess

AT_ONCE = 200
"""Files that are linked before the next are looked at; each is open meanwhile."""
LONGEST_TEXT = 1024 * 1024
LONGEST_TITLE = 50


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line says of a new project."""

    template: str | None = None
    labels: Sequence[str] = ()
    label_config: str | None = None


@dataclass(slots=True)
class Opened:
    """The project of a path, and what there is to say about it."""

    project: int
    is_new: bool = False
    tasks: int = 0
    """New ones."""
    told: list[str] = field(default_factory=list)


def open_path(ctx: Context, caller: Caller, path: Path, wishes: Wishes, follow: Follow) -> Opened:
    """Find or make the project of a folder or a file, and take in what is new there.

    :raises InvalidInput: if there is nothing in it that the installed plugins can label; then no project is made.
    """
    real = path.resolve()
    mark = hashlib.sha256(str(real).encode(errors="surrogateescape")).hexdigest()[:32]
    known = _project_of(ctx, caller, mark)
    if real.is_dir():
        return _open_folder(ctx, caller, real, mark, known, wishes, follow)
    if not real.is_file():
        raise InvalidInput(f"there is neither a folder nor a file {path}")
    return _open_file(ctx, caller, real, mark, known, wishes, follow)


def _open_folder(
    ctx: Context,
    caller: Caller,
    folder: Path,
    mark: str,
    known: dict[str, Any],
    wishes: Wishes,
    follow: Follow,
) -> Opened:
    contents = guess.look_into(folder, ctx.settings.data_dir)
    kinds = sorted(contents.files, key=lambda kind: -len(contents.files[kind]))
    kind = known.get("kind") or next((one for one in kinds if guess.template_for(ctx, one)), None)
    if kind is None:
        raise InvalidInput(f"{folder} holds nothing that can be labelled here{_words(contents)}")
    opened = Opened(known.get("project") or 0)
    if not opened.project:
        template = guess.template_for(ctx, kind, wishes.template)
        assert template is not None or wishes.label_config
        labels = wishes.labels or contents.labels(kind)
        config = wishes.label_config or guess.fitted(ctx, template, "", labels)[0]  # type: ignore[arg-type]
        opened.project, opened.is_new = _make(ctx, caller, folder.name, config), True
        _remember(ctx, mark, {"project": opened.project, "kind": kind})
    names = sorted(set(contents.files.get(kind, ())) - _taken(ctx, opened.project, mark))
    with _undone_if_new(ctx, caller, opened):
        rows = _linked(ctx, caller, opened, folder, names, mark)
        if rows:
            with _wanted(ctx, rows, is_text=kind == "text") as wanted:
                opened.tasks = intake.at_once(ctx, caller, opened.project, wanted, follow=follow)[
                    "task_count"
                ]
    opened.told += [
        f"left out: {len(files)} {other}"
        + ("" if guess.template_for(ctx, other) else ", which no plugin that is installed can label")
        for other, files in contents.files.items()
        if other != kind
    ]
    opened.told += [f"left out: {count} {why}" for why, count in contents.left_out.items()]
    return opened


def _open_file(
    ctx: Context, caller: Caller, file: Path, mark: str, known: dict[str, Any], wishes: Wishes, follow: Follow
) -> Opened:
    state = [file.stat().st_size, file.stat().st_mtime_ns]
    if known:
        opened = Opened(known["project"])
        if known.get("state") != state:
            opened.told.append(
                f"{file.name} has changed since; labelwright import {opened.project} {file} imports it as it is now"
            )
        return opened
    columns = guess.look_at(ctx, file)
    names: dict[str, str] = {}
    config = wishes.label_config
    if config is None:
        template = guess.template_for(ctx, columns.kind, wishes.template)
        if template is None:
            raise InvalidInput(f"no plugin that is installed can label {columns.kind}")
        config, names = guess.fitted(ctx, template, columns.name, wishes.labels or columns.labels)
    opened = Opened(_make(ctx, caller, file.stem, config), is_new=True)
    wanted = intake.Wanted([SourceFile(path=file, name=file.name)], Options(columns=names))
    with _undone_if_new(ctx, caller, opened):
        opened.tasks = intake.at_once(ctx, caller, opened.project, wanted, follow=follow)["task_count"]
    _remember(ctx, mark, {"project": opened.project, "state": state})
    return opened


@contextmanager
def _undone_if_new(ctx: Context, caller: Caller, opened: Opened) -> Iterator[None]:
    """A project that was made for files which are then refused goes again."""
    try:
        yield
    except BaseException:
        if opened.is_new:
            removal.delete_project(ctx, caller, opened.project)
        raise


def _linked(
    ctx: Context, caller: Caller, opened: Opened, folder: Path, names: Sequence[str], mark: str
) -> list[FileUpload]:
    """Take files in; those that are not what they say are left out, and told."""
    rows: list[FileUpload] = []
    for begin in range(0, len(names), AT_ONCE):
        with uploads.incoming(ctx, caller, opened.project) as incoming:
            for name in names[begin : begin + AT_ONCE]:
                try:
                    _check(ctx, folder / name)
                    incoming.link(name, folder / name, archive=mark)
                except (LabelwrightError, OSError) as error:
                    opened.told.append(f"left out: {name}: {error}")
            rows += incoming.keep()
    return rows


def _check(ctx: Context, path: Path) -> None:
    """:raises LabelwrightError: if a file is empty, or not what its name says."""
    suffix = path.suffix.lower()
    with open(path, "rb") as stream:
        media_types.check_content(stream, suffix, max_pixels=ctx.settings.upload_max_pixels)
        if media_types.MEDIA_TYPES[suffix].startswith("text/"):
            encoding_of(stream)
        if not stream.seek(0, 2):
            raise InvalidInput("the file is empty")


@contextmanager
def _wanted(ctx: Context, rows: Sequence[FileUpload], *, is_text: bool) -> Iterator[intake.Wanted]:
    """A task for each file: its address, or the text in it."""
    ids = [row.id for row in rows]
    if not is_text:
        yield intake.Wanted(uploads.sources_of(ctx, rows), uploads=ids, own=ids)
        return
    ctx.staging.mkdir(parents=True, exist_ok=True)
    staged = ctx.staging / secrets.token_hex(16)
    try:
        with open(staged, "wb") as out:
            for row in rows:
                with open(ctx.media / row.file, "rb") as stream, open_text(stream) as text:
                    data = {"text": text.read(LONGEST_TEXT), "file": row.member}
                    out.write(orjson.dumps({"data": data}, option=orjson.OPT_APPEND_NEWLINE))
        yield intake.Wanted([SourceFile(path=staged, name="texts.jsonl")], uploads=ids, own=ids)
    finally:
        staged.unlink(missing_ok=True)


def _make(ctx: Context, caller: Caller, name: str, label_config: str) -> int:
    title = " ".join(name.split())[:LONGEST_TITLE]
    values = {"title": title if len(title) >= 3 else f"Project {title}".strip(), "label_config": label_config}
    return projects.create(ctx, caller, values).id


def _taken(ctx: Context, project_id: int, mark: str) -> set[str]:
    """Files of the folder that are in the project already."""
    with ctx.database.read() as session:
        query = select(FileUpload.member).where(
            FileUpload.project_id == project_id, FileUpload.archive == mark
        )
        return {name for name in session.scalars(query) if name}


def _project_of(ctx: Context, caller: Caller, mark: str) -> dict[str, Any]:
    """What is remembered of a path, while its project is there."""
    with ctx.database.read() as session:
        row = session.get(StoredSetting, f"folder.{mark}")
        known: dict[str, Any] = orjson.loads(row.value) if row is not None else {}
        project = session.get(Project, known["project"]) if known else None
        is_there = (
            project is not None and not project.deleting and project.organization_id == caller.organization_id
        )
    return known if is_there else {}


def _remember(ctx: Context, mark: str, fact: dict[str, Any]) -> None:
    with ctx.database.write() as session:
        session.merge(StoredSetting(key=f"folder.{mark}", value=orjson.dumps(fact).decode()))


def _words(contents: guess.Contents) -> str:
    found = [f"{len(files)} {kind}" for kind, files in contents.files.items()]
    return f" ({', '.join(found)}; no plugin that is installed can label that)" if found else ""
