"""What each ``register_`` hook may answer with, and how two answers clash.

One row a hook: the loader, the registry, the manifest and the documentation read this table, so that a new thing that
a plugin can be is a base class, a hook and a row.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import click
import orjson
from werkzeug.routing import Map, Rule

from labelwright.actions import Action
from labelwright.config import Setting
from labelwright.config.table import SETTINGS
from labelwright.exporters import Exporter
from labelwright.importers import Importer
from labelwright.job_kinds import JobKind
from labelwright.metrics import Metric
from labelwright.ml import MLConnector
from labelwright.pages import Page
from labelwright.plugin_tables import PluginTables
from labelwright.queues import Queue
from labelwright.routes import Routes
from labelwright.storages import Storage
from labelwright.tags import Tag
from labelwright.task_columns import Column
from labelwright.templates import Template

COLUMN_NAME = re.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*")
STORAGE_NAME = re.compile("[a-z][a-z0-9]*([_-][a-z0-9]+)*")
NO_STORAGES = frozenset({"export", "types", "kinds"})
"""Their addresses are others'."""
OF_EACH_STORAGE = frozenset(
    {
        "id", "type", "project", "title", "description", "synchronizable", "regex_filter", "use_blob_urls",
        "recursive_scan", "presign", "presign_ttl", "can_delete_objects", "last_sync", "last_sync_count",
        "last_sync_job", "status", "traceback", "meta", "created_at", "limit",
    }
)  # fmt: skip
"""What the API says of every storage, whatever its kind."""
OF_EACH_MODEL = frozenset(
    {
        "id", "kind", "project", "title", "description", "is_interactive", "auto_update", "model_version", "timeout",
        "state", "readable_state", "error_message", "created_at", "updated_at",
    }
)  # fmt: skip
"""What the API says of every connected model, whatever its kind."""
METRIC_NAME = re.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*")
RATES = frozenset(setting.key for setting in SETTINGS if setting.section == "rate" and setting.kind == "int")
"""Classes of limits that a route may be counted by."""
PARAMETER = re.compile(r"<[^>]*>")
"""Of a path."""


def _claims_name(item: Any) -> dict[str, Any]:
    return {item.name: item}


def _claims_kind(kind: Any) -> dict[str, Any]:
    return {kind.kind: kind}


def _claims_id(action: Action) -> dict[str, Any]:
    return {action.id: action}


def _claims_elements(tag: type[Tag]) -> dict[str, Any]:
    """A tag's names, and those of the elements that are its labels: plugins may share the same class of these."""
    own = dict.fromkeys((tag.name, *tag.aliases), tag)
    return own | (_claims_elements(tag.labels) if tag.labels else {})


def _claims_addresses(routes: Routes) -> dict[str, Any]:
    """The noun's name, and each route by its method and path, whatever a path's parameters are called."""
    paths = {f"{route.method} {PARAMETER.sub('<>', route.rule)}": route for route in routes.declared}
    return {routes.name: routes, **paths, **{route.endpoint: route for route in routes.declared}}


def _claims_tables(tables: PluginTables) -> dict[str, Any]:
    return dict(tables.metadata.tables)


def _of_tag(tag: type[Tag]) -> Mapping[str, list[str]]:
    capabilities = tag().capabilities
    return {**capabilities, "provides": [*capabilities["provides"], f"tag:{tag.name}"]}


def _try_tag(tag: type[Tag]) -> None:
    """Everybody's list of tags holds this one: it must be JSON."""
    orjson.dumps(tag().info())


def _try_exporter(exporter: Exporter) -> None:
    orjson.dumps(exporter.info())
    if not exporter.suffix.startswith("."):
        raise TypeError(f"the suffix of the export format {exporter.name} must begin with a dot")


