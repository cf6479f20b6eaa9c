"""Who may come in: users, organisations, memberships, tokens, sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Email, Id, Model, Name, RawJSON, now


class User(Model):
    """A person, or a script that acts as one."""

    __tablename__ = "lw_user"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    email: Mapped[str] = mapped_column(Email)
    email_key: Mapped[str] = mapped_column(Email, unique=True)
    """The address in lower case: two spellings of one address are one account."""
    username: Mapped[str] = mapped_column(Name, default="")
    first_name: Mapped[str] = mapped_column(Name, default="")
    last_name: Mapped[str] = mapped_column(Name, default="")
    phone: Mapped[str] = mapped_column(Name, default="")
    avatar: Mapped[str] = mapped_column(Name, default="")
    password_hash: Mapped[str] = mapped_column(String(256), default="")
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    is_superuser: Mapped[bool] = mapped_column(Boolean, default=False)
    active_organization_id: Mapped[int | None] = mapped_column(Id)
    """No foreign key, since organisations point at their creators; a look-up always goes through the membership."""
    allow_newsletters: Mapped[bool | None] = mapped_column(Boolean, default=None)
    custom_hotkeys: Mapped[str] = mapped_column(RawJSON, default="{}")
    locale: Mapped[str] = mapped_column(String(16), default="")
    date_joined: Mapped[datetime] = mapped_column(default=now)
    last_activity: Mapped[datetime] = mapped_column(default=now)


class Organization(Model):
    """Everything belongs to one; nobody sees another's."""

    __tablename__ = "lw_organization"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    title: Mapped[str] = mapped_column(String(1000))
    token: Mapped[str] = mapped_column(String(64), unique=True)
    """Part of the invitation link."""
    contact_info: Mapped[str | None] = mapped_column(Email)
    created_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    api_tokens_enabled: Mapped[bool] = mapped_column(Boolean, default=True)
    legacy_api_tokens_enabled: Mapped[bool] = mapped_column(Boolean, default=False)
    api_token_ttl_days: Mapped[int] = mapped_column(Integer, default=73000)
    max_session_age_minutes: Mapped[int] = mapped_column(Integer, default=11520)
    max_time_between_activity_minutes: Mapped[int] = mapped_column(Integer, default=4320)
    session_policy_updated_at: Mapped[datetime] = mapped_column(default=now)


class Membership(Model):
    """A user in an organisation. Removed members keep their row, with ``deleted_at``."""

    __tablename__ = "lw_membership"
    __table_args__ = (UniqueConstraint("organization_id", "user_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organization_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_organization.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(32), default="member")
    """A key of ``services.permissions.ORGANIZATION_ROLES``."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    deleted_at: Mapped[datetime | None]


class ProjectMembership(Model):
    """A role in one project, over the role in the organisation. No row: the organisation's role counts."""

    __tablename__ = "lw_project_membership"
    __table_args__ = (UniqueConstraint("project_id", "user_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    project_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_project.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(default=now)


class LegacyToken(Model):
    """The 40 hexadecimal digits of ``Authorization: Token``, one a user."""

    __tablename__ = "lw_legacy_token"

    user_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the token, hexadecimal: what requests are looked up by."""
    secret: Mapped[str] = mapped_column(Text)
    """The token itself, encrypted: the account page and the API show it again."""
    created_at: Mapped[datetime] = mapped_column(default=now)


class PersonalToken(Model):
    """A personal access token: a signed refresh token of which only the identity is kept."""

    __tablename__ = "lw_personal_token"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="CASCADE"), index=True)
    jti: Mapped[str] = mapped_column(String(64), unique=True)
    shown: Mapped[str] = mapped_column(Text)
    """Header and payload without the signature: what the list shows."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class LoginSession(Model):
    """A browser that is logged in. It begins at log-in; visitors have none."""

    __tablename__ = "lw_session"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the cookie's value: a stolen database opens no session."""
    user_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_used_at: Mapped[datetime] = mapped_column(default=now)
    user_agent: Mapped[str] = mapped_column(Name, default="")
    keep: Mapped[bool] = mapped_column(Boolean, default=True)
    """Kept over the browser's end; otherwise the cookie ends with it."""


class ProductTour(Model):
    """How far somebody has come in a guided tour of a page."""

    __tablename__ = "lw_product_tour"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default="ready")
    interaction_data: Mapped[str] = mapped_column(RawJSON, default="{}")
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    __table_args__ = (UniqueConstraint("user_id", "name"),)


class RateWindow(Model):
    """Tries of one key (an account from an address, say), so that every process counts alike."""

    __tablename__ = "lw_rate_window"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    started_at: Mapped[datetime] = mapped_column(default=now)
    blocked_until: Mapped[datetime | None]

    __table_args__ = (Index(None, "started_at"),)


class StoredSetting(Model):
    """A fact of the installation that is no administrator's choice (its id, a folded-up-to mark)."""

    __tablename__ = "lw_stored_setting"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
