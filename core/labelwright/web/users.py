"""The people of an organisation, and the one who asks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, request, send_file
from marshmallow.fields import String

from labelwright.errors import InvalidInput
from labelwright.services import accounts, avatars, credentials, members, profiles
from labelwright.services.context import Caller, Context
from labelwright.services.permissions import permissions_of
from labelwright.services.profiles import Profile

from . import answers, fields, identity
from .headers import FILE_POLICY
from .routing import Routes, caller, context

routes = Routes("users", "Users")
ROUTES = [routes]

NO_EMAIL_CHANGE = "The e-mail of an account cannot be changed."
NOT_ONESELF = "You cannot delete yourself."


class UserIn(fields.Schema):
    """What people may say of themselves; anything else that is sent is ignored."""

    first_name = fields.Text(blank=True, most=256)
    last_name = fields.Text(blank=True, most=256)
    username = fields.Text(blank=True, most=256)
    email = fields.Text(most=accounts.EMAIL_LENGTH)
    phone = fields.Text(blank=True, most=256)
    allow_newsletters = fields.Flag(allow_none=True)
    custom_hotkeys = fields.Anything()
    locale = fields.Choice(("", "en", "zh"))


class NewUserIn(UserIn):
    email = fields.Text(required=True, most=accounts.EMAIL_LENGTH)


class HotkeysIn(fields.Schema):
    custom_hotkeys = fields.Anything(required=True)


class PasswordIn(fields.Schema):
    """Not :class:`~labelwright.fields.Text`, which would take white space off."""

    current = String(required=True)
    password = String(required=True)


class Meta(fields.Schema):
    title = fields.Text()
    email = fields.Text()


class UserOut(fields.Schema):
    id = fields.Whole()
    first_name = fields.Text()
    last_name = fields.Text()
    username = fields.Text()
    email = fields.Text()
    last_activity = fields.Moment()
    custom_hotkeys = fields.Mapping()
    avatar = fields.Text(allow_none=True)
    initials = fields.Text()
    phone = fields.Text()
    active_organization = fields.Whole()
    active_organization_meta = fields.Part(Meta)
    allow_newsletters = fields.Flag(allow_none=True)
    date_joined = fields.Moment()


class WhoAmI(UserOut):
    permissions = fields.Many(fields.Text())
    role = fields.Text()
    locale = fields.Text()


# --- the one who asks --------------------------------------------------------------------------------------


@routes.get("/api/current-user/whoami", scope="user", answers={200: WhoAmI})
def whoami() -> Response:
    """Say who asks, and what they may do."""
    return answers.json(current(context(), caller()), headers={"Cache-Control": "no-store"})


@routes.get("/api/current-user/hotkeys", scope="user", answers={200: HotkeysIn})
def own_hotkeys() -> dict[str, Any]:
    """The caller's own keys, by ``section:action``."""
    return {"custom_hotkeys": profiles.hotkeys(context(), caller())}


@routes.patch("/api/current-user/hotkeys", scope="user", body=HotkeysIn, answers={200: HotkeysIn})
def change_hotkeys(body: Mapping[str, Any]) -> dict[str, Any]:
    """Put the caller's own keys in place of those there were."""
    if "custom_hotkeys" in body:
        profiles.change(context(), caller(), caller().user_id, {"custom_hotkeys": body["custom_hotkeys"]})
    return {"custom_hotkeys": profiles.hotkeys(context(), caller())}


@routes.post(
    "/api/current-user/password",
    scope="user",
    body=PasswordIn,
    answers={204: "changed", 400: "a password is wrong"},
)
def change_password(body: Mapping[str, Any]) -> tuple[None, int]:
    """Change the caller's password. All other sessions of the account end."""
    ctx = context()
    credentials.change_own_password(
        ctx,
        caller(),
        body["current"],
        body["password"],
        address=identity.address(),
        session=identity.session_cookie(ctx.settings),
    )
    return None, 204


# --- people ------------------------------------------------------------------------------------------------


@routes.get("/api/users", answers={200: UserOut})
def people() -> list[dict[str, Any]]:
    """List the members of the caller's organization."""
    ctx = context()
    return [user_json(ctx, profile) for profile in profiles.members(ctx, caller())]