def _try_storage(kind: type[Storage]) -> None:
    """Its fields make everybody's form, and its name is an address."""
    orjson.dumps(kind.info())
    if not STORAGE_NAME.fullmatch(kind.name) or kind.name in NO_STORAGES:
        raise TypeError(f"the name of the storage {kind.name!r} must be lower case letters, digits, - and _")
    names = [one.name for one in kind.fields]
    for name in names:
        if not COLUMN_NAME.fullmatch(name) or name in OF_EACH_STORAGE or names.count(name) > 1:
            raise TypeError(f"the storage {kind.name} cannot have a field called {name!r}")
    if not kind.sides or not {"source", "target"}.issuperset(kind.sides):
        raise TypeError(f"the sides of the storage {kind.name} must be source, target, or both")
    wanted = {"source": ("list", "read"), "target": ("write", "delete")}
    missing = [
        name for side in kind.sides for name in wanted[side] if getattr(kind, name) is getattr(Storage, name)
    ]
    if missing:
        raise TypeError(f"the storage {kind.name} needs the method {missing[0]}")


def _try_ml_connector(connector: type[MLConnector]) -> None:
    """Its fields make everybody's form."""
    orjson.dumps(connector.info())
    if not STORAGE_NAME.fullmatch(connector.kind):
        raise TypeError(f"the kind of model {connector.kind!r} must be lower case letters, digits, - and _")
    names = [one.name for one in connector.fields]
    for name in names:
        if not COLUMN_NAME.fullmatch(name) or name in OF_EACH_MODEL or names.count(name) > 1:
            raise TypeError(f"the kind of model {connector.kind} cannot have a field called {name!r}")
    if connector.predict is MLConnector.predict:
        raise TypeError(f"the kind of model {connector.kind} needs the method predict")
    if connector.batch_size < 1:
        raise TypeError(f"the batch_size of the kind of model {connector.kind} must be 1 or more")


def _try_importer(importer: Importer) -> None:
    suffixes = importer.suffixes
    if isinstance(suffixes, str) or not all(s.startswith(".") and s == s.lower() for s in suffixes):
        raise TypeError(
            f"the suffixes of the import format {importer.name} must be a tuple such as ('.csv', '.tsv')"
        )


def _try_column(column: Column) -> None:
    if not COLUMN_NAME.fullmatch(column.name):
        raise TypeError(f"the name of the column {column.name!r} must be letters, digits and _")
    if column.type not in ("Number", "String"):
        raise TypeError(f"the type of the column {column.name} must be Number or String")


def _try_metric(metric: Metric) -> None:
    """Everybody's list of metrics holds this one: it must be JSON, and its words be there."""
    orjson.dumps(metric.info())
    if not METRIC_NAME.fullmatch(metric.name):
        raise TypeError(f"the name of the metric {metric.name!r} must be lower case letters, digits and -")


def _try_routes(routes: Routes) -> None:
    """Everybody's server holds these addresses, and everybody's documents describe them."""
    Map([Rule(route.rule, endpoint=route.endpoint) for route in routes.declared])
    for route in routes.declared:
        for schema in (route.query, route.body):
            if schema is not None:
                schema()
        if route.rate and route.rate not in RATES:
            raise TypeError(
                f"there is no class of limits {route.rate!r}; there are {', '.join(sorted(RATES))}"
            )
        if not route.rule.startswith("/") or route.rule != route.rule.rstrip("/"):
            raise TypeError(f"the path {route.rule!r} must begin with a slash and end without one")
        if not route.summary:
            raise TypeError(
                f"the view of {route.method} {route.rule} needs a docstring: it is what the API's documents say"
            )


def _try_tables(tables: PluginTables) -> None:
    if not tables.metadata.tables:
        raise TypeError("the metadata of PluginTables has no table")
    if not any(tables.migrations.glob("*.py")):
        raise TypeError(f"there is no migration in {tables.migrations}")


def _check_prefix(tables: PluginTables, plugin: str) -> None:
    for name in tables.metadata.tables:
        if not name.startswith(f"lw_{plugin}_"):
            raise TypeError(f"the table {name} must be called lw_{plugin}_...")


def _no_owner(item: Any, plugin: str) -> None:
    """It may be anybody's."""


def _try_action(action: Action) -> None:
    orjson.dumps(action.info())
    if isinstance(action.permissions, str) or not action.permissions:
        raise TypeError(
            f"the permissions of the action {action.id} must be a tuple such as ('tasks.change',)"
        )


