"""What a server answered, written so that two servers can be compared.

An exchange is the request (method, path without ids, names of the query's parameters), the status, the content type,
the headers that clients read, and the answer with everything that differs from run to run taken out: ids, times,
tokens, addresses, the names of people.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import requests
from requests.adapters import HTTPAdapter

Exchange = dict[str, Any]

IDS = frozenset(
    {
        "id", "project", "task", "user", "organization", "completed_by", "created_by", "updated_by", "user_id",
        "annotation", "parent_prediction", "parent_annotation", "last_created_by", "active_organization", "import",
        "converted_format", "label", "view", "import_id", "taskId", "annotationId", "file_upload_id", "parent",
        "filter_group", "annotation_id", "annotator", "annotations_ids",
    }
)  # fmt: skip
LISTS_OF_IDS = frozenset(
    {"users", "annotators", "task_ids", "file_upload_ids", "links", "projects", "ids", "predictions"}
)
PEOPLE = frozenset({"username", "initials", "created_username", "annotations_ids"})
NAMED = frozenset({"active_organization_meta"})
"""What an installation calls its own."""
SECONDS = frozenset({"duration", "last_sync_count"})
HEADERS = ("www-authenticate", "content-disposition", "filename", "location")
SCRUBBED = (
    (re.compile(r"eyJ[\w-]+\.[\w-]+(\.[\w-]+)?"), "<jwt>"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<uuid>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?"), "<time>"),
    (re.compile(r"\d{4}-\d\d-\d\d-\d\d-\d\d(-[0-9a-f]{8})?"), "<stamp>"),
    (re.compile(r"\b[0-9a-f]{40}\b"), "<token>"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "<digest>"),
    (re.compile(r"/\d+/[0-9a-f]{8}-"), "/<id>/<hex>-"),
    (re.compile(r"\b[0-9a-f]{8}-(?=\w+\.\w+)"), "<hex>-"),
    (re.compile(r"project-\d+-at"), "project-<id>-at"),
    (re.compile(r"\b(?:id|pk|[Tt]ask|[Pp]roject|[Aa]nnotation|item) \"?\d+\"?(?=\b|$)"), "<thing>"),
    (re.compile(r"(?<=/)\d+(?=/|$)"), "<id>"),
    (re.compile(r"(?<=token=)[\w-]+"), "<token>"),
    (re.compile(r"\d+\xa0(minute|hour|day|week|month|year)s?(, \d+\xa0\w+)?"), "<ago>"),
)
MAY_DIFFER = re.compile(r"\d|token=")
"""What all of these have in them: most texts need not be tried with each."""


class Recorder(httpx.BaseTransport):
    """An HTTP transport that writes down what passes, while :meth:`listening`."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.known: dict[str, str] = {base: "<url>"}
        self.exchanges: list[Exchange] = []
        self._is_listening = False
        self.unheard = httpx.HTTPTransport()
        """For what is not to be written down. One for all: each reads all certificates of the system anew."""

    @contextmanager
    def listening(self) -> Iterator[list[Exchange]]:
        self.exchanges, self._is_listening = [], True
        try:
            yield self.exchanges
        finally:
            self._is_listening = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.unheard.handle_request(request)
        body = answer.read()
        answer.close()
        return self.passed(request, answer, body)

    def passed(self, request: httpx.Request, answer: httpx.Response, body: bytes) -> httpx.Response:
        """Write down what another transport has carried, and give the answer on."""
        if self._is_listening:
            self.exchanges.append(self._written(request, answer, body))
        headers = [
            (name, value) for name, value in answer.headers.multi_items() if name != "transfer-encoding"
        ]
        return httpx.Response(answer.status_code, headers=headers, content=body, request=request)

    def close(self) -> None:
        self.unheard.close()

    def _written(self, request: httpx.Request, answer: httpx.Response, body: bytes) -> Exchange:
        path = re.sub(r"(?<=/)\d+(?=/|$)", "{id}", self._scrub(request.url.path))
        names = ",".join(sorted({name for name, _ in request.url.params.multi_items()}))
        kind = answer.headers.get("content-type", "").partition(";")[0]
        if not body or answer.is_redirect:
            kind, body = "", b""
        headers = {name: self._scrub(answer.headers[name]) for name in HEADERS if name in answer.headers}
        return {
            "request": f"{request.method} {path}" + (f"?{names}" if names else ""),
            "status": answer.status_code,
            "type": kind,
            **({"headers": headers} if headers else {}),
            "answer": self._content(kind, body),
        }

    def _content(self, kind: str, body: bytes) -> Any:
        if not body:
            return ""
        if "json" in kind:
            try:
                return self.plain(json.loads(body))
            except ValueError:
                return "<broken json>"
        if kind == "text/html":
            return "<page>"
        return "<file>"

    def plain(self, value: Any, key: str = "") -> Any:
        """The value without what differs from run to run."""
        if key in NAMED:
            return shape(value)
        if isinstance(value, Mapping) and "openapi" in value:
            return "<description of the API>"
        if isinstance(value, Mapping):
            return {self._scrub(name): self.plain(one, name) for name, one in value.items()}
        if isinstance(value, list):
            inner = "id" if key in LISTS_OF_IDS else ""
            return [self.plain(one, inner) for one in value]
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int | float):
            return "<id>" if key in IDS else "<seconds>" if key in SECONDS else value
        if key in PEOPLE and value:
            return "<text>"
        return "<text>" if key == "token" else self._scrub(value)

    def _scrub(self, text: str) -> str:
        for known, mark in self.known.items():
            text = text.replace(known, mark)
        if not MAY_DIFFER.search(text):
            return text
        for pattern, mark in SCRUBBED:
            text = pattern.sub(mark, text)
        return text


