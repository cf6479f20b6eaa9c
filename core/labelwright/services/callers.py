"""Who asks, found by one query: the user, the membership that counts, and the proof that came with the request.

A removed member or a switched-off user has no such row, so that sessions and tokens end at once.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, select, update
from sqlalchemy.orm import Session

from labelwright.errors import LabelwrightError, NotAllowed
from labelwright.models import LoginSession, Membership, Organization, User, now

from .context import Caller, Context

log = logging.getLogger(__name__)

ACTIVITY_EVERY = timedelta(minutes=1)
"""How exactly it is known when somebody was last here: each note is a write."""


def digest(secret: str) -> str:
    """What a token or a cookie is looked up by; the secret itself cannot be had from it."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def known(*more: Any) -> Select[Any]:
    """Users with their active membership, and more columns; to be joined with the proof."""
    return (
        select(
            User.id, User.email, User.first_name, User.last_name, User.locale, User.is_superuser, User.last_activity,
            Organization.id.label("organization_id"), Membership.role, *more,
        )
        .join(
            Membership,
            and_(
                Membership.user_id == User.id,
                Membership.organization_id == User.active_organization_id,
                Membership.deleted_at.is_(None),
            ),
        )
        .join(Organization, Organization.id == Membership.organization_id)
        .where(User.is_active)
    )  # fmt: skip


def caller_of(row: Any, auth: str) -> Caller:
    return Caller(
        user_id=row.id, email=row.email, organization_id=row.organization_id, role=row.role, auth=auth,
        is_superuser=row.is_superuser, first_name=row.first_name, last_name=row.last_name, locale=row.locale,
    )  # fmt: skip


def member(session: Session, user_id: int | None, organization_id: int) -> Caller:
    """The caller for whom a job goes on with what somebody asked for.

    :raises NotAllowed: if they are no member any more.
    """
    query = (
        select(
            User.id, User.email, User.first_name, User.last_name, User.locale, User.is_superuser,
            Membership.organization_id, Membership.role,
        )
        .join(Membership, Membership.user_id == User.id)
        .where(
            User.id == user_id,
            User.is_active,
            Membership.organization_id == organization_id,
            Membership.deleted_at.is_(None),
        )
    )  # fmt: skip
    row = session.execute(query).first()
    if row is None:
        raise NotAllowed("Who asked for this is no member any more.", code="not-a-member")
    return caller_of(row, "job")


def note_activity(ctx: Context, user_id: int, last: datetime, session_digest: str | None = None) -> None:
    """Keep when somebody was last here, at most once a minute.

    :param last: the older of the times that are stored.
    """
    moment = now()
    if moment - last < ACTIVITY_EVERY:
        return
    try:
        with ctx.database.write() as session:
            session.execute(
                update(User)
                .where(User.id == user_id, User.last_activity < moment)
                .values(last_activity=moment),
                execution_options={"synchronize_session": False},
            )
            if session_digest is not None:
                session.execute(
                    update(LoginSession)
                    .where(LoginSession.digest == session_digest, LoginSession.last_used_at < moment)
                    .values(last_used_at=moment),
                    execution_options={"synchronize_session": False},
                )
    except LabelwrightError as error:  # a full disk must not keep people from reading
        log.warning("the time of the last activity was not stored: %s", error.message)
