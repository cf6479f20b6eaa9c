"""What is said of storages, by the API: made for each kind from the fields that its class declares."""

from __future__ import annotations

from typing import Any

from labelwright.services.storages import kept
from labelwright.storages import Side, Storage, StorageField

from . import fields

STATUSES = ("initialized", "queued", "in_progress", "failed", "completed", "completed_with_errors")
LONGEST_TEXT = 4096
LONGEST_TTL = 7 * 24 * 60


class StorageType(fields.Schema):
    name = fields.Text()
    title = fields.Text()


class StorageFieldOut(fields.Schema):
    name = fields.Text()
    label = fields.Text()
    kind = fields.Choice(("text", "long_text", "json", "secret", "number", "flag", "choice"))
    default = fields.Anything(allow_none=True)
    required = fields.Flag()
    help = fields.Text(blank=True)
    choices = fields.Many(fields.Text())
    side = fields.Choice(("source", "target"), allow_none=True)
    placeholder = fields.Text(blank=True)
    choice_labels = fields.Many(fields.Text())
    only_if = fields.Many(fields.Text(), allow_none=True)


class StorageKind(fields.Schema):
    name = fields.Text()
    title = fields.Text()
    description = fields.Text(blank=True)
    plugin = fields.Text()
    sides = fields.Many(fields.Choice(("source", "target")))
    fields_ = fields.Many(fields.Part(StorageFieldOut), data_key="fields")
    links = fields.Flag()
    folders = fields.Flag()
    filters_names = fields.Flag()
    unavailable = fields.Text(blank=True)
    messages = fields.Mapping()


class StoredFile(fields.Schema):
    key = fields.Text(allow_none=True)
    last_modified = fields.Moment(allow_none=True)
    size = fields.Whole(allow_none=True)


class StoredFiles(fields.Schema):
    files = fields.Many(fields.Part(StoredFile))


class AnyStorage(fields.Schema):
    """What storages of all kinds have in common; each has its kind's fields besides."""

    id = fields.Whole()
    type = fields.Text()
    title = fields.Text(blank=True, allow_none=True)
    description = fields.Text(blank=True, allow_none=True)
    synchronizable = fields.Flag()
    regex_filter = fields.Text(blank=True, allow_none=True)
    use_blob_urls = fields.Flag()
    last_sync = fields.Moment(allow_none=True)
    last_sync_count = fields.Whole(allow_none=True)
    last_sync_job = fields.Text(allow_none=True)
    status = fields.Choice(STATUSES)
    traceback = fields.Text(blank=True, allow_none=True)
    meta = fields.Mapping(allow_none=True)
    created_at = fields.Moment()
    project = fields.Whole()


OF_SIDE: dict[str, Any] = {
    "recursive_scan": fields.Flag(allow_none=True),
    "presign": fields.Flag(allow_none=True),
    "presign_ttl": fields.Whole(least=1, most=LONGEST_TTL, allow_none=True),
    "can_delete_objects": fields.Flag(allow_none=True),
}


class _Changes(fields.Schema):
    title = fields.Text(blank=True, most=256, allow_none=True)
    description = fields.Text(blank=True, most=LONGEST_TEXT, allow_none=True)
    synchronizable = fields.Flag(allow_none=True)
    regex_filter = fields.Text(blank=True, allow_none=True)
    use_blob_urls = fields.Flag(allow_none=True)


def shown(kind: type[Storage], side: Side) -> type[fields.Schema]:
    """What is answered: everything but secrets."""
    own = {one.name: declared(one) for one in kind.fields_of(side) if one.kind != "secret"}
    return _schema(AnyStorage, f"{kind.name}-{side}", own | _of_side(kind, side))


def sent(kind: type[Storage], side: Side, *, wants_project: bool) -> type[fields.Schema]:
    """What is sent to set a storage up, or to change it."""
    own = {one.name: declared(one) for one in kind.fields_of(side)}
    project = {"project": fields.Whole(least=1, required=wants_project)}
    return _schema(_Changes, f"{kind.name}-{side}-in", own | _of_side(kind, side) | project)


def tried(kind: type[Storage], side: Side) -> type[fields.Schema]:
    """What is sent to be tried, of a storage that may be there already."""
    own = {
        "id": fields.Whole(least=1, allow_none=True),
        "limit": fields.Whole(least=1, most=10_000, allow_none=True),
    }
    return _schema(sent(kind, side, wants_project=False), f"{kind.name}-{side}-tried", own)


def _schema(base: type[fields.Schema], name: str, own: dict[str, Any]) -> type[fields.Schema]:
    return type(name, (base,), own)


def _of_side(kind: type[Storage], side: Side) -> dict[str, Any]:
    return {name: OF_SIDE[name] for name in kept.names_of(side, kind)}


def declared(one: StorageField) -> Any:
    """What a form asks, as a member of a body."""
    common: dict[str, Any] = {"allow_none": True}
    if one.kind == "flag":
        return fields.Flag(**common)
    if one.kind == "number":
        return fields.Whole(**common)
    if one.kind == "json":
        return fields.Anything(**common)
    if one.kind == "choice":
        return fields.Choice(tuple(one.choices), **common)
    most = 64 * 1024 if one.kind in ("long_text", "secret") else LONGEST_TEXT
    return fields.Text(blank=True, most=most, **common)
