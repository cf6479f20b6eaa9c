"""The rules of webhooks: what may be saved, who may see it, and what is sent by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from labelwright.api import InvalidFields, InvalidInput, JobSpec, NotAllowed, NotFound, RequestContext, now
from labelwright_webhooks.actions import ACTIONS, TEST
from labelwright_webhooks.events import KIND, row_of
from labelwright_webhooks.sending import OWN_HEADERS, headers_of
from labelwright_webhooks.tables import Delivery, Webhook

MOST_HEADERS = 10
MASK = "********"
NOT_A_CHOICE = "Select a valid choice. That choice is not one of the available choices."


def find(context: RequestContext, project: str) -> list[dict[str, Any]]:
    """The organisation's webhooks.

    :param project: only those of this one; empty: all.
    :raises InvalidFields: if there is no such project here.
    """
    context.require("webhooks.view")
    where = [Webhook.organization_id == context.organization]
    if project:
        try:
            found = context.queries.project(_number(project))
        except (NotFound, ValueError):
            raise InvalidFields({"project": [NOT_A_CHOICE]}) from None
        where.append(Webhook.project_id == found.id)
    with context.read() as session:
        return [
            to_json(context, row)
            for row in session.scalars(select(Webhook).where(*where).order_by(Webhook.id))
        ]


def show(context: RequestContext, webhook_id: int) -> dict[str, Any]:
    """A webhook. :raises NotFound: also for another organisation's."""
    with context.read() as session:
        row = _get(context, session, webhook_id)
    context.require("webhooks.view", row.project_id)
    return to_json(context, row)


def create(context: RequestContext, values: Mapping[str, Any]) -> dict[str, Any]:
    """Make a webhook.

    :raises NotAllowed: if its address may not be called.
    """
    _check_url(context, values["url"])
    headers = _checked_headers(context, values.get("headers", {}), {})
    project = _project(context, values.get("project"))
    context.require("webhooks.change", project)
    actions = _checked_actions(values.get("actions", []), project)
    with context.write() as session:
        row = Webhook(
            organization_id=context.organization,
            project_id=project,
            url=values["url"],
            send_payload=values.get("send_payload", True),
            send_for_all_actions=values.get("send_for_all_actions", True),
            actions=actions,
            headers=_encrypted(context, headers),
            secret=context.encrypt(values["secret"]) if values.get("secret") else "",
            is_active=values.get("is_active", True),
        )
        session.add(row)
        session.flush()
    return to_json(context, row)


