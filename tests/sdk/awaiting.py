"""The asynchronous client, called as if it were the plain one: the same steps drive both."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from types import TracebackType
from typing import Any, Self

import httpx
from label_studio_sdk.client import AsyncLabelStudio

from tests.plugins.ml_backend.model import Model

from .recording import AsyncRecorder
from .world import TIMEOUT_S, World

_END = object()


class AwaitingWorld(World):
    """A world whose ``sdk`` awaits; a context manager, because it has a loop of its own."""

    def __init__(self, url: str, token: str, model: Model) -> None:
        self._loop = asyncio.new_event_loop()
        # In a thread of its own: the browser's tests leave a running loop in this one.
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._awaiting: httpx.AsyncClient | None = None
        super().__init__(url, token, model)

    def connect(self, token: str) -> Plain:
        if self._awaiting is None:
            self._awaiting = httpx.AsyncClient(
                transport=AsyncRecorder(self.recorder),
                follow_redirects=True,
                timeout=TIMEOUT_S,
                headers={"accept-encoding": "identity"},
            )
        client = AsyncLabelStudio(base_url=self.url, api_key=token, httpx_client=self._awaiting)
        return Plain(client, self._run)

    def _run(self, awaited: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(awaited, self._loop).result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._awaiting is not None:
            self._run(self._awaiting.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Plain:
    """An object of the asynchronous client. What its methods give to await is awaited."""

    def __init__(self, inner: Any, run: Callable[..., Any]) -> None:
        self._inner, self._run = inner, run

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return partial(self._call, found) if inspect.isroutine(found) else Plain(found, self._run)

    def _call(self, method: Callable[..., Any], *positional: Any, **named: Any) -> Any:
        answer = method(*positional, **named)
        if inspect.isawaitable(answer):
            answer = self._run(_awaited(answer))
        if inspect.isasyncgen(answer):
            return self._each(answer)
        return _Pages(partial(self._each, answer)) if hasattr(answer, "__aiter__") else answer

    def _each(self, answer: Any) -> Iterator[Any]:
        members = aiter(answer)
        while (member := self._run(_awaited(anext(members, _END)))) is not _END:
            yield member


class _Pages:
    """As of the plain client: a list whose next page is fetched when somebody goes through it."""

    def __init__(self, begin: Callable[[], Iterator[Any]]) -> None:
        self._begin = begin

    def __iter__(self) -> Iterator[Any]:
        return self._begin()


async def _awaited(waiting: Any) -> Any:
    return await waiting
