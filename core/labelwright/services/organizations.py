"""Organisations and who belongs to them."""

from __future__ import annotations

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from labelwright.config import Settings
from labelwright.models import Membership, Organization, User

FIRST_TITLE = "Labelwright"


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
