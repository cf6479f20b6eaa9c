"""Organisations and who belongs to them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from labelwright.config import Settings
from labelwright.errors import InvalidFields, NotFound
from labelwright.models import Membership, Organization, User, now

from . import permissions
from .context import Caller, Context

FIRST_TITLE = "Labelwright"
LIMITS = (
    ("max_session_age_minutes", "max_session_age", "session.max_age_s"),
    ("max_time_between_activity_minutes", "max_time_between_activity", "session.max_idle_s"),
)
"""The session policy: column, name in the API, and the setting that it may not pass where an administrator gave it."""
POLICY = frozenset(column for column, _, _ in LIMITS)


def create(session: Session, settings: Settings, owner: User, title: str = FIRST_TITLE) -> Organization:
    """Make an organisation with its first member, who owns it. What it allows begins as the settings say."""
    limits = {}
    if settings.is_given("session.max_age_s"):
        limits["max_session_age_minutes"] = max(1, int(settings.session_max_age_s // 60))
    if settings.is_given("session.max_idle_s"):
        limits["max_time_between_activity_minutes"] = max(1, int(settings.session_max_idle_s // 60))
    organization = Organization(
        title=title,
        token=new_invite_token(),
        created_by_id=owner.id,
        legacy_api_tokens_enabled=settings.tokens_legacy,
        **limits,
    )
    session.add(organization)
    session.flush()
    join(session, organization.id, owner, role="owner")
    return organization


def join(session: Session, organization_id: int, user: User, *, role: str = "member") -> Membership:
    """Make somebody a member, and this organisation the one that the user sees."""
    membership = session.scalar(
        select(Membership).where(Membership.organization_id == organization_id, Membership.user_id == user.id)
    )
    if membership is None:
        membership = Membership(organization_id=organization_id, user_id=user.id, role=role)
        session.add(membership)
    else:
        membership.deleted_at, membership.role = None, role
    user.active_organization_id = organization_id
    session.flush()
    return membership


def first(session: Session) -> Organization | None:
    """The organisation that people join who sign up without an invitation."""
    return session.scalar(select(Organization).order_by(Organization.id).limit(1))


def invited_to(session: Session, token: str) -> Organization | None:
    return session.scalar(select(Organization).where(Organization.token == token)) if token else None


def new_invite_token() -> str:
    return secrets.token_hex(20)


def get(ctx: Context, caller: Caller, organization_id: int) -> Organization:
    """The caller's organisation.

    :raises NotFound: if it is another one; it is as if that did not exist.
    :raises NotAllowed: if the caller may not see it.
    """
    if organization_id != caller.organization_id:
        raise NotFound("No Organization matches the given query.")
    permissions.require(ctx, caller, "organizations.view")
    with ctx.database.read() as session:
        return session.get_one(Organization, organization_id)


def member_ids(ctx: Context, caller: Caller) -> list[int]:
    with ctx.database.read() as session:
        return list(
            session.scalars(
                select(Membership.user_id)
                .where(Membership.organization_id == caller.organization_id, Membership.deleted_at.is_(None))
                .order_by(Membership.user_id)
            )
        )


def change(ctx: Context, caller: Caller, values: Mapping[str, Any]) -> Organization:
    """Change the caller's organisation.

    :param values: of :class:`~labelwright.models.Organization`: title, contact, switches, session policy.
    :raises NotAllowed: if the caller may not.
    :raises InvalidFields: if a session would last longer than the administrator lets it.
    """
    permissions.require(ctx, caller, "organizations.change")
    _check_policy(ctx.settings, values)
    with ctx.database.write() as session:
        organization = session.get_one(Organization, caller.organization_id)
        for name, value in values.items():
            setattr(organization, name, value)
        if POLICY & values.keys():
            organization.session_policy_updated_at = now()
    return organization


def inviting(ctx: Context, caller: Caller) -> Organization:
    """The caller's organisation, for somebody who may hand out its invitation link.

    :raises NotAllowed: if the caller may not.
    """
    permissions.require(ctx, caller, "organizations.invite")
    return get(ctx, caller, caller.organization_id)


def reset_invitation(ctx: Context, caller: Caller) -> Organization:
    """Give the organisation a new invitation link; the old one ends."""
    permissions.require(ctx, caller, "organizations.invite")
    with ctx.database.write() as session:
        organization = session.get_one(Organization, caller.organization_id)
        organization.token = new_invite_token()
    return organization


def invite_url(settings: Settings, organization: Organization) -> str:
    """The invitation link. Its host is the configured one, whatever the request says."""
    return f"{settings.base_url}/user/signup/?token={organization.token}"


def _check_policy(settings: Settings, values: Mapping[str, Any]) -> None:
    wrong = {}
    for name, field, setting in LIMITS:
        most = int(settings[setting] // 60)
        if name in values and settings.is_given(setting) and values[name] > most:
            wrong[field] = [f"The administrator's setting {setting} allows no more than {most} minutes."]
    if wrong:
        raise InvalidFields(wrong, code="session-policy")
