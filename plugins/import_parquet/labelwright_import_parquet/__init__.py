"""Parquet files: a task for each row of a table in columns."""

from labelwright.api import Importer, hookimpl
from labelwright_import_parquet.rows import ParquetImporter


@hookimpl
def register_importers() -> list[type[Importer]]:
    return [ParquetImporter]
