"""A storage at work: the object of its kind, made from what was filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson

from labelwright.errors import NotFound
from labelwright.models import Storage as Row
from labelwright.services import declared_options
from labelwright.services.context import Context
from labelwright.services.purposes import PurposeClient
from labelwright.storages import Side, Storage, StorageContext

OWN = ("media", "staging", "keys.json")
"""What of the data folder is the server's own; a folder beside these may be a storage, and the whole may not."""


def kind_of(ctx: Context, name: str, side: Side) -> type[Storage]:
    """The class of a kind.

    :raises NotFound: if no plugin at work has it, or it cannot be that.
    """
    kind = ctx.registry.storages.get(name)
    if kind is None or side not in kind.sides:
        raise NotFound(
            f"No plugin at work knows the storage {name!r}.", code="unknown-storage", params={"kind": name}
        )
    return kind


@contextmanager
def opened(ctx: Context, row: Row) -> Iterator[Storage]:
    """What works with a storage, for as long as the block lasts.

    :raises NotFound: if its kind is of a plugin that is not at work.
    """
    with made(ctx, kind_of(ctx, row.kind, _side(row)), options_of(ctx, row), _side(row)) as storage:
        yield storage


@contextmanager
def made(ctx: Context, kind: type[Storage], options: Mapping[str, Any], side: Side) -> Iterator[Storage]:
    """The same, of what was filled in and is not kept yet.

    :raises Unavailable: if the plugin fails, with its name.
    """
    context = StorageContext(
        side=side,
        settings=ctx.registry.settings_for("register_storages", kind.name, ctx.settings),
        closed_folders=[ctx.settings.data_dir / name for name in OWN],
        outbound=PurposeClient(ctx.outbound, "storage"),
    )
    with declared_options.fenced(ctx):
        storage = kind(options, context)
    try:
        with declared_options.fenced(ctx):
            yield storage
    finally:
        storage.close()


def options_of(ctx: Context, row: Row) -> dict[str, Any]:
    """What was filled in, secrets too, with defaults for what was not."""
    kind = kind_of(ctx, row.kind, _side(row))
    defaults = {one.name: one.default for one in kind.fields_of(_side(row))}
    return defaults | orjson.loads(row.options) | secrets_of(ctx, row)


def secrets_of(ctx: Context, row: Row) -> dict[str, Any]:
    """:raises Unavailable: if the key that encrypted them is not in the ring."""
    found: dict[str, Any] = orjson.loads(ctx.keys.decrypt(row.secrets)) if row.secrets else {}
    return found


def _side(row: Row) -> Side:
    return "target" if row.side == "target" else "source"
