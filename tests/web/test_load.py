"""Twenty labellers for a while, on a server of their own; ``tests/soak`` has two hundred for five minutes."""

from __future__ import annotations

import pytest

from tests.conftest import StartServer
from tests.soak import labelling


@pytest.mark.timeout(300)
def test_twenty_labellers_see_no_error(start_server: StartServer, database_url: str) -> None:
    seen = labelling.run(start_server(database_url), labellers=20, seconds=30, thinking_s=2.0)
    assert len(set(seen.done)) > 20
