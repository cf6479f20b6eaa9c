"""Two hundred labellers for five minutes."""

from __future__ import annotations

import time

import pytest

from tests.conftest import StartServer
from tests.soak import labelling


@pytest.mark.timeout(1800)
def test_two_hundred_labellers(start_server: StartServer, database_url: str) -> None:
    begun = time.monotonic()
    server = start_server(database_url, settings={"LABELWRIGHT_RATE_SIGNUPS": "10000"})
    seen = labelling.run(server, labellers=200, seconds=300, thinking_s=1.0)
    print(labelling.timed(begun, seen))
