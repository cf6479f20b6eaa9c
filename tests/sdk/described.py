"""Whether an answer holds what the OpenAPI description says it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .recording import Exchange


class Description:
    """An OpenAPI document, asked for the answers of its operations."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._answers: dict[tuple[str, str, str], Any] = {}
        for path, operations in document["paths"].items():
            plain = re.sub(r"\{[^}]*\}", "{}", path)
            for method, operation in operations.items():
                for status, answer in operation["responses"].items():
                    schema = answer.get("content", {}).get("application/json", {}).get("schema")
                    self._answers[method.upper(), plain, status] = schema

    def gaps(self, exchange: Exchange) -> Iterator[str]:
        """Fields that are answered and not described, or described and not answered."""
        if "request" not in exchange or exchange["status"] >= 300:
            return
        method, _, target = exchange["request"].partition(" ")
        path, _, query = target.partition("?")
        plain = re.sub(r"<id>|\{id\}", "{}", path).rstrip("/")
        schema = self._answers.get((method, plain, str(exchange["status"])))
        if schema and "include" not in query.split(","):
            yield from _gaps(schema, exchange["answer"], f"{method} {plain}")


def _gaps(schema: Mapping[str, Any], answer: Any, path: str) -> Iterator[str]:
    if isinstance(answer, list) and schema.get("type") == "array":
        for one in answer:
            yield from _gaps(schema["items"], one, path)
    if not isinstance(answer, dict) or "properties" not in schema:
        return
    fields = schema["properties"]
    names = {name.removesuffix("?") for name in answer}
    yield from (f"{path}/{name} is not described" for name in names - fields.keys() - COLUMNS)
    missing = (f"{path}/{name}" for name in fields.keys() - names - MAYBE)
    yield from (f"{field} is not answered" for field in missing if field not in ONE_OF_TWO)
    for name in answer.keys() & fields.keys():
        yield from _gaps(fields[name], answer[name], f"{path}/{name}")


MAYBE = frozenset({"task_ids", "disabled", "tags", "link", "allow_postpone", "processed_items", "reload"})
"""Fields that some answers have."""
ONE_OF_TWO = frozenset(
    {
        "POST /api/ml/{}/interactive-annotating/data",
        "POST /api/ml/{}/interactive-annotating/errors",
        "GET /api/ml/{}/versions/message",
    }
)
"""What is answered, or what went wrong instead."""
COLUMNS = frozenset({"agreement"})
"""What columns of plugins say of a task: the description is made before anybody knows which there are."""
