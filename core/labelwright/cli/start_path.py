"""``labelwright start PATH``: the project of a path, and who works in it."""

from __future__ import annotations

import getpass
import ipaddress
import re
from pathlib import Path

from sqlalchemy import select

from labelwright.cli.entry import Entry
from labelwright.cli.progress import Progress
from labelwright.errors import ConfigurationError
from labelwright.models import Membership, User
from labelwright.services import accounts, bootstrap
from labelwright.services.context import Caller, Context
from labelwright.services.starting import arrivals, folders

LOCAL = "localhost.localdomain"
"""Of the e-mail of the account that is made where there is none."""


def open_path(
    ctx: Context, path: Path, template: str | None, labels: str | None, label_config: Path | None
) -> Entry:
    """The project of a path, with what is new there.

    :raises InvalidInput: if there is nothing to label.
    """
    bootstrap.ensure_first_user(ctx)
    people = _people(ctx)
    made = not people
    if made:
        name = re.sub(r"[^a-z0-9]+", "-", getpass.getuser().lower()).strip("-") or "me"
        accounts.add(ctx, f"{name}@{LOCAL}", None, owner=True)
        people = _people(ctx)
    caller = people[0]
    wishes = folders.Wishes(
        template,
        [label.strip() for label in (labels or "").split(",") if label.strip()],
        label_config.read_text("utf-8") if label_config else None,
    )
    with Progress("tasks") as progress:
        opened = folders.open_path(ctx, caller, path, wishes, progress.show)
    lines = [
        f"project   {opened.project} for {path}"
        + (f": {opened.tasks} new tasks" if opened.tasks or opened.is_new else ": nothing new")
    ]
    lines += [f"          {words}" for words in opened.told[:10]]
    if len(opened.told) > 10:
        lines.append(f"          and {len(opened.told) - 10} more")
    page = f"/projects/{opened.project}/data"
    if len(people) > 1 or not _is_local(ctx):
        return Entry(page, "", [*lines, "          log in to see it"])
    if made:
        lines.append(f"account   {caller.email}; labelwright reset_password gives it a password")
    return Entry(page, arrivals.invite(ctx, caller.user_id), lines)


def _people(ctx: Context) -> list[Caller]:
    """Who can be logged in, owners first; two are enough to know that somebody has to say who it is."""
    query = (
        select(User.id, User.email, Membership.organization_id, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(User.is_active.is_(True), Membership.deleted_at.is_(None))
        .order_by((Membership.role != "owner"), User.id)
        .limit(2)
    )
    with ctx.database.read() as session:
        return [Caller(row.id, row.email, row.organization_id, row.role) for row in session.execute(query)]


def _is_local(ctx: Context) -> bool:
    """Whether the server listens to this machine alone: only then may a link log in."""
    host = ctx.settings.internal_host
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError as error:
        raise ConfigurationError(f"internal_host is no address: {host}") from error
