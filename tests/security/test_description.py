"""Whatever fits our own description is sent to every operation: no fault, and no answer that the description lacks."""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from tests.conftest import StartServer
from tests.services.labelwright import LiveServer

ENDS_THE_STORY = (
    "reset-token", "/api/token", "/api/jwt", "session-policy", "/password", "/memberships", "/api/users/{", "rotate",
)  # fmt: skip
"""Parts of addresses that take the caller's own key, or the caller, away."""
EXAMPLES = 4
CHECKS = (not_a_server_error, response_schema_conformance, status_code_conformance)
CONFIG = (
    '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
)


@pytest.fixture
def servers(start_server: StartServer, sqlite_url: str, postgres_url: str) -> list[LiveServer]:
    """One on each kind of database, with a few projects under the ids that are tried most."""
    started = [start_server(sqlite_url), start_server(postgres_url)]
    for server in started:
        client = server.client()
        for _ in range(2):
            made = client.post("/api/projects/", json={"title": "Described", "label_config": CONFIG})
            tasks = [{"text": "one"}, {"data": {"text": "two"}, "annotations": [{"result": []}]}]
            client.post(f"/api/projects/{made.json()['id']}/import", json=tasks).raise_for_status()
    return started


def without_cookies() -> requests.Session:
    """One connection for all requests; nobody is logged in by what an answer says."""
    session = requests.Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session


@pytest.mark.timeout(600)
def test_every_operation_keeps_to_its_description(servers: list[LiveServer]) -> None:
    """To think of something to send costs more than to answer it: both servers get it."""
    headers = {"Authorization": f"Token {servers[0].token}"}
    schema = schemathesis.openapi.from_url(f"{servers[0].url}/docs/api/schema/json/", headers=headers)
    sessions = {server: without_cookies() for server in servers}
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
            for server, session in sessions.items():
                answer = case.call(base_url=server.url, headers=headers, session=session)
                try:
                    case.validate_response(answer, checks=CHECKS)
                except BaseExceptionGroup as group:
                    note(case, answer, group.exceptions[0])
                except AssertionError as error:
                    note(case, answer, error)

        def note(case: schemathesis.Case, answer: schemathesis.Response, problem: BaseException) -> None:
            problems.setdefault(f"{case.method} {case.path} {answer.status_code}", str(problem)[:800])

        send()
    assert problems == {}
    assert tried > 100
