"""The official client, with what Label Studio does not have: plugins, jobs, exports and imports of any size.

Needs the extra: ``pip install labelwright[client]``. All that ``label_studio_sdk.LabelStudio`` does works as it did::

    from labelwright.client import Labelwright

    client = Labelwright(base_url="http://localhost:8080", api_key="...")
    for task in client.projects.export_stream(3):
        ...
"""

from __future__ import annotations

import codecs
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, cast

import httpx

try:
    from label_studio_sdk.client import LabelStudio
    from label_studio_sdk.core.api_error import ApiError
    from label_studio_sdk.projects.client_ext import ProjectsClientExt
except ImportError as error:
    raise ImportError(
        "labelwright.client needs label-studio-sdk: pip install 'labelwright[client]'"
    ) from error

__all__ = ["ApiError", "Job", "JobFailed", "Labelwright", "Plugin", "Unreachable"]

Unreachable = httpx.HTTPError
"""The server is not there, or did not answer."""

PIECE = 256 * 1024
SENT_AT_ONCE = 64 * 1024 * 1024
"""A larger file is sent in pieces of this size: each is safe on the server's disk before the next is sent."""
ENDED = frozenset({"done", "failed", "cancelled"})
LONGEST_WAIT_S = 3600.0
"""Of one answer: an import that is not a job answers when it is done."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin of the server."""

    name: str
    version: str
    state: str
    raw: Mapping[str, Any]
    """All that the server says of it."""


@dataclass(frozen=True, slots=True)
class Job:
    """A long work of the server, as it was when asked for."""

    id: int
    kind: str
    state: str
    """``queued``, ``running``, ``done``, ``failed`` or ``cancelled``."""
    progress: float | None
    """0 to 1; ``None`` while nobody knows how much there is."""
    message: str
    result: Any
    error: Mapping[str, Any] | None
    project: int | None
    created_at: datetime
    raw: Mapping[str, Any]
    """All that the server says of it."""

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED


class JobFailed(Exception):
    """A job that was waited for has failed, or was cancelled; ``job`` says why."""

    def __init__(self, job: Job) -> None:
        detail = (job.error or {}).get("detail") or job.message
        super().__init__(f"job {job.id} ({job.kind}) {job.state}" + (f": {detail}" if detail else ""))
        self.job = job


class Labelwright(LabelStudio):
    """A Labelwright server, or any server that speaks Label Studio's language.

    :param base_url: where it is; from ``LABEL_STUDIO_URL`` when not given.
    :param api_key: a token of either kind; from ``LABEL_STUDIO_API_KEY`` when not given.
    """

    @property
    def plugins(self) -> Plugins:
        """The server's plugins."""
        return Plugins(_Connection(self._client_wrapper))

    @property
    def jobs(self) -> Jobs:
        """Long works of the server."""
        return Jobs(_Connection(self._client_wrapper))

    @property
    def projects(self) -> Projects:
        """Projects, as in the official client, with streams in both directions."""
        return Projects(client_wrapper=self._client_wrapper)


class Plugins:
    """The server's plugins."""

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection

    def list(self) -> list[Plugin]:
        """Every plugin that the server has found, those that failed too."""
        rows = self._connection.json("GET", "api/plugins")
        return [Plugin(row["name"], row["version"], row["state"], row) for row in rows]


class Jobs:
    """Long works of the server."""

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection

    def list(self, project: int | None = None) -> list[Job]:
        """The newest jobs of the organisation, or of one project."""
        params = {} if project is None else {"project": project}
        return [_job(row) for row in self._connection.json("GET", "api/jobs", params=params)]

    def get(self, job_id: int) -> Job:
        """A job as it is now."""
        return _job(self._connection.json("GET", f"api/jobs/{job_id}"))

    def cancel(self, job_id: int) -> Job:
        """Ask a job to stop; it ends at its next look."""
        return _job(self._connection.json("POST", f"api/jobs/{job_id}/cancel"))

    def wait(
        self, job_id: int, timeout_s: float | None = None, on_progress: Callable[[Job], None] | None = None
    ) -> Job:
        """Wait until a job is done.

        :param timeout_s: seconds; ``None`` waits for ever. :param on_progress: told of the job at each look.
        :raises JobFailed: if it failed, or was cancelled.
        :raises TimeoutError: if it has not ended by then; it goes on.
        """
        begun, pause_s = time.monotonic(), 0.1
        while not (job := self.get(job_id)).has_ended:
            if timeout_s is not None and time.monotonic() - begun > timeout_s:
                raise TimeoutError(f"job {job_id} ({job.kind}) is {job.state} after {timeout_s:g} s")
            if on_progress is not None:
                on_progress(job)
            time.sleep(pause_s)
            pause_s = min(pause_s * 1.5, 2.0)
        if job.state != "done":
            raise JobFailed(job)
        return job


