"""What the loaded plugins contributed, merged once; and the one way to ask and tell them.

The rest of the server knows plugins through this object only.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from labelwright import hookspecs
from labelwright.assets import Assets
from labelwright.contributions import CONTRIBUTIONS
from labelwright.errors import LabelwrightError, NotAllowed, NotFound, Unavailable
from labelwright.job_kinds import JobSpec
from labelwright.metrics import Measured, Question, Result, measure
from labelwright.plugin import Plugin, in_words, why
from labelwright.plugins import LoadedPlugins
from labelwright.reports import PluginReport, report_of
from labelwright.tags import TagSet

if TYPE_CHECKING:
    import click
    from pluggy import HookImpl
    from sqlalchemy.orm import Session

    from labelwright.actions import Action
    from labelwright.config import Setting, Settings
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
    from labelwright.task_columns import Column
    from labelwright.templates import Template

log = logging.getLogger("labelwright.plugins")
trace = logging.getLogger("labelwright.plugins.trace")


class Registry:
    """Every tag, format, kind of job and so on that the loaded plugins gave, each under its name."""

    def __init__(self, loaded: LoadedPlugins) -> None:
        self.plugins = loaded
        self.tags = TagSet(self._all("register_tags"))
        self.templates: Mapping[str, Template] = self._named("register_templates")
        self.importers: Mapping[str, Importer] = self._named("register_importers")
        self.exporters: Mapping[str, Exporter] = self._named("register_exporters")
        self.storages: Mapping[str, type[Storage]] = self._named("register_storages")
        self.ml_connectors: Mapping[str, type[MLConnector]] = self._named("register_ml_connectors")
        self.queues: Mapping[str, Queue] = self._named("register_queues")
        self.actions: Mapping[str, Action] = self._named("register_actions")
        self.columns: Mapping[str, Column] = self._named("register_columns")
        self.metrics: Mapping[str, Metric] = self._named("register_metrics")
        self.jobs: Mapping[str, JobKind] = self._named("register_jobs")
        self.pages: Mapping[str, Page] = self._named("register_pages")
        self.commands: Mapping[str, click.Command] = self._named("register_commands")
        self.settings: tuple[Setting, ...] = tuple(
            replace(setting, name=f"plugin.{plugin.name}.{setting.name}")
            for plugin in loaded.working()
            for setting in plugin.contributions.get("register_settings", ())
        )
        """Plugins' settings under their full names, for ``Settings.extended``."""
        self.routes: tuple[tuple[str, Routes], ...] = self._owned("register_routes")
        """Plugin and one of its nouns."""
        self.models: tuple[tuple[str, PluginTables], ...] = self._owned("register_models")
        """Plugin and tables of its own."""
        self.capabilities: Mapping[str, str] = MappingProxyType(loaded.offered)
        """Capability to the name of the plugin that offers it."""
        self.locks = _locks(loaded)
        """``check_`` hook to the plugin whose absence locks what it guards."""
        self._implementations = {name: self._calls(name) for name in _hook_names()}
        self._taginfo: dict[str, list[dict[str, Any]]] = {}

    def _all(self, hook: str) -> list[Any]:
        return [item for plugin in self.plugins.working() for item in plugin.contributions.get(hook, ())]

    def _owned(self, hook: str) -> tuple[tuple[str, Any], ...]:
        return tuple(
            (plugin.name, item)
            for plugin in self.plugins.working()
            for item in plugin.contributions.get(hook, ())
        )

    def _named(self, hook: str) -> Mapping[str, Any]:
        return MappingProxyType(
            {name: item for item in self._all(hook) for name in CONTRIBUTIONS[hook].claims(item)}
        )

    def _calls(self, hook: str) -> list[tuple[Plugin, HookImpl]]:
        """A hook's implementations in the order of the plugins' starting, but for ``tryfirst`` and ``trylast``."""
        implementations = getattr(self.plugins.manager.hook, hook).get_hookimpls()
        order = {plugin.name: place for place, plugin in enumerate(self.plugins.working())}
        calls = [(self.plugins[impl.plugin_name], impl) for impl in implementations]
        return sorted(calls, key=lambda call: (call[1].trylast - call[1].tryfirst, order[call[0].name]))

    def owner(self, hook: str, name: str) -> str:
        """The plugin that contributed something: ``owner("register_exporters", "CSV")``.

        :raises KeyError: if nobody did.
        """
        for plugin in self.plugins.working():
            for item in plugin.contributions.get(hook, ()):
                if name in CONTRIBUTIONS[hook].claims(item):
                    return plugin.name
        raise KeyError(name)

    def settings_for(self, hook: str, name: str, settings: Settings) -> dict[str, Any]:
        """The settings of the plugin that contributed something, for the context that it is called with."""
        return settings.of_plugin(self.owner(hook, name))

    # asking and telling

    def plan(
        self, hook: str, session: Session | None, organization: int | None, **facts: Any
    ) -> list[JobSpec]:
        """Collect the jobs that plugins want because of an event; call it inside the event's transaction.

        A plugin that fails costs its own jobs only: what it has written with the session is undone.

        :param session: the transaction's; ``None`` only where no plugin works with it, as in tests.
        :param organization: in whose scope it happens.
        """
        jobs: list[JobSpec] = []
        given = {**facts, "session": session, "organization": organization}
        for plugin, implementation in self._implementations[hook]:
            if plugin.is_silent:
                continue
            if session is not None and "session" in implementation.argnames:
                jobs += self._plan_apart(plugin, hook, implementation, given, session)
            else:
                jobs += self._fenced(plugin, hook, implementation, given, self._check_specs) or ()
        return jobs

    def _plan_apart(self, plugin: Plugin, hook: str, implementation: HookImpl, facts: Mapping[str, Any],
                    session: Session) -> Sequence[JobSpec]:  # fmt: skip
        """Ask a plugin that works with the event's transaction, in a part of it that can be undone alone."""
        part = session.begin_nested()
        try:
            answer, took_s = self._call(plugin, hook, implementation, facts, self._check_specs)
            part.commit()
        except (Exception, SystemExit) as error:
            if getattr(error, "connection_invalidated", False):
                raise  # the database is gone, and the whole transaction with it: that is nobody's fault here
            part.rollback()
            self._count(plugin, hook, error)
            return ()
        self._note_time(plugin, hook, took_s)
        return answer or ()

    def tell(self, hook: str, **facts: Any) -> None:
        """Tell plugins what has happened; call it after the commit. Nothing that a plugin does is undone or raised."""
        for plugin, implementation in self._implementations[hook]:
            if not plugin.is_silent:
                self._fenced(plugin, hook, implementation, facts)

    def check(self, hook: str, **facts: Any) -> None:
        """Ask every plugin whether something may be done. All are asked; the first refusal is raised.

        :raises LabelwrightError: a plugin's refusal.
        :raises NotAllowed: also if a plugin fails to answer (``guard-failed``), or a guard is missing
            (``guard-missing``).
        """
        if (missing := self.locks.get(hook)) is not None:
            raise NotAllowed(
                f"This is locked, because the plugin {missing!r} that guards it is not at work.",
                code="guard-missing", params={"plugin": missing},
            )  # fmt: skip
        refusals: list[LabelwrightError] = []
        for plugin, implementation in self._implementations[hook]:
            try:
                self._call(plugin, hook, implementation, facts, _check_silence)
            except LabelwrightError as refusal:
                refusals.append(refusal)
            except (Exception, SystemExit) as error:
                self._count(plugin, hook, error)
                refusals.append(NotAllowed(
                    f"The plugin {plugin.name!r} that guards this could not be asked.",
                    code="guard-failed", params={"plugin": plugin.name},
                ))  # fmt: skip
        if refusals:
            raise refusals[0]

    def _fenced(self, plugin: Plugin, hook: str, implementation: HookImpl, facts: Mapping[str, Any],
                verify: Callable[[Any], Any] = lambda answer: None) -> Any:  # fmt: skip
        try:
            answer, took_s = self._call(plugin, hook, implementation, facts, verify)
        except (Exception, SystemExit) as error:
            return self._count(plugin, hook, error)
        self._note_time(plugin, hook, took_s)
        return answer

    def _note_time(self, plugin: Plugin, hook: str, took_s: float) -> None:
        """Count a call that went well but took too long; one in time ends the row of failures."""
        allowed_s = self.plugins.choice.slow_s
        if took_s > allowed_s:
            self._count(plugin, hook, TimeoutError(f"took {took_s:.1f} s, where {allowed_s:g} s are allowed"))
        else:
            plugin.failures_in_row = 0

    def _call(self, plugin: Plugin, hook: str, implementation: HookImpl, facts: Mapping[str, Any],
              verify: Callable[[Any], Any]) -> tuple[Any, float]:  # fmt: skip
        arguments = [facts[name] for name in implementation.argnames]
        began = time.perf_counter()
        answer: Any = None
        try:
            answer = implementation.function(*arguments)
            verify(answer)
        finally:
            took_s = time.perf_counter() - began
            if self.plugins.choice.trace:
                given = ", ".join(map(repr, arguments))
                trace.info("%s %s(%s) -> %r in %.2f ms", plugin.name, hook, given, answer, took_s * 1000)
        return answer, took_s

    def _count(self, plugin: Plugin, hook: str, error: BaseException) -> None:
        """Log and count a failure; after too many in a row, stop calling the plugin, unless it is a guard."""
        plugin.hook_errors += 1
        plugin.failures_in_row += 1
        plugin.traceback = "".join(traceback.format_exception(error))
        log.error("plugin %s failed in %s: %s", plugin.name, hook, in_words(error), exc_info=error)
        count = plugin.failures_in_row
        if count >= self.plugins.choice.failures and not plugin.guards and not plugin.is_silent:
            plugin.is_silent = True
            plugin.reason = why("hook-failures", count=count, hook=hook, error=in_words(error))
            log.error("plugin %s: %s", plugin.name, plugin.reason)

    def blame(self, error: BaseException) -> Unavailable | None:
        """Find the plugin in whose code an unexpected exception arose, count it, and say so in words for people.

        :returns: what to answer instead; ``None`` if no plugin is at fault, or the error has words already.
        """
        if isinstance(error, LabelwrightError):
            return None
        plugin = self._at_fault(error)
        return None if plugin is None else self._failed(plugin, error)

    def _failed(self, plugin: Plugin, error: BaseException) -> Unavailable:
        plugin.hook_errors += 1
        plugin.traceback = "".join(traceback.format_exception(error))
        log.error("plugin %s failed: %s", plugin.name, in_words(error), exc_info=error)
        return Unavailable(
            f"The plugin {plugin.name!r} failed, so this could not be done.",
            code="plugin-failed", params={"plugin": plugin.name},
        )  # fmt: skip

    def measure(self, metric: str, a: Sequence[Result], b: Sequence[Result], question: Question) -> Measured:
        """Ask a metric about two answers.

        :raises KeyError: if no plugin at work has it.
        :raises Unavailable: if the metric fails; its plugin is named, and the failure counted.
        """
        try:
            return measure(self.metrics[metric], a, b, question)
        except Exception as error:
            if metric not in self.metrics:
                raise
            raise self._failed(self.plugins[self.owner("register_metrics", metric)], error) from error

    def _at_fault(self, error: BaseException) -> Plugin | None:
        """The plugin whose code is innermost in the traceback."""
        files = [Path(frame.f_code.co_filename) for frame, _ in traceback.walk_tb(error.__traceback__)]
        folders = [(plugin, plugin.folder) for plugin in self.plugins.working() if plugin.folder is not None]
        for file in reversed(files):
            for plugin, folder in folders:
                if file.is_relative_to(folder):
                    return plugin
        return None

    def _check_specs(self, answer: Any) -> None:
        for spec in answer or ():
            if not isinstance(spec, JobSpec):
                raise TypeError(f"must return JobSpecs, not {spec!r}")
            if spec.kind not in self.jobs:
                known = ", ".join(sorted(self.jobs)) or "none"
                raise LookupError(f"there is no kind of job {spec.kind!r}; known are {known}")

    # what the browser gets

    def taginfo(self, base_url: str = "") -> list[dict[str, Any]]:
        """Every tag as the browser knows it; ``module`` is the address of its code, ``None`` where there is none.

        :param base_url: what comes before ``/plugins``: empty, or the sub-path without a slash at its end.
        """
        if base_url not in self._taginfo:
            self._taginfo[base_url] = list(self._tags_as_json(base_url))
        return self._taginfo[base_url]

    def forget_taginfo(self) -> None:
        """Make it anew when it is next asked for: a plugin's files have changed under a server for authors."""
        self._taginfo = {}

    def _tags_as_json(self, base_url: str) -> Iterator[dict[str, Any]]:
        owners: dict[str, Plugin] = {}
        for plugin in reversed(self.plugins.working()):
            for item in plugin.contributions.get("register_tags", ()):
                claimed = CONTRIBUTIONS["register_tags"].claims(item).values()
                owners |= dict.fromkeys((tag.name for tag in claimed), plugin)
        for tag in self.tags.values():
            plugin = owners[tag.name]
            info = tag.info()
            ui = info.pop("ui")
            yield info | {
                "plugin": plugin.name,
                "module": self.asset_url(plugin.name, ui, base_url) if ui else None,
                "messages": plugin.assets.messages,
            }

    def asset_url(self, plugin: str, file: str, base_url: str = "") -> str | None:
        """The address of a file in a plugin's static folder, with the folder's hash; ``None`` if it is not there."""
        assets = self._assets(plugin)
        return f"{base_url}/plugins/{plugin}/{assets.hash}/{file}" if assets.find(file) else None

    def asset(self, plugin: str, file: str) -> Path:
        """A file in a plugin's static folder.

        :raises NotFound: if there is none, if the plugin is not at work, or if the name leads out of the folder.
        """
        path = self._assets(plugin).find(file)
        if path is None:
            raise NotFound("Not found.")
        return path

    def asset_hash(self, plugin: str) -> str:
        """The hash that addresses of this plugin's files carry.

        :raises NotFound: if the plugin is not at work.
        """
        return self._assets(plugin).hash

    def ui(self) -> dict[str, Mapping[str, Mapping[str, str]]]:
        """Plugin to its translations, ``{"zh": {msgid: text}}``; of those at work and those that are not."""
        return {plugin.name: plugin.assets.messages for plugin in self.plugins.plugins}

    def said(self, hook: str, name: str, texts: Iterable[str]) -> dict[str, dict[str, str]]:
        """``{"zh": {msgid: text}}`` of these texts, by the plugin that contributed something; those that it has."""
        messages = self.plugins[self.owner(hook, name)].assets.messages
        wanted = list(texts)
        return {
            locale: {text: known[text] for text in wanted if text in known}
            for locale, known in messages.items()
        }

    def _assets(self, name: str) -> Assets:
        try:
            plugin = self.plugins[name]
        except KeyError:
            raise NotFound("Not found.") from None
        if plugin.state != "loaded":
            raise NotFound("Not found.")
        return plugin.assets

    # how the plugins are

    def browser_error(self, plugin: str, report: Mapping[str, str]) -> None:
        """Keep what a browser told of a plugin's failure.

        :param report: ``tag``, ``message``, ``stack``, ``url``; each is cut at 4,000 characters.
        :raises NotFound: if there is no such plugin.
        """
        try:
            failed = self.plugins[plugin]
        except KeyError:
            raise NotFound("Not found.") from None
        kept = {key: str(report.get(key, ""))[:4000] for key in ("tag", "message", "stack", "url")}
        failed.browser_errors += 1
        failed.browser_reports.append(kept)
        log.warning("plugin %s failed in a browser: %r %r", plugin, kept["tag"], kept["message"])

    def report(self) -> list[PluginReport]:
        """How every plugin that was found is: those at work first, in the order of their starting."""
        return [report_of(plugin) for plugin in sorted(self.plugins.plugins, key=lambda plugin: plugin.place)]


def _hook_names() -> list[str]:
    return [name for name in vars(hookspecs) if name.startswith(("register_", "check_", "plan_", "on_"))]


def _check_silence(answer: Any) -> None:
    """A guard that says ``False`` meant to refuse: whatever it answers but ``None`` is a mistake, and locks."""
    if answer is not None:
        raise TypeError(f"must return None or raise, not return {answer!r}")


def _locks(loaded: LoadedPlugins) -> dict[str, str]:
    """What has no guard: each ``check_`` hook of a guard that broke, or that is required and not at work.

    Of a required plugin that nobody knows anything about, everything that can be guarded is locked.
    """
    locks: dict[str, str] = {}
    for plugin in loaded.plugins:
        if plugin.state == "loaded":
            continue
        hooks = plugin.guards
        if plugin.manifest is None and plugin.name in loaded.choice.required:
            hooks = tuple(name for name in _hook_names() if name.startswith("check_"))
        elif plugin.state == "disabled" and plugin.name not in loaded.choice.required:
            hooks = ()
        locks |= {hook: locks.get(hook, plugin.name) for hook in hooks}
    return locks
