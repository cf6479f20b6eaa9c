"""What people fill in for the declared fields of storages and models: merged, secrets encrypted, failures fenced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import orjson

from labelwright.errors import LabelwrightError
from labelwright.services.context import Context
from labelwright.storages import StorageField


class Row(Protocol):
    """A row of a table that keeps such options."""

    options: str
    """JSON of all but the secrets."""
    secrets: str | None
    """JSON of the secrets, encrypted with the key ring; ``None``: there are none."""


def merged(
    fields: Sequence[StorageField], values: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    """The value of each field: what was sent, else what was there, else its default. An empty secret was not sent."""
    options: dict[str, Any] = {}
    for one in fields:
        given = values.get(one.name)
        is_said = one.name in values and not (one.kind == "secret" and given in (None, ""))
        options[one.name] = given if is_said else before.get(one.name, one.default)
    return options


def keep(ctx: Context, row: Row, fields: Sequence[StorageField], options: Mapping[str, Any]) -> None:
    """Put options on their row, the secret ones encrypted."""
    secret = {one.name for one in fields if one.kind == "secret"}
    row.options = orjson.dumps({name: options[name] for name in options if name not in secret}).decode()
    hidden = {name: options[name] for name in options if name in secret and options[name] not in (None, "")}
    row.secrets = ctx.keys.encrypt(orjson.dumps(hidden).decode()) if hidden else None


@contextmanager
def fenced(ctx: Context) -> Iterator[None]:
    """What breaks in a plugin's code is told as the plugin's failure.

    :raises Unavailable: with the plugin's name.
    """
    try:
        yield
    except LabelwrightError:
        raise
    except Exception as error:
        blamed = ctx.registry.blame(error)
        if blamed is None:
            raise
        raise blamed from error
