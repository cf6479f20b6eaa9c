"""Finding plugins, deciding which may run, and starting them one by one behind a fence.

A distribution says ``tag_stars = acme_stars`` under the entry points of ``labelwright`` and carries a manifest. Each
plugin goes through the same gates, and the first that stays shut is its reason on the Plugins page:

1. the manifest is found without importing the package, can be read, and bears the entry point's name;
2. the configuration wants it;
3. its range of API versions holds ours;
4. somebody who has already started offers what it requires;
5. it can be imported, its hooks are ours, and its ``register_`` hooks answer with what they are for;
6. nobody before it has the same tag, format or kind of job.

Nothing here is global: each application loads its own.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import logging
import sys
import time
import traceback
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import pluggy

from labelwright import capabilities, hookspecs, manifest
from labelwright.assets import Assets
from labelwright.contributions import CONTRIBUTIONS
from labelwright.errors import PluginError
from labelwright.manifest import API_VERSION, InvalidManifest, Manifest

GROUP = "labelwright"
"""The entry-point group."""

log = logging.getLogger("labelwright.plugins")

State = Literal["loaded", "disabled", "failed", "refused"]

REASONS = {
    "switched-off": "switched off by the setting disabled_plugins",
    "not-enabled": "not in the list of the setting enabled_plugins",
    "not-installed": "the setting required_plugins names it, but it is not installed",
    "safe-mode": "safe mode starts without the plugins of third parties",
    "bad-manifest": "{message}",
    "other-name": "its entry point is called {entry!r}, but its manifest says {name!r}",
    "twice": "the plugin {name!r} is installed by {first} and by {second}; uninstall one",
    "api-range": "made for labelwright.api {range}, and this is {version}; install a version of the plugin that fits",
    "missing-requirement": "needs {missing}, which no plugin here offers",
    "broken-requirement": "needs {missing}, which {plugin} would offer, but it is {state}",
    "import-failed": "its code cannot be imported: {error}",
    "unknown-hook": "it implements {hook}, which is no hook of labelwright.api {version}",
    "bad-hook": "{error}",
    "register-failed": "{hook} failed: {error}",
    "duplicate": "{what} {name!r} is already given by {plugin}",
    "hook-failures": "its hooks were switched off after {count} failures in a row; the last was in {hook}: {error}",
    "stale-manifest": "its manifest is not what its code says; run: labelwright plugin manifest {package}",
}
"""Why a plugin is not (wholly) at work: code to English sentence; the browser translates by the code."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the configuration says of plugins."""

    enabled: frozenset[str] | None = None
    """Only these; ``None``: all that are installed."""
    disabled: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    """Plugins that must be there; what a missing guard among them guards is locked."""
    safe_mode: bool = False
    failures: int = 5
    """After how many failures in a row a plugin's hooks are switched off."""
    slow_s: float = 5.0
    """A hook that takes longer counts as a failure."""
    trace: bool = False

    @classmethod
    def of(cls, settings: Any) -> Choice:
        """The part of the settings that is about plugins; ``None`` gives the defaults."""
        if settings is None or isinstance(settings, Choice):
            return settings or cls()
        return cls(
            enabled=frozenset(settings.enabled_plugins) or None,
            disabled=frozenset(settings.disabled_plugins),
            required=frozenset(settings.required_plugins),
            safe_mode=settings.safe_mode,
            failures=settings.hook_failures,
            slow_s=settings.hook_slow,
            trace=settings.trace_hooks,
        )


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return REASONS[self.code].format(**self.params)


def why(code: str, **params: Any) -> Reason:
    return Reason(code, params)


@dataclass(slots=True, eq=False)
class Plugin:
    """One plugin as this application knows it, from discovery on."""

    name: str
    module_name: str
    distribution: str = ""
    version: str = ""
    third_party: bool = True
    folder: Path | None = None
    manifest: Manifest | None = None
    module: Any = None
    state: State = "loaded"
    place: int = sys.maxsize
    """Its place in the order of starting."""
    reason: Reason | None = None
    traceback: str = ""
    contributions: dict[str, list[Any]] = field(default_factory=dict)
    hook_errors: int = 0
    failures_in_row: int = 0
    is_silent: bool = False
    """Whether its ``plan_`` and ``on_`` hooks were switched off."""
    browser_errors: int = 0
    assets: Assets = field(default_factory=partial(Assets, None))
    browser_reports: deque[dict[str, str]] = field(default_factory=partial(deque, maxlen=20))

    @property
    def guards(self) -> tuple[str, ...]:
        return self.manifest.guards if self.manifest else ()

    @property
    def kind(self) -> str:
        return self.name.partition("_")[0]

    def end(self, state: State, reason: Reason, error: BaseException | None = None) -> None:
        """Take the plugin out, and keep why."""
        self.state, self.reason, self.contributions = state, reason, {}
        if error is not None:
            self.traceback = "".join(traceback.format_exception(error))
        log.log(
            logging.INFO if state == "disabled" else logging.ERROR,
            "plugin %s is %s: %s", self.name, state, self.reason, extra={"plugin": self.name},
        )  # fmt: skip
        if self.traceback:
            log.debug("plugin %s:\n%s", self.name, self.traceback)


