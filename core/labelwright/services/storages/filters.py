"""Which objects of a storage are wanted: a regular expression that cannot take longer than the text is long."""

from __future__ import annotations

from collections.abc import Callable

import re2

from labelwright.errors import InvalidFields
from labelwright.storages import Storage

LONGEST = 1000


def compiled(pattern: str | None, kind: type[Storage]) -> Callable[[str], bool]:
    """Whether a key is wanted; the expression counts from the beginning of the key, or of the object's name.

    :raises InvalidFields: of what is no expression, or one that looks around or back.
    """
    if not pattern:
        return lambda key: True
    if len(pattern) > LONGEST:
        raise _refused(f"Ensure this field has no more than {LONGEST} characters.")
    options = re2.Options()
    options.log_errors = False
    try:
        expression = re2.compile(pattern, options)
    except re2.error as error:
        words = error.args[0]
        shown = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
        raise _refused(f"Not a valid regular expression: {shown}") from error
    if kind.filters_names:
        return lambda key: expression.match(key.rpartition("/")[2]) is not None
    return lambda key: expression.match(key) is not None


def _refused(words: str) -> InvalidFields:
    return InvalidFields({"regex_filter": [words]}, code="bad-regex")
