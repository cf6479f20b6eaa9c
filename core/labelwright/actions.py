"""What a bulk action can be: something done with many tasks at once, from the data manager or the API.

An action is one class. It is given the chosen tasks a batch at a time, never all at once, and *powers* over each batch
that keep every counter, label row and event right. A batch is one transaction: what is done with it is committed when
the next one is asked for, together with the note that this batch is done. So a million tasks need the memory of one
batch, a killed action goes on where it was, and nothing is done twice.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import orjson

if TYPE_CHECKING:
    from labelwright.exporters import Row
    from labelwright.snapshots import ProjectSnapshot


@dataclass(frozen=True, slots=True)
class Dialog:
    """What a person is asked before the action begins.

    :param text: English msgid; :param title: empty: that of the action.
    """

    text: str
    title: str = ""
    type: str = "confirm"


@dataclass(frozen=True, slots=True)
class FormField:
    """One question of an action's form; the answer comes in ``params`` under ``name``.

    :param type: ``input`` (a line of text), ``number`` or ``select``.
    :param options: of a ``select``: texts, or ``{"value": ..., "label": ...}``.
    """

    name: str
    label: str
    type: str = "input"
    options: Sequence[str | Mapping[str, str]] | None = None
    value: str | None = None
    placeholder: str | None = None
    searchable: bool | None = None

    def to_json(self) -> dict[str, Any]:
        """As Label Studio's data manager reads it; what is not given is left out."""
        facts = {name: getattr(self, name) for name in self.__slots__}
        order = ("type", "name", "label", "options", "value", "placeholder", "searchable")
        return {name: facts[name] for name in order if facts[name] is not None}


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What an action tells at its end.

    :param processed_items: tasks, annotations or predictions; whatever was meant.
    :param detail: a sentence for the person who asked.
    :param reload: whether the page must load its tabs anew.
    :param extra: further keys of the answer.
    """

    processed_items: int | None = None
    detail: str | None = None
    reload: bool | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        own = {"processed_items": self.processed_items, "reload": self.reload, "detail": self.detail}
        return {name: value for name, value in own.items() if value is not None} | dict(self.extra)


@dataclass(frozen=True)
class Answer:
    """An annotation or a prediction, as it was when the batch began."""

    id: int
    task: int
    result_json: str
    """The result as the JSON that is stored."""
    author: int | None = None
    model_version: str | None = None

    @cached_property
    def result(self) -> list[Any]:
        """The result, parsed at the first look; copy before you change it."""
        parsed = orjson.loads(self.result_json)
        return parsed if isinstance(parsed, list) else []


@dataclass(frozen=True, slots=True)
class NewAnnotation:
    """An annotation to be created; the caller becomes its author.

    :param result: the result as JSON text, or as a list.
    """

    task: int
    result: str | Sequence[Any]
    parent_annotation: int | None = None
    parent_prediction: int | None = None


class Batch(Protocol):
    """At most 5,000 of the chosen tasks, locked, and what may be done with them.

    Each power answers how many rows it changed. Tasks, annotations and events of other projects are out of its reach.
    """

    @property
    def tasks(self) -> tuple[int, ...]:
        """Ids, ascending."""

    def data(self) -> Mapping[int, Mapping[str, Any]]:
        """Task to its data."""

    def rows(self) -> Iterator[Row]:
        """The tasks with their annotations, drafts and predictions, as an export has them."""

    def annotations(self) -> Sequence[Answer]:
        """The tasks' annotations, oldest first within each task; also skipped ones."""

    def predictions(
        self, *, model_versions: Sequence[str] | None = None, unused: bool = False
    ) -> Sequence[Answer]:
        """The tasks' predictions.

        :param model_versions: only theirs; :param unused: only those that no annotation was made from.
        """

    def change_data(self, data: Mapping[int, Mapping[str, Any]]) -> int:
        """Give tasks new data, whole.

        :raises InvalidTask: if it lacks what the configuration needs.
        """

    def create_annotations(self, new: Sequence[NewAnnotation]) -> int:
        """Create annotations of the caller's. :raises LabelwrightError: a plugin's refusal."""

    def change_results(self, results: Mapping[int, Sequence[Any]]) -> int:
        """Give annotations new results. :raises LabelwrightError: a plugin's refusal."""

    def merge(self, groups: Sequence[Sequence[int]]) -> int:
        """Give the annotations and drafts of tasks to the first of their group, and delete all but that one."""

    def delete_tasks(self) -> int:
        """Delete the tasks with all that hangs on them."""

    def delete_annotations(self, author: int | None = None) -> int:
        """Delete annotations and drafts. :param author: only this user's."""

    def delete_predictions(self) -> int:
        """Delete all predictions."""