@dataclass(slots=True)
class LoadedPlugins:
    """Every plugin that was found, and pluggy's manager of those at work."""

    plugins: list[Plugin]
    choice: Choice
    manager: pluggy.PluginManager
    offered: dict[str, str]
    """Capability to the name of the plugin that offers it."""
    took_s: float = 0.0

    def working(self) -> list[Plugin]:
        """Those that were started, in the order of their starting."""
        return sorted((p for p in self.plugins if p.state == "loaded"), key=lambda plugin: plugin.place)

    def __getitem__(self, name: str) -> Plugin:
        for plugin in self.plugins:
            if plugin.name == name:
                return plugin
        raise KeyError(name)


def load(
    settings: Any = None,
    entry_points: Iterable[importlib.metadata.EntryPoint] | None = None,
    builtins: Mapping[str, Any] | None = None,
) -> LoadedPlugins:
    """Find and start plugins. Never raises because of one of them.

    :param settings: the application's settings, a :class:`Choice`, or ``None`` for the defaults.
    :param entry_points: instead of those installed.
    :param builtins: plugins that are part of the caller, by name: modules or objects with hook implementations.
        They start first, have no manifest, and break aloud.
    :raises PluginError: if one of ``builtins`` is broken.
    """
    began = time.perf_counter()
    choice = Choice.of(settings)
    loaded = LoadedPlugins([], choice, new_manager(), {})
    for name, module in (builtins or {}).items():
        plugin = Plugin(name, getattr(module, "__name__", name), third_party=False, module=module)
        loaded.plugins.append(plugin)
        _start(loaded, plugin)
        if plugin.state != "loaded":
            raise PluginError(name, f"{plugin.reason}\n{plugin.traceback}".strip())
    if entry_points is None:
        entry_points = importlib.metadata.entry_points(group=GROUP)
    found = _discover(entry_points)
    found += [_absent(name) for name in sorted(choice.required - {plugin.name for plugin in found})]
    loaded.plugins += found
    _start_in_order(loaded, [plugin for plugin in found if _may_start(plugin, choice)])
    loaded.took_s = time.perf_counter() - began
    log.info(
        "%d of %d plugins at work after %.0f ms",
        len(loaded.working()),
        len(loaded.plugins),
        loaded.took_s * 1000,
    )
    return loaded


def new_manager() -> pluggy.PluginManager:
    """A pluggy manager that knows our hooks and no plugin."""
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hookspecs)
    return manager


def _discover(entry_points: Iterable[importlib.metadata.EntryPoint]) -> list[Plugin]:
    """Every installed plugin with its manifest, ours first, then by name: so of two that clash, the guest gives way."""
    plugins: dict[str, Plugin] = {}
    for point in entry_points:
        plugin = Plugin(point.name, point.value.partition(":")[0].strip(), **_distribution(point))
        if (first := plugins.get(plugin.name)) is None:
            plugins[plugin.name] = plugin
            _read_manifest(plugin)
        elif (first.distribution, first.module_name) != (plugin.distribution, plugin.module_name):
            first.end(
                "refused",
                why("twice", name=plugin.name, first=first.distribution, second=plugin.distribution),
            )
    return sorted(plugins.values(), key=lambda plugin: (plugin.third_party, plugin.name))


def _absent(name: str) -> Plugin:
    plugin = Plugin(name, "")
    plugin.end("refused", why("not-installed"))
    return plugin


def _distribution(point: importlib.metadata.EntryPoint) -> dict[str, Any]:
    """Whose it is. Ours are those by the author of the core's own distribution."""
    if point.dist is None:
        return {}
    author = _author(point.dist)
    return {
        "distribution": point.dist.name,
        "version": point.dist.version,
        "third_party": author is None or author != _our_author(),
    }


