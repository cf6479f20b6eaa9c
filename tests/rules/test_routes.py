"""Laws of all routes, walked in the URL map: each declares itself, refuses strangers, and stands in the documents."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from werkzeug.routing import Rule

from tests.web.application import Api, House
from tests.web.shared import api, house

__all__ = ["api", "house"]

pytestmark = pytest.mark.parametrize("shared_url", ["sqlite"], indirect=True)
"""No law of these is about what is stored."""

PUBLIC = {
    "/health", "/api/health", "/api/version", "/version", "/metrics", "/user/login", "/user/signup",
    "/logout", "/static/<path:name>", "/plugins/<plugin>/<digest>/<path:name>", "/api/projects/validate",
    "/api/token/refresh", "/api/token/rotate",
}  # fmt: skip
"""What strangers may ask; everything else says 401, or leads to the log-in page."""
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def rules(house: House) -> list[tuple[str, Rule]]:
    return [
        (method, rule)
        for rule in house.app.url_map.iter_rules()
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
    ]


def filled(rule: Rule) -> str:
    return re.sub(r"<(?:int:)(\w+)>", "1", re.sub(r"<(?:path:|string:)?([a-z_]+)>", "x", rule.rule))


def test_every_route_is_declared(house: House) -> None:
    undeclared = [
        f"{method} {rule.rule}"
        for method, rule in rules(house)
        if not hasattr(house.app.view_functions[rule.endpoint], "labelwright_route")
    ]
    assert undeclared == []


def test_strangers_are_refused_everywhere_else(house: House) -> None:
    stranger = house.app.test_client()
    wrong = []
    for method, rule in rules(house):
        if rule.rule in PUBLIC:
            continue
        answer = stranger.open(filled(rule), method=method, json={} if method in UNSAFE else None)
        if answer.status_code == 401 and answer.is_json:
            continue
        if answer.status_code == 302 and "/user/login" in answer.location and method == "GET":
            continue
        wrong.append(f"{method} {rule.rule}: {answer.status_code}")
    assert wrong == []


def test_no_unsafe_route_takes_a_cookie_from_another_site(house: House) -> None:
    for route in house.app.extensions["labelwright_routes"]:
        if route.method in UNSAFE and route.auth != "none":
            assert route.csrf in ("origin", "form") or route.rule in PUBLIC, route.rule


def test_every_route_says_what_it_does(house: House) -> None:
    wordless = [
        route.rule for route in house.app.extensions["labelwright_routes"] if not route.summary.endswith(".")
    ]
    assert wordless == []


def test_the_documents_hold_every_route_that_is_not_hidden(api: Api, house: House) -> None:
    document = api("GET", "/docs/api/schema/json/").json
    written = {
        (method.upper(), path)
        for path, item in document["paths"].items()
        for method in item
        if method != "parameters"
    }
    declared = {
        (route.method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.rule))
        for route in house.app.extensions["labelwright_routes"]
        if not route.hidden
    }
    assert written == declared


def test_the_documents_are_valid_openapi(api: Api) -> None:
    from openapi_spec_validator import validate

    document: dict[str, Any] = api("GET", "/docs/api/schema/json/").json
    validate(document)


def test_the_document_says_the_same_as_yaml(api: Api) -> None:
    document = yaml.load(api("GET", "/docs/api/schema/yaml/").text, Loader=yaml.CSafeLoader)
    assert document == api("GET", "/docs/api/schema/json/").json


@pytest.mark.parametrize("method", ["TRACE", "BREW"])
def test_other_methods_are_not_allowed(api: Api, method: str) -> None:
    assert api(method, "/api/projects/").status_code == 405
