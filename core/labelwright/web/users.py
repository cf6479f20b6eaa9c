"""The people of an organisation, and the one who asks."""

from __future__ import annotations

import json
from typing import Any

from labelwright.services import profiles
from labelwright.services.context import Caller, Context
from labelwright.services.permissions import permissions_of
from labelwright.services.profiles import Profile

from . import answers
from .routing import Routes

users = Routes("users", "Users")
ROUTES = [users]


def current(ctx: Context, caller: Caller) -> dict[str, Any]:
    """The one who asks, with what they may do: what ``whoami`` and every page say."""
    profile = profiles.get(ctx, caller, caller.user_id)
    return user_json(ctx, profile) | {"permissions": sorted(permissions_of(caller)), "role": caller.role}


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
        "avatar": avatar_url(ctx, user.avatar),
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


def avatar_url(ctx: Context, name: str) -> str | None:
    """Where a member's picture is; ``None`` without one."""
    return f"{ctx.settings.base_path}/data/avatars/{name}" if name else None


def initials(first_name: str, last_name: str, email: str) -> str:
    """Two letters that stand for somebody without a picture."""
    if first_name and last_name:
        return first_name[0] + last_name[0]
    return (first_name or last_name or email)[:2]