def _no_trial(item: Any) -> None:
    """Nothing of it is called for everybody."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """How the answers to one hook are checked, named and kept.

    :param word: what one of them is called in a message.
    :param base: the class that each is an instance of (or, with ``as_class``, a subclass of).
    :param claims: the names that it takes, each with what it stands for; nobody else may give one to something else.
    :param family: the family of the capability that its name is; empty: none.
    :param trial: calls what the server calls for everybody, so that a broken part is found while it can be left out.
    :param as_class: whether classes are kept as they are; otherwise a class is called once, without arguments.
    """

    word: str
    base: type
    claims: Callable[[Any], Mapping[str, Any]] = _claims_name
    family: str = ""
    trial: Callable[[Any], None] = _no_trial
    as_class: bool = False
    is_private: bool = False
    """Whether the names are the plugin's own, and may be another's too."""
    check_owner: Callable[[Any, str], None] = _no_owner
    """Refuses what the plugin of this name may not give."""

    def accept(self, answer: Any, plugin: str = "") -> list[Any]:
        """Check a hook's answer and make objects of its classes.

        :param plugin: the name of the one that answered.
        :raises TypeError: if it is not a list of what this hook is for; in words for the plugin's author.
        """
        if isinstance(answer, (str, bytes, type)) or not isinstance(answer, Iterable):
            raise TypeError(f"must return a list, not {answer!r}")
        return [self._accept_one(item, plugin) for item in answer]

    def _accept_one(self, item: Any, plugin: str) -> Any:
        is_subclass = inspect.isclass(item) and issubclass(item, self.base)
        if self.as_class and not is_subclass:
            raise TypeError(f"must return subclasses of {self.base.__name__}, not {item!r}")
        made = item() if is_subclass and not self.as_class else item
        if not self.as_class and not isinstance(made, self.base):
            raise TypeError(f"must return a list of {self.base.__name__}, not of {item!r}")
        for name in self.claims(made):
            if not isinstance(name, str) or not name:
                raise TypeError(f"{self.word} {item!r} needs a name")
        self.trial(made)
        self.check_owner(made, plugin)
        return made

    def capabilities(self, item: Any) -> Mapping[str, list[str]]:
        """What one object ``provides`` to other plugins, and what it ``requires``."""
        if self.base is Tag:
            return _of_tag(item)
        own = [f"{self.family}:{name.replace(' ', '-')}" for name in self.claims(item)] if self.family else []
        return {"provides": own, "requires": []}


CONTRIBUTIONS: dict[str, Contribution] = {
    "register_settings": Contribution("the setting", Setting, is_private=True),
    "register_tags": Contribution("the tag", Tag, _claims_elements, trial=_try_tag, as_class=True),
    "register_templates": Contribution("the template", Template),
    "register_importers": Contribution("the import format", Importer, family="import", trial=_try_importer),
    "register_exporters": Contribution("the export format", Exporter, family="export", trial=_try_exporter),
    "register_storages": Contribution(
        "the storage", Storage, family="storage", trial=_try_storage, as_class=True
    ),
    "register_ml_connectors": Contribution(
        "the kind of model", MLConnector, _claims_kind, family="ml", trial=_try_ml_connector, as_class=True
    ),
    "register_queues": Contribution("the order of labelling", Queue, family="queue"),
    "register_columns": Contribution("the column", Column, trial=_try_column),
    "register_metrics": Contribution("the metric", Metric, family="metric", trial=_try_metric),
    "register_actions": Contribution("the action", Action, _claims_id, family="action", trial=_try_action),
    "register_jobs": Contribution("the kind of job", JobKind, _claims_kind, family="job"),
    "register_pages": Contribution("the page", Page),
    "register_commands": Contribution("the command", click.Command),
    "register_routes": Contribution("the route", Routes, _claims_addresses, trial=_try_routes),
    "register_models": Contribution(
        "the table", PluginTables, _claims_tables, trial=_try_tables, check_owner=_check_prefix
    ),
}
