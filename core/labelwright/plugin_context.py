"""What a plugin's own code has at hand, in a request and in a job: its tables, its secrets, and what it may ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from labelwright.actions import Answer
from labelwright.exporters import Row
from labelwright.metrics import Measured, Metric, Question, Result
from labelwright.snapshots import ProjectSnapshot

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from labelwright.doors.networks import Purpose
    from labelwright.doors.outbound import Answer as HttpAnswer
    from labelwright.doors.outbound import Checked, Fetched
    from labelwright.job_kinds import JobSpec


class Queries(Protocol):
    """What a plugin may read of the core's rows, scoped to one organisation."""

    def project(self, project: int) -> ProjectSnapshot:
        """:raises NotFound: if it is gone, or another organisation's."""

    def rows(self, project: int, tasks: tuple[int, ...] | None = None) -> Iterator[Row]:
        """Stream tasks with their annotations, predictions and drafts, in order of their ids.

        :param tasks: only these; ``None``: all.
        """

    def answers(self, project: int, tasks: Sequence[int]) -> list[Answer]:
        """The annotations of tasks, but for skipped ones: by task, the oldest first within each."""

    def answered_by_several(self, project: int, *, after: int = 0, limit: int = 5_000) -> list[int]:
        """The tasks with two annotations or more that are not skipped, in order of their ids.

        :param after: only those with a greater id: walk over a large project a piece at a time.
        """

    def project_record(self, project: int) -> dict[str, Any]:
        """A project's columns and totals, as Label Studio's webhooks and ML backends know them; no secret in it.

        :raises NotFound: if it is gone, or another organisation's.
        """

    def task_records(self, project: int, tasks: Sequence[int]) -> list[dict[str, Any]]:
        """The columns of tasks of a project, in the order given; those that are gone are left out.

        Stored JSON is an ``orjson.Fragment``: ``orjson.dumps`` writes it as it is.
        """

    def annotation_records(self, project: int, annotations: Sequence[int]) -> list[dict[str, Any]]:
        """The columns of annotations of a project, as :meth:`task_records`."""

    def label_link_records(self, project: int, links: Sequence[int]) -> list[dict[str, Any]]:
        """The columns of links between a project's controls and labels of the organisation, as :meth:`task_records`.

        The member ``label`` is the label itself, with the ids of all its ``links`` and ``projects``.
        """


class OutboundClient(Protocol):
    """The guarded way to other servers, for one purpose; an administrator's lists say what it may reach.

    The host is resolved once and checked, redirects are not followed by :meth:`send`, bytes and time are limited.
    """

    def check(self, url: str) -> Checked:
        """Refuse an address when it is saved. Nothing is sent.

        :raises InvalidInput: code ``url-refused``, or ``url-failed`` where the host has no address.
        """

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        timeout_s: float | None = None,
        max_bytes: int = 32 * 1024 * 1024,
    ) -> HttpAnswer:
        """Make one request and answer what came back, whatever its status.

        :raises InvalidInput: code ``url-refused``, ``url-failed``, ``url-too-slow``, ``url-too-large`` or
            ``header-refused``.
        """

    def fetch(
        self, url: str, *, into: BinaryIO, max_bytes: int | None = None, timeout_s: float | None = None
    ) -> Fetched:
        """Download a file. :raises InvalidInput: as :meth:`send`."""

    def check_headers(self, headers: Mapping[str, str]) -> None:
        """Refuse headers that :meth:`send` would refuse. :raises InvalidInput: code ``header-refused``."""


class PluginContext(Protocol):
    """What requests and jobs of a plugin have in common."""

    @property
    def organization(self) -> int | None:
        """In whose scope this happens; ``None`` for a job of the server itself."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """The settings that the plugin registered, by their names there."""

    @property
    def queries(self) -> Queries:
        """What may be read of the core's rows."""

    @property
    def metrics(self) -> Mapping[str, Metric]:
        """The measures of agreement that plugins at work bring, by their names."""

    def describe_metric(self, metric: str) -> dict[str, Any]:
        """A metric as the browser gets it: its ``info``, and ``messages``, its plugin's translations of that.

        :raises KeyError: if no plugin at work has it.
        """

    def measure(self, metric: str, a: Sequence[Result], b: Sequence[Result], question: Question) -> Measured:
        """Ask a metric about two answers, of which one may be empty.

        :raises KeyError: if no plugin at work has it.
        :raises Unavailable: if it fails; its plugin is named, and the failure counted.
        """

    def read(self) -> AbstractContextManager[Session]:
        """A database session for the plugin's own tables. Nothing done in it is kept."""

    def write(self) -> AbstractContextManager[Session]:
        """A database session whose changes of the plugin's own tables become one transaction.

        Keep it short, and make no request to anybody inside: on SQLite one writer works at a time.
        """

    def plan(self, session: Session, spec: JobSpec) -> int | None:
        """Write a job in the transaction of :meth:`write`; it begins after the commit.

        :returns: its id; ``None`` if an unfinished one with the same key makes it superfluous.
        """

    def encrypt(self, text: str) -> str:
        """A secret as it may stand in a column of text; ``labelwright rotate-keys`` finds it there."""

    def decrypt(self, stored: str) -> str:
        """:raises Unavailable: if the key is not in the ring."""

    def outbound(self, purpose: Purpose) -> OutboundClient:
        """The client for requests to other servers.

        :param purpose: ``import``, ``storage``, ``ml`` or ``webhook``: which of the administrator's lists counts.
        """

    def url(self, path: str) -> str:
        """The whole address of a path of this server, as people type it: ``url("/projects/3")``."""


class RequestContext(PluginContext, Protocol):
    """What a view of ``register_routes`` has at hand, before the path's parameters."""

    @property
    def user(self) -> int:
        """The id of who asks."""

    @property
    def role(self) -> str:
        """Their role in the organisation: ``owner``, ``member``, ``labeller``."""

    def require(self, permission: str, project: int | None = None) -> None:
        """Refuse what the caller may not do.

        :param permission: ``noun.verb``: ``projects.change``, ``webhooks.view``.
        :param project: the project it concerns.
        :raises NotFound: if the project is not there, or another organisation's.
        :raises NotAllowed: if the role, or a plugin that guards, says no.
        """

    def send_object(self, kind: str, uri: str) -> Any:
        """Answer with the object of a storage that an address of task data names, or the part that is asked for.

        :param kind: ``Storage.name`` of one of this plugin's.
        :raises NotFound: if no source of that kind has it, in a project that the caller may see.
        """

    def envelope(self, results: Sequence[Any], *, total: int, page: int, size: int) -> dict[str, Any]:
        """A page of a list as Label Studio answers it: ``count``, ``next``, ``previous``, ``results``."""
