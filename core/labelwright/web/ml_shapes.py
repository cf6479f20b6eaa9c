"""What is said of models, by the API. Label Studio's members stand for every kind; a kind adds its own."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import marshmallow

from labelwright.services.ml import kept

from . import fields
from .storage_shapes import StorageFieldOut, declared

DEFAULT_KIND = "label_studio"
"""What a body means that names no kind, as Label Studio's clients send it."""
LONGEST_TEXT = 4096
LONGEST_S = 3600.0
OF_LABEL_STUDIO: dict[str, Any] = {
    "url": "",
    "auth_method": "NONE",
    "basic_auth_user": "",
    "basic_auth_pass_is_set": False,
    "extra_params": None,
}
"""What its clients read of every model; said of those that have no such fields."""


class MLKind(fields.Schema):
    kind = fields.Text()
    title = fields.Text()
    description = fields.Text(blank=True)
    plugin = fields.Text()
    fields_ = fields.Many(fields.Part(StorageFieldOut), data_key="fields")
    trains = fields.Flag()
    messages = fields.Mapping()


class MLBackendOut(fields.Schema):
    """What models of all kinds have in common; each has its kind's fields besides."""

    id = fields.Whole()
    kind = fields.Text()
    state = fields.Choice(tuple(kept.STATES))
    readable_state = fields.Text()
    is_interactive = fields.Flag()
    url = fields.Text(blank=True)
    error_message = fields.Text(allow_none=True)
    title = fields.Text(blank=True, allow_none=True)
    auth_method = fields.Choice(("NONE", "BASIC_AUTH"))
    basic_auth_user = fields.Text(blank=True, allow_none=True)
    basic_auth_pass_is_set = fields.Flag()
    description = fields.Text(blank=True, allow_none=True)
    extra_params = fields.Anything(allow_none=True)
    model_version = fields.Text(blank=True, allow_none=True)
    timeout = fields.Decimal()
    created_at = fields.Moment()
    updated_at = fields.Moment()
    auto_update = fields.Flag()
    project = fields.Whole()


class ChangedMLBackend(fields.Schema):
    """Members of all kinds; those of the kind itself are checked by its own fields."""

    class Meta:
        unknown = marshmallow.INCLUDE

    project = fields.Whole(least=1)
    title = fields.Text(blank=True, most=256, allow_none=True)
    description = fields.Text(blank=True, most=LONGEST_TEXT, allow_none=True)
    is_interactive = fields.Flag()
    auto_update = fields.Flag()
    model_version = fields.Text(blank=True, most=1000, allow_none=True)
    timeout = fields.Decimal(validate=fields.between(1, LONGEST_S))


class NewMLBackend(ChangedMLBackend):
    kind = fields.Text(most=80)


class TriedMLBackend(ChangedMLBackend):
    id = fields.Whole(least=1, allow_none=True)
    kind = fields.Text(most=80)


class Versions(fields.Schema):
    versions = fields.Many(fields.Text())
    message = fields.Text()


class Training(fields.Schema):
    use_ground_truth = fields.Flag()


class Interactive(fields.Schema):
    task = fields.Whole(least=1, required=True)
    context = fields.Anything(allow_none=True)


class Said(fields.Schema):
    data = fields.Mapping()
    errors = fields.Many(fields.Text())


class Tried(fields.Schema):
    status = fields.Whole()
    error_message = fields.Text(allow_none=True)
    task = fields.Mapping()
    predictions = fields.Many(fields.Mapping())


@functools.cache
def own_fields(kind: Any) -> type[fields.Schema]:
    """What a kind of models wants filled in."""
    return type(f"ml-{kind.kind}", (fields.Schema,), {one.name: declared(one) for one in kind.fields})


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A model with the members that Label Studio's clients read."""
    return OF_LABEL_STUDIO | dict(row)
