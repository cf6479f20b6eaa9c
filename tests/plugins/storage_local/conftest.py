"""The application with a folder that it may use, on each kind of database; jobs run when a test says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labelwright.jobs.runner import Runner
from tests.web.application import Api, House, opened_house


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the administrator has opened."""
    return tmp_path_factory.mktemp("opened")


@pytest.fixture(scope="module")
def house(shared_url: str, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    environ = {
        "LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED": "true",
        "LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT": str(root),
        "LABELWRIGHT_IMPORT_BATCH_SIZE": "20",
    }
    with opened_house(tmp_path_factory.mktemp("house"), shared_url, environ) as found:
        yield found


@pytest.fixture
def api(house: House) -> Api:
    return house.api()


@pytest.fixture
def work(house: House) -> Iterator[Runner]:
    """Does the jobs that wait: ``work.run(job)``."""
    runner = Runner(house.ctx)
    yield runner
    runner.stop()


@pytest.fixture
def folder(root: Path, request: pytest.FixtureRequest) -> Path:
    """A folder of one test's own, below what is open."""
    made = root / "".join(letter if letter.isalnum() else "-" for letter in request.node.name)
    made.mkdir()
    return made
