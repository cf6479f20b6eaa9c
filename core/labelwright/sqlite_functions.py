"""What SQLite lacks: regular expressions, letters beyond ASCII in any case, any member of a JSON text.

Regular expressions are RE2's, whose time grows with the length of the text alone.
"""

from __future__ import annotations

import functools
import sqlite3
from typing import Any

import orjson


def install(connection: sqlite3.Connection) -> None:
    """Make the functions known to a connection."""
    connection.create_function("lw_matches", 2, matches, deterministic=True)
    connection.create_function("lw_fold", 1, fold, deterministic=True)
    connection.create_function("lw_member", 2, member, deterministic=True)


@functools.lru_cache(maxsize=64)
def compiled(pattern: str) -> Any:
    """A pattern, ready to search with; a dot stands for any character, line ends too.

    :raises ValueError: if it is no regular expression, or too large a one; in words.
    """
    import re2

    options = re2.Options()
    options.log_errors = False
    options.dot_nl = True
    options.max_mem = 4 << 20
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        words = error.args[0] if error.args else ""
        raise ValueError(
            words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
        ) from error


def matches(pattern: str | None, text: str | None) -> bool | None:
    """Whether a pattern is found anywhere in a text."""
    if pattern is None or text is None:
        return None
    return compiled(pattern).search(text) is not None


def fold(text: str | None) -> str | None:
    """A text without the difference of large and small letters."""
    return text if text is None else text.lower()


def member(data: str | None, path: str) -> str | None:
    """A member of a JSON text, as text.

    :param path: the names that lead to it, as a JSON list.
    """
    value: Any = None if data is None else orjson.loads(data)
    for name in orjson.loads(path):
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    if value is None or isinstance(value, str):
        return value
    return orjson.dumps(value).decode()