@routes.post("/api/users", body=NewUserIn, answers={201: UserOut})
def create(body: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """Make an account in the caller's organization. It has no password until an administrator sets one."""
    ctx = context()
    values = {name: body[name] for name in profiles.OWN_FIELDS & body.keys()}
    user_id = accounts.invite(ctx, caller(), body["email"], **values)
    return user_json(ctx, profiles.get(ctx, caller(), user_id)), 201


@routes.get("/api/users/<int:user_id>", answers={200: UserOut})
def person(user_id: int) -> dict[str, Any]:
    """Show a member."""
    return user_json(context(), profiles.get(context(), caller(), user_id))


@routes.patch(
    "/api/users/<int:user_id>", body=UserIn, answers={200: UserOut, 403: "somebody else's", 405: "the e-mail"}
)
def change(user_id: int, body: Mapping[str, Any]) -> dict[str, Any] | Response:
    """Change one's own profile."""
    ctx = context()
    profile = profiles.get(ctx, caller(), user_id)
    if (
        "email" in body
        and credentials.email_key(body["email"]) != profile.user.email_key
        and user_id == caller().user_id
    ):
        return not_possible(NO_EMAIL_CHANGE)
    return user_json(ctx, profiles.change(ctx, caller(), user_id, body))


@routes.delete(
    "/api/users/<int:user_id>", answers={204: "removed", 403: "the caller is no owner", 405: "the caller"}
)
def delete(user_id: int) -> tuple[None, int] | Response:
    """Take a member out of the organization. What they did stays."""
    if user_id == caller().user_id:
        return not_possible(NOT_ONESELF)
    profiles.get(context(), caller(), user_id)
    members.remove(context(), caller(), caller().organization_id, user_id)
    return None, 204


# --- pictures ----------------------------------------------------------------------------------------------


@routes.post(
    "/api/users/<int:user_id>/avatar",
    scope="user",
    answers={200: "kept", 400: "no picture", 403: "somebody else's"},
)
def put_avatar(user_id: int) -> dict[str, str]:
    """Give oneself a picture: the field ``avatar`` of a multipart form."""
    request.max_content_length = 4 * avatars.MOST_BYTES
    sent = request.files.get("avatar")
    if sent is None:
        raise InvalidInput("No file was submitted.", code="avatar-missing", field="avatar")
    avatars.put(context(), caller(), user_id, sent.stream.read(avatars.MOST_BYTES + 1))
    return {"detail": "avatar saved"}


@routes.delete(
    "/api/users/<int:user_id>/avatar", scope="user", answers={204: "removed", 403: "somebody else's"}
)
def remove_avatar(user_id: int) -> tuple[None, int]:
    """Take one's picture away."""
    avatars.remove(context(), caller(), user_id)
    return None, 204


@routes.get("/data/avatars/<name>", answers={200: "a PNG image", 404: "nobody's"}, hidden=True)
def avatar(name: str) -> Response:
    """A member's picture."""
    response = send_file(avatars.path(context(), caller(), name), mimetype="image/png", etag=False)
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response


# --- as JSON -----------------------------------------------------------------------------------------------


def current(ctx: Context, caller: Caller) -> dict[str, Any]:
    """The one who asks, with what they may do: what ``whoami`` and every page say."""
    profile = profiles.get(ctx, caller, caller.user_id)
    return user_json(ctx, profile) | {
        "permissions": sorted(permissions_of(caller)),
        "role": caller.role,
        "locale": profile.user.locale,
    }


def user_json(ctx: Context, profile: Profile) -> dict[str, Any]:
    """A member, as Label Studio answers one."""
    user = profile.user
    return {
        "id": user.id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "username": user.username,
        "email": user.email,
        "last_activity": answers.moment(user.last_activity),
        "custom_hotkeys": json.loads(user.custom_hotkeys or "{}"),
        "avatar": avatars.url(ctx, user.avatar),
        "initials": initials(user.first_name, user.last_name, user.email),
        "phone": user.phone,
        "active_organization": profile.organization_id,
        "active_organization_meta": {
            "title": profile.organization_title,
            "email": profile.organization_email,
        },
        "allow_newsletters": user.allow_newsletters,
        "date_joined": answers.moment(user.date_joined),
    }


def initials(first_name: str, last_name: str, email: str) -> str:
    """Two letters that stand for somebody without a picture."""
    if first_name and last_name:
        return first_name[0] + last_name[0]
    return (first_name or last_name or email)[:2]


def not_possible(detail: str) -> Response:
    """405: the thing exists, and this is not done to it."""
    return answers.json(answers.problem_body(405, detail, "not-possible"), 405)
