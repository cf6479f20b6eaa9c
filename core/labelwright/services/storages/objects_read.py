"""One object of a source, read: as the thing to label itself, or as a list of tasks."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from labelwright.errors import InvalidInput, InvalidTask, LabelwrightError, NotFound
from labelwright.services import undefined
from labelwright.services.context import Context
from labelwright.services.imports import sources
from labelwright.services.imports.items import ItemReader, NewTask
from labelwright.storages import Storage


@dataclass(frozen=True, slots=True)
class Copy:
    """An object's content in a file of ours, or why there is none. A context manager: the file goes at its end."""

    path: Path | None = None
    error: InvalidInput | NotFound | None = None

    def __enter__(self) -> Copy:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.path is not None:
            self.path.unlink(missing_ok=True)


def as_task(reader: ItemReader, uri: str) -> Iterator[NewTask]:
    """The task that an object itself is, by its address.

    :raises InvalidTask: if the project's configuration wants another kind of task.
    """
    yield _read(reader, 0, {"data": {undefined.KEY: uri}})


def copied(ctx: Context, storage: Storage, key: str) -> Copy:
    """Fetch an object, so that it can be read from its beginning, and twice.

    :raises Unavailable: if the storage does not answer.
    """
    most = ctx.settings["storage.max_object_bytes"]
    ctx.staging.mkdir(parents=True, exist_ok=True)
    try:
        with closing((content := storage.read(key)).stream) as stream:
            if content.size > most:
                raise InvalidInput(f"it is larger than {most} bytes (storage.max_object_bytes)")
            with tempfile.NamedTemporaryFile(dir=ctx.staging, prefix="object-", delete=False) as out:
                shutil.copyfileobj(stream, out, 1024 * 1024)
    except (InvalidInput, NotFound) as error:
        return Copy(error=error)
    return Copy(Path(out.name))


def listed(ctx: Context, reader: ItemReader, storage: Storage, key: str, copy: Copy) -> Iterator[NewTask]:
    """The tasks that an object lists.

    :raises InvalidTask: naming the place, if it is no list of tasks or one of them is wrong.
    """
    if copy.path is None:
        raise copy.error or NotFound("it is gone")
    name = key.rpartition("/")[2]
    file = sources.SourceFile(copy.path, name=name if "." in name else f"{name}.json")
    if sources.importer_of(ctx.registry, file) is None:
        raise InvalidTask(
            "it is no list of tasks. To label the objects themselves, choose files as what is imported "
            "(use_blob_urls); otherwise leave it out by the filter.",
            code="no-list-of-tasks",
        )
    index = 0
    try:
        for index, (item, _) in enumerate(sources.read(ctx, [file], reader.label_config, sources.Found())):
            yield _read(reader, index, item)
    except InvalidTask as error:
        error.message = error.message.removeprefix(f"{file.name}: ")  # the key is named besides
        raise
    except LabelwrightError as error:
        raise InvalidTask(error.message, code=error.code) from error


def _read(reader: ItemReader, index: int, item: sources.Item) -> NewTask:
    try:
        return reader.read(index, item)
    except InvalidTask as error:
        # The words for an import quote the whole item, which may be long.
        error.message = error.message.partition(" :: ")[0]
        raise
