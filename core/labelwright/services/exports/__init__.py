"""Exporting answers: a project's tasks read as they are stored, and written by the formats that plugins bring."""

from .downloads import Download, Wanted, download, formats

__all__ = ["Download", "Wanted", "download", "formats"]