class Facts(Protocol):
    """What an action may know of the project, for its form and its work."""

    @property
    def project(self) -> ProjectSnapshot:
        """The project, with its parsed configuration."""

    @property
    def caller(self) -> int:
        """The id of the user who asks."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """The settings that the action's plugin registered, by their names there."""

    def model_versions(self) -> Sequence[str]:
        """Those that the project's predictions have."""

    def annotators(self) -> Mapping[int, str]:
        """The people who have answered: user id to e-mail."""

    def first_annotation(self) -> int | None:
        """The id of the project's first annotation."""


class ActionContext(Facts, Protocol):
    """What a running action has at hand."""

    @property
    def tally(self) -> Counter[str]:
        """Your own counts. They are kept with each batch, and are there again when a killed action goes on."""

    def count(self) -> int:
        """How many tasks are chosen."""

    def batches(self, *, labelled: tuple[str, str] | None = None) -> Iterator[Batch]:
        """Walk over the chosen tasks by their ids. Progress is shown, and a wish to cancel obeyed, between batches.

        :param labelled: only tasks with an annotation where this control has this label: ``("mood", "Good")``.
        """

    def duplicates(self) -> Iterator[tuple[Batch, Sequence[tuple[int, ...]]]]:
        """Walk over chosen tasks that have the same data as another: with each batch, its groups, oldest task first."""

    def annotation(self, annotation: int) -> Answer:
        """:raises NotFound: if it is not this project's."""

    def next_task(self) -> Mapping[str, Any]:
        """Give the caller the next open one of the chosen tasks to label. :raises NotFound: if none is left."""

    def predict(self) -> int:
        """Have the project's first model predict the chosen tasks that have no prediction of its version yet.

        No transaction is open while the model works; each batch of predictions is stored whole, or not at all.

        :returns: how many tasks were chosen, those that had a prediction already included.
        :raises LabelwrightError: if no model is connected, or it fails; what was stored before stays.
        """

    def is_empty(self) -> bool:
        """Whether the project has no task any more."""

    def clear_tabs(self) -> None:
        """Delete the project's tabs; a standard one comes back by itself."""


class Action(ABC):
    """A bulk action::

    class MarkReviewed(Action):
        id = "mark_reviewed"
        title = "Mark As Reviewed"
        permissions = ("tasks.change",)
        dialog = Dialog("Mark the selected tasks as reviewed?")

        def run(self, context, params):
            for batch in context.batches():
                marked = {task: {**data, "reviewed": True} for task, data in batch.data().items()}
                context.tally["tasks"] += batch.change_data(marked)
            return ActionResult(context.tally["tasks"])
    """

    id: ClassVar[str]
    """What ``POST /api/dm/actions?id=`` says. Unique among all plugins."""
    title: ClassVar[str]
    """English msgid."""
    order: ClassVar[int] = 50
    """Its place in the menu, ascending; deletions of the server's own have 100 and more."""
    permissions: ClassVar[tuple[str, ...]] = ("tasks.change",)
    """All of them are needed."""
    experimental: ClassVar[bool] = False
    """Listed only where the setting ``actions.experimental`` is on; it can be run everywhere."""
    hidden: ClassVar[bool] = False
    """Never listed."""
    dialog: ClassVar[Dialog | None] = None
    """``None``: it begins without a question."""
    reload: ClassVar[bool] = False
    """Whether the page loads its tabs anew afterwards."""
    whole_project: ClassVar[bool] = False
    """Whether the selection is ignored: ``batches()`` walks over all tasks of the project."""
    can_be_undone: ClassVar[bool] = False
    """Whether all that it does can be taken back: no power of it deletes, except ``merge``."""
    is_recorded: ClassVar[bool] = True
    """Whether it appears among the project's runs; ``False`` for one that changes nothing of the tasks."""

    def form(self, facts: Facts) -> Sequence[FormField]:
        """The questions of the dialog; none by default."""
        return ()

    @abstractmethod
    def run(self, context: ActionContext, params: Mapping[str, Any]) -> ActionResult:
        """Do it. After a crash it is called again, and ``batches()`` goes on behind the last committed batch.

        :param params: the request's body: the answers of the form, unchecked.
        :raises InvalidFields: if an answer is wrong; raise it before the first batch, and nothing has changed. If an
            action that can be undone fails later, what it has done is taken back.
        """

    @classmethod
    def info(cls) -> dict[str, Any]:
        """What ``GET /api/dm/actions`` says of it."""
        alone = len(cls.permissions) == 1
        facts: dict[str, Any] = {
            "id": cls.id,
            "title": cls.title,
            "order": cls.order,
            "permission": cls.permissions[0] if alone else list(cls.permissions),
            "experimental": cls.experimental,
        }
        if cls.reload:
            facts["reload"] = True
        if cls.dialog is not None:
            titled = {"title": cls.dialog.title} if cls.dialog.title else {}
            formed = {"form": None} if cls.form is not Action.form else {}
            facts["dialog"] = titled | {"text": cls.dialog.text, "type": cls.dialog.type} | formed
        return facts | {"undo": cls.can_be_undone}
