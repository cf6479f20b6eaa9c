"""What people show of themselves, within one organisation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from labelwright.errors import InvalidFields, NotAllowed, NotFound
from labelwright.models import Membership, Organization, User

from .context import Caller, Context

OWN_FIELDS = frozenset({"first_name", "last_name", "username", "phone", "allow_newsletters", "locale"})
"""What people may change of themselves; nobody changes anybody else."""
MOST_HOTKEYS = 200
LONGEST_KEY = 50
HOTKEY_NAME = re.compile(r"[^\s:]{1,60}:[^\s]{1,100}")
HOTKEY_PARTS = ("key", "active", "description")
KEYS_OF_THE_SYSTEM = frozenset(
    {"alt+f4", "alt+tab", "ctrl+alt+delete", "ctrl+alt+del", "ctrl+shift+esc", "meta+tab"}
)

_Owner = aliased(User)


@dataclass(frozen=True, slots=True)
class Profile:
    """A member as the organisation sees them."""

    user: User
    role: str
    organization_id: int
    organization_title: str
    organization_email: str


def _profiles(caller: Caller) -> Select[User, str, int, str, str]:
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
            Profile(user, role, organization_id, title, email or "")
            for user, role, organization_id, title, email in session.execute(
                _profiles(caller).order_by(User.id)
            )
        ]


def change(ctx: Context, caller: Caller, user_id: int, values: Mapping[str, Any]) -> Profile:
    """Change one's own profile.

    :param values: of :data:`OWN_FIELDS`; others are left as they are.
    :raises NotFound: if there is no such member.
    :raises NotAllowed: if it is somebody else's.
    """
    get(ctx, caller, user_id)
    if user_id != caller.user_id:
        raise NotAllowed("You can only change your own profile.", code="not-own-profile")
    with ctx.database.write() as session:
        user = session.get_one(User, user_id)
        for name in OWN_FIELDS & values.keys():
            setattr(user, name, values[name])
        if "custom_hotkeys" in values:
            user.custom_hotkeys = orjson.dumps(checked_hotkeys(values["custom_hotkeys"])).decode()
    return get(ctx, caller, user_id)


def hotkeys(ctx: Context, caller: Caller) -> Any:
    """The caller's own keys, by ``section:action``."""
    return orjson.loads(get(ctx, caller, caller.user_id).user.custom_hotkeys or "{}")


def checked_hotkeys(given: Any) -> dict[str, dict[str, Any]]:
    """Keys as they are stored.

    :param given: ``{"section:action": {"key": "ctrl+enter", "active": true}}``; a key may be ``null`` for none.
    :raises InvalidFields: naming the entry at fault.
    """
    if not isinstance(given, dict):
        raise _bad_hotkeys("Hotkeys must be an object.")
    if len(given) > MOST_HOTKEYS:
        raise _bad_hotkeys(f"There may be no more than {MOST_HOTKEYS} hotkeys.")
    for name, entry in given.items():
        if HOTKEY_NAME.fullmatch(name) is None:
            raise _bad_hotkeys(f"{name[:80]!r} must be a section and an action: section:action.")
        if not isinstance(entry, dict) or "key" not in entry:
            raise _bad_hotkeys(f"{name!r} must be an object with a key.")
        key, is_active = entry["key"], entry.get("active", True)
        if key is not None and (
            not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY or not key.isprintable()
        ):
            raise _bad_hotkeys(f"The key of {name!r} must be a text of 1 to {LONGEST_KEY} characters.")
        if not isinstance(is_active, bool):
            raise _bad_hotkeys(f"active of {name!r} must be true or false.")
        if key is not None and key.lower().replace(" ", "") in KEYS_OF_THE_SYSTEM:
            raise _bad_hotkeys(f"{key!r} belongs to the system.")
    return {
        name: {part: entry[part] for part in HOTKEY_PARTS if part in entry} for name, entry in given.items()
    }


def _bad_hotkeys(message: str) -> InvalidFields:
    return InvalidFields({"custom_hotkeys": [message]}, code="bad-hotkeys")