class AsyncRecorder(httpx.AsyncBaseTransport):
    """The same for a client that awaits."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder, self._inner = recorder, httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        body = await answer.aread()
        await answer.aclose()
        return self._recorder.passed(request, answer, body)

    async def aclose(self) -> None:
        await self._inner.aclose()


class RecordedAdapter(HTTPAdapter):
    """The same for a client that uses ``requests``."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self._recorder = recorder

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        answer = super().send(request, *args, **options)
        asked = httpx.Request(str(request.method), str(request.url))
        self._recorder.passed(
            asked, httpx.Response(answer.status_code, headers=dict(answer.headers)), answer.content
        )
        return answer


def shape(value: Any) -> Any:
    """Only the types: of a long list, and of what says in words what a server's own words say."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return [merged([shape(one) for one in value])] if value else []
    if value is None:
        return "null"
    return {bool: "boolean", int: "number", float: "number", str: "string"}[type(value)]


def merged(shapes: list[Any]) -> Any:
    """One shape for all the members of a list. A key that not all have is named with ``?``."""
    if all(isinstance(one, dict) for one in shapes):
        names = dict.fromkeys(name for one in shapes for name in one)
        return {
            name if all(name in one for one in shapes) else f"{name}?": merged(
                [one[name] for one in shapes if name in one]
            )
            for name in names
        }
    if all(isinstance(one, list) for one in shapes):
        members = [member for one in shapes for member in one]
        return [merged(members)] if members else []
    kinds = sorted(
        {one if isinstance(one, str) else "list" if isinstance(one, list) else "object" for one in shapes}
    )
    return "|".join(kinds)


def differences(expected: Any, found: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Where two recordings part: a path, and the words for it. Of another status, only that is said."""
    if (
        isinstance(expected, dict)
        and isinstance(found, dict)
        and expected.get("status") != found.get("status")
    ):
        said = _short(found.get("answer"))
        yield f"{path}/status", f"is {found.get('status')}, not {expected.get('status')}: {said}"
    elif isinstance(expected, dict) and isinstance(found, dict):
        for name in expected.keys() | found.keys():
            below = f"{path}/{name}"
            if name not in found:
                yield below, "is missing"
            elif name not in expected:
                yield below, "is added"
            else:
                yield from differences(expected[name], found[name], below)
    elif isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            yield (
                path,
                f"has {len(found)} members, not {len(expected)}: {_short(found)} for {_short(expected)}",
            )
        for place, (one, other) in enumerate(zip(expected, found, strict=False)):
            yield from differences(one, other, f"{path}/{place}")
    elif expected != found or isinstance(expected, bool) is not isinstance(found, bool):
        yield path, f"is {_short(found)}, not {_short(expected)}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else text[:300] + "…"
