"""Thirty kills on each database, at other moments each time."""

from __future__ import annotations

import time

import pytest

from tests.conftest import StartServer
from tests.kills import rounds


@pytest.mark.kill
def test_a_server_killed_thirty_times_loses_nothing(start_server: StartServer, database_url: str) -> None:
    seed = int(time.time())
    print(f"seed {seed}")
    rounds.run(lambda: start_server(database_url, settings=rounds.SETTINGS), rounds=30, seed=seed)
