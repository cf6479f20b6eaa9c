"""Who may do what: roles hold permissions, plugins may deny, nobody may allow more than the role.

A permission is ``<what>.<deed>``. All members of an organisation are equal by default; a project's own role, where
somebody has one, takes the place of the organisation's.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from labelwright.errors import NotAllowed
from labelwright.models import ProjectMembership

from .context import Caller, Context

PERMISSIONS = (
    "organizations.create", "organizations.view", "organizations.change", "organizations.delete",
    "organizations.invite", "projects.create", "projects.view", "projects.change", "projects.delete",
    "tasks.create", "tasks.view", "tasks.change", "tasks.delete", "annotations.create", "annotations.view",
    "annotations.change", "annotations.delete", "actions.perform", "predictions.any", "avatar.any",
    "labels.create", "labels.view", "labels.change", "labels.delete", "models.create", "models.view",
    "models.change", "models.delete", "views.create", "views.view", "views.change", "views.delete",
    "storages.create", "storages.view", "storages.change", "storages.delete", "storages.sync",
    "webhooks.view", "webhooks.change", "users.token.any", "exports.create", "jobs.view", "plugins.view",
)  # fmt: skip
"""Every permission there is; ``whoami`` lists those of the caller."""

OWNER_ONLY = frozenset({"organizations.delete"})
LABELLER = frozenset(
    {
        "organizations.view", "projects.view", "tasks.view", "annotations.create", "annotations.view",
        "annotations.change", "annotations.delete", "avatar.any", "labels.view", "views.view",
        "users.token.any", "jobs.view",
    }
)  # fmt: skip

ORGANIZATION_ROLES: dict[str, frozenset[str]] = {
    "owner": frozenset(PERMISSIONS),
    "member": frozenset(PERMISSIONS) - OWNER_ONLY,
    "labeller": LABELLER,
}
"""Role name to its permissions. New members are ``member``: as in Label Studio's community edition, all are equal."""

PROJECT_ROLES: dict[str, frozenset[str]] = {
    "manager": ORGANIZATION_ROLES["member"],
    "labeller": LABELLER,
    "none": frozenset(),
}


def permissions_of(caller: Caller, project_role: str | None = None) -> frozenset[str]:
    """What the caller's role allows, before plugins are asked."""
    if project_role is not None and caller.role != "owner":
        return PROJECT_ROLES.get(project_role, frozenset())
    return ORGANIZATION_ROLES.get(caller.role, frozenset())


def project_role(session: Session, caller: Caller, project_id: int) -> str | None:
    """The caller's own role in a project, where one is set."""
    return session.scalar(
        select(ProjectMembership.role).where(
            ProjectMembership.project_id == project_id, ProjectMembership.user_id == caller.user_id
        )
    )


def require(
    ctx: Context,
    caller: Caller,
    permission: str,
    *,
    session: Session | None = None,
    project: int | None = None,
) -> None:
    """Refuse unless the caller's role has the permission and no plugin objects.

    :param project: the project concerned; with ``session``, the caller's role in it is looked up.
    :raises NotAllowed: with the permission's name.
    """
    role = project_role(session, caller, project) if session is not None and project is not None else None
    require_as(ctx, caller, permission, role, project)


def require_as(ctx: Context, caller: Caller, permission: str, role: str | None, project: int | None) -> None:
    """:func:`require` for who has read the caller's role in the project already.

    :param role: ``None`` where the caller has no role of their own there.
    """
    if permission not in permissions_of(caller, role):
        raise NotAllowed(
            "You do not have permission to perform this action.",
            code="permission-denied",
            params={"permission": permission},
        )
    ctx.registry.check(
        "check_permission",
        permission=permission,
        user=caller.user_id,
        organization=caller.organization_id,
        project=project,
    )
