"""Addresses of objects in task data, as browsers can ask for them.

What the data holds stays as it is, and goes out in exports; tasks that are shown say ``/tasks/<id>/resolve/`` instead.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from labelwright.errors import LabelwrightError
from labelwright.models import Storage
from labelwright.services.context import Context
from labelwright.storages import Storage as Opened

from . import opened

Shown = Callable[[int, str], str]


def shower(ctx: Context, session: Session, project_id: int, texts: Sequence[str]) -> Shown:
    """What gives a task's data, by its id and as text, with addresses that browsers can ask for.

    Nobody looks for storages where no text has an address of one.

    :param texts: the data of all tasks that will be asked for.
    """
    schemes = [kind.scheme for kind in ctx.registry.storages.values() if kind.scheme]
    if not any(f"{scheme}://" in text for scheme in schemes for text in texts):
        return lambda task_id, text: text
    known = _sources(ctx, session, project_id)
    if not known:
        return lambda task_id, text: text
    found = "|".join(sorted({re.escape(one.scheme) for one in known}))
    address = re.compile(rf"(?<![\w+.-])(?:{found})://[^\s\"'<>]+")

    def put(task_id: int, uri: str) -> str:
        if all(one.key_of(uri) is None for one in known):
            return uri
        encoded = base64.urlsafe_b64encode(uri.encode()).decode()
        return f"{ctx.settings.base_path}/tasks/{task_id}/resolve/?fileuri={encoded}"

    def walk(task_id: int, value: Any) -> Any:
        if isinstance(value, str):
            return put(task_id, value) if address.fullmatch(value) else _within(address, task_id, value, put)
        if isinstance(value, list):
            return [walk(task_id, one) for one in value]
        if isinstance(value, dict):
            return {name: walk(task_id, one) for name, one in value.items()}
        return value

    return lambda task_id, text: (
        orjson.dumps(walk(task_id, orjson.loads(text))).decode() if address.search(text) else text
    )


def _within(address: re.Pattern[str], task_id: int, text: str, put: Callable[[int, str], str]) -> str:
    return address.sub(lambda found: put(task_id, found[0]), text)


def _sources(ctx: Context, session: Session, project_id: int) -> list[Opened]:
    """The project's sources whose addresses no browser knows. They are only asked what is theirs, and hold nothing."""
    names = [kind.name for kind in ctx.registry.storages.values() if kind.scheme]
    query = select(Storage).where(
        Storage.project_id == project_id, Storage.side == "source", Storage.kind.in_(names)
    )
    found = []
    for row in session.scalars(query.order_by(Storage.id)):
        with suppress(LabelwrightError), ExitStack() as ends:
            found.append(ends.enter_context(opened.opened(ctx, row)))
    return found
