"""Everything that a plugin may import. What is not here is ours, and changes without notice.

The version is ``API_VERSION``. Its second number grows when something is added; its first when something is taken
away, which is announced one version before by a ``DeprecationWarning``. A plugin's manifest names the range it works
with.

A plugin is a package with an entry point in the group ``labelwright``; what it does hangs on functions marked with
``hookimpl`` and named as in ``labelwright.hookspecs``::

    from labelwright.api import Number, Tag, hookimpl

    class Stars(Tag):
        "Rate with stars."

        name = "Stars"
        result_type = "stars"
        ui = "stars.js"
        value = {"stars": Number(minimum=0, integer=True, sample=3)}

    @hookimpl
    def register_tags():
        return [Stars]
"""

from typing import TYPE_CHECKING, Any

from labelwright import fields
from labelwright.actions import (
    Action,
    ActionContext,
    ActionResult,
    Answer,
    Batch,
    Dialog,
    Facts,
    FormField,
    NewAnnotation,
)
from labelwright.config import Setting
from labelwright.errors import (
    Conflict,
    InvalidFields,
    InvalidInput,
    InvalidLabelConfig,
    InvalidRegion,
    InvalidTask,
    LabelwrightError,
    NotAllowed,
    NotFound,
    TooLarge,
    Unavailable,
)
from labelwright.events import (
    AnnotationsChanged,
    JobsEnded,
    LabelLinksChanged,
    ProjectsChanged,
    TasksCreated,
    TasksDeleted,
)
from labelwright.examination import About
from labelwright.exporters import (
    ExportContext,
    Exporter,
    ExportFile,
    ExportOption,
    MediaUnavailable,
    OpenMedia,
    Row,
)
from labelwright.hookspecs import hookimpl
from labelwright.importers import Archive, ImportContext, Importer, Member
from labelwright.job_kinds import JobContext, JobKind, JobSpec
from labelwright.label_config import LabelConfig, Node, Problem, bare
from labelwright.manifest import API_VERSION
from labelwright.metrics import LabelPair, Measured, Metric, Question, Result
from labelwright.ml import MLConnector, MLContext, MLField, MLPrediction
from labelwright.pages import Page
from labelwright.plugin_context import OutboundClient, PluginContext, Queries, RequestContext
from labelwright.plugin_tables import PluginTables
from labelwright.queues import Queue, QueueRequest
from labelwright.routes import Routes
from labelwright.snapshots import ProjectSnapshot
from labelwright.storages import Content, Storage, StorageContext, StorageField, StoredObject
from labelwright.tags import (
    CLASSIFICATION_ATTRIBUTES,
    LABEL_SET_ATTRIBUTES,
    VISIBILITY_ATTRIBUTES,
    Attribute,
    Either,
    Flag,
    Items,
    KeyAction,
    Label,
    LabelList,
    Number,
    Record,
    Repeats,
    String,
    Tag,
    Value,
)
from labelwright.task_columns import Column
from labelwright.templates import Template
from labelwright.text_files import UnknownEncoding, encoding_of, open_text

if TYPE_CHECKING:
    from labelwright.columns import Id, RawJSON, UTCDateTime, now, tasks

__all__ = [
    "API_VERSION",
    "CLASSIFICATION_ATTRIBUTES",
    "LABEL_SET_ATTRIBUTES",
    "VISIBILITY_ATTRIBUTES",
    "About",
    "Action",
    "ActionContext",
    "ActionResult",
    "AnnotationsChanged",
    "Answer",
    "Archive",
    "Attribute",
    "Batch",
    "Column",
    "Conflict",
    "Content",
    "Dialog",
    "Either",
    "ExportContext",
    "ExportFile",
    "ExportOption",
    "Exporter",
    "Facts",
    "Flag",
    "Id",
    "FormField",
    "ImportContext",
    "Importer",
    "InvalidFields",
    "InvalidInput",
    "InvalidLabelConfig",
    "InvalidRegion",
    "InvalidTask",
    "Items",
    "JobContext",
    "JobKind",
    "JobSpec",
    "JobsEnded",
    "KeyAction",
    "Label",
    "LabelConfig",
    "LabelLinksChanged",
    "LabelPair",
    "LabelList",
    "LabelwrightError",
    "MLConnector",
    "MLContext",
    "MLField",
    "MLPrediction",
    "Measured",
    "MediaUnavailable",
    "Metric",
    "NewAnnotation",
    "Member",
    "Node",
    "NotAllowed",
    "NotFound",
    "Number",
    "OpenMedia",
    "Page",
    "OutboundClient",
    "PluginContext",
    "PluginTables",
    "Problem",
    "ProjectSnapshot",
    "ProjectsChanged",
    "Queries",
    "Question",
    "Queue",
    "QueueRequest",
    "RawJSON",
    "Record",
    "Repeats",
    "RequestContext",
    "Result",
    "Routes",
    "Row",
    "Setting",
    "Storage",
    "StorageContext",
    "StorageField",
    "StoredObject",
    "String",
    "Tag",
    "TasksCreated",
    "TasksDeleted",
    "Template",
    "TooLarge",
    "UTCDateTime",
    "Unavailable",
    "UnknownEncoding",
    "Value",
    "bare",
    "encoding_of",
    "fields",
    "hookimpl",
    "now",
    "open_text",
    "tasks",
]


def __getattr__(name: str) -> Any:
    """What belongs to tables brings SQLAlchemy along, and is imported for those who ask for it."""
    if name in ("Id", "RawJSON", "UTCDateTime", "now", "tasks"):
        from labelwright import columns

        return getattr(columns, name)
    raise AttributeError(f"labelwright.api has no {name!r}")
