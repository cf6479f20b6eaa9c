"""Compare our OpenAPI with Label Studio's: every operation, its parameters, what it takes, what it answers.

    python -m scripts.compare_openapi                        against the facts that are kept
    python -m scripts.compare_openapi --schema schema.json   against a schema of a running Label Studio
    python -m scripts.compare_openapi --schema schema.json --keep     and keep its facts

Prints a line for each operation and ends with 1 if something is missing that no table below excepts.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from labelwright import config
from labelwright.app import create_app
from labelwright.web import openapi

FACTS = Path(__file__).parents[1] / "tests" / "sdk" / "facts" / "openapi.json"
METHODS = ("get", "post", "put", "patch", "delete")
Facts = dict[str, dict[str, Any]]

EXCEPTED = {
    "/api/storages": "come with the plugins that bring storages",
    "/api/ml": "comes with the plugin that brings model backends",
}
"""Beginnings of paths that are not compared."""

READ_ONLY = "its document names it in the body, and its server ignores it as ours does"
OURS_ALONE = "set by the server alone: what a caller says of it is ignored"
JUSTIFIED: tuple[tuple[str, str, str], ...] = (
    (
        "* /api/dm/views*",
        "answer 20? has no [fos]*",
        "seen: not answered; what they would say stands in data",
    ),
    (
        "GET /api/tasks",
        "query parameter page is string, not integer",
        "seen: what is no number is a page that is not there, 404",
    ),
    ("GET /api/tasks/{}/agreement", "no answer 200", "seen: 403, it is not served by the Community edition"),
    (
        "GET /api/webhooks/info",
        "query parameter organization-only is string, not boolean",
        "seen: any text is taken, and what does not say yes is no",
    ),
    ("POST /api/labels", "*", "seen: a list of what was made; its document describes a page of a list"),
    ("* /api/users*", "body has no [aid]*", READ_ONLY),
    ("*", "*: active_organization_meta is object, not string", "seen: an object, whatever its document says"),
    (
        "* /api/annotations/*",
        "* has no state",
        "seen: not answered while its state machine is off, as it is there",
    ),
    (
        "* /api/tasks/{}*",
        "* has no state",
        "seen: not answered while its state machine is off, as it is there",
    ),
    (
        "GET /api/tasks/{}",
        "answer 200: annotations is array, not string",
        "seen: a list, whatever its document says",
    ),
    (
        "GET /api/projects*",
        "query parameter ids is array, not string",
        "a list is written with commas, and read so",
    ),
    ("GET /data/upload/{}", "no such operation", "the same addresses, declared as project and name"),
    ("DELETE /api/projects/{}/file-uploads", "no answer 204", "seen: 200 with the number of the deleted"),
    ("POST /api/annotations/{}/convert-to-draft", "no answer 200", "seen: 201 with the draft"),
    ("POST /api/invite/reset-token", "no answer 200", "seen: 201 with the link"),
    ("POST /api/jwt/settings", "no answer 201", "seen: 200 with the settings"),
    (
        "* /api/organizations/{}",
        "* has no token",
        "the invitation is shown where it is asked for, at /api/invite",
    ),
    ("* /api/annotations/{}", "body has no *", OURS_ALONE),
    ("POST /api/tasks/{}/annotations", "body has no *", OURS_ALONE),
    ("* /api/projects*", "body has no organization", OURS_ALONE),
    ("* /api/projects*", "body has no created_by", OURS_ALONE),
    ("POST /api/projects/{}/exports", "body has no *", OURS_ALONE),
    (
        "POST /api/projects/{}/validate",
        "answer 200 has no label_config",
        "seen: only what has changed is answered",
    ),
    ("POST /api/projects/{}/import", "body is no list", "the body is read as a stream: JSON or files"),
    (
        "POST /api/projects/{}/import",
        "answer 201 has no import",
        "seen: not answered by a synchronous import",
    ),
    (
        "POST /api/projects/{}/import",
        "answer 201 has no predictions_count",
        "seen: it is called prediction_count",
    ),
    (
        "POST /api/projects/{}/import/predictions",
        "body has no *",
        "seen: result, score and model_version are kept",
    ),
)
"""Operation and finding, both with ``*``, and the reason why it is no lack."""


@dataclass(frozen=True)
class Finding:
    operation: str
    what: str
    reason: str = ""

    @property
    def is_lack(self) -> bool:
        return not self.reason


def compact(document: Mapping[str, Any]) -> Facts:
    """The facts of an OpenAPI document: names, types and status codes; no words."""
    schemas = document.get("components", {}).get("schemas", {})
    found: Facts = {}
    for path, operations in document["paths"].items():
        for method in METHODS:
            if method in operations:
                operation = operations[method]
                found[f"{method.upper()} {_plain(path)}"] = {
                    "query": {
                        one["name"]: _type(one["schema"], schemas)
                        for one in operation.get("parameters", ())
                        if one["in"] == "query"
                    },
                    "body": _content(operation.get("requestBody", {}), schemas),
                    "answers": {
                        status: _content(answer, schemas) for status, answer in operation["responses"].items()
                    },
                }
    return dict(sorted(found.items()))


def _plain(path: str) -> str:
    """``/api/projects/{id}/`` and ``/api/projects/{project_id}`` are one."""
    return re.sub(r"\{[^}]*\}", "{}", path).rstrip("/")


def _content(holder: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    for kind, content in holder.get("content", {}).items():
        if "json" in kind:
            return _shape(content.get("schema", {}), schemas)
    return None


def _shape(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    """``{"field": "type"}`` of an object, ``[that]`` of a list, else a type."""
    schema = _resolved(schema, schemas)
    if schema.get("type") == "array":
        return [_shape(schema.get("items", {}), schemas)]
    fields = schema.get("properties")
    if fields and set(fields) >= {"count", "results"}:
        return {
            name: _shape(one, schemas) if name == "results" else _type(one, schemas)
            for name, one in fields.items()
        }
    if fields:
        return {name: _type(one, schemas) for name, one in fields.items()}
    return _type(schema, schemas)


def _resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    while True:
        if "$ref" in schema:
            schema = schemas[schema["$ref"].rpartition("/")[2]]
        elif len(schema.get("allOf", ())) == 1:
            schema = schema["allOf"][0]
        elif "allOf" in schema:
            parts = [_resolved(part, schemas) for part in schema["allOf"]]
            return {
                "type": "object",
                "properties": {k: v for part in parts for k, v in part.get("properties", {}).items()},
            }
        else:
            return schema


def _type(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    schema = _resolved(schema, schemas)
    options = [one for one in (*schema.get("oneOf", ()), *schema.get("anyOf", ())) if one]
    if options:
        kinds = {_type(one, schemas) for one in options}
        return kinds.pop() if len(kinds) == 1 else "any"
    if "enum" in schema and "type" not in schema:
        return "string"
    return str(schema.get("type") or ("object" if "properties" in schema else "any"))


def written(facts: Facts) -> str:
    """JSON with a line for each operation. What is excepted is named alone."""
    rows = [
        f"{json.dumps(operation)}: {json.dumps({} if is_excepted(operation) else one)}"
        for operation, one in facts.items()
    ]
    return "{\n" + ",\n".join(rows) + "\n}\n"


def is_excepted(operation: str) -> bool:
    return operation.partition(" ")[2].startswith(tuple(EXCEPTED))


def compare(theirs: Facts, ours: Facts) -> Iterator[Finding]:
    """What ours lacks, and what of that is excepted."""
    for operation, facts in theirs.items():
        for what in _lacks(facts, ours.get(operation)):
            yield Finding(operation, what, _reason(operation, what))


def _reason(operation: str, what: str) -> str:
    path = operation.partition(" ")[2]
    for begin, reason in EXCEPTED.items():
        if path.startswith(begin) or operation == begin:
            return reason
    for operations, findings, reason in JUSTIFIED:
        if fnmatchcase(operation, operations) and fnmatchcase(what, findings):
            return reason
    return ""


def _lacks(theirs: Mapping[str, Any], ours: Mapping[str, Any] | None) -> Iterator[str]:
    if ours is None:
        yield "no such operation"
        return
    if not theirs:
        return
    for name, kind in theirs["query"].items():
        found = ours["query"].get(name, ours["query"].get(f"{name}[]"))
        if found is None:
            yield f"no query parameter {name}"
        elif not _agree(kind, found):
            yield f"query parameter {name} is {found}, not {kind}"
    yield from _fields("body", theirs["body"], ours["body"])
    for status, answer in theirs["answers"].items():
        if status not in ours["answers"]:
            yield f"no answer {status}"
        elif answer is not None and int(status) < 400:
            yield from _fields(f"answer {status}", answer, ours["answers"][status])


def _fields(where: str, theirs: Any, ours: Any) -> Iterator[str]:
    if isinstance(theirs, list):
        if isinstance(ours, list):
            yield from _fields(where, theirs[0], ours[0])
        else:
            yield f"{where} is no list"
    elif isinstance(theirs, dict):
        if not isinstance(ours, dict):
            yield f"{where} has no fields"
            return
        for name, kind in theirs.items():
            if name not in ours:
                yield f"{where} has no {name}"
            elif isinstance(kind, str):
                if not (isinstance(ours[name], str) and _agree(kind, ours[name])):
                    yield f"{where}: {name} is {ours[name]}, not {kind}"
            else:
                yield from _fields(f"{where}: {name}", kind, ours[name])


def _agree(theirs: str, ours: str) -> bool:
    return theirs == ours or "any" in (theirs, ours) or {theirs, ours} == {"integer", "number"}


def our_document() -> dict[str, Any]:
    """Our OpenAPI, as a server with all installed plugins describes itself."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(config.load(Path(folder), environ={}))
        app.extensions["labelwright"].database.close()
        return openapi.describe(app.extensions["labelwright_routes"])


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--schema", type=Path, help="an OpenAPI document of Label Studio, as JSON")
    options.add_argument("--ours", type=Path, help="our OpenAPI document, when not that of this source tree")
    options.add_argument("--keep", action="store_true", help="write the facts of --schema to tests/sdk/facts")
    given = options.parse_args()
    theirs = compact(json.loads(given.schema.read_text())) if given.schema else json.loads(FACTS.read_text())
    if given.keep:
        FACTS.write_text(written(theirs))
    ours = compact(json.loads(given.ours.read_text()) if given.ours else our_document())
    findings: dict[str, list[Finding]] = {}
    for finding in compare(theirs, ours):
        findings.setdefault(finding.operation, []).append(finding)
    for operation in theirs:
        here = findings.get(operation, [])
        print(f"{'LACKS' if any(one.is_lack for one in here) else 'other' if here else 'equal'}  {operation}")
        for one in here:
            print(f"         {one.what}" + (f"  ({one.reason})" if one.reason else ""))
    lacks = [one for group in findings.values() for one in group if one.is_lack]
    more = len(ours.keys() - theirs.keys())
    print(
        f"{len(theirs)} operations, {len(theirs) - len(findings)} equal; {len(lacks)} things missing; {more} of our own"
    )
    return 1 if lacks else 0


if __name__ == "__main__":
    raise SystemExit(main())
