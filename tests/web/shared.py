"""One application for all tests of a file, on each kind of database: each test makes projects of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.application import Api, House, opened_house


@pytest.fixture(scope="module")
def house(shared_url: str, tmp_path_factory: pytest.TempPathFactory, weak_hashes: None) -> Iterator[House]:
    with opened_house(tmp_path_factory.mktemp("house"), shared_url) as found:
        yield found


@pytest.fixture
def api(house: House) -> Api:
    """The owner."""
    return house.api()
