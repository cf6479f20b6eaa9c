"""What a connection to models can be: something that is shown tasks and answers what it would say of them.

A kind of connection is one class with a few methods. The form that people fill in, the API, the encryption of its
secrets, the walk over a million tasks, the check of every prediction against the configuration, and who may do what are
ours. An object of the class stands for one model that somebody has connected to a project, lives for one request or one
job, and is used by one thread at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from labelwright.storages import StorageField

if TYPE_CHECKING:
    from labelwright.label_config import LabelConfig
    from labelwright.plugin_context import OutboundClient
    from labelwright.snapshots import ProjectSnapshot


class MLField(StorageField):
    """One thing to fill in, as :class:`~labelwright.api.StorageField`; ``side`` has no meaning here."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class MLPrediction:
    """What a model says of one task.

    :param result: a list of results as Label Studio has them, or a short form of it: ``{"mood": "Good"}``.
    :param score: how sure it is, 0 to 1; ``None``: it does not say.
    :param model_version: of whoever said it; empty: the one that :meth:`MLConnector.setup` named.
    """

    result: Any
    score: float | None = None
    model_version: str = ""


@dataclass(frozen=True, slots=True)
class MLContext:
    """What a connection knows besides what somebody filled in."""

    project: ProjectSnapshot | None = None
    """The project that it is connected to; ``None`` only in tests."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """The settings that the connection's plugin registered, by their names there."""
    outbound: OutboundClient | None = None
    """The guarded way to other servers, by the administrator's list for models; ``None`` only in tests."""
    timeout_s: float = 100.0
    """How long a prediction may take, as somebody filled it in."""
    server_url: str = ""
    """The address of this server, for a model that fetches what tasks speak of."""
    access_token: str = ""
    """The legacy token of who connected it, for the same; empty unless the class has ``wants_token``, and where the
    organisation has switched these tokens off."""


class MLConnector:
    """A kind of connection to models.

    One that knows a word::

        class Shouting(MLConnector):
            kind = "shouting"
            title = "Shouting"
            fields = (MLField("word", "Word", required=True),)

            def setup(self, label_config):
                return "1"

            def predict(self, tasks, label_config, context):
                word = self.options["word"]
                return [MLPrediction({"mood": "Bad"}, 0.9) if word in task["data"]["text"] else None for task in tasks]
    """

    kind: ClassVar[str]
    """Unique among all plugins, lower case: what ``kind`` of ``POST /api/ml`` says."""
    title: ClassVar[str]
    """What people choose it by; English msgid."""
    description: ClassVar[str] = ""
    """A sentence below the title; English msgid."""
    fields: ClassVar[Sequence[MLField]] = ()
    """What is filled in; ``self.options`` holds it by name."""
    batch_size: ClassVar[int] = 50
    """How many tasks :meth:`predict` gets at once, at the most."""
    wants_token: ClassVar[bool] = False
    """Whether the model fetches uploads and the like from this server, and needs ``context.access_token`` for it."""

    def __init__(self, options: Mapping[str, Any], context: MLContext | None = None) -> None:
        self.options = options
        self.context = context or MLContext()

    def health(self) -> None:
        """Try whether the model is there. Called before it is kept, and when somebody looks at the list: be quick.

        :raises InvalidInput: in words for whoever filled it in; ``field`` names the option at fault, where one is.
        :raises Unavailable: if it does not answer.
        """

    def setup(self, label_config: LabelConfig) -> str:
        """Tell the model what is asked, and get to know which version of it answers.

        :returns: the version that predictions are filed under; empty: it does not say.
        :raises InvalidInput: if it can do nothing with such a configuration.
        :raises Unavailable: if it does not answer.
        """
        return ""

    def versions(self) -> Sequence[str] | None:
        """The versions that the model has to choose from; ``None``: it does not list them."""
        return None

    def predict(
        self, tasks: Sequence[Mapping[str, Any]], label_config: LabelConfig, context: Mapping[str, Any]
    ) -> Sequence[MLPrediction | Sequence[MLPrediction] | None]:
        """Say something of tasks. The answers are checked against the configuration before they are stored.

        :param tasks: as an export has them: ``id``, ``data``, ``annotations``, ``predictions``.
        :param context: of an interactive call, what the labeller has drawn: ``{"result": [...]}``; else empty.
        :returns: for each task, in their order, a prediction, several of them, or ``None``.
        :raises InvalidInput: if the model says what nobody understands.
        :raises Unavailable: if it does not answer.
        """
        raise NotImplementedError

    def train(self, event: Mapping[str, Any]) -> None:
        """Let the model learn from the project's answers. A kind that does not override it does not learn.

        :param event: ``action`` (``START_TRAINING``) and ``project``, the project's columns and totals.
        :raises Unavailable: if it does not answer.
        """

    def close(self) -> None:
        """Let connections go."""

    @classmethod
    def info(cls) -> dict[str, Any]:
        """As the browser knows it."""
        return {
            "kind": cls.kind,
            "title": cls.title,
            "description": cls.description,
            "fields": [one.to_json() for one in cls.fields],
            "trains": cls.train is not MLConnector.train,
        }
