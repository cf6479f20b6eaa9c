"""JSON: tasks read from JSON and JSON Lines, and answers written as JSON, whole or as short records."""

from labelwright.api import Exporter, Importer, hookimpl
from labelwright_export_json.importer import JsonImporter
from labelwright_export_json.lines import JsonLinesImporter
from labelwright_export_json.minimal import JsonMinExporter
from labelwright_export_json.whole import JsonExporter


@hookimpl
def register_exporters() -> list[type[Exporter]]:
    return [JsonExporter, JsonMinExporter]


@hookimpl
def register_importers() -> list[type[Importer]]:
    return [JsonImporter, JsonLinesImporter]