def _our_author() -> str | None:
    try:
        return _author(importlib.metadata.distribution("labelwright"))
    except importlib.metadata.PackageNotFoundError:
        return None


def _author(distribution: importlib.metadata.Distribution) -> str | None:
    author = distribution.metadata.json.get("author")
    return author if isinstance(author, str) else None


def _read_manifest(plugin: Plugin) -> None:
    try:
        plugin.folder = manifest.locate(plugin.module_name)
        plugin.assets = Assets(plugin.folder)
        plugin.manifest = manifest.read(plugin.folder)
    except InvalidManifest as error:
        plugin.end("refused", why("bad-manifest", message=str(error)))
    except Exception as error:  # a finder of the import system, or the disk
        plugin.end("refused", why("bad-manifest", message=in_words(error)), error)
    else:
        if plugin.manifest.name != plugin.name:
            plugin.end("refused", why("other-name", entry=plugin.name, name=plugin.manifest.name))


def _may_start(plugin: Plugin, choice: Choice) -> bool:
    """Whether the configuration and the versions let it start. A guard is not left out by safe mode."""
    if plugin.name in choice.disabled:
        plugin.end("disabled", why("switched-off"))
    elif choice.enabled is not None and plugin.name not in choice.enabled | choice.required:
        plugin.end("disabled", why("not-enabled"))
    elif plugin.state != "loaded" or plugin.manifest is None:
        return False
    elif choice.safe_mode and plugin.third_party and not plugin.guards and plugin.name not in choice.required:
        plugin.end("disabled", why("safe-mode"))
    elif not plugin.manifest.accepts(API_VERSION):
        plugin.end("refused", why("api-range", range=plugin.manifest.api, version=API_VERSION))
    return plugin.state == "loaded"


def _start_in_order(loaded: LoadedPlugins, waiting: list[Plugin]) -> None:
    """Start each plugin after those that offer what it requires."""
    while waiting:
        ready = next((plugin for plugin in waiting if not _missing(loaded, plugin)), None)
        if ready is None:
            break
        waiting.remove(ready)
        _start(loaded, ready)
    for plugin in waiting:
        _refuse_for_want(loaded, plugin, _missing(loaded, plugin))


def _missing(loaded: LoadedPlugins, plugin: Plugin) -> list[str]:
    assert plugin.manifest is not None
    own = dict.fromkeys(plugin.manifest.provides, plugin.name)
    return capabilities.missing(plugin.manifest.requires, loaded.offered | own)


def _refuse_for_want(loaded: LoadedPlugins, plugin: Plugin, missing: Sequence[str]) -> None:
    givers = [
        p for p in loaded.plugins if p is not plugin and p.manifest and missing[0] in p.manifest.provides
    ]
    if givers:
        state = "waiting for this one" if givers[0].state == "loaded" else givers[0].state
        plugin.end(
            "refused", why("broken-requirement", missing=missing[0], plugin=givers[0].name, state=state)
        )
    else:
        plugin.end("refused", why("missing-requirement", missing=", ".join(missing)))


def _start(loaded: LoadedPlugins, plugin: Plugin) -> None:
    """Import a plugin, register its hooks, and take in what it gives: all of it, or nothing."""
    try:
        if plugin.module is None:
            plugin.module = importlib.import_module(plugin.module_name)
    except (Exception, SystemExit) as error:
        return plugin.end("failed", why("import-failed", error=in_words(error)), error)
    hooks = _hooks(plugin)
    if plugin.state != "loaded":
        return None
    for hook in hooks:
        if hook in CONTRIBUTIONS:
            try:
                plugin.contributions[hook] = CONTRIBUTIONS[hook].accept(getattr(plugin.module, hook)())
            except (Exception, SystemExit) as error:
                return plugin.end("failed", why("register-failed", hook=hook, error=in_words(error)), error)
    if _clashes(loaded, plugin):
        return None
    try:
        seen = describe(plugin.name, plugin.module, hooks, plugin.contributions)
    except Exception as error:
        return plugin.end(
            "failed", why("register-failed", hook="register_tags", error=in_words(error)), error
        )
    if missing := capabilities.missing(
        seen.requires, loaded.offered | dict.fromkeys(seen.provides, plugin.name)
    ):
        return _refuse_for_want(loaded, plugin, missing)
    if plugin.manifest is not None and plugin.manifest != seen:
        plugin.reason = why("stale-manifest", package=plugin.module_name)
        log.warning("plugin %s: %s", plugin.name, plugin.reason)
    plugin.manifest, plugin.place = seen, len(loaded.manager.get_plugins())
    loaded.manager.register(plugin.module, plugin.name)
    loaded.offered.update(dict.fromkeys(seen.provides, plugin.name))
    return None


