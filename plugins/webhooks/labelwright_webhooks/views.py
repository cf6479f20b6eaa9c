"""/api/webhooks: receivers made, changed and looked at; their deliveries, and one more by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelwright.api import RequestContext, Routes, fields
from labelwright_webhooks import webhooks
from labelwright_webhooks.actions import ACTIONS

routes = Routes("webhooks", "Webhooks")

LONGEST_URL = 2048


class WebhookOut(fields.Schema):
    id = fields.Whole()
    organization = fields.Whole()
    project = fields.Whole(allow_none=True)
    url = fields.Text()
    send_payload = fields.Flag()
    send_for_all_actions = fields.Flag()
    headers = fields.Mapping()
    is_active = fields.Flag()
    actions = fields.Many(fields.Choice(tuple(ACTIONS)))
    created_at = fields.Moment()
    updated_at = fields.Moment()


class WebhookChanges(fields.Schema):
    url = fields.Text(required=True, most=LONGEST_URL)
    send_payload = fields.Flag()
    send_for_all_actions = fields.Flag()
    headers = fields.Anything()
    is_active = fields.Flag()
    actions = fields.Many(fields.Choice(tuple(ACTIONS)))
    secret = fields.Text(blank=True, most=256)


class WebhookIn(WebhookChanges):
    project = fields.Anything(allow_none=True)


class WebhooksQuery(fields.Schema):
    project = fields.Text(blank=True)


class ActionOut(fields.Schema):
    name = fields.Text()
    description = fields.Text(blank=True)
    key = fields.Text()
    organization_only = fields.Flag(data_key="organization-only")


ActionsOut = fields.Schema.from_dict(
    {name: fields.Part(ActionOut) for name in ACTIONS}, name="WebhookActions"
)
"""One member an action; those that were not asked for are left out."""


class InfoQuery(fields.Schema):
    organization_only = fields.Text(blank=True, data_key="organization-only")


class DeliveryOut(fields.Schema):
    id = fields.Whole()
    uid = fields.Text()
    action = fields.Text()
    status = fields.Choice(("pending", "delivered", "failed", "skipped"))
    attempts = fields.Whole()
    response_code = fields.Whole(allow_none=True)
    error = fields.Text(blank=True)
    duration_ms = fields.Whole(allow_none=True)
    created_at = fields.Moment()
    attempted_at = fields.Moment(allow_none=True)


class DeliveriesOut(fields.Schema):
    count = fields.Whole()
    next = fields.Text(allow_none=True)
    previous = fields.Text(allow_none=True)
    results = fields.Many(fields.Part(DeliveryOut))


class DeliveriesQuery(fields.Schema):
    page = fields.Whole(least=1)
    page_size = fields.Whole(least=1, most=100)


@routes.get("/api/webhooks", query=WebhooksQuery, answers={200: [WebhookOut]})
def list_webhooks(context: RequestContext, query: Mapping[str, Any]) -> list[Any]:
    """List the organisation's webhooks, or those of one project."""
    return webhooks.find(context, query.get("project", ""))


@routes.post("/api/webhooks", body=WebhookIn, answers={201: WebhookOut, 403: "the address may not be called"})
def create_webhook(context: RequestContext, body: Mapping[str, Any]) -> tuple[Any, int]:
    """Make a webhook. Without a project it hears of all, where the server allows that."""
    return webhooks.create(context, body), 201


@routes.get("/api/webhooks/info", query=InfoQuery, answers={200: ActionsOut})
def webhook_actions(context: RequestContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Say which actions there are; all, or those of organisations or of projects alone."""
    context.require("webhooks.view")
    only = query.get("organization_only")
    wanted = None if only is None else only.lower() in ("true", "1", "yes", "on", "t", "y")
    return {
        name: {
            "name": action.title,
            "description": "",
            "key": action.key,
            "organization-only": action.organization_only,
        }
        for name, action in ACTIONS.items()
        if wanted is None or action.organization_only is wanted
    }


@routes.get("/api/webhooks/<int:webhook_id>", answers={200: WebhookOut})
def get_webhook(context: RequestContext, webhook_id: int) -> Any:
    """Show a webhook. Its secret is never shown."""
    return webhooks.show(context, webhook_id)


@routes.patch("/api/webhooks/<int:webhook_id>", body=WebhookChanges, answers={200: WebhookOut})
def change_webhook(context: RequestContext, webhook_id: int, body: Mapping[str, Any]) -> Any:
    """Change a webhook. Only what is named changes; it stays in its project."""
    return webhooks.change(context, webhook_id, body)


@routes.put("/api/webhooks/<int:webhook_id>", body=WebhookChanges, answers={200: WebhookOut})
def replace_webhook(context: RequestContext, webhook_id: int, body: Mapping[str, Any]) -> Any:
    """Change a webhook; where no actions are named, it has none."""
    return webhooks.change(context, webhook_id, {"actions": [], **body})


@routes.delete("/api/webhooks/<int:webhook_id>", answers={204: "deleted"})
def delete_webhook(context: RequestContext, webhook_id: int) -> tuple[None, int]:
    """Delete a webhook with its log. What waits for it is not sent."""
    webhooks.remove(context, webhook_id)
    return None, 204


@routes.get("/api/webhooks/<int:webhook_id>/deliveries", query=DeliveriesQuery, answers={200: DeliveriesOut})
def list_deliveries(context: RequestContext, webhook_id: int, query: Mapping[str, Any]) -> dict[str, Any]:
    """List what a webhook was told, the newest first. What the receiver answered is not kept, but for its status."""
    page, size = query.get("page", 1), query.get("page_size", 30)
    results, total = webhooks.deliveries(context, webhook_id, page, size)
    return context.envelope(results, total=total, page=page, size=size)


@routes.post(
    "/api/webhooks/<int:webhook_id>/deliveries/<int:delivery_id>/redeliver", answers={202: DeliveryOut}
)
def redeliver(context: RequestContext, webhook_id: int, delivery_id: int) -> tuple[Any, int]:
    """Send a delivery once more, under the same id, with the rows as they are now."""
    return webhooks.again(context, webhook_id, delivery_id), 202


@routes.post("/api/webhooks/<int:webhook_id>/test", answers={202: DeliveryOut})
def test_webhook(context: RequestContext, webhook_id: int) -> tuple[Any, int]:
    """Send ``{"action": "TEST"}`` at once; the log says what came of it."""
    return webhooks.test(context, webhook_id), 202
