"""/api/fsm and what else Label Studio says of states: how far tasks, annotations and projects have come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from labelwright.errors import InvalidFields, NotAllowed, NotFound
from labelwright.services import states

from . import fields, requests
from .projects import envelope
from .routing import Routes, caller, context

routes = Routes("states", "States")
ROUTES = [routes]

PAGE = 100
EXACT = ("state", "previous_state", "transition_name")
ORDERINGS = ("created_at", "state", "previous_state", "transition_name")


class HistoryQuery(fields.Schema):
    created_at_from = fields.Text(blank=True)
    created_at_to = fields.Text(blank=True)
    state = fields.Text(blank=True)
    previous_state = fields.Text(blank=True)
    transition_name = fields.Text(blank=True)
    triggered_by = fields.Whole()
    ordering = fields.Text(blank=True)
    page = fields.Whole()
    page_size = fields.Whole()


class TransitionIn(fields.Schema):
    transition_name = fields.Text(required=True, most=160)
    transition_data = fields.Mapping(allow_none=True)


class PersonOut(fields.Schema):
    id = fields.Whole(required=True)
    email = fields.Text()


class StateOut(fields.Schema):
    id = fields.Text(required=True)
    state = fields.Text(required=True)
    previous_state = fields.Text(required=True, allow_none=True)
    transition_name = fields.Text(required=True, allow_none=True)
    triggered_by = fields.Part(PersonOut, required=True, allow_none=True)
    reason = fields.Text(required=True, allow_none=True)
    created_at = fields.Moment(required=True)
    context_data = fields.Mapping(required=True)


class StatesOut(fields.Schema):
    count = fields.Whole(required=True)
    next = fields.Text(allow_none=True)
    previous = fields.Text(allow_none=True)
    results = fields.Many(fields.Part(StateOut), required=True)


class TransitionOut(fields.Schema):
    success = fields.Flag(required=True)
    new_state = fields.Text(required=True, allow_none=True)
    state_record = fields.Part(StateOut, required=True, allow_none=True)


@routes.get(
    "/api/fsm/entities/<string:entity_name>/<int:entity_id>/history",
    query=HistoryQuery,
    answers={200: StatesOut},
)
def list_states(entity_name: str, entity_id: int, query: Mapping[str, Any]) -> dict[str, Any]:
    """List the states that a task, an annotation or a project has come through, newest first."""
    ctx = context()
    number, size = requests.page(query, PAGE, most=PAGE)
    with ctx.database.read() as session:
        rows = states.history(ctx, session, caller(), entity_name, entity_id)
    rows = _ordered([row for row in rows if _is_wanted(row, query)], query.get("ordering") or "")
    if number < 1 or (number > 1 and (number - 1) * size >= len(rows)):
        raise NotFound("Invalid page.", code="no-page", params={"page": number})
    return envelope(rows[(number - 1) * size : number * size], len(rows), number, size)


@routes.post(
    "/api/fsm/entities/<string:entity_name>/<int:entity_id>/transition",
    body=TransitionIn,
    answers={200: TransitionOut},
)
def execute_transition(entity_name: str, entity_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for a transition. States follow the answers: it succeeds if the entity is in that state."""
    ctx = context()
    with ctx.database.read() as session:
        return states.execute(ctx, session, caller(), entity_name, entity_id, body["transition_name"])


@routes.get("/api/tasks/<int:task_id>/agreement", answers={403: "it is not part of this edition"})
def task_agreement(task_id: int) -> None:
    """Refused, as in Label Studio's community edition."""
    raise NotAllowed("Feature not enabled", code="no-agreement")


def _is_wanted(row: Mapping[str, Any], query: Mapping[str, Any]) -> bool:
    for name in EXACT:
        if query.get(name) and (row[name] or "").lower() != query[name].lower():
            return False
    if "triggered_by" in query and (row["triggered_by"] or {}).get("id") != query["triggered_by"]:
        return False
    at = datetime.fromisoformat(row["created_at"])
    begin, end = _moment(query, "created_at_from"), _moment(query, "created_at_to")
    return not (begin and at < begin) and not (end and at > end)


def _moment(query: Mapping[str, Any], name: str) -> datetime | None:
    if not query.get(name):
        return None
    try:
        moment = datetime.fromisoformat(query[name])
    except ValueError:
        raise InvalidFields({name: ["Enter a valid date/time."]}, code="not-a-time") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _ordered(rows: list[dict[str, Any]], ordering: str) -> list[dict[str, Any]]:
    """The newest first, unless a field is named. Steps of one moment keep their order."""
    name = ordering.lstrip("-")
    if name in ORDERINGS:
        rows = sorted(rows, key=lambda row: row[name] or "")
    return rows if name in ORDERINGS and not ordering.startswith("-") else rows[::-1]
