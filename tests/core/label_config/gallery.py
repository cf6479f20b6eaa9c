"""Configurations as people write them, with tags of every kind, also of plugins that are not installed here."""

from __future__ import annotations

from pathlib import Path

GALLERY = {
    path.stem: path.read_text("utf-8") for path in sorted((Path(__file__).parent / "gallery").glob("*.xml"))
}