class Projects(ProjectsClientExt):
    """Projects, as in the official client, with streams in both directions."""

    def export_stream(
        self,
        project_id: int,
        export_type: str = "JSON",
        *,
        download_all_tasks: bool = False,
        ids: list[int] | None = None,
        interpolate_key_frames: bool = False,
    ) -> Iterator[dict[str, Any]]:
        """A project's tasks with their answers, one by one, in the memory of one, whatever their number.

        :param export_type: a format that is a list of JSON objects: ``JSON``, ``JSON_MIN``.
        :param download_all_tasks: also those without an annotation. :param ids: only these tasks.
        :raises ApiError: as the official client.
        :raises EOFError: if the server broke off; what was given until then is right.
        """
        params: dict[str, Any] = {"exportType": export_type, "download_all_tasks": download_all_tasks}
        if ids is not None:
            params["ids[]"] = ids
        if interpolate_key_frames:
            params["interpolate_key_frames"] = True
        connection = _Connection(self._raw_client._client_wrapper)
        with connection.stream("GET", f"api/projects/{project_id}/export", params=params) as answer:
            yield from _objects(answer.iter_bytes(PIECE))

    def export_file(
        self,
        project_id: int,
        export_type: str = "JSON",
        *,
        download_all_tasks: bool = False,
        ids: list[int] | None = None,
        **options: Any,
    ) -> Iterator[bytes]:
        """A project's export as the bytes of its file, piece by piece, in any format.

        :param download_all_tasks: also tasks without an annotation. :param ids: only these tasks.
        :param options: of the format, such as ``bom=True`` of ``CSV``.
        :raises ApiError: as the official client.
        """
        params = {**options, "exportType": export_type, "download_all_tasks": download_all_tasks}
        if ids is not None:
            params["ids[]"] = ids
        connection = _Connection(self._raw_client._client_wrapper)
        with connection.stream("GET", f"api/projects/{project_id}/export", params=params) as answer:
            yield from answer.iter_bytes(PIECE)

    def import_file(
        self,
        project_id: int,
        path: str | os.PathLike[str],
        *,
        columns: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
        respond_async: bool = False,
    ) -> dict[str, Any] | Job:
        """Import a file, sent as it is read from the disk.

        :param path: JSON, CSV, TSV, text or whatever the server's plugins read; its name says which.
        :param columns: columns that get another name in the tasks' data; an empty name leaves one out.
        :param idempotency_key: the same file sent again under the same key is imported once.
        :param respond_async: have a job do it, and do not wait.
        :returns: what was imported: ``task_count`` and so on; with ``respond_async`` the job.
        :raises ApiError: as the official client; nothing was imported then.
        """
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        if respond_async:
            headers["Prefer"] = "respond-async"
        connection = _Connection(self._raw_client._client_wrapper)
        params: dict[str, Any] = {"columns": json.dumps(columns)} if columns else {}
        address = f"api/projects/{project_id}/import"
        with open(path, "rb") as file:
            if os.fstat(file.fileno()).st_size > SENT_AT_ONCE:
                params["file_upload_ids"] = _in_pieces(connection, project_id, Path(path).name, file)
                answer = connection.json("POST", address, headers=headers, params=params)
            else:
                files = {"file": (Path(path).name, cast(BinaryIO, file))}
                answer = connection.json("POST", address, headers=headers, params=params, files=files)
        return _job(answer) if respond_async else dict(answer)

    def import_errors(self, project_id: int, import_id: int) -> list[dict[str, Any]]:
        """What was wrong with the items of an import that failed: ``item`` (from 1), ``field`` and ``reason``.

        :param import_id: what ``import`` says in the ``raw`` of its job.
        """
        connection = _Connection(self._raw_client._client_wrapper)
        address = f"api/projects/{project_id}/imports/{import_id}/errors"
        with connection.stream("GET", address, params={"format": "lines"}) as answer:
            return [json.loads(line) for line in answer.iter_lines() if line]


