"""Accounts: how they come to be, by sign-up, by invitation, by an administrator; and how they are switched off."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import exc, select, text
from sqlalchemy.orm import Session

from labelwright.config import Settings
from labelwright.doors import passwords
from labelwright.errors import InvalidFields, NotAllowed
from labelwright.models import LegacyToken, Membership, Organization, User

from . import organizations, permissions, sessions, tokens
from .context import Caller, Context
from .credentials import by_email, check_password, email_key

EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[^\W_]([\w-]*[^\W_])?(\.[^\W_]([\w-]*[^\W_])?)*")
EMAIL_LENGTH = 254
TAKEN = "User with this email already exists"
SIGN_UP_LOCK = 0x4C42_5355
"""Key of PostgreSQL's advisory lock: two first users at once must not make two organisations."""


def checked_email(email: str) -> str:
    """The address as it is stored.

    :raises InvalidFields: if it is none; line breaks and other control characters are none either.
    """
    stripped = email.strip(" ")
    if len(stripped) > EMAIL_LENGTH or EMAIL.fullmatch(stripped) is None:
        raise InvalidFields({"email": ["Enter a valid email address."]}, code="email-invalid")
    return stripped


def is_first(ctx: Context) -> bool:
    """Whether nobody has an account yet: who signs up now owns the server."""
    with ctx.database.read() as session:
        return session.scalar(select(User.id).limit(1)) is None


def may_sign_up(ctx: Context, invite: str | None) -> None:
    """Refuse people for whom there is no way in.

    :raises NotAllowed: if the server is closed and the invitation is not one, or it is wrong anyway.
    """
    with ctx.database.read() as session:
        _door(session, ctx.settings, invite)


def sign_up(ctx: Context, email: str, password: str, *, invite: str | None = None, **profile: Any) -> int:
    """Make an account for somebody who came by. The first one owns the organisation, others join it.

    :param invite: the token of an invitation link; ``None`` where the person has none.
    :returns: the user's id.
    :raises InvalidFields: for the e-mail and the password, together.
    :raises NotAllowed: see :func:`may_sign_up`.
    """
    may_sign_up(ctx, invite)
    email, hashed = _checked(ctx.settings, email, password)
    with ctx.database.write() as session:
        alone(session)
        organization = _door(session, ctx.settings, invite)
        user = add_user(session, ctx, email, hashed, **profile)
        if organization is None:
            organizations.create(session, ctx.settings, user)
        else:
            organizations.join(session, organization.id, user)
        return user.id


def add(
    ctx: Context,
    email: str,
    password: str | None,
    *,
    owner: bool = False,
    organization: str | None = None,
    **profile: Any,
) -> int:
    """Make an account for somebody whom an administrator names, in the first organisation (made if there is none).

    :param password: ``None`` for somebody who cannot log in until a password is set.
    :param owner: whether the person becomes an owner even if the organisation has one.
    :param organization: the title of a new organisation, which the person owns, instead of the first one.
    :returns: the user's id.
    :raises InvalidFields: for the e-mail and the password, together.
    """
    email, hashed = _checked(ctx.settings, email, password)
    with ctx.database.write() as session:
        alone(session)
        joined = organizations.first(session) if organization is None else None
        user = add_user(session, ctx, email, hashed, **profile)
        if joined is None:
            organizations.create(session, ctx.settings, user, organization or organizations.FIRST_TITLE)
        else:
            organizations.join(session, joined.id, user, role="owner" if owner else "member")
        return user.id


def invite(ctx: Context, caller: Caller, email: str, **profile: Any) -> int:
    """Make an account in the caller's organisation, for somebody who cannot log in until a password is set.

    A member who was removed comes back as a plain member, with the account and the password of before.

    :returns: the user's id.
    :raises InvalidFields: if the e-mail is none, or taken.
    :raises NotAllowed: if the caller may not invite anybody.
    """
    permissions.require(ctx, caller, "organizations.invite")
    email = checked_email(email)
    with ctx.database.write() as session:
        alone(session)
        user = _left(session, caller.organization_id, email) or add_user(session, ctx, email, "", **profile)
        sees = user.active_organization_id
        organizations.join(session, caller.organization_id, user)
        user.active_organization_id = (
            sees or caller.organization_id
        )  # nobody else decides where somebody works
        return user.id


