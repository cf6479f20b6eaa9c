"""What the rules of the house work with: one object for each application, handed to every service.

A service takes the context first and values after it. It checks, changes, plans, commits and tells, in this order; it
never sees a request.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labelwright.config import Settings
from labelwright.db import Database
from labelwright.registry import Registry
from labelwright.services.storages import targets

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from labelwright.doors.keys import KeyRing
    from labelwright.doors.outbound import Outbound
    from labelwright.services.queue import JobQueue


@dataclass(frozen=True)
class Context:
    """The application's parts."""

    settings: Settings
    database: Database
    registry: Registry
    keys: KeyRing
    outbound: Outbound
    queue: JobQueue

    def plan(self, session: Session, hook: str, event: Any, caller: Caller) -> None:
        """Write the jobs that plugins want because of an event, in the event's own transaction."""
        self.plan_for(session, hook, event, organization=caller.organization_id, owner=caller.user_id)

    def plan_for(
        self, session: Session, hook: str, event: Any, *, organization: int, owner: int | None = None
    ) -> None:
        """As :meth:`plan`, where a job acts for somebody, or for nobody."""
        specs = self.registry.plan(hook, session, organization, event=event)
        specs += targets.note(session, hook, event)
        self.queue.plan(session, specs, organization=organization, owner=owner)

    def tell(self, hook: str, event: Any) -> None:
        """Tell plugins what has happened, after the commit."""
        self.registry.tell(hook, event=event)

    @property
    def media(self) -> Path:
        """The folder of users' files; ``upload/<project>/<name>`` below it."""
        return self.settings.data_dir / "media"

    @property
    def staging(self) -> Path:
        """The folder of inputs that wait for their import."""
        return self.settings.data_dir / "staging"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. Made for each request from one row, so that a removed member is out at once.

    :param auth: ``session``, ``token`` (legacy) or ``bearer`` (personal access token).
    """

    user_id: int
    email: str
    organization_id: int
    role: str
    auth: str = "session"
    is_superuser: bool = False
    first_name: str = ""
    last_name: str = ""
    locale: str = ""
