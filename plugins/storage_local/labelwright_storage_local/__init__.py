"""Local folders: files of the server's machine become tasks, and answers are written beside them."""

from collections.abc import Mapping
from typing import Any

from labelwright.api import RequestContext, Routes, Setting, Storage, fields, hookimpl
from labelwright_storage_local.folder import ADDRESS, LocalFiles, address_of, serves

routes = Routes("local_files", "Storages")


class Which(fields.Schema):
    d = fields.Text(required=True, most=4096)


@hookimpl
def register_settings() -> list[Setting]:
    return [
        Setting(
            "serving_enabled",
            False,
            "Let folders of this machine be storages, and send their files to who may see the project.",
            aliases=("LOCAL_FILES_SERVING_ENABLED",),
        ),
        Setting(
            "document_root",
            None,
            "The folder below which these folders lie. Without one there are none.",
            kind="path",
            aliases=("LOCAL_FILES_DOCUMENT_ROOT",),
        ),
        Setting(
            "offered",
            True,
            "Offer local folders among the kinds of storages.",
            aliases=("ENABLE_LOCAL_FILES_STORAGE",),
        ),
    ]


@hookimpl
def register_storages() -> list[type[Storage]]:
    return [LocalFiles]


@routes.get(
    ADDRESS, query=Which, answers={200: "the file", 206: "a part of it", 304: "the same", 403: "switched off"}
)
def get_local_file(context: RequestContext, query: Mapping[str, Any]) -> Any:
    """Send a file of a local storage of a project that the caller may see, or the part that is asked for."""
    serves(context.settings)
    return context.send_object(LocalFiles.name, address_of(query["d"]))


@hookimpl
def register_routes() -> list[Routes]:
    return [routes]
