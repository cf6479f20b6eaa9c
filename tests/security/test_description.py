"""Whatever fits our own description is sent to every operation: no fault, and no answer that the description lacks."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from tests.services.labelwright import LiveServer

ENDS_THE_STORY = (
    "reset-token", "/api/token", "/api/jwt", "session-policy", "/password", "/memberships", "/api/users/{", "rotate",
)  # fmt: skip
"""Parts of addresses that take the caller's own key, or the caller, away."""
EXAMPLES = 6
CHECKS = (not_a_server_error, response_schema_conformance, status_code_conformance)
CONFIG = (
    '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
)


@pytest.fixture
def server(live_server: LiveServer) -> LiveServer:
    """A server with a few projects under the ids that are tried most."""
    client = live_server.client()
    for _ in range(2):
        made = client.post("/api/projects/", json={"title": "Described", "label_config": CONFIG})
        tasks = [{"text": "one"}, {"data": {"text": "two"}, "annotations": [{"result": []}]}]
        client.post(f"/api/projects/{made.json()['id']}/import", json=tasks).raise_for_status()
    return live_server


@pytest.mark.timeout(600)
def test_every_operation_keeps_to_its_description(server: LiveServer) -> None:
    headers = {"Authorization": f"Token {server.token}"}
    schema = schemathesis.openapi.from_url(f"{server.url}/docs/api/schema/json/", headers=headers)
    problems: dict[str, str] = {}
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if any(part in operation.path for part in ENDS_THE_STORY):
            continue
        tried += 1

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def send(case: schemathesis.Case) -> None:
            answer = case.call(headers=headers)
            try:
                case.validate_response(answer, checks=CHECKS)
            except BaseExceptionGroup as group:
                problems.setdefault(
                    f"{case.method} {case.path} {answer.status_code}", str(group.exceptions[0])[:800]
                )
            except AssertionError as error:
                problems.setdefault(f"{case.method} {case.path} {answer.status_code}", str(error)[:800])

        send()
    assert problems == {}
    assert tried > 100
