"""What must be there before the first request: the installation's id, and a first user where settings name one."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from labelwright.errors import ConfigurationError, InvalidFields
from labelwright.models import LegacyToken, Organization, StoredSetting, User

from . import accounts, credentials, tokens
from .callers import digest
from .context import Context

INSTALLATION = "installation.id"


def ensure_installation(ctx: Context) -> str:
    """The installation's id, made at the first start. It is sent nowhere."""
    insert = (sqlite if ctx.database.is_sqlite else postgresql).insert(StoredSetting)
    with ctx.database.write() as session:
        session.execute(insert.values(key=INSTALLATION, value=str(uuid.uuid4())).on_conflict_do_nothing())
        return session.scalars(select(StoredSetting.value).where(StoredSetting.key == INSTALLATION)).one()


def ensure_first_user(ctx: Context) -> int | None:
    """The user that ``first_user.username`` names, made if there is none; a user who exists keeps the password.

    ``first_user.token`` takes the place of the user's legacy token, and switches legacy tokens on in the organisation.

    :returns: the user's id; ``None`` if the settings name nobody.
    :raises ConfigurationError: if the settings name somebody who cannot be made.
    """
    settings = ctx.settings
    if not settings.first_user_username:
        if settings.first_user_token:
            raise ConfigurationError(
                "first_user.token is given without first_user.username: name the user it is for"
            )
        return None
    user_id = _found(ctx, settings.first_user_username)
    if user_id is None:
        user_id = _made(ctx, settings.first_user_username, settings.first_user_password)
    if settings.first_user_token:
        try:
            _give_token(ctx, user_id, settings.first_user_token)
        except IntegrityError:  # another process of this server was at it; now it is there
            _give_token(ctx, user_id, settings.first_user_token)
    return user_id


def _found(ctx: Context, email: str) -> int | None:
    with ctx.database.read() as session:
        return session.scalar(select(User.id).where(User.email_key == credentials.email_key(email)))


def _made(ctx: Context, email: str, password: str) -> int:
    if not password and not ctx.settings.first_user_token:
        raise ConfigurationError(
            f"first_user.username names {email}, who does not exist yet: give first_user.password too"
        )
    try:
        return accounts.add(ctx, accounts.checked_email(email), password or None, owner=True)
    except InvalidFields as error:
        if (made_meanwhile := _found(ctx, email)) is not None:  # by another process of this server
            return made_meanwhile
        words = " ".join(message for messages in error.fields.values() for message in messages)
        raise ConfigurationError(
            f"the user that first_user.username names cannot be made: {words}"
        ) from error


def _give_token(ctx: Context, user_id: int, token: str) -> None:
    with ctx.database.write() as session:
        holder = session.scalar(select(LegacyToken.user_id).where(LegacyToken.digest == digest(token)))
        if holder not in (None, user_id):
            raise ConfigurationError("first_user.token is already another user's token: choose another one")
        if holder is None:
            tokens.give_legacy(session, ctx, user_id, token)
        organization = session.scalar(
            select(Organization)
            .join(User, User.active_organization_id == Organization.id)
            .where(User.id == user_id)
        )
        if organization is not None:
            organization.legacy_api_tokens_enabled = True
