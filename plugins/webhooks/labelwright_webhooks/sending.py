"""One request to a receiver: its headers, its signature, and what came of it. What the receiver said is not kept."""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass
from datetime import datetime

import orjson

from labelwright.api import InvalidInput, PluginContext, Unavailable, now
from labelwright_webhooks.tables import Delivery, Webhook

AGAIN = frozenset({408, 425, 429})
"""Refusals that may pass by themselves, besides those of 500 and more."""
RECEIVED_BYTES = 1024 * 1024
"""Most that a receiver may answer."""
OWN_HEADERS = "x-labelwright-"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try.

    :param status: ``delivered``; ``failed``, for good; or ``again``.
    """

    status: str
    began: datetime
    duration_ms: int
    response_code: int | None = None
    error: str = ""


def send(context: PluginContext, webhook: Webhook, delivery: Delivery, body: bytes) -> Outcome:
    """Tell a receiver. Takes ``timeout_s`` at most, whatever the receiver does."""
    began, clock = now(), time.monotonic()
    code, error = None, ""
    try:
        answer = context.outbound("webhook").send(
            "POST",
            webhook.url,
            headers=_headers(context, webhook, delivery, body),
            body=body,
            timeout_s=context.settings["timeout_s"],
            max_bytes=RECEIVED_BYTES,
        )
        code = answer.status
        status = _judged(code)
    except InvalidInput as refusal:
        error = refusal.code
        status = "again" if error in ("url-failed", "url-too-slow") else "failed"
    except Unavailable as refusal:  # the key of its headers is not in the ring
        status, error = "failed", refusal.code
    return Outcome(status, began, round((time.monotonic() - clock) * 1000), code, error)


def _judged(code: int) -> str:
    if 200 <= code < 300:
        return "delivered"
    return "again" if code >= 500 or code in AGAIN else "failed"


def _headers(context: PluginContext, webhook: Webhook, delivery: Delivery, body: bytes) -> dict[str, str]:
    own = headers_of(context, webhook)
    given = {name.lower() for name in own}
    headers = {} if "content-type" in given else {"Content-Type": "application/json"}
    headers |= own
    part = f".{delivery.sent}" if delivery.sent else ""
    headers["X-Labelwright-Delivery"] = f"{delivery.uid}{part}"
    headers["X-Labelwright-Event"] = delivery.action
    if webhook.secret:
        key = context.decrypt(webhook.secret).encode()
        headers["X-Labelwright-Signature-256"] = f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}"
    return headers


def headers_of(context: PluginContext, webhook: Webhook) -> dict[str, str]:
    """A webhook's own headers, readable."""
    return dict(orjson.loads(context.decrypt(webhook.headers))) if webhook.headers else {}
