"""Trees on other servers (``apiUrl`` of a Taxonomy): the browser may not reach those, so we ask for it, guarded.

A labeller gets the levels of a tree that a project's configuration names, and of no other address. Whoever may write
configurations may also try an address before it is in one; the door to the outside holds for both.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from labelwright.api import InvalidInput, NotFound, RequestContext, Routes, fields
from labelwright_tag_choice.taxonomy import Taxonomy

routes = Routes("taxonomies", "Taxonomies")

MOST_BYTES = 16 * 1024 * 1024
MOST_ITEMS = 100_000
DEEPEST = 64
MOST_REDIRECTS = 3
REDIRECTS = (301, 302, 303, 307, 308)
KEYS = ("value", "alias", "hint", "color")


class ItemOut(fields.Schema):
    value = fields.Text(required=True)
    alias = fields.Text()
    hint = fields.Text()
    color = fields.Text()
    isLeaf = fields.Flag()
    children = fields.Many(fields.Mapping())  # more of the same


class LevelOut(fields.Schema):
    items = fields.Many(fields.Part(ItemOut), required=True)


class LevelQuery(fields.Schema):
    control = fields.Text(required=True, most=2048)
    path = fields.Many(fields.Anything())


class TrialQuery(fields.Schema):
    url = fields.Text(required=True, most=8192)
    path = fields.Many(fields.Anything())


@routes.get("/api/projects/<int:project_id>/taxonomy", query=LevelQuery, answers={200: LevelOut})
def taxonomy_level(context: RequestContext, project_id: int, query: Mapping[str, Any]) -> dict[str, Any]:
    """Fetch one level of a tree that a project's configuration takes from another server.

    ``path``, repeated, is the item whose inside is wanted; without it the outermost items are.
    """
    context.require("projects.view", project_id)
    node = context.queries.project(project_id).label_config.control(query["control"])
    url = node.get("apiUrl") if node is not None and isinstance(node.tag, Taxonomy) else None
    if not url:
        raise NotFound("There is no such Taxonomy with apiUrl in the configuration.", code="no-taxonomy")
    return _level(context, str(url), query.get("path", ()))


@routes.get("/api/taxonomy", query=TrialQuery, answers={200: LevelOut})
def taxonomy_trial(context: RequestContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Fetch one level of a tree for the preview of a configuration that is not saved yet."""
    context.require("projects.change")
    return _level(context, query["url"], query.get("path", ()))


def _level(context: RequestContext, url: str, path: Sequence[str]) -> dict[str, Any]:
    if len(path) > DEEPEST:
        raise InvalidInput("The path is too long.", code="path-too-long", field="path")
    return {"items": items_in(_asked(context, url, path))}


def _asked(context: RequestContext, url: str, path: Sequence[str]) -> bytes:
    client = context.outbound("import")
    address, headers = with_path(url, path)
    for _ in range(MOST_REDIRECTS + 1):
        answer = client.send("GET", address, headers=headers, max_bytes=MOST_BYTES)
        if answer.status in REDIRECTS and answer.headers.get("location"):
            there = urljoin(address, answer.headers["location"])
            if urlsplit(there)[:2] != urlsplit(address)[:2]:
                headers.pop("Authorization", None)  # it is meant for the first server alone
            address = there
            continue
        if answer.status != 200:
            raise _unusable(f"It answered {answer.status}.")
        return answer.body
    raise _unusable("It redirects in circles.")


def with_path(url: str, path: Sequence[str]) -> tuple[str, dict[str, str]]:
    """The address of one level, and the headers for it; a name and a password in the address are sent as a header.

    :raises InvalidInput: code ``url-refused``.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        raise InvalidInput("This is not a valid URL.", code="url-refused") from None
    headers = {"Accept": "application/json"}
    host = parts.netloc.rpartition("@")[2]
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    asked = urlencode([("path", part) for part in path], quote_via=quote)
    query = "&".join(part for part in (parts.query, asked) if part)
    return urlunsplit((parts.scheme, host, parts.path, query, "")), headers


def items_in(content: bytes) -> list[dict[str, Any]]:
    """The items of an answer, ``{"items": [...]}`` or a bare list, with nothing in them but what we know.

    :raises InvalidInput: code ``taxonomy-unusable``, if it is anything else.
    """
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        raise _unusable("It did not answer with JSON.") from None
    items = answer.get("items") if isinstance(answer, dict) else answer
    if not isinstance(items, list):
        raise _unusable("It did not answer with a list of items.")
    count = [0]
    return _clean(items, count, 0)


def _clean(items: Sequence[Any], count: list[int], depth: int) -> list[dict[str, Any]]:
    if depth > DEEPEST:
        raise _unusable("Its tree is too deep.")
    clean = []
    for item in items:
        raw = item if isinstance(item, dict) else {"value": item}
        if isinstance(raw.get("value"), bool) or not isinstance(raw.get("value"), str | int | float):
            continue
        count[0] += 1
        if count[0] > MOST_ITEMS:
            raise _unusable("It answered with too many items.")
        one: dict[str, Any] = {key: str(raw[key]) for key in KEYS if raw.get(key) is not None}
        if isinstance(raw.get("isLeaf"), bool):
            one["isLeaf"] = raw["isLeaf"]
        if isinstance(raw.get("children"), list):
            one["children"] = _clean(raw["children"], count, depth + 1)
        clean.append(one)
    return clean


def _unusable(reason: str) -> InvalidInput:
    return InvalidInput(
        f"The server of the tree gave nothing usable. {reason}",
        code="taxonomy-unusable",
        params={"reason": reason},
    )
