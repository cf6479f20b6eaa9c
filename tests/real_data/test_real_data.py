"""The data itself is as promised."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.real_data.images import LABELS, make_pictures
from tests.real_data.texts import real_texts


def test_pictures_are_the_same_each_time_and_their_boxes_lie_inside(tmp_path: Path) -> None:
    first, second = make_pictures(tmp_path / "a", 6), make_pictures(tmp_path / "b", 6)
    assert first == second
    for picture in first:
        with Image.open(tmp_path / "a" / picture.name) as image:
            assert image.size == (picture.width, picture.height)
        assert picture.boxes
        for box in picture.boxes:
            assert box.label in LABELS
            assert box.x >= 0
            assert box.x + box.width <= picture.width
            assert box.y + box.height <= picture.height


def test_there_are_a_thousand_different_texts() -> None:
    texts = real_texts(1_000)
    assert len(set(texts)) == 1_000
    assert any(ord(letter) > 0xFFFF for text in texts for letter in text), (
        "some count two units in JavaScript"
    )
