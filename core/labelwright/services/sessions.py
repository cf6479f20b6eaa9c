"""Browsers that are logged in. Each has a row here from log-in on, known by the digest of its cookie."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from labelwright.config import Settings
from labelwright.models import LoginSession, Organization, User, now

from .callers import caller_of, digest, known, note_activity
from .context import Caller, Context

COOKIE_LENGTH = 43
"""Characters of a cookie's value: 256 random bits."""

_BY_COOKIE = (
    known(
        LoginSession.created_at, LoginSession.last_used_at,
        Organization.max_session_age_minutes, Organization.max_time_between_activity_minutes,
    )
    .join(LoginSession, LoginSession.user_id == User.id)
    .where(LoginSession.digest == bindparam("digest"))
)  # fmt: skip


def begin(
    ctx: Context, user_id: int, *, user_agent: str = "", keep: bool = True, instead_of: str = ""
) -> str:
    """Begin a session.

    :param keep: whether it outlives the browser.
    :param instead_of: the cookie that the browser had until now; its session ends.
    :returns: the cookie's value, which is stored nowhere.
    """
    value = secrets.token_urlsafe(32)
    with ctx.database.write() as session:
        if instead_of:
            session.execute(delete(LoginSession).where(LoginSession.digest == digest(instead_of)))
        session.execute(delete(LoginSession).where(LoginSession.created_at < now() - timedelta(days=366)))
        session.add(
            LoginSession(
                digest=digest(value), user_id=user_id, keep=keep, user_agent=_printable(user_agent)[:256]
            )
        )
    return value


def find(ctx: Context, value: str) -> Caller | None:
    """Whose cookie it is, while its session lasts."""
    if len(value) != COOKIE_LENGTH:
        return None
    key = digest(value)
    row = ctx.database.first(_BY_COOKIE, {"digest": key})
    if row is None:
        return None
    moment = now()
    if moment - row.created_at > max_age(ctx.settings, row.max_session_age_minutes):
        return None
    idle = max_idle(ctx.settings, row.max_time_between_activity_minutes)
    if idle is not None and moment - row.last_used_at > idle:
        return None
    note_activity(ctx, row.id, row.last_used_at, key)
    return caller_of(row, "session")


def max_age(settings: Settings, minutes: int) -> timedelta:
    """How long a session lasts: the organisation's policy, never longer than what an administrator set."""
    allowed = timedelta(minutes=minutes)
    return (
        min(allowed, timedelta(seconds=settings.session_max_age_s))
        if settings.is_given("session.max_age_s")
        else allowed
    )


def max_idle(settings: Settings, minutes: int) -> timedelta | None:
    """How long a session lasts without a request; ``None``: as long as the session."""
    if not settings.session_idle_limit:
        return None
    allowed = timedelta(minutes=minutes)
    return (
        min(allowed, timedelta(seconds=settings.session_max_idle_s))
        if settings.is_given("session.max_idle_s")
        else allowed
    )


def cookie_age(ctx: Context, user_id: int) -> timedelta:
    """How long the browser may keep the cookie."""
    with ctx.database.read() as session:
        minutes = session.scalar(
            select(Organization.max_session_age_minutes)
            .join(User, User.active_organization_id == Organization.id)
            .where(User.id == user_id)
        )
    return max_age(ctx.settings, minutes or 0)


def end(ctx: Context, value: str) -> None:
    """Log out: a copy of the cookie is worth nothing from now on."""
    with ctx.database.write() as session:
        session.execute(delete(LoginSession).where(LoginSession.digest == digest(value)))


def end_all(session: Session, user_id: int, *, but: str = "") -> None:
    """End a user's sessions, in the transaction of what makes it necessary.

    :param but: the cookie of the one that goes on.
    """
    ended = delete(LoginSession).where(LoginSession.user_id == user_id)
    session.execute(ended.where(LoginSession.digest != digest(but)) if but else ended)


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())
