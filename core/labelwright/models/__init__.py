"""The tables. Rows are read and written by ``services``; plugins see snapshots through ``labelwright.api``."""

from .accounts import (
    LegacyToken,
    LoginSession,
    Membership,
    Organization,
    PersonalToken,
    ProductTour,
    ProjectMembership,
    RateWindow,
    StoredSetting,
    User,
)
from .actions import ActionRun, ActionUndo
from .annotations import Annotation, AnnotationLabel, Draft, Prediction
from .base import TABLE_PREFIX, Model, now, table_of
from .labels import Label, LabelLink
from .ml import MLBackend
from .projects import TOTALS, DataColumn, FieldIndex, Project, ProjectDelta, ProjectTotals, View
from .searching import SearchedText, SearchIndex
from .storages import Storage, StorageLink, StoredAnswer
from .tasks import StreamPosition, Task, TaskFact, TaskLease
from .work import ChunkedUpload, ConvertedExport, Export, FileUpload, Import, Job

__all__ = [
    "TABLE_PREFIX",
    "TOTALS",
    "ActionRun",
    "ActionUndo",
    "Annotation",
    "AnnotationLabel",
    "ChunkedUpload",
    "ConvertedExport",
    "DataColumn",
    "Draft",
    "Export",
    "FieldIndex",
    "FileUpload",
    "Import",
    "Job",
    "Label",
    "LabelLink",
    "LegacyToken",
    "LoginSession",
    "MLBackend",
    "Membership",
    "Model",
    "Organization",
    "PersonalToken",
    "Prediction",
    "ProductTour",
    "Project",
    "ProjectDelta",
    "ProjectMembership",
    "ProjectTotals",
    "RateWindow",
    "SearchIndex",
    "SearchedText",
    "Storage",
    "StorageLink",
    "StoredAnswer",
    "StoredSetting",
    "StreamPosition",
    "Task",
    "TaskFact",
    "TaskLease",
    "User",
    "View",
    "now",
    "table_of",
]

for _table in Model.metadata.tables.values():
    if "id" in _table.columns:
        # SQLite would give a deleted row's id to the next one; ids stand in exports and must stay unique.
        _table.dialect_options["sqlite"]["autoincrement"] = True
