"""Texts and searches as words: the one reading of both, so that a search means the same on every database.

Letters lose their case, their accents and their width (NFKC, case folding). What is written without spaces (Chinese,
Japanese, Korean, Thai, ...) is read as pairs of neighbouring characters, and each run's last character alone: any part
of a run of two characters or more is then a row of pairs, and one character is the beginning of a pair.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

VERSION = 1
"""Of this reading. Another number has the texts of all projects that are searched read anew."""
BETWEEN = "|"
"""Stands between the values of a task, so that no phrase reaches from one into the next. It is no word."""
LONGEST_WORD = 40
MOST_BYTES = 700_000
"""Of one task's different words: PostgreSQL keeps 1 MB of them, each with the number of its project."""
OVERHEAD = 24
"""Bytes that a word costs there besides its letters."""
MOST_TERMS = 10
WITHOUT_SPACES = (
    (0x0E01, 0x0EFF), (0x1000, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3021, 0x312F),
    (0x3131, 0x318E), (0x31A0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA960, 0xA97F), (0xAC00, 0xD7FF),
    (0xF900, 0xFAFF), (0x1AFF0, 0x1B16F), (0x20000, 0x3FFFF),
)  # fmt: skip
"""Scripts whose words stand side by side: Thai, Lao, Burmese, Khmer, kana, Hangul, bopomofo, Han."""
ASCII_WORD = re.compile("[a-z0-9]+")
ACCENTS = re.compile("[\u00ad\u0300-\u036f\u200b-\u200d\u2060\ufeff]+")
"""Marks on Latin, Greek and Cyrillic letters, and what is not seen. The marks of other scripts are part of a word."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand in a text one behind the other.

    :param is_open: whether the last is only the beginning of a word.
    """

    words: tuple[str, ...]
    is_open: bool


def fold(text: str) -> str:
    """A text without case, accents and width."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFC", ACCENTS.sub("", plain))


def of_data(data: str) -> str:
    """The words of a task's data, in their order, between spaces.

    :param data: as JSON. Names of fields do not count.
    """
    values = f" {BETWEEN} ".join(
        found for found in (_words_of(text) for text in _texts(orjson.loads(data))) if found
    )
    return _within_limits(f" {values} ") if values else " "


def of_search(search: str) -> list[Term]:
    """What a search asks for: each of these, anywhere. Nothing, if it holds no letter and no digit.

    ``"words in quotes"`` stand so; of the last word outside of quotes the beginning is enough.
    """
    terms, pieces = [], re.split('["“”「」『』]', search)
    chunks = [
        (chunk, place % 2 == 1 and place < len(pieces) - 1)
        for place, piece in enumerate(pieces)
        for chunk in ([piece] if place % 2 else piece.split())
    ]
    for number, (chunk, is_quoted) in enumerate(chunks):
        runs = _runs(fold(chunk))
        if not runs:
            continue
        words = [word for run in runs for word in _of_run(run)]
        is_open = number == len(chunks) - 1 and not is_quoted
        if _is_unspaced(runs[-1]):
            if len(runs[-1]) > 1:
                words.pop()  # the run may go on in the text
                is_open = False
            else:
                is_open = True
        terms.append(Term(tuple(words), is_open))
    return list(dict.fromkeys(terms))[:MOST_TERMS]


def stand_in(words: str, terms: Sequence[Term]) -> bool:
    """Whether all terms stand in words that :func:`of_data` has read."""
    return all(as_part(term) in words for term in terms)


def as_part(term: Term) -> str:
    """A term as it stands in :func:`of_data`'s text."""
    return f" {' '.join(term.words)}{'' if term.is_open else ' '}"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _words_of(text: str) -> str:
    folded = fold(text)
    if folded.isascii():
        found = ASCII_WORD.findall(folded)
        return " ".join(found if len(text) <= LONGEST_WORD else [word[:LONGEST_WORD] for word in found])
    return " ".join([word for run in _runs(folded) for word in _of_run(run)])


def _runs(folded: str) -> list[str]:
    return (ASCII_WORD if folded.isascii() else _pattern()).findall(folded)


def _of_run(run: str) -> list[str]:
    if not _is_unspaced(run):
        return [run[:LONGEST_WORD]]
    return [run[place : place + 2] for place in range(len(run))]


def _is_unspaced(run: str) -> bool:
    code = ord(run[0])
    return code >= WITHOUT_SPACES[0][0] and any(first <= code <= last for first, last in WITHOUT_SPACES)


@cache
def _pattern() -> re.Pattern[str]:
    """A run of a script without spaces, or a word: letters, marks and digits of all others."""
    unspaced: list[int] = []
    spaced: list[int] = []
    inside = {code for first, last in WITHOUT_SPACES[:-1] for code in range(first, last + 1)}
    for code in range(WITHOUT_SPACES[-1][0]):
        if unicodedata.category(chr(code))[0] in "LMN":
            (unspaced if code in inside else spaced).append(code)
    first, last = WITHOUT_SPACES[-1]
    return re.compile(f"[{_class(unspaced)}{chr(first)}-{chr(last)}]+|[{_class(spaced)}]+")


def _class(codes: list[int]) -> str:
    """Code points, in ascending order, as the inside of a pattern's brackets."""
    pieces, begin = [], 0
    for place in range(1, len(codes) + 1):
        if place == len(codes) or codes[place] != codes[place - 1] + 1:
            pieces.append(f"{chr(codes[begin])}-{chr(codes[place - 1])}")
            begin = place
    return "".join(pieces)


def _within_limits(words: str) -> str:
    """The text up to where its different words are too many for a database."""
    if len(words) * (OVERHEAD + 4) < MOST_BYTES * 2:
        return words
    seen: set[str] = set()
    size, kept = 0, []
    for word in words.split(" "):
        if word not in seen:
            seen.add(word)
            size += len(word.encode()) + OVERHEAD
            if size > MOST_BYTES:
                break
        kept.append(word)
    return " ".join(kept).rstrip() + " "
