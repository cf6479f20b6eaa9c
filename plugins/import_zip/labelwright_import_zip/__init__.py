"""Zip files: media and lists of tasks that come packed in one file."""

from labelwright.api import Importer, hookimpl
from labelwright_import_zip.archive import ZipArchive


@hookimpl
def register_importers() -> list[type[Importer]]:
    return [ZipArchive]
