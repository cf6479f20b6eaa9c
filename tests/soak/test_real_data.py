"""All 200 pictures and all 1,000 texts, labelled in Chromium by the hands of ``tests/browser``."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser import real_work
from tests.browser.pages import Doors
from tests.conftest import OpenPage, StartServer
from tests.real_data.images import make_pictures
from tests.real_data.texts import real_texts


@contextmanager
def timed(what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    print(f"{what}: {time.monotonic() - began:.1f} s")


@pytest.mark.timeout(3600)
def test_every_picture_is_labelled(
    start_server: StartServer, open_page: OpenPage, database_url: str, tmp_path: Path
) -> None:
    pictures = make_pictures(tmp_path / "pictures", 200)
    server = start_server(database_url)
    page = open_page(viewport={"width": 1600, "height": 1000})
    projects = Doors(page, server.url).sign_up("boxes@example.com")
    with timed("create with 200 pictures"):
        tasks = real_work.make_box_project(projects, tmp_path / "pictures", pictures)
        tasks.see_count(200)
    labelling = tasks.label_all()
    with timed("draw and submit"):
        done = real_work.label_boxes(labelling, pictures, len(pictures))
    assert not labelling.is_at_work
    with timed("export three times and compare"):
        boxes = real_work.check_boxes(labelling.to_tasks(), done, tmp_path)
    assert boxes == sum(len(picture.boxes) for picture in pictures)
    print(f"{boxes} boxes on {len(done)} pictures")


@pytest.mark.timeout(3600)
def test_every_text_is_labelled(
    start_server: StartServer, open_page: OpenPage, database_url: str, tmp_path: Path
) -> None:
    texts = real_texts(1_000)
    server = start_server(database_url)
    projects = Doors(open_page(), server.url).sign_up("texts@example.com")
    with timed("create with 1,000 texts"):
        tasks = real_work.make_text_project(projects, tmp_path / "texts.json", texts)
        tasks.see_count(1_000)
    labelling = tasks.label_all()
    first = labelling.task
    with timed("mark, choose and submit"):
        said = real_work.label_texts(labelling, texts, first, len(texts))
    assert not labelling.is_at_work
    with timed("export twice and compare"):
        spans = real_work.check_texts(labelling.to_tasks(), texts, first, said)
    print(f"{spans} spans and {len(said)} choices on {len(texts)} texts")
