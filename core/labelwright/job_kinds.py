"""What a background job can be.

Every long work is a row with a kind, an owner, progress and a result; the kind is a class with one method. The row is
the truth: a worker claims it, and claims it again when the worker before it died. So ``run`` must be safe to run twice.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from labelwright.plugin_context import PluginContext

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class JobSpec:
    """A job to be written in the transaction of the event that asks for it.

    :param kind: ``JobKind.kind`` of the class that does the work.
    :param params: what ``run`` is called with; small JSON values and ids, never contents or secrets.
    :param project: the project it belongs to; members of the project may watch and cancel it.
    :param not_before: the earliest moment to start, an aware datetime; ``None``: at once.
    :param idempotency_key: an unfinished job of the same kind and key makes this one superfluous; it is not written.
    :param is_internal: it is the server's own: nobody watches it, and its context belongs to no organisation; see
        ``JobContext.within``.
    """

    kind: str
    params: Mapping[str, Any] = field(default_factory=dict)
    project: int | None = None
    not_before: datetime | None = None
    idempotency_key: str | None = None
    is_internal: bool = False


class JobContext(PluginContext, Protocol):
    """What a running job has at hand."""

    @property
    def job(self) -> int:
        """The id of the job's row; with a purpose it makes a good idempotency key for what happens outside."""

    @property
    def project(self) -> int | None:
        """The project it belongs to."""

    @property
    def owner(self) -> int | None:
        """The user who asked; ``None`` for the server itself."""

    @property
    def resume(self) -> Mapping[str, Any]:
        """What the last ``checkpoint`` of an earlier try kept; empty at the first."""

    def progress(self, done: int, total: int | None = None, message: str | None = None) -> None:
        """Show how far the work is. Cheap: at most one write a second reaches the database.

        :param message: an English msgid, shown translated.
        """

    def cancelled(self) -> bool:
        """Whether somebody asked to stop. Ask once a batch; then leave by ``return``."""

    def set_facts(
        self, column: str, values: Mapping[int, float | str | None], session: Session | None = None
    ) -> None:
        """Keep values of one of your plugin's columns for tasks of the job's project; committed at once.

        :param column: ``Column.name``; :param values: task id to value, at most 5,000; ``None`` removes one. Tasks that
            are gone, or another project's, are passed over.
        :param session: of :meth:`write`: they become part of its transaction, with rows of your own tables.
        """

    def checkpoint(self, state: Mapping[str, Any]) -> None:
        """Keep a resume point; committed at once. The next try finds it in ``resume``."""

    def within(self, organization: int) -> PluginContext:
        """The same for one organisation; only in a job of the server itself.

        :raises NotAllowed: in a job that belongs to an organisation already.
        """


class JobKind(ABC):
    """A kind of background work."""

    kind: ClassVar[str]
    """Kebab-case, unique among all plugins: ``webhook``, ``project-import``."""
    title: ClassVar[str] = ""
    """What the jobs page calls it; English msgid."""
    tries: ClassVar[int] = 3
    """How often it is begun before it counts as failed."""
    every_s: ClassVar[float | None] = None
    """Seconds between runs of a periodic job, which is started without params; ``None``: only when asked for."""

    @abstractmethod
    def run(self, context: JobContext, *args: Any, **params: Any) -> Mapping[str, Any] | None:
        """Do the work; may be called again with the same params after a crash.

        :param args: never given; it is there so that yours may name its parameters: ``run(self, context, tasks)``.
        :param params: those of the ``JobSpec``.
        :returns: small JSON kept on the row as the job's result.
        :raises LabelwrightError: to end as failed with words for the owner; any other exception is our mistake, is
            logged with its traceback, and is tried again until ``tries`` are used up.
        """
