"""Users' files: taken, looked into, served."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageFile

from labelwright.doors import media_types
from labelwright.errors import InvalidInput


def picture(kind, size=(4, 3), **options):
    out = io.BytesIO()
    Image.new("RGB", size).save(out, kind, **options)
    return out.getvalue()


def png_that_claims(width, height, body=b"\0"):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(body))
        + chunk(b"IEND", b"")
    )


def check(content, suffix, max_pixels=1_000_000):
    media_types.check_content(io.BytesIO(content), suffix, max_pixels=max_pixels)


@pytest.mark.parametrize("name", ["a.JPG", "a.b.png", "x.csv", "y.mp4", "z.Pdf", "猫.webp"])
def test_known_extensions_are_taken(name):
    assert media_types.check_name(name) in media_types.MEDIA_TYPES


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        *(
            ("a.php", ".php"),
            ("a.exe", ".exe"),
            ("a.zip", ".zip"),
            ("a.jpg.exe", ".exe"),
            ("a.tiff", ".tiff"),
        ),
        *(
            ("README", ""),
            (".htaccess", ""),
            ("a.jpg ", ".jpg "),
            ("a.", ""),
            ("a.jpg\0", ".jpg\0"),
            ("", ""),
        ),
        *(("a.jpg::$DATA", ".jpg::$data"), ("a.phtml", ".phtml"), ("a.py", ".py")),
    ],
)
def test_other_extensions_are_refused_with_label_studio_s_words(name, suffix):
    with pytest.raises(InvalidInput) as caught:
        media_types.check_name(name)
    assert str(caught.value) == f"{suffix} extension is not supported"


def test_an_importer_s_extension_is_taken():
    assert media_types.check_name("a.conll", also={".conll"}) == ".conll"


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (picture("PNG"), ".png"),
        (picture("JPEG"), ".jpg"),
        (picture("JPEG"), ".png"),
        (picture("GIF"), ".gif"),
        (picture("BMP"), ".bmp"),
        (picture("WEBP"), ".webp"),
        (b"ID3\x04\0\0", ".mp3"),
        (b"\0\0\0\x18ftypmp42", ".mp4"),
        (b"\0\0\0\x18ftypM4A ", ".m4a"),
        (b"RIFF\0\0\0\0WAVE", ".wav"),
        (b"%PDF-1.7", ".pdf"),
        (b"\nsome mailer's line\n%PDF-1.4", ".pdf"),
        (b"anything", ".txt"),
        (b"", ".csv"),
    ],
)
def test_what_it_says_it_is(content, suffix):
    check(content, suffix)


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (b"<script>alert(1)</script>", ".png"),
        (b"GIF89a=1;alert(1)", ".gif"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", ".jpg"),
        (b"\x89PNG\r\n\x1a\n<html>", ".png"),
        (picture("TIFF"), ".png"),
        (picture("PNG")[:-20], ".png"),
        (picture("PNG")[:40], ".png"),
        (b"", ".jpg"),
        (b"MZ\x90\0", ".mp3"),
        (b"<html>", ".mp4"),
        (b"PK\x03\x04", ".wav"),
        (b"<html>" + b" " * 2000 + b"%PDF-", ".pdf"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1", ".bmp"),
    ],
)
def test_what_it_is_not(content, suffix):
    with pytest.raises(InvalidInput) as caught:
        check(content, suffix)
    assert caught.value.code == "file-content"


@pytest.mark.parametrize(
    "content",
    [
        png_that_claims(50_000, 50_000),
        png_that_claims(2**31 - 1, 2**31 - 1),
        png_that_claims(1001, 1000),
        png_that_claims(30_000, 30_000, bytes(50_000_000)),
    ],
    ids=["large", "largest", "just over", "bomb"],
)
def test_a_flood_of_pixels_is_refused_without_being_decoded(content, monkeypatch):
    def decode(_):
        pytest.fail("the picture was decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", decode)
    with pytest.raises(InvalidInput) as caught:
        check(content, ".png")
    assert caught.value.code == "image-size"


def test_a_large_picture_within_the_limit_is_no_warning(recwarn):
    check(png_that_claims(14_000, 14_000), ".png", max_pixels=250_000_000)
    assert not [one for one in recwarn if issubclass(one.category, Image.DecompressionBombWarning)]


def test_the_stream_is_left_at_its_beginning():
    stream = io.BytesIO(picture("PNG"))
    media_types.check_content(stream, ".png", max_pixels=100)
    assert stream.tell() == 0


@pytest.mark.parametrize("suffix", media_types.MEDIA_TYPES)
def test_nothing_that_is_served_may_run(suffix):
    headers = media_types.serving_headers(f"a{suffix}")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "script" not in headers["Content-Security-Policy"]
    assert "allow" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.xml", "a.pdf", "a.unknown", "a"])
def test_what_could_run_by_itself_is_handed_over_as_a_file(name):
    assert media_types.serving_headers(name)["Content-Disposition"].startswith("attachment;")


def test_a_picture_is_shown_in_place():
    headers = media_types.serving_headers("0123abcd-cat.PNG")
    assert headers["Content-Type"] == "image/png"
    assert headers["Content-Disposition"] == 'inline; filename="0123abcd-cat.PNG"'


def test_the_type_of_an_unknown_extension_is_bytes():
    assert media_types.serving_headers("a.php")["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    "name", ['a"b.png', "a\r\nSet-Cookie: x=1.png", "猫.png", "a\\b.png", "half\ud800.png", "a%22.png"]
)
def test_a_name_cannot_end_its_header(name):
    value = media_types.content_disposition(name)
    assert value.isascii()
    assert "\r" not in value
    assert "\n" not in value
    assert value.count('"') == 2
    assert "filename*=UTF-8''" in value