def add_user(session: Session, ctx: Context, email: str, password_hash: str, **profile: Any) -> User:
    """Store a user, who belongs nowhere yet, with the legacy token that every user has.

    :raises InvalidFields: if there is a user with this e-mail.
    """
    if session.scalar(select(User.id).where(User.email_key == email_key(email))) is not None:
        raise _taken()
    profile.setdefault("username", email.partition("@")[0])
    user = User(email=email, email_key=email_key(email), password_hash=password_hash, **profile)
    session.add(user)
    try:
        session.flush()
    except exc.IntegrityError as error:
        raise _taken() from error
    tokens.give_legacy(session, ctx, user.id)
    return user


def describe(ctx: Context, email: str) -> dict[str, Any]:
    """An account in words for its administrator, with the legacy token.

    :raises NotFound: if nobody has this e-mail.
    """
    with ctx.database.read() as session:
        user = by_email(session, email)
        membership = session.execute(
            select(
                Membership.role, Organization.id, Organization.title, Organization.legacy_api_tokens_enabled
            )
            .join(Organization, Organization.id == Membership.organization_id)
            .where(
                Membership.user_id == user.id,
                Membership.organization_id == user.active_organization_id,
                Membership.deleted_at.is_(None),
            )
        ).first()
        kept = session.get(LegacyToken, user.id)
    return {
        "id": user.id,
        "email": user.email,
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "is_active": user.is_active,
        "date_joined": user.date_joined.isoformat(),
        "last_activity": user.last_activity.isoformat(),
        "organization": None if membership is None else {"id": membership.id, "title": membership.title},
        "role": None if membership is None else membership.role,
        "token": ctx.keys.decrypt(kept.secret) if kept else None,
        "legacy_tokens_enabled": bool(membership and membership.legacy_api_tokens_enabled),
    }


def set_active(ctx: Context, email: str, is_active: bool) -> int:
    """Switch an account off, or on again. Its sessions end; its tokens do not work while it is off.

    :returns: the user's id.
    :raises NotFound: if nobody has this e-mail.
    """
    with ctx.database.write() as session:
        user = by_email(session, email)
        user.is_active = is_active
        sessions.end_all(session, user.id)
    return user.id


def alone(session: Session) -> None:
    """Let one transaction after the other make users; on SQLite they are alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SIGN_UP_LOCK})


def _checked(settings: Settings, email: str, password: str | None) -> tuple[str, str]:
    """The e-mail to store and the password's hash; hashed before the transaction, since it takes its time."""
    wrong: dict[str, list[str]] = {}
    code = None
    try:
        email = checked_email(email)
    except InvalidFields as error:
        wrong, code = wrong | error.fields, error.code
    try:
        if password is not None:
            check_password(settings, password, email)
    except InvalidFields as error:
        wrong, code = wrong | error.fields, error.code
    if wrong:
        raise InvalidFields(wrong, code=code if len(wrong) == 1 else None)
    return email, passwords.hash_password(password) if password is not None else ""


def _door(session: Session, settings: Settings, invite: str | None) -> Organization | None:
    """The organisation that somebody may join; ``None`` for a new one."""
    if invite or settings.signup_invite_only:
        organization = organizations.invited_to(session, invite or "")
        if organization is None:
            raise NotAllowed("Sign-up needs a valid invitation link.", code="invitation-needed")
        return organization
    return None if settings.signup_own_organization else organizations.first(session)


def _left(session: Session, organization_id: int, email: str) -> User | None:
    """Somebody who was a member of this organisation, and is none any more."""
    return session.scalar(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(
            User.email_key == email_key(email),
            Membership.organization_id == organization_id,
            Membership.deleted_at.is_not(None),
        )
    )


def _taken() -> InvalidFields:
    return InvalidFields({"email": [TAKEN]}, code="email-taken")
