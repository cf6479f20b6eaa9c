"""What is in a zip, told without unpacking it; and what is no zip, or one that harms."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence

import pytest

from labelwright.api import ImportContext, InvalidTask, Member
from labelwright_import_zip import ZipArchive


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, content in files:
            packed.writestr(name, content)
    return out.getvalue()


def members(content: bytes) -> Sequence[Member]:
    return ZipArchive().members(io.BytesIO(content), ImportContext("files.zip"))


def test_files_are_told_and_unpacked() -> None:
    found = members(zipped(("a.txt", b"one\n" * 1000), ("images/b.txt", b"two")))
    assert [(member.path, member.size) for member in found] == [("a.txt", 4000), ("images/b.txt", 3)]
    assert found[0].packed_size < 100
    with found[0].open() as stream:
        assert stream.read() == b"one\n" * 1000


def test_what_systems_add_is_left_out() -> None:
    content = zipped(
        ("images/", b""),
        ("a.txt", b"a"),
        ("__MACOSX/._a.txt", b"x"),
        (".DS_Store", b"x"),
        ("b/Thumbs.db", b"x"),
    )
    assert [member.path for member in members(content)] == ["a.txt"]


def broken_end(content: bytes) -> bytes:
    return content[:-10]


def long_list(content: bytes) -> bytes:
    at = content.rfind(b"PK\x05\x06")
    return content[: at + 12] + struct.pack("<L", 1 << 30) + content[at + 16 :]


def encrypted(content: bytes) -> bytes:
    at = content.rfind(b"PK\x01\x02")
    return content[: at + 8] + b"\x01\x00" + content[at + 10 :]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK", "damaged-archive"),
        (b"", "damaged-archive"),
        (b"\x00" * 5000, "damaged-archive"),
        (broken_end(zipped(("a.txt", b"a"))), "damaged-archive"),
        (long_list(zipped(("a.txt", b"a"))), "long-list"),
        (encrypted(zipped(("a.txt", b"a"))), "encrypted"),
        (zipped(("a.txt", b"a"), method=zipfile.ZIP_LZMA), "packing-method"),
    ],
)
def test_what_is_not_read_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(InvalidTask) as refused:
        members(content)
    assert refused.value.code == code


def test_damage_within_a_file_is_told_when_it_is_read() -> None:
    content = bytearray(zipped(("a.txt", b"some words " * 500)))
    content[60] ^= 0xFF
    (member,) = members(bytes(content))
    with pytest.raises(InvalidTask), member.open() as stream:
        stream.read()
