"""What people show of themselves, within one organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from labelwright.errors import NotFound
from labelwright.models import Membership, Organization, User

from .context import Caller, Context

_Owner = aliased(User)


@dataclass(frozen=True, slots=True)
class Profile:
    """A member as the organisation sees them."""

    user: User
    role: str
    organization_id: int
    organization_title: str
    organization_email: str


def _profiles(caller: Caller) -> Select[Any]:
    return (
        select(User, Membership.role, Organization.id, Organization.title, _Owner.email)
        .join(Membership, Membership.user_id == User.id)
        .join(Organization, Organization.id == Membership.organization_id)
        .outerjoin(_Owner, _Owner.id == Organization.created_by_id)
        .where(Membership.organization_id == caller.organization_id, Membership.deleted_at.is_(None))
    )


def get(ctx: Context, caller: Caller, user_id: int) -> Profile:
    """A member of the caller's organisation.

    :raises NotFound: if there is no such member.
    """
    with ctx.database.read() as session:
        row = session.execute(_profiles(caller).where(User.id == user_id)).first()
    if row is None:
        raise NotFound("No User matches the given query.")
    return Profile(row[0], row[1], row[2], row[3], row[4] or "")


def members(ctx: Context, caller: Caller) -> list[Profile]:
    """The members of the caller's organisation, in the order in which they came."""
    with ctx.database.read() as session:
        return [
            Profile(*row[:4], row[4] or "") for row in session.execute(_profiles(caller).order_by(User.id))
        ]
