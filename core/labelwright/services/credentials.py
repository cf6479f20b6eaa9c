"""E-mail and password: whose they are, and how a password is changed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from labelwright.config import Settings
from labelwright.doors import passwords
from labelwright.errors import InvalidFields, InvalidInput, NotFound
from labelwright.models import Membership, User

from . import rates, sessions
from .context import Caller, Context

WRONG = "The e-mail or the password is wrong."


def email_key(email: str) -> str:
    """By what an account is known: two spellings of one address are one account."""
    return email.strip().lower()


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


def reset_password(ctx: Context, email: str, password: str) -> int:
    """Set the password of an account, for an administrator; its sessions end.

    :returns: the user's id.
    :raises NotFound: if nobody has this e-mail.
    :raises InvalidFields: of the field ``password``.
    """
    with ctx.database.read() as session:
        user_id = by_email(session, email).id
    set_password(ctx, user_id, password)
    return user_id


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


def check_password(settings: Settings, password: str, *personal: str) -> None:
    """:raises InvalidFields: if somebody's password must not be this one."""
    passwords.check_choice(
        password,
        min_length=settings.password_min_length,
        refuse_common=settings.password_refuse_common,
        personal=[name for name in personal if name],
    )


def by_email(session: Session, email: str) -> User:
    """The account with this e-mail. :raises NotFound: if there is none."""
    user = session.scalar(select(User).where(User.email_key == _storable(email_key(email))))
    if user is None:
        raise NotFound(
            f"There is no user with the e-mail {email!r}.", code="no-such-user", params={"email": email}
        )
    return user


def _rehash(ctx: Context, user_id: int, old: str, password: str) -> None:
    hashed = passwords.hash_password(password)
    with ctx.database.write() as session:
        user = session.get_one(User, user_id)
        if user.password_hash == old:
            user.password_hash = hashed


def _storable(text: str) -> str:
    """What PostgreSQL takes as a parameter; no account is known by the rest."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
