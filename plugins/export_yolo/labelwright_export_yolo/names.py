"""What a picture's files are called: as Label Studio's converter calls them, and never two alike."""

from __future__ import annotations

import hashlib
import os
from urllib.parse import unquote, urlsplit

LONGEST = 200


class Stems:
    """Names without suffix for pictures and their labels; a name that is taken gets a number."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, url: str) -> str:
        """The stem for the picture at this address."""
        wanted = stem = _stem(url)[:LONGEST] or "picture"
        number = 2
        while stem.casefold() in self._taken:
            stem = f"{wanted}-{number}"
            number += 1
        self._taken.add(stem.casefold())
        return stem


def suffix_of(url: str) -> str:
    """The suffix of the picture at this address, ``""`` if it shows none."""
    suffix = os.path.splitext(_base(url))[1]
    return suffix if 1 < len(suffix) <= 6 else ""


def _stem(url: str) -> str:
    """Uploads and objects of storages keep their names; what comes from elsewhere gets eight digits of its address,
    because many sites have an ``image.jpg``."""
    stem = os.path.splitext(_base(url))[0]
    return (
        stem
        if _is_ours(url)
        else f"{hashlib.md5(url.encode(), usedforsecurity=False).hexdigest()[:8]}__{stem}"
    )


def _base(url: str) -> str:
    if "?d=" in url:
        return os.path.basename(unquote(url.partition("?d=")[2]))
    return os.path.basename(url if _is_ours(url) else urlsplit(url).path)


def _is_ours(url: str) -> bool:
    scheme = urlsplit(url).scheme
    return url.startswith(("/data/", "data/")) or (bool(scheme) and scheme not in ("http", "https", "data"))