def change(context: RequestContext, webhook_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Change what is named. A new address is tried at once, whatever became of the old one."""
    with context.read() as session:
        before = _get(context, session, webhook_id)
    context.require("webhooks.change", before.project_id)
    if "url" in values:
        _check_url(context, values["url"])
    wanted = {
        name: values[name]
        for name in ("url", "send_payload", "send_for_all_actions", "is_active")
        if name in values
    }
    if "headers" in values:
        kept = headers_of(context, before)
        wanted["headers"] = _encrypted(context, _checked_headers(context, values["headers"], kept))
    if "actions" in values:
        wanted["actions"] = _checked_actions(values["actions"], before.project_id)
    if "secret" in values:
        wanted["secret"] = context.encrypt(values["secret"]) if values["secret"] else ""
    if "url" in wanted or wanted.get("is_active"):
        wanted |= {"failures": 0, "resume_at": None}
    with context.write() as session:
        row = _get(context, session, webhook_id)
        for name, value in wanted.items():
            setattr(row, name, value)
        row.updated_at = now()
    return to_json(context, row)


def remove(context: RequestContext, webhook_id: int) -> None:
    """Delete a webhook with its log."""
    with context.read() as session:
        project = _get(context, session, webhook_id).project_id
    context.require("webhooks.change", project)
    with context.write() as session:
        session.delete(_get(context, session, webhook_id))


def deliveries(
    context: RequestContext, webhook_id: int, page: int, size: int
) -> tuple[list[dict[str, Any]], int]:
    """A page of a webhook's log, and how long it is.

    :raises NotFound: if the page lies past the end.
    """
    with context.read() as session:
        row = _get(context, session, webhook_id)
        here = Delivery.webhook_id == row.id
        total = session.scalar(select(func.count()).select_from(Delivery).where(here)) or 0
        if page > 1 and (page - 1) * size >= total:
            raise NotFound("Invalid page.", code="no-page", params={"page": page})
        newest = (
            select(Delivery).where(here).order_by(Delivery.id.desc()).limit(size).offset((page - 1) * size)
        )
        rows = [delivery_json(one) for one in session.scalars(newest)]
    context.require("webhooks.view", row.project_id)
    return rows, total


def again(context: RequestContext, webhook_id: int, delivery_id: int) -> dict[str, Any]:
    """Send a delivery once more."""
    with context.read() as session:
        row = _get(context, session, webhook_id)
        old = session.scalar(
            select(Delivery).where(Delivery.id == delivery_id, Delivery.webhook_id == row.id)
        )
    context.require("webhooks.change", row.project_id)
    if old is None:
        raise NotFound("No Delivery matches the given query.", code="no-delivery", params={"id": delivery_id})
    return _by_hand(
        context, row.id, row_of(row.id, old.action, orjson.loads(old.facts), uid=old.uid, by_hand=True)
    )


def test(context: RequestContext, webhook_id: int) -> dict[str, Any]:
    """Send a word, to see whether it arrives."""
    with context.read() as session:
        row = _get(context, session, webhook_id)
    context.require("webhooks.change", row.project_id)
    return _by_hand(context, row.id, row_of(row.id, TEST, {}, by_hand=True))


def to_json(context: RequestContext, row: Webhook) -> dict[str, Any]:
    """A webhook as Label Studio answers it."""
    headers = headers_of(context, row)
    if context.settings["mask_headers"]:
        headers = dict.fromkeys(headers, MASK)
    return {
        "id": row.id,
        "organization": row.organization_id,
        "project": row.project_id,
        "url": row.url,
        "send_payload": row.send_payload,
        "send_for_all_actions": row.send_for_all_actions,
        "headers": headers,
        "is_active": row.is_active,
        "actions": orjson.loads(row.actions),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def delivery_json(row: Delivery) -> dict[str, Any]:
    names = (
        "id",
        "uid",
        "action",
        "status",
        "attempts",
        "response_code",
        "error",
        "duration_ms",
        "created_at",
    )
    return {name: getattr(row, name) for name in (*names, "attempted_at")}


def _get(context: RequestContext, session: Session, webhook_id: int) -> Webhook:
    row = session.scalar(
        select(Webhook).where(Webhook.id == webhook_id, Webhook.organization_id == context.organization)
    )
    if row is None:
        raise NotFound("No Webhook matches the given query.", code="no-webhook", params={"id": webhook_id})
    return row


def _by_hand(context: RequestContext, webhook_id: int, values: dict[str, Any]) -> dict[str, Any]:
    """Write a delivery and its job; it does not wait behind those that failed."""
    with context.write() as session:
        made = session.scalar(insert(Delivery).values(values).returning(Delivery))
        assert made is not None
        params = {"webhook": webhook_id, "delivery": made.id}
        context.plan(session, JobSpec(KIND, params, is_internal=True))
        return delivery_json(made)


def _project(context: RequestContext, given: Any) -> int | None:
    """The project that a webhook is made for.

    :raises NotFound: if it names none, and this server has no webhooks of whole organisations.
    """
    if given is None or given == "":
        if context.settings["organization"]:
            return None
        raise NotFound("Project not found.", code="no-project")
    try:
        return context.queries.project(_number(given)).id
    except ValueError:
        words = f"Incorrect type. Expected pk value, received {type(given).__name__}."
    except NotFound:
        words = f'Invalid pk "{given}" - object does not exist.'
    raise InvalidFields({"project": [words]}, code="no-project")


def _number(given: Any) -> int:
    """:raises ValueError: if it is no id."""
    if (
        isinstance(given, bool)
        or not str(given).isascii()
        or not str(given).isdigit()
        or len(str(given)) > 18
    ):
        raise ValueError
    return int(given)


def _check_url(context: RequestContext, url: str) -> None:
    if "://" not in url:
        raise InvalidFields({"url": ["Enter a valid URL."]}, code="url-refused")
    try:
        context.outbound("webhook").check(url)
    except InvalidInput as refusal:
        if refusal.params.get("reason") in ("reserved", "scheme"):
            raise NotAllowed(refusal.message, code=refusal.code, params=refusal.params) from refusal
        words = "Enter a valid URL." if refusal.code == "url-refused" else "This host cannot be found."
        raise InvalidFields({"url": [words]}, code=refusal.code) from refusal


def _checked_headers(context: RequestContext, given: Any, kept: Mapping[str, str]) -> dict[str, str]:
    """Headers that may be sent. A masked value stands for the one that is kept.

    :raises InvalidFields: if they are no texts by name, too many, or would change the request around them.
    """
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise InvalidFields(
            {"headers": ["Headers are an object of texts by their names."]}, code="header-refused"
        )
    if len(given) > MOST_HEADERS:
        raise InvalidFields(
            {"headers": [f"At most {MOST_HEADERS} headers can be sent."]}, code="header-refused"
        )
    headers = {name: kept.get(name, value) if value == MASK else value for name, value in given.items()}
    if own := next((name for name in headers if name.lower().startswith(OWN_HEADERS)), None):
        raise InvalidFields({"headers": [f"The header {own!r} is set by the server."]}, code="header-refused")
    try:
        context.outbound("webhook").check_headers(headers)
    except InvalidInput as refusal:
        raise InvalidFields(
            {"headers": [refusal.message]}, code=refusal.code, params=refusal.params
        ) from refusal
    return headers


def _encrypted(context: RequestContext, headers: Mapping[str, str]) -> str:
    return context.encrypt(orjson.dumps(headers).decode()) if headers else ""


def _checked_actions(given: list[str], project: int | None) -> str:
    """The actions as JSON, each once, in the order of the list of actions."""
    if project is not None and any(ACTIONS[name].organization_only for name in given):
        raise InvalidFields(
            {"non_field_errors": ["Project webhook can't contain organization-only action."]},
            code="organization-only",
        )
    return orjson.dumps(list(dict.fromkeys(given))).decode()
