"""Text files: tasks from CSV and TSV tables, from the lines of a text, and from HTML pages."""

from labelwright.api import Importer, hookimpl
from labelwright_import_text.lines import PageImporter, TextImporter
from labelwright_import_text.tables import CsvImporter, TsvImporter


@hookimpl
def register_importers() -> list[type[Importer]]:
    return [CsvImporter, TsvImporter, TextImporter, PageImporter]
