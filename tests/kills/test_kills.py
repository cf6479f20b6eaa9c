"""A server killed in the middle of its work loses nothing that it acknowledged. soak/ has the long version."""

from __future__ import annotations

import pytest

from tests.conftest import StartServer
from tests.kills import rounds


@pytest.mark.kill
@pytest.mark.timeout(300)
def test_a_killed_server_loses_nothing(start_server: StartServer, database_url: str) -> None:
    rounds.run(lambda: start_server(database_url, settings=rounds.SETTINGS), rounds=5, seed=2)