def _hooks(plugin: Plugin) -> list[str]:
    """The hooks that a plugin implements, tried out in a manager that is thrown away."""
    manager = new_manager()
    try:
        manager.register(plugin.module, plugin.name)
    except Exception as error:  # pluggy's own, for arguments that the hook does not have
        plugin.end("refused", why("bad-hook", error=in_words(error)), error)
        return []
    callers = manager.get_hookcallers(plugin.module) or []
    for caller in callers:
        if not caller.has_spec():
            plugin.end("refused", why("unknown-hook", hook=caller.name, version=API_VERSION))
        if any(impl.hookwrapper or impl.wrapper for impl in caller.get_hookimpls()):
            words = f"{caller.name} is a wrapper; plugins do not wrap one another"
            plugin.end("refused", why("bad-hook", error=words))
    return sorted(caller.name for caller in callers)


def _clashes(loaded: LoadedPlugins, plugin: Plugin) -> bool:
    """Whether another plugin, or this one itself, already gives something of the same name, in any case."""
    for hook, items in plugin.contributions.items():
        kind = CONTRIBUTIONS[hook]
        givers = [other for other in loaded.working() if other is not plugin and hook != "register_settings"]
        taken = {
            name.casefold(): (thing, other.name)
            for other in givers
            for item in other.contributions.get(hook, ())
            for name, thing in kind.claims(item).items()
        }
        for name, thing in (claim for item in items for claim in kind.claims(item).items()):
            first, owner = taken.setdefault(name.casefold(), (thing, plugin.name))
            if first is not thing:
                plugin.end("refused", why("duplicate", what=kind.word, name=name, plugin=owner))
                return True
    return False


def in_words(error: BaseException) -> str:
    """An exception in one line, for people who do not read tracebacks."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


@dataclass(frozen=True, slots=True)
class About:
    """What a plugin's code cannot say by itself: ``about = About(...)`` in its package, if its docstring is not enough.

    :param title: English msgid; otherwise the docstring's first line up to its colon.
    :param description: English msgid; otherwise the docstring's first paragraph.
    :param requires: capabilities that the plugin needs besides those its tags name.
    :param api: the range of API versions; otherwise from the present one to below the next great one.
    """

    title: str = ""
    description: str = ""
    requires: Sequence[str] = ()
    api: str = f">={API_VERSION},<{int(API_VERSION.partition('.')[0]) + 1}"


def describe(name: str, module: Any, hooks: Iterable[str], given: Mapping[str, Sequence[Any]]) -> Manifest:
    """The manifest that a plugin's code amounts to.

    :param given: what each of its ``register_`` hooks answered.
    """
    about = getattr(module, "about", None)
    about = about if isinstance(about, About) else About()
    paragraph = " ".join((module.__doc__ or name).strip().partition("\n\n")[0].split())
    each = [CONTRIBUTIONS[hook].capabilities(item) for hook in given for item in given[hook]]
    provides = capabilities.check(offer for one in each for offer in one["provides"])
    needs = capabilities.check([*about.requires, *(need for one in each for need in one["requires"])])
    return Manifest(
        name=name,
        title=about.title or paragraph.partition(":")[0].rstrip("."),
        description=about.description or paragraph,
        api=about.api,
        hooks=tuple(sorted(hooks)),
        provides=tuple(provides),
        requires=tuple(need for need in needs if need not in provides),
    )


def examine(module: ModuleType, name: str) -> tuple[Manifest, dict[str, list[Any]]]:
    """The manifest of a plugin's code, and what each of its ``register_`` hooks gives; no requirement is checked.

    :raises PluginError: if one of its hooks is broken.
    """
    plugin = Plugin(name, module.__name__, module=module)
    hooks = _hooks(plugin)
    if plugin.reason is not None:
        raise PluginError(name, str(plugin.reason))
    given: dict[str, list[Any]] = {}
    for hook in (hook for hook in hooks if hook in CONTRIBUTIONS):
        try:
            given[hook] = CONTRIBUTIONS[hook].accept(getattr(module, hook)())
        except Exception as error:
            raise PluginError(name, f"{hook} failed: {in_words(error)}") from error
    return describe(name, module, hooks, given), given
