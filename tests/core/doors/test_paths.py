"""Paths made of somebody else's words."""

from __future__ import annotations

import re

import pytest

from labelwright.doors.paths import existing_file, safe_path, stored_name
from labelwright.errors import InvalidInput, NotFound


@pytest.fixture
def root(tmp_path):
    """A folder with a file, a folder, good and bad links; a secret beside it whose name begins alike."""
    (tmp_path / "media/1").mkdir(parents=True)
    (tmp_path / "media/1/a b.txt").write_text("ours")
    (tmp_path / "media-secret").mkdir()
    (tmp_path / "media-secret/x").write_text("secret")
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "media/out").symlink_to(tmp_path / "secret")
    (tmp_path / "media/outside").symlink_to(tmp_path)
    (tmp_path / "media/inside").symlink_to(tmp_path / "media/1/a b.txt")
    (tmp_path / "media/loop").symlink_to(tmp_path / "media/loop")
    return tmp_path / "media"


@pytest.mark.parametrize("name", ["1/a b.txt", "inside", "./1/a b.txt", "1//a b.txt"])
def test_a_file_inside_is_found(root, name):
    assert existing_file(root, name).read_text() == "ours"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "../secret",
            "1/../../secret",
            "..",
            "../media-secret/x",
            "1/..",
            "/etc/passwd",
            "//etc/passwd",
            "",
        ),
        *(
            ".",
            "./",
            "/",
            "out",
            "outside/secret",
            "outside/media-secret/x",
            "1\\..\\..\\secret",
            "..\\secret",
        ),
        *(
            "1/a b.txt\0",
            "\0",
            "loop",
            "loop/x",
            "x" * 300,
            "x/" * 3000,
            "half\ud800",
            "1",
            "nothing",
            "1/a b.txt/x",
        ),
        *("...", "~root/.bashrc", "C:/Windows/win.ini", "file:///etc/passwd", "%2e%2e/secret"),
    ],
)
def test_everything_else_is_not_found(root, name):
    with pytest.raises(NotFound):
        existing_file(root, name)


def test_the_folder_itself_may_be_a_link(root, tmp_path):
    (tmp_path / "alias").symlink_to(root)
    assert existing_file(tmp_path / "alias", "1/a b.txt").read_text() == "ours"


def test_a_link_that_changes_after_it_was_checked_is_checked_again(root, tmp_path):
    (root / "moving").symlink_to(root / "1/a b.txt")
    assert safe_path(root, "moving")
    (root / "moving").unlink()
    (root / "moving").symlink_to(tmp_path / "secret")
    with pytest.raises(NotFound):
        safe_path(root, "moving")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("cat.jpg", "cat.jpg"),
        ("my cat.jpg", "my_cat.jpg"),
        ("../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        ("C:\\Users\\ann\\cat.jpg", "cat.jpg"),
        ("..\\..\\cat.jpg", "cat.jpg"),
        ("%2e%2e%2fcat.jpg", "2e2e2fcat.jpg"),
        ("a\0b.png", "ab.png"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie_x.png"),
        ("\u202egpj.exe.png", "gpj.exe.png"),
        ("a\"b'c.png", "abc.png"),
        ("<img src=x>.png", "img_srcx.png"),
        ("a;b&c?d#e.png", "abcde.png"),
        ("猫 と犬.png", "猫_と犬.png"),
        ("हिन्दी.txt", "हिन्दी.txt"),
        ("e\u0301.txt", "\u00e9.txt"),
        (".htaccess.txt", ".htaccess.txt"),
        ("half\ud800.txt", "half.txt"),
        ("-rf.txt", "-rf.txt"),
    ],
)
def test_what_a_file_is_stored_as(given, kept):
    assert re.fullmatch(r"[0-9a-f]{8}-" + re.escape(kept), stored_name(given))


@pytest.mark.parametrize("given", ["a" * 400 + ".jpeg", "猫" * 400 + ".jpeg", "\U0001f408a" * 300 + ".jpeg"])
def test_a_long_name_is_shortened_before_its_extension(given, tmp_path):
    name = stored_name(given)
    assert name.endswith(".jpeg")
    assert len(name) <= 109
    (tmp_path / f".{name}.0123456789abcdef.part").write_text("x")
    (tmp_path / name).write_text("x")
    assert existing_file(tmp_path, name)


def test_an_endless_extension_is_no_extension():
    assert len(stored_name("a." + "b" * 400)) <= 109


@pytest.mark.parametrize("given", ["", "/", "...", "a/", "\0", "  ", "___", "☃"])
def test_a_name_of_which_nothing_is_left_is_refused(given):
    with pytest.raises(InvalidInput):
        stored_name(given)


def test_two_uploads_of_one_name_are_two_files():
    assert stored_name("a.txt") != stored_name("a.txt")
