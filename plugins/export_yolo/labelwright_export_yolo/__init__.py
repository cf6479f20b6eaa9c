"""YOLO: boxes and polygons on pictures, as training programs of the YOLO family read them."""

from labelwright.api import Exporter, hookimpl
from labelwright_export_yolo.exporter import YoloExporter, YoloWithImagesExporter


@hookimpl
def register_exporters() -> list[type[Exporter]]:
    return [YoloExporter, YoloWithImagesExporter]
