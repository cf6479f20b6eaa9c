"""The jobs that send what waits, one receiver at a time each, and keep the log short.

One job speaks to one webhook and sends in the order of what happened. A try that fails lets the webhook rest, longer
each time, while others go on; a job that has worked for some seconds goes behind the others of the queue. So a receiver
that hangs costs ``timeout_s`` now and then, and nobody else anything.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from labelwright.api import JobContext, JobKind, PluginContext, now
from labelwright_webhooks import payloads, sending
from labelwright_webhooks.events import KIND, job_for, pending
from labelwright_webhooks.tables import Delivery, Webhook

SLICE_S = 10.0
"""After this long a job lets others go first."""
LONGEST_WAIT_S = 3600.0
CROWDED_WAIT_S = 1.0
FORGOTTEN_S = 300.0
"""What has waited this long although its time has come has lost its job."""
TIDIED_ROWS = 5000


class Deliver(JobKind):
    """What waits for a webhook, sent. Twice is safe: each delivery bears the id by which a receiver knows it again."""

    kind = KIND
    title = "Webhook"

    def run(self, context: JobContext, *, webhook: int, delivery: int | None = None) -> None:
        """:param delivery: the one that somebody asked for; it waits for no other, and is tried once."""
        if delivery is not None:
            self._send_one(context, webhook, delivery)
        elif (hook := _begin(context, webhook)) is not None:
            self._send_waiting(context, hook)
            _end(context, hook)

    def _send_one(self, context: JobContext, webhook: int, delivery: int) -> None:
        with context.read() as session:
            hook = session.get(Webhook, webhook)
            waiting = session.get(Delivery, delivery)
        if hook is not None and waiting is not None and waiting.status == "pending":
            within = context.within(hook.organization_id)
            _keep(context, hook, waiting, _try(within, hook, waiting))

    def _send_waiting(self, context: JobContext, hook: Webhook) -> None:
        within = context.within(hook.organization_id)
        ends = time.monotonic() + SLICE_S
        while not context.cancelled() and time.monotonic() < ends:
            with context.read() as session:
                waiting = session.scalar(
                    select(Delivery).where(*pending(hook.id)).order_by(Delivery.id).limit(1)
                )
            if waiting is None:
                return
            outcome = _try(within, hook, waiting)
            _keep(context, hook, waiting, outcome)
            if outcome.status == "again":
                return


class TidyDeliveries(JobKind):
    """Old deliveries forgotten, and those begun again that nobody sees to any more. Twice is safe."""

    kind = "webhook-tidying"
    title = "Tidying up"
    tries = 1
    every_s = 300

    def run(self, context: JobContext) -> None:
        _give_up(context)
        _forget(context, context.settings["kept_deliveries"])
        _begin_forgotten(context)


def _begin(context: JobContext, webhook: int) -> Webhook | None:
    """The webhook, now ours to speak to; ``None`` if it is gone, another job speaks to it, or its turn comes later."""
    moment = now()
    with context.write() as session:
        hook = session.scalar(select(Webhook).where(Webhook.id == webhook).with_for_update(key_share=True))
        if hook is None:
            return None
        if not hook.is_active:
            _drop(session, Delivery.webhook_id == webhook, "inactive")
            return None
        is_ours = hook.busy_job == context.job  # begun again after a crash
        if not is_ours and hook.busy_until is not None and hook.busy_until > moment:
            return None  # the other job looks once more at its end
        if hook.resume_at is not None and hook.resume_at > moment:
            if is_ours:
                context.plan(session, job_for(webhook, hook.resume_at))
            return None  # a job begins then
        if _is_crowded(session, hook, moment, context.settings["parallel"]):
            context.plan(session, job_for(webhook, moment + timedelta(seconds=CROWDED_WAIT_S)))
            return None
        hook.busy_job = context.job
        hook.busy_until = moment + timedelta(seconds=SLICE_S + 2 * context.settings["timeout_s"])
    return hook


def _is_crowded(session: Session, hook: Webhook, moment: datetime, parallel: int) -> bool:
    busy = select(func.count()).where(
        Webhook.organization_id == hook.organization_id, Webhook.busy_until > moment, Webhook.id != hook.id
    )
    return (session.scalar(busy) or 0) >= parallel


def _try(within: PluginContext, hook: Webhook, delivery: Delivery) -> sending.Outcome:
    body = payloads.body(
        within.queries,
        delivery.action,
        orjson.loads(delivery.facts),
        whole=hook.send_payload,
        begin=delivery.sent,
        size=within.settings["batch_size"],
    )
    if body is None:
        return sending.Outcome("skipped", now(), 0, error="gone")
    return sending.send(within, hook, delivery, body)


def _keep(context: JobContext, hook: Webhook, delivery: Delivery, outcome: sending.Outcome) -> None:
    """Note what came of a try, for the log and for the next one."""
    settings = context.settings
    count = len(payloads.ids_of(orjson.loads(delivery.facts)))
    sent, status = delivery.sent, outcome.status
    if status in ("delivered", "skipped") and hook.send_payload and sent + settings["batch_size"] < count:
        sent, status = sent + settings["batch_size"], "pending"
    elif status == "again":
        is_last = delivery.by_hand or delivery.attempts + 1 >= settings["tries"]
        status = "failed" if is_last else "pending"
    with context.write() as session:
        session.execute(
            update(Delivery)
            .where(Delivery.id == delivery.id)
            .values(
                status=status,
                sent=sent,
                attempts=0 if sent > delivery.sent else Delivery.attempts + 1,
                response_code=outcome.response_code,
                error=outcome.error,
                duration_ms=outcome.duration_ms,
                attempted_at=outcome.began,
            )
        )
        if delivery.by_hand:
            return
        hook.failures = hook.failures + 1 if outcome.status == "again" else 0
        hook.resume_at = None
        if hook.failures:
            wait_s = min(settings["first_wait_s"] * 4 ** min(hook.failures - 1, 20), LONGEST_WAIT_S)
            hook.resume_at = now() + timedelta(seconds=wait_s)
        changed = {"failures": hook.failures, "resume_at": hook.resume_at}
        session.execute(update(Webhook).where(Webhook.id == hook.id).values(changed))


def _end(context: JobContext, hook: Webhook) -> None:
    """Let go of the webhook, and have another job begin if anything waits; see ``events._is_awaited``."""
    with context.write() as session:
        if session.scalar(select(Webhook.id).where(Webhook.id == hook.id).with_for_update()) is None:
            return
        session.execute(update(Webhook).where(Webhook.id == hook.id).values(busy_until=None, busy_job=None))
        if session.scalar(select(Delivery.id).where(*pending(hook.id)).limit(1)) is not None:
            context.plan(session, job_for(hook.id, hook.resume_at))


def _give_up(context: JobContext) -> None:
    since = now() - timedelta(hours=context.settings["give_up_h"])
    with context.write() as session:
        _drop(session, Delivery.created_at < since, "gave-up")


def _drop(session: Session, which: Any, error: str) -> None:
    session.execute(
        update(Delivery)
        .where(which, Delivery.status == "pending", Delivery.by_hand.is_(False))
        .values(status="failed", error=error)
        .execution_options(synchronize_session=False)
    )


def _begin_forgotten(context: JobContext) -> None:
    """Plan a job for each webhook whose own was lost: something has waited for minutes, and nobody speaks to it."""
    long_ago = now() - timedelta(seconds=FORGOTTEN_S)
    waits = select(Delivery.webhook_id).where(
        Delivery.status == "pending", Delivery.by_hand.is_(False), Delivery.created_at < long_ago
    )
    with context.write() as session:
        forgotten = session.scalars(
            select(Webhook.id).where(
                Webhook.id.in_(waits),
                or_(Webhook.resume_at.is_(None), Webhook.resume_at < long_ago),
                or_(Webhook.busy_until.is_(None), Webhook.busy_until < long_ago),
            )
        )
        for webhook in list(forgotten):
            context.plan(session, job_for(webhook))


def _forget(context: JobContext, kept: int) -> None:
    """Remove what each webhook's log holds beyond its newest."""
    ended = Delivery.status != "pending"
    with context.read() as session:
        long = session.scalars(
            select(Delivery.webhook_id).where(ended).group_by(Delivery.webhook_id).having(func.count() > kept)
        ).all()
    for webhook in long:
        here = (Delivery.webhook_id == webhook, ended)
        with context.read() as session:
            newest = select(Delivery.id).where(*here).order_by(Delivery.id.desc()).offset(kept).limit(1)
            last = session.scalar(newest)
        while last is not None:
            old = select(Delivery.id).where(*here, Delivery.id <= last).limit(TIDIED_ROWS)
            with context.write() as session:
                gone = session.execute(
                    delete(Delivery).where(Delivery.id.in_(old)).execution_options(synchronize_session=False)
                )
                if gone.rowcount < TIDIED_ROWS:  # type: ignore[attr-defined]
                    break
