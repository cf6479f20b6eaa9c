"""Files: whole or not at all, also on a full disk."""

from __future__ import annotations

import errno
import os

import pytest

from labelwright.doors.files import whole_file, write_whole
from labelwright.errors import OutOfSpace


def test_a_file_appears_complete_with_its_mode(tmp_path):
    write_whole(tmp_path / "a", b"text", mode=0o600)
    assert (tmp_path / "a").read_bytes() == b"text"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_a_failure_leaves_what_was_there(tmp_path):
    write_whole(tmp_path / "a", b"old")
    with pytest.raises(TypeError), whole_file(tmp_path / "a") as handle:
        handle.writelines([b"half of the new", None])
    assert (tmp_path / "a").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_nobody_sees_a_half_written_file(tmp_path):
    with whole_file(tmp_path / "a") as handle:
        handle.write(b"half")
        handle.flush()
        assert not (tmp_path / "a").exists()
    assert (tmp_path / "a").exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_is_out_of_space_and_leaves_nothing(tmp_path, monkeypatch, number, step):
    def fail(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OutOfSpace, match="disk is full"):
        write_whole(tmp_path / "a", b"text")
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_does_not_fit_is_out_of_space(tmp_path):
    with pytest.raises(OutOfSpace), whole_file(tmp_path / "a"), open("/dev/full", "wb", buffering=0) as full:
        full.write(b"x")


def test_other_failures_keep_their_name(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "no such folder" / "a", b"")
