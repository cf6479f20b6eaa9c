"""Accounts: signing up, logging in, passwords, profiles."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import exc, select, text
from sqlalchemy.orm import Session

from labelwright.config import Settings
from labelwright.doors import passwords
from labelwright.errors import InvalidFields, InvalidInput, NotAllowed
from labelwright.models import Membership, Organization, User

from . import organizations, rates, sessions, tokens
from .context import Caller, Context

EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[^\W_]([\w-]*[^\W_])?(\.[^\W_]([\w-]*[^\W_])?)*")
EMAIL_LENGTH = 254
TAKEN = "User with this email already exists"
WRONG = "The e-mail or the password is wrong."
SIGN_UP_LOCK = 0x4C42_5355
"""Key of PostgreSQL's advisory lock: two first users at once must not make two organisations."""


def email_key(email: str) -> str:
    """By what an account is known: two spellings of one address are one account."""
    return email.strip().lower()


def checked_email(email: str) -> str:
    """The address as it is stored.

    :raises InvalidFields: if it is none; line breaks and other control characters are none either.
    """
    stripped = email.strip(" ")
    if len(stripped) > EMAIL_LENGTH or EMAIL.fullmatch(stripped) is None:
        raise InvalidFields({"email": ["Enter a valid email address."]}, code="email-invalid")
    return stripped


def log_in(ctx: Context, email: str, password: str, address: str) -> int:
    """Whose e-mail and password these are.

    An unknown e-mail takes the same time and gets the same words as a wrong password.

    :param address: where the try comes from; tries are counted by account and address, so that nobody can lock
        somebody else out.
    :returns: the user's id.
    :raises InvalidInput: with ``log-in-failed``, or ``account-disabled`` once the password was right.
    :raises TooManyRequests: after too many tries.
    """
    window = rates.key_of("login", address, email_key(email))
    rates.count(ctx, window, free=ctx.settings.rate_login_failures)
    with ctx.database.read() as session:
        user = session.execute(
            select(User.id, User.password_hash, User.is_active, Membership.id.label("membership"))
            .outerjoin(
                Membership,
                (Membership.user_id == User.id)
                & (Membership.organization_id == User.active_organization_id)
                & Membership.deleted_at.is_(None),
            )
            .where(User.email_key == _storable(email_key(email)))
        ).first()
    is_right = passwords.verify(password[: passwords.LONGEST + 1], user.password_hash if user else None)
    if user is None or not is_right:
        raise InvalidInput(WRONG, code="log-in-failed")
    rates.forget(ctx, window)
    if not user.is_active or user.membership is None:
        raise InvalidInput(
            "This account is switched off. Ask the owner of your organization.", code="account-disabled"
        )
    if passwords.needs_rehash(user.password_hash):
        _rehash(ctx, user.id, user.password_hash, password)
    return int(user.id)


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


def add(ctx: Context, email: str, password: str | None, *, owner: bool = False, **profile: Any) -> int:
    """Make an account for somebody whom an administrator names, in the first organisation (made if there is none).

    :param password: ``None`` for somebody who cannot log in until a password is set.
    :param owner: whether the person becomes an owner even if the organisation has one.
    :returns: the user's id.
    :raises InvalidFields: for the e-mail and the password, together.
    """
    email, hashed = _checked(ctx.settings, email, password)
    with ctx.database.write() as session:
        alone(session)
        organization = organizations.first(session)
        user = add_user(session, ctx, email, hashed, **profile)
        if organization is None:
            organizations.create(session, ctx.settings, user)
        else:
            organizations.join(session, organization.id, user, role="owner" if owner else "member")
        return user.id


def invite(ctx: Context, caller: Caller, email: str, **profile: Any) -> int:
    """Make an account in the caller's organisation, for somebody who cannot log in until a password is set.

    :returns: the user's id.
    :raises InvalidFields: if the e-mail is none, or taken.
    """
    email = checked_email(email)
    with ctx.database.write() as session:
        alone(session)
        user = add_user(session, ctx, email, "", **profile)
        organizations.join(session, caller.organization_id, user)
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


def set_password(ctx: Context, user_id: int, password: str, *, but_session: str = "") -> None:
    """Change a password, and end the user's sessions.

    :param but_session: the cookie of the session in which it is changed, which goes on.
    :raises InvalidFields: of the field ``password``.
    """
    with ctx.database.read() as session:
        user = session.get_one(User, user_id)
    check_password(ctx.settings, password, user.email, user.first_name, user.last_name)
    hashed = passwords.hash_password(password)
    with ctx.database.write() as session:
        session.get_one(User, user_id).password_hash = hashed
        sessions.end_all(session, user_id, but=but_session)


def change_own_password(
    ctx: Context, caller: Caller, current: str, password: str, *, address: str, session: str
) -> None:
    """Change the caller's password, given the one there is; the caller's other sessions end.

    :param address: where the try comes from: wrong ones are counted, as at log-in.
    :param session: the cookie of the session that goes on.
    :raises InvalidFields: of the field ``current`` or ``password``.
    :raises TooManyRequests: after too many tries.
    """
    window = rates.key_of("password", address, str(caller.user_id))
    rates.count(ctx, window, free=ctx.settings.rate_login_failures)
    with ctx.database.read() as reading:
        stored = reading.scalar(select(User.password_hash).where(User.id == caller.user_id))
    if not passwords.verify(current[: passwords.LONGEST + 1], stored):
        raise InvalidFields({"current": ["The password is wrong."]}, code="password-wrong")
    rates.forget(ctx, window)
    set_password(ctx, caller.user_id, password, but_session=session)


def check_password(settings: Settings, password: str, *personal: str) -> None:
    """:raises InvalidFields: if somebody's password must not be this one."""
    passwords.check_choice(
        password,
        min_length=settings.password_min_length,
        refuse_common=settings.password_refuse_common,
        personal=[name for name in personal if name],
    )


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


def _rehash(ctx: Context, user_id: int, old: str, password: str) -> None:
    hashed = passwords.hash_password(password)
    with ctx.database.write() as session:
        user = session.get_one(User, user_id)
        if user.password_hash == old:
            user.password_hash = hashed


def _taken() -> InvalidFields:
    return InvalidFields({"email": [TAKEN]}, code="email-taken")


def _storable(text: str) -> str:
    """What PostgreSQL takes as a parameter; no account is known by the rest."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