class _Connection:
    """The official client's connection, for what it has no methods for."""

    def __init__(self, wrapper: Any) -> None:
        self._wrapper = wrapper
        self._client: httpx.Client = wrapper.httpx_client.httpx_client

    def json(self, method: str, path: str, **arguments: Any) -> Any:
        """What the server answers. :raises ApiError: of a refusal."""
        answer = self._client.request(method, self._url(path), **self._arguments(arguments))
        _refuse(answer)
        return answer.json() if answer.content else None

    def stream(self, method: str, path: str, **arguments: Any) -> _Streamed:
        """An answer that is read as it comes. :raises ApiError: of a refusal."""
        return _Streamed(self._client, method, self._url(path), self._arguments(arguments))

    def _url(self, path: str) -> str:
        return f"{self._wrapper.get_base_url().rstrip('/')}/{path}"

    def _arguments(self, given: Mapping[str, Any]) -> dict[str, Any]:
        timeout = httpx.Timeout(self._wrapper.get_timeout() or 60.0, read=LONGEST_WAIT_S)
        return {
            "timeout": timeout,
            **given,
            "headers": {**self._wrapper.get_headers(), **given.get("headers", {})},
        }


class _Streamed:
    """A context in which an answer is read as it comes."""

    def __init__(self, client: httpx.Client, method: str, url: str, arguments: Mapping[str, Any]) -> None:
        self._context = client.stream(method, url, **arguments)

    def __enter__(self) -> httpx.Response:
        answer = self._context.__enter__()
        if answer.status_code >= 400:
            answer.read()
            self._context.__exit__(None, None, None)
            _refuse(answer)
        return answer

    def __exit__(self, *error: Any) -> None:
        self._context.__exit__(*error)


def _in_pieces(connection: _Connection, project_id: int, name: str, file: BinaryIO) -> list[int]:
    """Send a file piece by piece. :returns: the ids that an import takes."""
    size = os.fstat(file.fileno()).st_size
    address = f"api/projects/{project_id}/uploads"
    upload = connection.json("POST", address, json={"name": name, "size": size})
    address = f"{address}/{upload['id']}"
    try:
        while upload["offset"] < size:
            file.seek(upload["offset"])
            piece = file.read(SENT_AT_ONCE)
            upload = connection.json("PUT", address, params={"offset": upload["offset"]}, content=piece)
        ids: list[int] = connection.json("POST", f"{address}/complete")["file_upload_ids"]
    except BaseException:
        connection.json("DELETE", address)
        raise
    return ids


def _refuse(answer: httpx.Response) -> None:
    if answer.status_code < 400:
        return
    try:
        body = answer.json()
    except ValueError:
        body = answer.text
    raise ApiError(status_code=answer.status_code, headers=dict(answer.headers), body=body)


def _job(row: Mapping[str, Any]) -> Job:
    return Job(
        id=row["id"], kind=row["kind"], state=row["state"], progress=row["progress"], message=row["message"],
        result=row["result"], error=row["error"], project=row["project"],
        created_at=datetime.fromisoformat(row["created_at"]), raw=row,
    )  # fmt: skip


def _objects(pieces: Iterator[bytes]) -> Iterator[dict[str, Any]]:
    """The objects of a JSON list that comes in pieces; as much is held as one of them needs.

    :raises EOFError: if it ends before the list does.
    """
    to_text, decoder = codecs.getincrementaldecoder("utf-8")(), json.JSONDecoder()
    held, wanted = "", 1
    for piece in chain(pieces, [b""]):
        held += to_text.decode(piece)
        if piece and len(held) < wanted:
            continue
        at = 0
        while True:
            at = _after_marks(held, at)
            if held.startswith("]", at):
                return
            try:
                found, at = decoder.raw_decode(held, at)
            except json.JSONDecodeError:
                break
            yield found
        held = held[at:]
        wanted = 2 * len(held)  # a long object is not read again with each of its pieces
    raise EOFError("the export broke off before its end")


def _after_marks(text: str, at: int) -> int:
    """The next place where an object begins, or the list ends."""
    while at < len(text) and text[at] in " \t\r\n,[":
        at += 1
    return at
