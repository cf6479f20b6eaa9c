"""CSV and TSV: one row for each annotation, for spreadsheets and data frames."""

from labelwright.api import Exporter, Setting, hookimpl
from labelwright_export_csv.exporters import CsvExporter, TsvExporter


@hookimpl
def register_settings() -> list[Setting]:
    return [
        Setting("bom", False, "Begin CSV and TSV files with a byte order mark, by which Excel knows UTF-8."),
        Setting(
            "guard_formulas",
            False,
            "Put ' before cells of CSV and TSV files that a spreadsheet would take for a formula: "
            "those that begin with =, +, -, @, a tab or a line break.",
        ),
    ]


@hookimpl
def register_exporters() -> list[type[Exporter]]:
    return [CsvExporter, TsvExporter]
