"""Who belongs to an organisation: the list of its people, what they have done, and their leaving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from labelwright.errors import NotAllowed, NotFound
from labelwright.models import Annotation, Membership, Project, TaskLease, User, now

from . import avatars, permissions, sessions
from .context import Caller, Context
from .organizations import get


@dataclass(frozen=True, slots=True)
class Member:
    """A member, and what of the organisation's work is theirs."""

    membership_id: int
    user: User
    role: str
    joined_at: datetime
    created_projects: list[dict[str, Any]] = field(default_factory=list)
    contributed_to_projects: list[dict[str, Any]] = field(default_factory=list)


def page(
    ctx: Context,
    caller: Caller,
    organization_id: int,
    *,
    number: int,
    size: int | None,
    search: str = "",
    work: bool = False,
) -> tuple[list[Member], int]:
    """One page of an organisation's members, in the order in which they came.

    :param number: from 1, :param size: of a page; ``None`` for all.
    :param search: part of a name or an e-mail.
    :param work: whether the projects that they made or labelled in are wanted.
    :returns: the members, and how many there are in all.
    :raises NotFound: if the organisation is not the caller's, or there is no such page.
    """
    get(ctx, caller, organization_id)
    wanted = _members(organization_id)
    if search:
        pattern = "%" + search.lower().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
        names = (
            User.email_key,
            func.lower(User.first_name),
            func.lower(User.last_name),
            func.lower(User.username),
        )
        wanted = wanted.where(or_(*(name.like(pattern, escape="\\") for name in names)))
    with ctx.database.read() as session:
        total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
        if size is not None:
            if number > 1 and (number - 1) * size >= total:
                raise NotFound("Invalid page.", code="invalid-page")
            wanted = wanted.limit(size).offset((number - 1) * size)
        rows = session.execute(wanted.order_by(Membership.id)).all()
        ids = [user.id for _, user in rows] if work else []
        created, contributed = (
            _created(session, organization_id, ids),
            _contributed(session, organization_id, ids),
        )
    found = [
        Member(
            membership_id=membership.id,
            user=user,
            role=membership.role,
            joined_at=membership.created_at,
            created_projects=created.get(user.id, []),
            contributed_to_projects=contributed.get(user.id, []),
        )
        for membership, user in rows
    ]
    return found, total


def one(ctx: Context, caller: Caller, organization_id: int, user_id: int) -> tuple[Member, int]:
    """A member with their projects, and how many annotations they made.

    :raises NotFound: if the organisation is not the caller's, or the user is none of its members.
    """
    get(ctx, caller, organization_id)
    with ctx.database.read() as session:
        row = session.execute(_members(organization_id).where(User.id == user_id)).first()
        if row is None:
            raise _no_member()
        membership, user = row
        annotations = session.scalar(
            select(func.count())
            .select_from(Annotation)
            .join(Project, Project.id == Annotation.project_id)
            .where(Project.organization_id == organization_id, Annotation.completed_by_id == user_id)
        )
        created = _created(session, organization_id, [user_id]).get(user_id, [])
        contributed = _contributed(session, organization_id, [user_id]).get(user_id, [])
    return Member(
        membership.id, user, membership.role, membership.created_at, created, contributed
    ), annotations or 0


def remove(ctx: Context, caller: Caller, organization_id: int, user_id: int) -> None:
    """Take a member out of the organisation. Their work stays; their sessions, tokens and leases end at once.

    :raises NotFound: if the user is no member (any more).
    :raises NotAllowed: unless an owner asks, and it is not about the last one.
    """
    get(ctx, caller, organization_id)
    permissions.require(ctx, caller, "organizations.change")
    with ctx.database.write() as session:
        # Both rows are held, in one order: two owners who remove each other at once must not both succeed.
        held = session.execute(
            _members(organization_id)
            .where(User.id.in_([user_id, caller.user_id]))
            .order_by(Membership.id)
            .with_for_update(of=Membership)
        ).all()
        row = next((row for row in held if row[1].id == user_id), None)
        if row is None:
            raise _no_member()
        owners = [user.id for membership, user in held if membership.role == "owner"]
        if caller.user_id not in owners or user_id == caller.user_id:
            raise NotAllowed("You do not have permission to perform this action.", code="owner-only")
        membership, user = row
        membership.deleted_at = now()
        projects = select(Project.id).where(Project.organization_id == organization_id)
        session.execute(
            # Not deleted: whoever ends leases that have run out keeps the tasks' counters.
            update(TaskLease)
            .where(TaskLease.user_id == user_id, TaskLease.project_id.in_(projects))
            .values(expires_at=now()),
            execution_options={"synchronize_session": False},
        )
        other = session.scalar(
            select(Membership.organization_id)
            .where(
                Membership.user_id == user_id, Membership.deleted_at.is_(None), Membership.id != membership.id
            )
            .order_by(Membership.id)
            .limit(1)
        )
        if user.active_organization_id == organization_id:
            user.active_organization_id = other
            sessions.end_all(session, user_id)
        old_avatar, user.avatar = (user.avatar, "") if other is None else ("", user.avatar)
    avatars.forget(ctx, old_avatar)


def _members(organization_id: int) -> Select[Membership, User]:
    return (
        select(Membership, User)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organization_id == organization_id, Membership.deleted_at.is_(None))
    )


def _created(
    session: Session, organization_id: int, user_ids: Sequence[int]
) -> dict[int, list[dict[str, Any]]]:
    """The projects that each made."""
    if not user_ids:
        return {}
    return _grouped(session.execute(
        select(Project.created_by_id, Project.id, Project.title)
        .where(Project.organization_id == organization_id, Project.deleting.is_(False))
        .where(Project.created_by_id.in_(user_ids))
        .order_by(Project.id)
    ))  # fmt: skip


def _contributed(
    session: Session, organization_id: int, user_ids: Sequence[int]
) -> dict[int, list[dict[str, Any]]]:
    """The projects in which each has annotations; one look into the index for each pair."""
    if not user_ids:
        return {}
    has_annotations = (
        select(Annotation.id)
        .where(Annotation.project_id == Project.id, Annotation.completed_by_id == User.id)
        .exists()
    )
    return _grouped(session.execute(
        select(User.id, Project.id, Project.title)
        .select_from(User)
        .join(Project, Project.organization_id == organization_id)
        .where(User.id.in_(user_ids), Project.deleting.is_(False), has_annotations)
        .order_by(Project.id)
    ))  # fmt: skip


def _grouped(rows: Any) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for user_id, project_id, title in rows:
        found.setdefault(user_id, []).append({"id": project_id, "title": title})
    return found


def _no_member() -> NotFound:
    return NotFound("No OrganizationMember matches the given query.")
