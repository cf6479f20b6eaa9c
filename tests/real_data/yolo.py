"""YOLO archives, read so that two of them can be compared."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from label_studio_sdk.converter import Converter

Line = tuple[float, ...]
"""The class, the middle and the extent of a box, as shares of the picture; to nine digits."""


def unpack(archive: bytes, folder: Path) -> Path:
    zipfile.ZipFile(io.BytesIO(archive)).extractall(folder)
    return folder


def label_files(folder: Path) -> dict[str, list[Line]]:
    """By the picture's own name: what its file says."""
    return {
        path.stem.split("-", 1)[-1]: sorted(
            tuple(round(float(number), 9) for number in line.split())
            for line in path.read_text().splitlines()
        )
        for path in (folder / "labels").glob("*.txt")
    }


def classes(folder: Path) -> list[str]:
    return (folder / "classes.txt").read_text().split()


def by_their_converter(config: str, export: Path, folder: Path) -> Path:
    """What label_studio_sdk makes of our JSON export."""
    converter = Converter(config, str(export.parent), download_resources=False)
    converter.convert_to_yolo(str(export), str(folder), is_dir=False)
    return folder
