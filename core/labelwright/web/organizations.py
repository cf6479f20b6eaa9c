"""Organisations: their facts, members, invitation link, and the rules for tokens and sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from labelwright.models import Organization
from labelwright.services import members, organizations, profiles
from labelwright.services.context import Context
from labelwright.services.members import Member
from labelwright.services.profiles import Profile

from . import answers, fields, shapes
from .projects import envelope
from .routing import Routes, caller, context
from .users import NOT_ONESELF, UserOut, not_possible, user_json

routes = Routes("organizations", "Organizations")
ROUTES = [routes]

PAGE_SIZE = 20
LONGEST_SESSION_MINUTES = 366 * 24 * 60


class OrganizationOut(fields.Schema):
    id = fields.Whole()
    title = fields.Text()
    contact_info = fields.Text(allow_none=True)
    created_by = fields.Whole(allow_none=True)
    created_at = fields.Moment()
    updated_at = fields.Moment()
    users = fields.Many(fields.Whole())


class OrganizationListed(fields.Schema):
    id = fields.Whole()
    title = fields.Text()
    contact_info = fields.Text(allow_none=True)
    created_at = fields.Moment()


class OrganizationIn(fields.Schema):
    title = fields.Text(most=1000)
    contact_info = fields.Email(allow_none=True)


class MembersQuery(fields.Schema):
    page = fields.Whole(least=1)
    page_size = fields.Whole(least=-1)
    search = fields.Text(blank=True, most=256)
    contributed_to_projects = fields.Flag()


class MemberQuery(fields.Schema):
    contributed_to_projects = fields.Flag()


class ProjectName(fields.Schema):
    id = fields.Whole()
    title = fields.Text()


class MemberUser(UserOut):
    created_projects = fields.Many(fields.Part(ProjectName), allow_none=True)
    contributed_to_projects = fields.Many(fields.Part(ProjectName), allow_none=True)


class MemberOut(fields.Schema):
    id = fields.Whole()
    organization = fields.Whole()
    user = fields.Part(MemberUser)
    role = fields.Text()
    created_at = fields.Moment()
    created_projects = fields.Many(fields.Part(ProjectName), allow_none=True)
    contributed_to_projects = fields.Many(fields.Part(ProjectName), allow_none=True)


class MemberShown(fields.Schema):
    user = fields.Whole()
    organization = fields.Whole()
    role = fields.Text()
    contributed_projects_count = fields.Whole()
    annotations_count = fields.Whole()
    created_at = fields.Moment()
    created_projects = fields.Many(fields.Part(ProjectName), allow_none=True)
    contributed_to_projects = fields.Many(fields.Part(ProjectName), allow_none=True)


MEMBERS = shapes.page_of(MemberOut)


class InviteOut(fields.Schema):
    token = fields.Text()
    invite_url = fields.Text()


class TokenSettings(fields.Schema):
    """Which tokens work in the organization."""

    api_tokens_enabled = fields.Flag()
    legacy_api_tokens_enabled = fields.Flag()


class SessionPolicy(fields.Schema):
    """How long a log-in lasts, in minutes: at most, and without a request."""

    max_session_age = fields.Whole(least=1, most=LONGEST_SESSION_MINUTES)
    max_time_between_activity = fields.Whole(least=1, most=LONGEST_SESSION_MINUTES)


class SessionPolicyOut(SessionPolicy):
    created_at = fields.Moment()
    updated_at = fields.Moment()


# --- the organisation --------------------------------------------------------------------------------------


@routes.get("/api/organizations", answers={200: [OrganizationListed]})
def mine() -> list[dict[str, Any]]:
    """List the caller's organization."""
    found = organizations.get(context(), caller(), caller().organization_id)
    return [
        {
            "id": found.id,
            "title": found.title,
            "contact_info": found.contact_info,
            "created_at": answers.moment(found.created_at),
        }
    ]


@routes.get("/api/organizations/<int:organization_id>", answers={200: OrganizationOut})
def show(organization_id: int) -> dict[str, Any]:
    """Show the caller's organization."""
    return organization_json(context(), organizations.get(context(), caller(), organization_id))


