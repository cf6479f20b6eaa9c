"""Twenty pictures and a thousand texts go in, some are labelled; two hundred, and each of all, in ``make soak``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import real_work
from tests.browser.conftest import Enter
from tests.real_data.images import make_pictures
from tests.real_data.texts import real_texts

OTHER_SCRIPTS = [
    "京都の紅葉 🍁 は 十一月 の終わりが見ごろです。",
    "她说👩‍👩‍👧‍👦全家都会来，带上𠮷野家的饭。 Nobody objected.",
    "Ünïcödé wörds 𝒜𝓁𝓅𝒽𝒶 before plain words, then 🎉 again",
]


@pytest.mark.timeout(300)
def test_boxes_are_where_the_objects_are_in_every_export(sign_up: Enter, tmp_path: Path) -> None:
    pictures = make_pictures(tmp_path / "pictures", 20)
    _, projects = sign_up(viewport={"width": 1600, "height": 1000})
    tasks = real_work.make_box_project(projects, tmp_path / "pictures", pictures)
    tasks.see_count(20)
    labelling = tasks.label_all()
    done = real_work.label_boxes(labelling, pictures, 6)
    assert real_work.check_boxes(labelling.to_tasks(), done, tmp_path) > 18


@pytest.mark.timeout(300)
def test_spans_and_choices_are_what_was_marked_in_every_export(sign_up: Enter, tmp_path: Path) -> None:
    texts = OTHER_SCRIPTS + real_texts(1_000 - len(OTHER_SCRIPTS))
    _, projects = sign_up()
    tasks = real_work.make_text_project(projects, tmp_path / "texts.json", texts)
    tasks.see_count(1_000)
    labelling = tasks.label_all()
    first = labelling.task
    said = real_work.label_texts(labelling, texts, first, 15)
    assert set(range(len(OTHER_SCRIPTS))) <= set(said)
    assert real_work.check_texts(labelling.to_tasks(), texts, first, said) > 25