@routes.patch("/api/organizations/<int:organization_id>", body=OrganizationIn, answers={200: OrganizationOut})
def change(organization_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Change the organization's title or contact."""
    organizations.get(context(), caller(), organization_id)
    return organization_json(context(), organizations.change(context(), caller(), body))


@routes.put(
    "/api/organizations/<int:organization_id>",
    body=OrganizationIn,
    answers={200: OrganizationOut},
    hidden=True,
)
def replace(organization_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Change the organization's title or contact; the same as PATCH."""
    return change(organization_id, body)


def organization_json(ctx: Context, organization: Organization) -> dict[str, Any]:
    """The organisation. Its invitation token is not part of it: see ``/api/invite``."""
    return {
        "id": organization.id,
        "title": organization.title,
        "contact_info": organization.contact_info,
        "created_by": organization.created_by_id,
        "created_at": answers.moment(organization.created_at),
        "updated_at": answers.moment(organization.updated_at),
        "users": organizations.member_ids(ctx, caller()),
    }


# --- members -----------------------------------------------------------------------------------------------


@routes.get(
    "/api/organizations/<int:organization_id>/memberships", query=MembersQuery, answers={200: MEMBERS}
)
def memberships(organization_id: int, query: Mapping[str, Any]) -> dict[str, Any]:
    """List the members, page by page.

    ``page_size=-1`` gives all; ``search`` looks into names and e-mails; ``contributed_to_projects`` adds the
    projects that each made and labelled in.
    """
    ctx = context()
    number, asked = query.get("page") or 1, query.get("page_size")
    size = None if asked == -1 else asked or PAGE_SIZE
    work = bool(query.get("contributed_to_projects"))
    found, total = members.page(
        ctx, caller(), organization_id, number=number, size=size, search=query.get("search") or "", work=work
    )
    organization = organizations.get(ctx, caller(), organization_id)
    maker = profiles.get(ctx, caller(), caller().user_id).organization_email
    rows = [_member_json(ctx, organization, maker, member, work) for member in found]
    return envelope(rows, total, number, size or max(total, 1))


@routes.get("/api/organizations/<int:organization_id>/memberships/<int:user_id>", query=MemberQuery,
            answers={200: MemberShown})  # fmt: skip
def membership(organization_id: int, user_id: int, query: Mapping[str, Any]) -> dict[str, Any]:
    """Show a member, and how many annotations they made.

    ``contributed_to_projects`` adds the projects that they made and labelled in.
    """
    is_asked = query.get("contributed_to_projects")
    member, annotations = members.one(context(), caller(), organization_id, user_id)
    return {
        "user": member.user.id,
        "organization": organization_id,
        "role": member.role,
        "contributed_projects_count": len(member.contributed_to_projects),
        "annotations_count": annotations,
        "created_at": answers.moment(member.joined_at),
        "created_projects": member.created_projects if is_asked else None,
        "contributed_to_projects": member.contributed_to_projects if is_asked else None,
    }


@routes.delete("/api/organizations/<int:organization_id>/memberships/<int:user_id>",
               answers={204: "removed", 403: "the caller is no owner", 404: "no member", 405: "oneself"})  # fmt: skip
def remove(organization_id: int, user_id: int) -> tuple[None, int] | Response:
    """Take a member out. Their work stays; their sessions and tokens end at once."""
    organizations.get(context(), caller(), organization_id)
    if user_id == caller().user_id:
        return not_possible(NOT_ONESELF)
    members.remove(context(), caller(), organization_id, user_id)
    return None, 204


def _member_json(
    ctx: Context, organization: Organization, maker: str, member: Member, work: bool
) -> dict[str, Any]:
    profile = Profile(member.user, member.role, organization.id, organization.title, maker)
    projects = {
        "created_projects": member.created_projects if work else None,
        "contributed_to_projects": member.contributed_to_projects if work else None,
    }
    user = user_json(ctx, profile)
    return {
        "id": member.membership_id,
        "organization": organization.id,
        "role": member.role,
        "created_at": answers.moment(member.joined_at),
        "user": user | projects,
        **projects,
    }


# --- invitations -------------------------------------------------------------------------------------------


@routes.get("/api/invite", answers={200: InviteOut})
def invitation() -> Response:
    """Show the organization's invitation link. Whoever has it can sign up."""
    return _invite(context(), organizations.inviting(context(), caller()))


@routes.post("/api/invite/reset-token", answers={201: InviteOut})
def reset_invitation() -> Response:
    """Make a new invitation link. The old one ends."""
    return _invite(context(), organizations.reset_invitation(context(), caller()), 201)


def _invite(ctx: Context, organization: Organization, status: int = 200) -> Response:
    body = {"token": organization.token, "invite_url": organizations.invite_url(ctx.settings, organization)}
    return answers.json(body, status, {"Cache-Control": "no-store"})


# --- rules for tokens and sessions -------------------------------------------------------------------------


@routes.get("/api/jwt/settings", answers={200: TokenSettings})
def token_settings() -> dict[str, Any]:
    """Show which tokens work in the organization."""
    return _token_settings(organizations.get(context(), caller(), caller().organization_id))


@routes.post("/api/jwt/settings", body=TokenSettings, answers={200: TokenSettings})
def change_token_settings(body: Mapping[str, Any]) -> dict[str, Any]:
    """Decide which tokens work in the organization; at once, for those that exist too."""
    return _token_settings(organizations.change(context(), caller(), body))


def _token_settings(organization: Organization) -> dict[str, Any]:
    return {
        "api_tokens_enabled": organization.api_tokens_enabled,
        "legacy_api_tokens_enabled": organization.legacy_api_tokens_enabled,
    }


@routes.get("/api/session-policy", answers={200: SessionPolicyOut})
def session_policy() -> dict[str, Any]:
    """Show how long log-ins last."""
    return _session_policy(organizations.get(context(), caller(), caller().organization_id))


@routes.patch("/api/session-policy", body=SessionPolicy, answers={200: SessionPolicyOut})
def change_session_policy(body: Mapping[str, Any]) -> dict[str, Any]:
    """Decide how long log-ins last, those that have begun too."""
    columns = {column: body[name] for column, name, _ in organizations.LIMITS if name in body}
    return _session_policy(organizations.change(context(), caller(), columns))


def _session_policy(organization: Organization) -> dict[str, Any]:
    return {
        "max_session_age": organization.max_session_age_minutes,
        "max_time_between_activity": organization.max_time_between_activity_minutes,
        "created_at": answers.moment(organization.created_at),
        "updated_at": answers.moment(organization.session_policy_updated_at),
    }
